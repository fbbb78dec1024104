"""The ledger: what a clerk may write into it, and what is then published."""

from pathlib import Path

import pytest

from loader.errors import SourceError
from loader.links.ledger import (
    FILE,
    Decision,
    Entry,
    Relation,
    pair_key,
    read_ledger,
    write_ledger,
)
from loader.table.dialect import LONGEST_CELL

HEADER = "decision,first,second,relation,note\n"


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    assert read_ledger(tmp_path) == {}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_clerk_may_write_either_language_any_order_and_leave_rows_open(
    tmp_path: Path, mark: str
) -> None:
    rows = "採用,urn:b,urn:a,first-in-second,見た\n,urn:c,urn:d,,\nRejected, urn:e ,urn:f,,\n"
    (tmp_path / FILE).write_text(mark + HEADER + rows, encoding="utf-8")
    found = read_ledger(tmp_path)
    assert found == {
        ("urn:a", "urn:b"): Entry(
            Decision.ACCEPTED, "urn:b", "urn:a", Relation.FIRST_IN_SECOND, note="見た"
        ),
        ("urn:e", "urn:f"): Entry(Decision.REJECTED, "urn:e", "urn:f", Relation.SAME),
    }


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b"decision,first\naccepted,urn:a\n", "1"),
        (b"", "1"),
        (HEADER.encode() + b"perhaps,urn:a,urn:b,,\n", "2"),
        (HEADER.encode() + b"accepted,urn:a,urn:b,near,\n", "2"),
        (HEADER.encode() + b",urn:x,urn:y,,\naccepted,urn:a,,,\n", "3"),
        (b"\xff\xfe\x00", "-"),
        (HEADER.encode() + b"accepted," + b"x" * (LONGEST_CELL + 1) + b",,,\n", "-"),
    ],
)
def test_a_ledger_that_cannot_be_used_says_where(tmp_path: Path, content: bytes, row: str) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read_ledger(tmp_path)
    assert caught.value.code == "links.ledger-broken"
    assert str(caught.value.values["row"]) == row


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    entries = [
        Entry(Decision.REJECTED, "urn:z", "urn:y", Relation.SAME, "一", "二", '"a",\nb'),
        Entry(Decision.ACCEPTED, "urn:a", "urn:b", Relation.SECOND_IN_FIRST),
    ]
    write_ledger(tmp_path, entries)
    assert read_ledger(tmp_path) == {entry.key: entry for entry in entries}
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_pair_is_one_whichever_comes_first() -> None:
    assert pair_key("urn:b", "urn:a") == pair_key("urn:a", "urn:b")
