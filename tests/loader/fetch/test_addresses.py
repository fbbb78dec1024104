"""Which addresses are fetched, and that nothing inside the house is."""

import socket
from pathlib import Path

import pytest

from loader.config import FetchRules
from loader.fetch import Fetcher, Refusal, addresses
from loader.fetch.addresses import checked, resolve
from loader.model import FindingLog


@pytest.mark.parametrize(
    "url",
    ["http://example.jp/a.csv", "HTTPS://例え.jp:8443/データ.csv?x=1#y", "http://[2001:db8::1]/"],
)
def test_usable(url: str) -> None:
    assert checked(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.jp/a.csv",
        "gopher://example.jp/",
        "//example.jp/a.csv",
        "data:text/csv,1",
        "http://user:password@example.jp/",
        "http://user@example.jp/",
        "http://",
        "http:///a.csv",
        "http://example.jp:99999/",
        "http://example.jp:0/",
        "http://[::1/",
        "http://example.jp/a b",
        "http://example.jp/\x00",
        "http://example.jp/<>",
        "",
    ],
)
def test_unusable(url: str) -> None:
    with pytest.raises(Refusal) as caught:
        checked(url)
    assert (caught.value.code, caught.value.final) == ("source.address-unusable", True)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:a00:1::]",
        "[fd00::1]",
        "[fe80::1%1]",
        "[ff0e::1]",
    ],
)
def test_inside(host: str) -> None:
    try:
        with pytest.raises(Refusal) as caught:
            resolve(host, 80, False)
    except socket.gaierror:
        pytest.skip(f"the resolver of this system does not take {host}")
    assert caught.value.code == "source.address-private"
    assert resolve(host, 80, True)


@pytest.mark.parametrize("host", ["203.0.114.1", "[2400:4000::1]", "[::ffff:203.0.114.1]"])
def test_outside(host: str) -> None:
    assert resolve(host, 80, False)


def test_nothing_inside_is_asked(site, tmp_path: Path) -> None:
    url = site.page("/a.csv", "1,2\n")
    findings = FindingLog()
    with Fetcher(tmp_path) as fetcher:
        assert fetcher.fetch(url, findings) is None
    [group] = findings.groups()
    assert group.examples[0].code == "source.address-private"
    assert "127.0.0.1" in group.examples[0].text("en")
    assert site.asked == []


def test_a_redirect_to_the_inside(site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_is_public", lambda address: address == "127.0.0.1")
    port = site.url.rpartition(":")[2]
    site.page("/secret.csv", "1,2\n")
    url = site.page("/a.csv", b"", 302, Location=f"http://127.0.0.2:{port}/secret.csv")
    findings = FindingLog()
    with Fetcher(tmp_path) as fetcher:
        assert fetcher.fetch(url, findings) is None
    [group] = findings.groups()
    assert group.examples[0].code == "source.address-private"
    assert [path for _, path, _ in site.asked] == ["/a.csv"]


def test_the_address_that_was_looked_at_is_the_one_connected_to(
    site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers differently each time gains nothing."""
    answers = iter([["203.0.114.1", "10.0.0.1"], ["127.0.0.9", "127.0.0.1"]])
    asked = []
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *arguments, **options):
        if host != "data.example":
            asked.append(host)
            return real(host, port, *arguments, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in next(answers)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    port = site.url.rpartition(":")[2]
    url = f"http://data.example:{port}/a.csv"
    findings = FindingLog()
    with Fetcher(tmp_path / "a") as fetcher:
        assert fetcher.fetch(url, findings) is None
    assert [group.examples[0].code for group in findings.groups()] == ["source.address-private"]
    assert asked == []
    site.page("/a.csv", "1,2\n")
    with Fetcher(tmp_path / "b", FetchRules(allow_private=True)) as fetcher:
        assert fetcher.fetch(url, FindingLog()) is not None
    assert asked == ["127.0.0.9", "127.0.0.1"]
    assert site.asked[0][2]["Host"] == f"data.example:{port}"
