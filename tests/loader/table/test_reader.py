"""The readers: one for each media type that is a table, and what a reader does that breaks off."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from loader.encoding import NotATableError
from loader.media_types import TABLE_MEDIA_TYPES
from loader.model import FindingLog, Resource
from loader.table.formats import OPENERS
from loader.table.reader import NamedRecords, Record


def test_every_media_type_of_tables_has_an_opener() -> None:
    assert set(OPENERS) == TABLE_MEDIA_TYPES
    for place in OPENERS.values():
        module, _, name = place.partition(":")
        assert callable(getattr(import_module(module), name))


def test_records_that_break_off_are_reported_and_those_before_are_kept() -> None:
    def rows() -> Iterator[Record]:
        yield from ([str(number)] for number in range(3))
        raise NotATableError("table.damaged-json", Path("b.json"), reason="x")

    findings = FindingLog()
    resource = Resource("a", Path("a.zip"))
    reader = NamedRecords(resource, findings, ["n"], rows, 10, done=lambda: 5)
    assert list(reader.records(2, 5)) == [[["1"], ["2"]]]
    assert reader.bytes_read == reader.size
    (group,) = findings.groups()
    found = group.examples[0]
    assert (found.code, found.file, found.row) == ("table.damaged-json", "a.zip", 4)
