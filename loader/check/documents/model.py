"""What a document tells of itself, and the bounds within which it is read."""

import re
import zipfile
from dataclasses import dataclass

MOST_BYTES = 20_000_000
"""How much of a document, or of a part of it, is unpacked; what is larger is not looked into."""

MOST_PROPERTIES = 1_000_000
"""How large a part may be that is read as a tree: it takes fifty times as much memory."""

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


def member(archive: zipfile.ZipFile, name: str, most: int = MOST_BYTES) -> bytes:
    """Return a member of a zip file, empty where it is not there; raises TooLargeError."""
    try:
        with archive.open(name) as stream:
            content = stream.read(most + 1)
    except KeyError:
        return b""
    if len(content) > most:
        raise TooLargeError(name)
    return content


@dataclass(slots=True)
class Layout:
    """Watches paragraphs for blanks inside them, and several empty ones in a row.

    One blank at the beginning is how a Japanese paragraph begins; a single empty one is a slip.
    """

    _runs: int = 0
    _empty: int = 0

    def look(self, paragraph: str) -> None:
        """Look at the next paragraph."""
        if paragraph.strip():
            self._empty = 0
            self._runs += bool(_BLANKS.search(paragraph))
        else:
            self._empty += 1
            self._runs += self._empty > 1

    @property
    def found(self) -> bool:
        """Whether characters make the layout."""
        return self._runs >= RUNS
