"""A dump is its lines, sorted by code point and without repetition, however they came."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.build import spool as spool_module
from loader.build.spool import LineSpool

LINES = st.lists(st.text("aあ𠮷z\u00e9 ", max_size=6).map(lambda text: text + "\n"), max_size=60)


@given(batches=st.lists(LINES, max_size=5), lines_per_piece=st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_dump_is_sorted_and_unique(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[str]], lines_per_piece: int
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool = LineSpool(folder / "runs", lines_per_piece)
    for batch in batches:
        spool.add(batch)
    dump = spool.finish(folder / "dump.nq")
    expected = sorted({line for batch in batches for line in batch})
    content = (folder / "dump.nq").read_bytes()
    assert content.decode() == "".join(expected)
    assert (dump.lines, dump.bytes) == (len(expected), len(content))
    assert dump.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("pieces", "runs"),
    [(["ab", "cd", "ef"], 1), (["cd", "ab", "ef", "cd"], 2), (["ef", "cd", "ab", "ef"], 3)],
)
def test_pieces_that_follow_each_other_share_a_run(
    tmp_path: Path, pieces: list[str], runs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "MOST_RUNS", 2)
    spool = LineSpool(tmp_path / "runs", 2)
    for piece in pieces:
        spool.add([f"{letter}\n" for letter in piece])
    assert len(list((tmp_path / "runs").iterdir())) == runs
    dump = spool.finish(tmp_path / "dump.nq")
    expected = sorted({f"{letter}\n" for piece in pieces for letter in piece})
    assert (tmp_path / "dump.nq").read_text() == "".join(expected)
    assert dump.lines == len(expected)
    assert not list((tmp_path / "runs").iterdir())
