"""Looks through HTML for what tells its structure: headings, tables, layout made by characters."""

import re
from contextlib import suppress
from html.parser import HTMLParser

from loader.check.documents.model import RUNS

MOST_CHARACTERS = 2_000_000
"""How much of a document is looked through."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT = frozenset({"script", "style", "pre", "textarea"})
"""Elements in which blanks are no layout."""

_WIDE_BLANKS = re.compile("[\u3000\u00a0]{2,}|\u00a0 \u00a0")
"""Blanks that HTML keeps; ordinary ones are joined to one."""


class Markup(HTMLParser):
    """What was seen of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.language: str | None = None
        self.charset: str | None = None
        self.meta: dict[str, str] = {}
        self.headings = False
        self.tables = False
        self._runs = 0
        self._breaks = 0
        self._inside = ""

    @property
    def layout(self) -> bool:
        """Whether blanks or line breaks make the layout."""
        return self._runs >= RUNS

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of an element."""
        stated = {name: value or "" for name, value in attrs}
        self.headings |= tag in HEADINGS
        self.tables |= tag == "table"
        self._breaks = self._breaks + 1 if tag == "br" else 0
        self._runs += self._breaks > 1
        if tag == "html":
            self.language = stated.get("lang") or stated.get("xml:lang")
        elif tag == "meta":
            self._meta(stated)
        if tag in _SILENT or tag == "title":
            self._inside = tag

    def _meta(self, stated: dict[str, str]) -> None:
        content = stated.get("content", "")
        if stated.get("name"):
            self.meta.setdefault(stated["name"].lower(), content.strip())
        if "charset" in stated:
            self.charset = self.charset or stated["charset"].strip()
        elif stated.get("http-equiv", "").lower() == "content-type":
            found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content, re.IGNORECASE)
            self.charset = self.charset or (found[1] if found else None)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Take note of a text."""
        if self._inside == "title":
            self.title += data
        elif not self._inside:
            self._breaks = 0 if data.strip() else self._breaks
            self._runs += bool(_WIDE_BLANKS.search(data))


def marked_up(text: str) -> Markup:
    """Look through a document.

    The parser is not closed: for what is left open at the end it would start again at every sign.
    """
    markup = Markup()
    # html.parser says so of marked sections that have no name; what came before is known.
    with suppress(AssertionError):
        markup.feed(text[:MOST_CHARACTERS])
    return markup
