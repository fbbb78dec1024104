"""What is changed of a whole file: its format, encoding, delimiter, line ends."""

from collections.abc import Iterator

from loader.fix.log import Change
from loader.table import Table

_CHUNK = 1 << 20
_MARK = b"\xef\xbb\xbf"


def file_changes(table: Table) -> Iterator[Change]:
    """Give the changes of a file that is no UTF-8 CSV as RFC 4180 has it."""
    path = table.resource.path
    if table.resource.file != path or not table.delimiter:
        yield Change(None, "", table.resource.file.suffix.lstrip(".").upper(), "CSV", "format")
    if not table.delimiter:
        return
    if table.encoding != "UTF-8":
        yield Change(None, "", table.encoding, "UTF-8", "encoding")
    with path.open("rb") as stream:
        if stream.read(3) == _MARK:
            yield Change(None, "", "U+FEFF", "", "byte-order-mark")
    if table.delimiter != ",":
        name = "TAB" if table.delimiter == "\t" else table.delimiter
        yield Change(None, "", name, ",", "delimiter")
    ends = _line_ends(table)
    if ends:
        yield Change(None, "", ends, "CR LF", "line-ends")


def _line_ends(table: Table) -> str:
    """Return the line ends that are not CR LF; nothing where all are, or it cannot be told.

    Line breaks inside cells count too: they are changed to LF where they are not.
    """
    if table.encoding == "UTF-16":
        return ""
    both = line_feeds = returns = 0
    end = b""
    with table.resource.path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            both += chunk.count(b"\r\n") + (end == b"\r" and chunk[:1] == b"\n")
            line_feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            end = chunk[-1:]
    if both:
        return ""
    return " / ".join(name for name, count in (("LF", line_feeds), ("CR", returns)) if count > 0)
