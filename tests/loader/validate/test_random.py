"""Random data and random shapes: pieces give what the whole gives; tests/conformance has a second
engine look at them, too."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import pytest
import shacl

from loader.model import FindingLog
from loader.validate import CompiledShapes, Validator, validator
from loader.validate.screen import Screen
from tests.loader.validate.random_cases import NODES, TableShapes, case, table, table_of_columns

CASES_IN_PIECES = 400
CASES_OF_TABLES = 250

Result = tuple[str, str, str, str, str]


def _by_thing(lines: list[str]) -> list[list[str]]:
    things = groupby(sorted(lines, key=_thing), key=_thing)
    return [list(about) for _, about in things]


def _thing(line: str) -> str:
    return line.partition(" ")[0].partition("#")[0].rstrip(">")


def _validated(shapes: str, pieces: Sequence[Sequence[list[str]]]) -> Counter[Result]:
    found = Validator([shapes], FindingLog())
    for runs in pieces:
        found.feed(*runs)
    found.finish(lambda feed: [feed(lines) for runs in pieces for lines in runs])
    results = Counter(
        (
            kept.focus,
            kept.kind.path,
            kept.kind.component,
            kept.result.severity,
            kept.value or "",
        )
        for kept in found._results.kept()
    )
    assert sum(found._results.counts().values()) == results.total()
    return results


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    def size(lines: int) -> None:
        monkeypatch.setattr(validator, "PIECE_LINES", lines)
        monkeypatch.setattr(validator, "FIRST_LINES", lines)

    yield size


def test_pieces_give_the_same_as_the_whole(small_pieces: Callable[[int], None]) -> None:
    told = 0
    for seed in range(CASES_IN_PIECES):
        shapes, lines = case(seed, [*NODES, "_:x", "_:y"])
        small_pieces(1_000)
        whole = _validated(shapes, [[lines]])
        small_pieces(seed % 7 + 1)
        for pieces in ([[line] for line in lines], _by_thing(lines)):
            assert _validated(shapes, [[lines] for lines in pieces]) == whole, (
                seed,
                shapes,
                "".join(lines),
            )
        told += bool(whole)
    assert told > CASES_IN_PIECES / 2


@pytest.mark.parametrize("table", [table, table_of_columns])
def test_things_that_look_alike_get_the_same_answers(
    small_pieces: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    table: Callable[[random.Random], Sequence[Sequence[list[str]]]],
) -> None:
    asked = Counter[str]()
    engine = CompiledShapes.validate

    def count(shapes: CompiledShapes, text: str) -> list[shacl.Result]:
        asked["lines"] += text.count("\n")
        return engine(shapes, text)

    monkeypatch.setattr(CompiledShapes, "validate", count)
    for seed in range(CASES_OF_TABLES):
        chance = random.Random(seed)
        shapes, batches = TableShapes(chance).text(), table(chance)
        lines = [line for runs in batches for run in runs for line in run]
        with monkeypatch.context() as without:
            without.setattr(Screen, "of", lambda *_: None)
            small_pieces(10_000)
            whole = _validated(shapes, [[lines]])
        small_pieces(len(lines) // 5)
        before = asked["lines"]
        plain = [[list(run) for run in runs] for runs in batches]
        for way in (batches, plain, [[sum(runs, [])] for runs in plain], [[lines]]):
            assert _validated(shapes, way) == whole, (seed, shapes, "".join(lines))
        asked["fewer"] += asked["lines"] - before < 3 * len(lines)
    assert asked["fewer"] > CASES_OF_TABLES / 6
