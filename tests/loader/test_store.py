"""A store holds what the dumps hold."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from loader import store as store_module
from loader.errors import ReleaseError
from loader.store import fill_store

LINE = '<http://example.org/{0}> <http://example.org/p> "{0}" <http://example.org/g> .\n'


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "a.nq"
    path.write_text("".join(LINE.format(number) for number in range(500)))
    return path


def test_pieces_arrive_whole(tmp_path: Path, dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_PIECE", 1000)
    assert fill_store(tmp_path / "store", [dump]) == 500
    assert len(Store.read_only(str(tmp_path / "store"))) == 500


def test_literals_that_the_store_makes_equal_are_no_loss(tmp_path: Path) -> None:
    decimal = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
    dump = tmp_path / "a.nq"
    dump.write_text(
        f'<http://e/a> <http://e/p> "1.0"{decimal} <http://e/g> .\n'
        f'<http://e/a> <http://e/p> "1"{decimal} <http://e/g> .\n'
    )
    assert fill_store(tmp_path / "store", [dump]) == 1


def test_a_missing_quad_stops_the_publish(
    tmp_path: Path, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_load", lambda store, piece: None)
    with pytest.raises(ReleaseError) as caught:
        fill_store(tmp_path / "store", [dump])
    assert caught.value.code == "release.incomplete"
