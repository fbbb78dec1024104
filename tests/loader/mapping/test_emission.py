"""What a run says of its columns makes its lines; another process gets it as it is."""

import marshal
from collections.abc import Sequence
from pathlib import Path

import pytest

from loader.model import FindingLog
from loader.progress import Silence
from loader.runs import Columns, Run, packed, unpacked
from loader.source import discover
from loader.transform import Transformation, no_sink
from loader.validate import Validator
from tests.loader.validate.random_cases import lines_of
from vocab.iris import IriPolicy

DATA = Path(__file__).parents[3] / "data"
SHAPES = "<#S> a <http://www.w3.org/ns/shacl#NodeShape> ."


class Taking(Validator):
    """Takes runs as a validator does, and keeps them."""

    def __init__(self) -> None:
        super().__init__([SHAPES], FindingLog())
        self.batches: list[Sequence[list[str]]] = []

    def feed(self, *runs: Sequence[str]) -> None:
        self.batches.append([run for run in runs if isinstance(run, list)])


def columns_of(runs: Sequence[list[str]]) -> list[Columns]:
    return [run.columns for run in runs if isinstance(run, Run) and run.columns]


def batches(folder: Path) -> list[Sequence[list[str]]]:
    taken = Taking()
    for package in discover([folder]).packages:
        policy = IriPolicy("http://localhost:8000/")
        Transformation(package, policy, FindingLog(), no_sink, Silence(), taken).run()
    return taken.batches


@pytest.mark.parametrize("name", ["tsunagu-city", "deposit"])
def test_columns_make_the_lines(name: str) -> None:
    told = plain = 0
    for runs in batches(DATA / name):
        for run in filter(None, runs):
            columns = run.columns if isinstance(run, Run) else None
            if columns is None:
                plain += len(run)
                continue
            told += len(run)
            assert lines_of(columns) == run
            things = [subject for subject in columns.subjects if subject]
            assert len(set(things)) == len(things)
    assert told > plain


def test_another_process_gets_the_same(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,a,b\n1,x,\n2,,y\n3,z,z\n")
    for runs in batches(tmp_path):
        there = [unpacked(*run) for run in marshal.loads(marshal.dumps(list(map(packed, runs))))]
        assert there == runs
        columns, others = map(columns_of, (runs, there))
        assert columns == others and columns
        # Runs about the same things can be told by their having the same list.
        lists, other_lists = ({id(found.subjects) for found in some} for some in (columns, others))
        assert len(lists) == len(other_lists) == 1
