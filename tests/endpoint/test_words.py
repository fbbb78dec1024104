"""Messages, negotiation, settings and documentation agree with each other."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from endpoint.http.negotiation import HTML, choose_language, negotiate, parse
from endpoint.language import MESSAGES
from endpoint.replies import DOCUMENT_FORMATS
from endpoint.settings import Settings
from vocab.formats import RDF_FORMATS, RESULT_FORMATS

ROOM = Path(__file__).parents[2] / "endpoint"
DOCS = ROOM.parent / "docs"
SOURCES = "".join(
    path.read_text(encoding="utf-8")
    for pattern in ("*.py", "*.html")
    for path in ROOM.rglob(pattern)
)
BUILT = (
    "term.",
    "http.",
    "findings.",
    "dataset.",
    "value.",
    "files.",
    "view.",
    "api.status-",
    "hint.",
)
"""Codes that are put together: ``say("term." + …)``."""


@pytest.mark.parametrize("code", MESSAGES.entries)
def test_every_message_is_used_and_whole(code: str) -> None:
    entry = MESSAGES.entries[code]
    assert f'"{code}"' in SOURCES or f"'{code}'" in SOURCES or code.startswith(BUILT)
    places = [set(re.findall(r"{(\w+)", entry[language])) for language in ("ja", "en")]
    assert places[0] == places[1]


def test_every_message_exists() -> None:
    said = re.findall(r"""say\(["']([a-z.-]+)["'][,)]""", SOURCES)
    raised = re.findall(
        r"""(?:Bad|For|Not|Too|Uri|Uns|Una|Tim|Conf)\w+\("([a-z0-9-]+\.[a-z0-9-]+)\"""", SOURCES
    )
    assert len(said) > 60
    assert len(raised) > 20
    assert set(said + raised) <= set(MESSAGES.entries)


CHOICES = [
    (None, "turtle"),
    ("", "turtle"),
    ("*/*", "turtle"),
    ("text/*", "turtle"),
    ("application/*", "jsonld"),
    ("TEXT/HTML", "html"),
    ("application/xhtml+xml", "html"),
    ("text/html;q=0.9, */*;q=0.8", "html"),
    ("text/html;q=0.5, text/turtle;q=0.5", "turtle"),
    ("text/html;level=1;q=0.3, application/rdf+xml;q=0.4", "rdfxml"),
    ("*/*;q=0.1, text/turtle;q=0", "jsonld"),
    ("application/x-turtle", "turtle"),
    ("text/turtle;q=nonsense", None),
    ("text/turtle;q=2", "turtle"),
    (",,;q=1,image/png", None),
]


@pytest.mark.parametrize(("accept", "name"), CHOICES)
def test_negotiation(accept: str | None, name: str | None) -> None:
    chosen = negotiate(accept, DOCUMENT_FORMATS)
    assert (chosen.name if chosen else None) == name


def test_html_is_offered_last() -> None:
    assert DOCUMENT_FORMATS[-1] is HTML
    assert negotiate("*/*", (*RESULT_FORMATS, HTML)) is RESULT_FORMATS[0]


def test_ranges_and_languages() -> None:
    assert parse("a/b ; q=0.5 ;x=1, c/d") == [("a/b", 0.5), ("c/d", 1.0)]
    assert choose_language("de, en-GB;q=0.1", ("ja", "en")) == "en"
    assert choose_language("en;q=0", ("ja", "en")) == "ja"


@pytest.mark.parametrize("language", ["", "ja"])
def test_the_documentation_lists_every_limit_and_format(language: str) -> None:
    text = (DOCS / language / "endpoint.md").read_text(encoding="utf-8")
    for setting in fields(Settings):
        if isinstance(setting.default, bool) or not isinstance(setting.default, int | float):
            continue
        assert f"| `{setting.name}` | {getattr(Settings(), setting.name):.12g} |" in text
    for format_ in (*RESULT_FORMATS, *RDF_FORMATS):
        assert f"`{format_.suffix}`" in text
        assert f"`{format_.media_type}`" in text


@pytest.mark.parametrize("language", ["", "ja"])
def test_the_documentation_lists_every_route(app: object, language: str) -> None:
    text = (DOCS / language / "endpoint.md").read_text(encoding="utf-8")
    for rule in app.url_map.iter_rules():  # type: ignore[attr-defined]
        start = re.split(r"[<]", rule.rule)[0].rstrip("/") or "/"
        assert f"`{start}" in text, rule.rule
