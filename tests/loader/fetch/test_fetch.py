"""Fetching from a real server: what is kept, what is refused, what stands in."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from loader.config import FetchRules
from loader.errors import SourceError
from loader.fetch import Fetcher, client
from loader.model import FindingLog

CSV = "NO,名称\n1,公園\n"
RULES = FetchRules(allow_private=True, max_bytes=2_000_000, seconds=60)


@pytest.fixture
def waits() -> list[float]:
    """The pauses between attempts, in seconds; nobody sleeps."""
    return []


@pytest.fixture
def fetcher(tmp_path: Path, waits: list[float]) -> Iterator[Fetcher]:
    with Fetcher(tmp_path, RULES, sleep=waits.append) as fetcher:
        yield fetcher


def fetch(fetcher: Fetcher, url: str, name: str | None = None) -> tuple[str | None, list[str]]:
    """The content, and the codes of the findings, each of which can be said."""
    findings = FindingLog()
    fetched = fetcher.fetch(url, findings, name)
    codes = []
    for group in findings.groups():
        [finding] = group.examples
        codes.append(finding.code)
        for language in ("ja", "en"):
            assert url in finding.text(language) and finding.advice(language)
    return (fetched.path.read_bytes().decode() if fetched else None), codes


def test_a_file_is_fetched_and_named_by_its_address(site, fetcher: Fetcher) -> None:
    url = site.page("/data/aed.csv", CSV, Content_Type="text/csv; charset=utf-8")
    fetched = fetcher.fetch(url, FindingLog())
    assert fetched is not None
    assert (fetched.path.name, fetched.media_type) == ("aed.csv", "text/csv")
    assert fetched.path.read_text(encoding="utf-8") == CSV


def test_what_has_not_changed_is_not_read_again(site, fetcher: Fetcher) -> None:
    url = site.tagged("/a.csv", CSV, '"1"')
    assert fetch(fetcher, url) == (CSV, [])
    assert fetch(fetcher, url) == (CSV, [])
    assert "If-None-Match" not in site.asked[0][2]
    assert site.asked[1][2]["If-None-Match"] == '"1"'
    site.tagged("/a.csv", CSV + "2,森\n", '"2"')
    assert fetch(fetcher, url) == (CSV + "2,森\n", [])


def test_the_date_is_asked_about_too(site, fetcher: Fetcher) -> None:
    date = "Wed, 01 Apr 2026 00:00:00 GMT"
    url = site.page("/a.csv", CSV, Last_Modified=date)
    fetch(fetcher, url)
    fetch(fetcher, url)
    assert site.asked[1][2]["If-Modified-Since"] == date


def test_another_process_may_not_fetch_meanwhile(site, fetcher: Fetcher, tmp_path: Path) -> None:
    url = site.page("/a.csv", CSV)
    fetch(fetcher, url)
    with Fetcher(tmp_path, RULES) as other:
        with pytest.raises(SourceError, match="source.busy"):
            other.fetch(url, FindingLog())
        with fetcher:
            assert fetch(fetcher, url) == (CSV, [])
        assert fetch(other, url) == (CSV, [])


def test_a_damaged_copy_is_fetched_anew(site, fetcher: Fetcher, tmp_path: Path) -> None:
    url = site.tagged("/a.csv", CSV, '"1"')
    fetch(fetcher, url)
    [copy] = (tmp_path / "sources").glob("*/a.csv")
    copy.write_text("cut")
    assert fetch(fetcher, url) == (CSV, [])
    (copy.parent / "state.json").write_text('{"url": 1}')
    assert fetch(fetcher, url) == (CSV, [])


def test_a_copy_under_a_new_name_replaces_the_old_one(site, fetcher: Fetcher) -> None:
    url = site.page("/x", CSV, Content_Disposition='attachment; filename="a.csv"')
    fetch(fetcher, url)
    site.page("/x", CSV, Content_Disposition='attachment; filename="b.csv"')
    fetched = fetcher.fetch(url, FindingLog())
    assert fetched is not None
    assert sorted(path.name for path in fetched.path.parent.iterdir()) == ["b.csv", "state.json"]


def test_not_modified_without_a_copy_is_a_failure(site, fetcher: Fetcher) -> None:
    assert fetch(fetcher, site.page("/a.csv", b"", 304)) == (None, ["source.unreachable"])


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "headers", "name"),
    [
        ("/aed.csv", {}, "aed.csv"),
        ("/a%20b%2F..%2Fc.csv", {}, "a b_.._c.csv"),
        ("/%E5%B8%82.csv", {}, "市.csv"),
        ("/download.php", {"Content_Disposition": 'attachment; filename="aed.csv"'}, "aed.csv"),
        (
            "/dl",
            {"Content_Disposition": "attachment; filename*=UTF-8''%E5%B8%82.csv"},
            "市.csv",
        ),
        ("/dl", {"Content_Disposition": 'attachment; filename="../../.x/e.csv"'}, "e.csv"),
        ("/dl", {"Content_Disposition": 'attachment; filename="..\\\\f.csv"'}, "f.csv"),
        ("/dl", {"Content_Type": "text/csv"}, "dl.csv"),
        ("/dl", {"Content_Type": "text/turtle; charset=utf-8"}, "dl.ttl"),
        ("/dl", {"Content_Type": "x/y"}, "dl"),
        ("/", {"Content_Type": "application/json"}, "data.json"),
        ("/state.json", {}, "_state.json"),
        ("/" + "長" * 50 + "x" * 100 + ".csv", {}, "長" * 50 + "x" * 40 + ".csv"),
    ],
)
def test_names(site, fetcher: Fetcher, path: str, headers: dict[str, str], name: str) -> None:
    url = site.page(quote(path, safe="/%"), CSV, **headers)
    fetched = fetcher.fetch(url, FindingLog())
    assert fetched is not None
    assert fetched.path.name == name


# --- what stands in ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "attempts"),
    [(404, b"", 1), (403, b"", 1), (500, b"", 3), (503, b"", 3), (200, b"<!DOCTYPE html><p>", 1)],
)
def test_a_copy_stands_in(
    site, fetcher: Fetcher, waits: list[float], status: int, body: bytes, attempts: int
) -> None:
    url = site.page("/a.csv", CSV)
    fetch(fetcher, url)
    site.page("/a.csv", body, status)
    assert fetch(fetcher, url) == (CSV, ["source.copy-used"])
    assert len(site.asked) == 1 + attempts
    assert waits == [1.0, 2.0][: attempts - 1]


def test_without_a_copy_it_is_a_violation(site, fetcher: Fetcher) -> None:
    assert fetch(fetcher, site.url + "/absent.csv") == (None, ["source.unreachable"])


def test_nobody_listens(fetcher: Fetcher, waits: list[float]) -> None:
    assert fetch(fetcher, "http://127.0.0.1:1/a.csv") == (None, ["source.unreachable"])
    assert waits == [1.0, 2.0]


def test_a_name_that_nobody_knows(fetcher: Fetcher) -> None:
    assert fetch(fetcher, "http://nowhere.invalid/a.csv") == (None, ["source.unreachable"])
    long = "http://" + "a" * 70 + ".invalid/a.csv"
    assert fetch(fetcher, long) == (None, ["source.unreachable"])


def test_it_waits_as_long_as_it_is_asked_to(site, fetcher: Fetcher, waits: list[float]) -> None:
    for asked in ("7", "3600", "Wed, 01 Apr 2020 00:00:00 GMT", "soon"):
        fetch(fetcher, site.page("/a.csv", b"", 503, Retry_After=asked))
    assert waits == [7.0, 7.0, 30.0, 30.0, 0.0, 0.0, 1.0, 2.0]


def test_a_failure_that_passes(site, fetcher: Fetcher) -> None:
    url = site.page("/a.csv", CSV)
    good = site.pages["/a.csv"]

    def answer(handler) -> None:
        if len(site.asked) < 3:
            handler.close_connection = True
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(b"1,2\n")
        else:
            good(handler)

    site.pages["/a.csv"] = answer
    assert fetch(fetcher, url) == (CSV, [])
    assert len(site.asked) == 3


# --- limits --------------------------------------------------------------------------------------


def test_redirects_are_followed(site, fetcher: Fetcher) -> None:
    site.page("/b/c.csv", CSV)
    site.page("/b/b.csv", b"", 301, Location="c.csv")
    url = site.page("/a.csv", b"", 302, Location="/b/b.csv")
    assert fetch(fetcher, url) == (CSV, [])


def test_redirects_end(site, fetcher: Fetcher) -> None:
    url = site.page("/a.csv", b"", 302, Location="/b.csv")
    site.page("/b.csv", b"", 302, Location="/a.csv")
    assert fetch(fetcher, url) == (None, ["source.redirects"])
    assert len(site.asked) == 6


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.jp/a", "http://u:p@h/"])
def test_a_redirect_is_checked_as_the_first_address_is(site, fetcher: Fetcher, target: str) -> None:
    url = site.page("/a.csv", CSV)
    fetch(fetcher, url)
    site.page("/a.csv", b"", 302, Location=target)
    assert fetch(fetcher, url) == (None, ["source.address-unusable"])


def test_too_large(site, fetcher: Fetcher) -> None:
    url = site.page("/a.csv", b"1,2\n" * 500_001)
    assert fetch(fetcher, url) == (None, ["source.too-large"])
    assert fetch(fetcher, site.endless("/b.csv")) == (None, ["source.too-large"])
    assert fetch(fetcher, site.bomb("/c.csv", 100)) == (None, ["source.too-large"])


@pytest.mark.parametrize("headers", ["headers", "body"])
def test_too_slow(site, tmp_path: Path, headers: str) -> None:
    def answer(handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not site.stopped.wait(0.05):
            handler.wfile.write(b"X: y\r\n")

    url = site.endless("/a.csv", 0.05)
    if headers == "headers":
        site.pages["/a.csv"] = answer
    with Fetcher(tmp_path, FetchRules(allow_private=True, seconds=0.5)) as fetcher:
        assert fetch(fetcher, url) == (None, ["source.too-slow"])


def compressed(body: bytes, wbits: int) -> bytes:
    compressor = zlib.compressobj(wbits=wbits)
    return compressor.compress(body) + compressor.flush()


LONG = ("1,公園\n" * 100_000).encode()


@pytest.mark.parametrize(
    ("body", "encoding", "good"),
    [
        (gzip.compress(LONG), "gzip", True),
        (gzip.compress(LONG), "X-GZIP", True),
        (compressed(LONG, 15), "deflate", True),
        (LONG, "identity", True),
        (gzip.compress(LONG)[:-20], "gzip", False),
        (gzip.compress(LONG) + b"more", "gzip", False),
        (LONG, "gzip", False),
        (LONG, "br", False),
    ],
)
def test_content_codings(site, fetcher: Fetcher, body: bytes, encoding: str, good: bool) -> None:
    url = site.page("/a.csv", body, Content_Encoding=encoding)
    assert fetch(fetcher, url) == ((LONG.decode(), []) if good else (None, ["source.unreachable"]))


def test_chunked_answers(site, fetcher: Fetcher) -> None:
    def answer(handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for piece in (b"NO,", "名称\n1,公園\n".encode(), b""):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    site.pages["/a.csv"] = answer
    assert fetch(fetcher, site.url + "/a.csv") == (CSV, [])


def test_a_chunked_answer_that_is_cut(site, fetcher: Fetcher) -> None:
    def answer(handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"4\r\n1,2\n\r\n")
        handler.close_connection = True

    site.pages["/a.csv"] = answer
    assert fetch(fetcher, site.url + "/a.csv") == (None, ["source.unreachable"])


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html>",
        "\n  <HTML lang='ja'>",
        "\ufeff<!doctype HTML>",
        '<?xml version="1.0"?>\n<!-- x - -- >--><!DOCTYPE html PUBLIC "">',
    ],
)
def test_pages_for_people(site, fetcher: Fetcher, body: str) -> None:
    url = site.page("/a.csv", body, Content_Type="text/csv")
    assert fetch(fetcher, url) == (None, ["source.html-page"])


@pytest.mark.parametrize("body", ["<htmlx>,1\n", "a,<html>\n", "<?xml version='1.0'?><kml/>", ""])
def test_what_is_no_page(site, fetcher: Fetcher, body: str) -> None:
    url = site.page("/a.csv", body, Content_Type="text/html")
    assert fetch(fetcher, url) == (body, [])


def test_cookies_and_passwords_stay_at_home(
    site, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert fetch(fetcher, site.page("/a.csv", CSV, Set_Cookie="a=b")) == (CSV, [])
    assert "Authorization" not in site.asked[0][2]


def test_tls_goes_through_the_same_door(site, fetcher: Fetcher) -> None:
    url = site.url.replace("http:", "https:") + "/a.csv"
    findings = FindingLog()
    assert fetcher.fetch(url, findings) is None
    [group] = findings.groups()
    assert group.examples[0].code == "source.unreachable"
    assert "TLS" in group.examples[0].text("en")
    assert site.asked == []


def test_silence(site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SILENCE_SECONDS", 0.2)
    site.pages["/a.csv"] = lambda handler: site.stopped.wait(20)
    findings = FindingLog()
    assert fetcher.fetch(site.url + "/a.csv", findings) is None
    [group] = findings.groups()
    assert "0.2 s" in group.examples[0].text("en")
