"""Reads HTML and plain text, whose character encoding is to be stated."""

import codecs
import re
from pathlib import Path

from loader.check.documents.markup import marked_up
from loader.check.documents.model import MOST_BYTES, Document, Layout
from loader.encoding import find_codec

_STATED = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]+)|<\?xml[^>]*encoding=[\"']([\w.:-]+)")


def read_html(path: Path) -> Document:
    """Read the head of an HTML document (HTML Standard, 4.2), and look through its body."""
    content = _read(path)
    stated = _STATED.search(content[:4096])
    name = (stated[1] or stated[2]).decode("ascii", "replace") if stated else ""
    markup = marked_up(content.decode(find_codec(name) or "utf-8", "replace"))
    charset = markup.charset or name or _of_mark(content)
    return Document(
        title=" ".join(markup.title.split()) or None,
        creator=markup.meta.get("author") or None,
        language=markup.language,
        modified=markup.meta.get("dcterms.modified") or None,
        headings=markup.headings,
        layout=markup.layout,
        tables=markup.tables,
        charset=charset or None,
        is_utf8=_is_utf8(content),
    )


def read_text(path: Path) -> Document:
    """Read a plain text; its structure, if any, is not marked (Markdown excepted)."""
    content = _read(path)
    text = content.decode("utf-8", "replace")
    layout = Layout()
    for line in text.splitlines():
        layout.look(line)
    marked = path.suffix.lower() == ".md"
    return Document(
        headings=marked and re.search(r"^#{1,6} ", text, re.MULTILINE) is not None,
        layout=layout.found,
        charset=_of_mark(content),
        is_utf8=_is_utf8(content),
    )


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MOST_BYTES)


def _of_mark(content: bytes) -> str | None:
    return "UTF-8" if content.startswith(codecs.BOM_UTF8) else None


def _is_utf8(content: bytes) -> bool:
    """Whether bytes are UTF-8; the last character may have been cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        return False
    return True
