"""curl, and R by the requests that its packages send."""

import json
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from tests.clients.conftest import program
from tests.endpoint.example_release import BASE, FIRST

EAST = f"{BASE}id/facility/東町-2"
LABELS = f"SELECT ?label {{ <{EAST}> <http://www.w3.org/2000/01/rdf-schema#label> ?label }}"


def curl(*arguments: str) -> str:
    command = [program("curl", "curl"), "-sS", "--max-time", "60", *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_curl_as_the_documentation_says(url: str, tmp_path: Path) -> None:
    query = tmp_path / "query.rq"
    query.write_text(LABELS, encoding="utf-8")
    ways = [
        ("-G", f"{url}sparql", "--data-urlencode", f"query={LABELS}"),
        (f"{url}sparql", "--data-urlencode", f"query@{query}"),
        (f"{url}sparql", "-H", "Content-Type: application/sparql-query", "--data-binary",
         f"@{query}"),
    ]  # fmt: skip
    for way in ways:
        assert curl(*way, "-H", "Accept: text/csv") == "label\r\n東町集会所\r\n"
        assert "東町集会所" in curl(*way, "--compressed")


def test_curl_follows_an_iri_as_people_write_it(url: str) -> None:
    """curl encodes no path by itself: what is typed is sent as UTF-8."""
    for spelling in ("id/facility/東町-2", f"id/facility/{quote('東町-2')}"):
        told = curl("-L", "-H", "Accept: text/turtle", "-w", "%{http_code}", url + spelling)
        assert told.endswith("200")
        assert "東町集会所" in told


def test_curl_sends_a_long_query_after_100_continue(url: str, tmp_path: Path) -> None:
    query = tmp_path / "long.rq"
    query.write_text(f"ASK {{}} #{'x' * 50_000}", encoding="utf-8")
    told = curl("-v", "--stderr", "-", "-H", "Expect: 100-continue", "--data-urlencode",
                f"query@{query}", f"{url}sparql")  # fmt: skip
    assert "HTTP/1.1 100 Continue" in told
    assert '"boolean":true' in told


def test_curl_goes_on_with_a_file_that_broke_off(url: str, tmp_path: Path) -> None:
    part, address = tmp_path / "facilities.nq", f"{url}dump/facilities.nq"
    curl("-o", str(part), address)
    whole = part.read_bytes()
    part.write_bytes(whole[:100])
    curl("-C", "-", "-o", str(part), address)
    assert part.read_bytes() == whole
    tag = curl("-I", address).lower().partition("etag: ")[2].split("\r\n")[0]
    told = curl("-o", "/dev/null", "-w", "%{http_code}", "-H", f"If-None-Match: {tag}", address)
    assert told == "304"


def test_curl_is_told_why_by_the_exit_code(url: str) -> None:
    command = [program("curl", "curl"), "-sS", "--fail", f"{url}sparql?query=SELECT"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 22


R_REQUESTS = {
    # SPARQL 1.16: URLencode(query, reserved = TRUE), "+" as %2B, and its parameter for XML
    "SPARQL": ({"Accept": "application/sparql-results+xml"}, "&output=xml", quote),
    # httr 1.4: curl_escape of all but unreserved characters, and its own list of media types
    "httr": ({"Accept": "application/json, text/xml, application/xml, */*"}, "",
             lambda text: quote(text, safe="")),
    # httr2 and curl: no preference at all
    "httr2": ({"Accept": "*/*"}, "", lambda text: quote(text, safe="")),
    # base::url(): no Accept; base::URLencode() before R 3.2 wrote the digits in lower case
    "base": ({"Accept": None}, "&format=csv", lambda text: _lower(quote(text, safe=""))),
}  # fmt: skip


def _lower(encoded: str) -> str:
    parts = encoded.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


@pytest.mark.parametrize("package", R_REQUESTS)
def test_r_asks_with_japanese_iris(url: str, package: str) -> None:
    headers, more, encode = R_REQUESTS[package]
    address = f"{url}sparql?query={encode(LABELS).replace('+', '%2B')}{more}"
    asked = requests.Request("GET", url, headers={"User-Agent": "libcurl/8 r-curl/6"}).prepare()
    asked.url = address  # as it is: requests would write the digits in upper case
    with requests.Session() as session:
        for name, value in headers.items():
            if value is not None:
                asked.headers[name] = value
        found = session.send(asked, timeout=60)
    assert found.status_code == 200, found.text
    assert "東町集会所" in found.content.decode()
    assert found.headers["Tsunagu-Release"] == FIRST
    kind = {"SPARQL": "+xml", "httr": "json", "httr2": "+json", "base": "csv"}[package]
    assert kind in found.headers["Content-Type"]


def test_r_on_an_old_windows_is_told_that_its_bytes_are_not_utf_8(url: str) -> None:
    encoded = quote(LABELS.encode("cp932"))
    found = requests.get(f"{url}sparql?query={encoded}", headers={"Accept-Language": "en"})
    assert found.status_code == 400
    assert "UTF-8" in found.text


def test_a_bare_get_as_spreadsheets_send_it(url: str) -> None:
    found = requests.get(f"{url}api/kinds?format=json", headers={"Accept": "*/*"}, timeout=60)
    assert json.loads(found.content)
