"""What a document tells of itself, and the bounds within which it is read."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

MOST_BYTES = 20_000_000
"""How much of a document, or of a part of it, is unpacked."""

RUNS = 3
"""So many runs of blanks, or of empty paragraphs, are layout; fewer may be a slip."""

_BLANKS = re.compile("[ \u3000\u00a0]{2,}")


class TooLargeError(Exception):
    """A part of a document is larger than is read."""


@dataclass(frozen=True, slots=True)
class Document:
    """Properties as written, None where they are not there; None also for what is not known.

    ``language`` is a tag (BCP 47), ``modified`` ISO 8601.
    """

    title: str | None = None
    creator: str | None = None
    language: str | None = None
    modified: str | None = None
    headings: bool | None = None
    """Whether headings are marked as such."""
    layout: bool | None = None
    """Whether blanks and empty lines make the layout."""
    tables: bool | None = None
    charset: str | None = None
    """The character encoding that a text format states."""
    is_utf8: bool | None = None

    @property
    def properties(self) -> dict[str, str]:
        """The properties that are there, by name."""
        stated = {
            "title": self.title,
            "creator": self.creator,
            "language": self.language,
            "modified": self.modified,
        }
        return {name: value for name, value in stated.items() if value}


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a member of a zip file, empty where it is not there; raises TooLargeError."""
    try:
        with archive.open(name) as stream:
            content = stream.read(MOST_BYTES + 1)
    except KeyError:
        return b""
    if len(content) > MOST_BYTES:
        raise TooLargeError(name)
    return content


def has_layout(paragraphs: Iterable[str]) -> bool:
    """Whether blanks inside paragraphs, or several empty ones in a row, make the layout.

    One blank at the beginning is how a Japanese paragraph begins; a single empty one is a slip.
    """
    runs = empty = 0
    for paragraph in paragraphs:
        text = paragraph.strip("\n")
        empty = 0 if text.strip() else empty + 1
        runs += bool(_BLANKS.search(text)) if text.strip() else empty > 1
        if runs >= RUNS:
            return True
    return False
