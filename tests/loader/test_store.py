"""A store holds what the dumps hold."""

import os
import sys
from pathlib import Path

import pytest
from pyoxigraph import Store

from loader.build import store as store_module
from loader.build.store import StoreFiller
from loader.errors import ReleaseError

LINE = '<http://example.org/{0}> <http://example.org/p> "{0}" <http://example.org/g> .\n'


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "dumps" / "a.nq"
    path.parent.mkdir()
    path.write_text("".join(LINE.format(number) for number in range(500)))
    return path


def fill(folder: Path, *dumps: Path) -> int:
    """Fill a store from dumps alone."""
    filler = StoreFiller(folder / "store")
    try:
        return filler.finish(dumps)
    finally:
        filler.close()


def test_pieces_arrive_whole(tmp_path: Path, dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_PIECE", 1000)
    assert fill(tmp_path, dump) == 500
    assert len(Store.read_only(str(tmp_path / "store"))) == 500


class Counting:
    """A store that counts how often it is compacted."""

    compacted = 0

    def __init__(self, path: Path) -> None:
        Counting.compacted = 0
        self._store = Store(path)

    def optimize(self) -> None:
        Counting.compacted += 1
        self._store.optimize()

    def __len__(self) -> int:
        return len(self._store)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def test_many_pieces_are_compacted_in_between(
    tmp_path: Path, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "MOST_PIECES", 10)
    monkeypatch.setattr(store_module, "Store", Counting)
    dump.write_text("".join(LINE.format(number) for number in range(45)))
    filler = StoreFiller(tmp_path / "store")
    for number in range(45):
        filler.load("a", LINE.format(number).encode())
    assert Counting.compacted == 3  # after 10, 20 and 40
    house = tmp_path / "house.nq"
    house.write_text(LINE.format("house"))
    filler.compact([dump])
    monkeypatch.setattr(store_module, "MOST_LOOSE", 1)
    assert filler.finish([dump, house]) == 46
    assert Counting.compacted == 4  # in the end, and not again for one piece more
    filler.close()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a priority on Linux only")
def test_compaction_waits_for_all_else(tmp_path: Path) -> None:
    filler = StoreFiller(tmp_path / "store")
    filler.load("a", LINE.format("a").encode())
    threads = [path.parent for path in Path("/proc/self/task").glob("*/comm")]
    compacting = [t.name for t in threads if (t / "comm").read_text() == "rocksdb:low\n"]
    assert compacting
    assert {os.getpriority(os.PRIO_PROCESS, int(name)) for name in compacting} <= {0, 19}
    assert any(os.getpriority(os.PRIO_PROCESS, int(name)) == 19 for name in compacting)
    filler.close()


def test_what_was_loaded_before_is_not_loaded_again(tmp_path: Path, dump: Path) -> None:
    filler = StoreFiller(tmp_path / "store")
    for piece in range(0, 500, 100):
        filler.load("a", "".join(LINE.format(piece + number) for number in range(100)).encode())
    other = tmp_path / "dumps" / "b.nq"
    other.write_text(LINE.format("b"))
    assert filler.finish([dump, other]) == 501
    filler.close()
    filler.close()


def test_a_spoiled_store_is_made_anew(tmp_path: Path, dump: Path) -> None:
    filler = StoreFiller(tmp_path / "store")
    filler.load("held-back", LINE.format("wrong").encode())
    filler.spoil("unknown")
    filler.spoil("held-back")
    assert filler.finish([dump]) == 500
    filler.close()


def test_literals_that_the_store_makes_equal_are_no_loss(tmp_path: Path) -> None:
    decimal = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
    dump = tmp_path / "a.nq"
    dump.write_text(
        f'<http://e/a> <http://e/p> "1.0"{decimal} <http://e/g> .\n'
        f'<http://e/a> <http://e/p> "1"{decimal} <http://e/g> .\n'
    )
    assert fill(tmp_path, dump) == 1


def test_a_missing_quad_stops_the_publish(
    tmp_path: Path, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "pieces", lambda dump: iter(()))
    with pytest.raises(ReleaseError) as caught:
        fill(tmp_path, dump)
    assert caught.value.code == "release.incomplete"


def test_a_piece_that_is_no_rdf_stops_the_publish(tmp_path: Path) -> None:
    filler = StoreFiller(tmp_path / "store")
    filler.load("a", b"nonsense\n")
    with pytest.raises(SyntaxError):
        filler.finish([])
    filler.close()
