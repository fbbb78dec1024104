"""A dump is its lines, sorted by code point and without repetition, however they came."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.build.spool import LineSpool

LINES = st.lists(st.text("aあ𠮷z\u00e9 ", max_size=6).map(lambda text: text + "\n"), max_size=60)


@given(batches=st.lists(LINES, max_size=5), lines_per_run=st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_dump_is_sorted_and_unique(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[str]], lines_per_run: int
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool = LineSpool(folder / "runs", lines_per_run)
    for batch in batches:
        spool.add(batch)
    dump = spool.finish(folder / "dump.nq")
    expected = sorted({line for batch in batches for line in batch})
    content = (folder / "dump.nq").read_bytes()
    assert content.decode() == "".join(expected)
    assert (dump.lines, dump.bytes) == (len(expected), len(content))
    assert dump.sha256 == hashlib.sha256(content).hexdigest()


def test_runs_that_follow_each_other_are_joined(tmp_path: Path) -> None:
    spool = LineSpool(tmp_path / "runs", 2)
    spool.add(["c\n", "d\n"])
    spool.add(["b\n", "a\n"])
    dump = spool.finish(tmp_path / "dump.nq")
    assert (tmp_path / "dump.nq").read_text() == "a\nb\nc\nd\n"
    assert dump.lines == 4
    assert not list((tmp_path / "runs").iterdir())
