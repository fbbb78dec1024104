"""Functions over columns: computed once for each distinct value, problems noted for each row."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import starmap
from typing import Any

from loader.functions import ValueProblem
from loader.mapping.frame import Frame, Problem, Values

LIMIT = 50_000
"""How many results one call keeps; beyond that they are forgotten and computed again."""

MOSTLY = 0.9
"""The share of new values above which remembering them is not worth it."""


class Memo:
    """Remembers what a function gave for a value; where ``spread``, for a tuple of arguments.

    Columns of which nearly all values differ are not remembered after two such batches.
    """

    def __init__(self, call: Callable[..., Any], header: str | None, spread: bool = False) -> None:
        self._call = call
        self._header = header
        self._spread = spread
        self._results: dict[Hashable, Any] = {}
        self._problems: dict[Hashable, ValueProblem] = {}
        self._batches_of_new = 0

    def values(self, frame: Frame, keys: Sequence[Any]) -> Values:
        """Return the results for the keys of a batch."""
        if self._batches_of_new < 2:
            return self._remembered(frame, keys)
        try:
            return list(starmap(self._call, keys) if self._spread else map(self._call, keys))
        except (ValueProblem, UnicodeEncodeError):
            return self._remembered(frame, keys)

    def _remembered(self, frame: Frame, keys: Sequence[Any]) -> Values:
        distinct = set(keys)
        if len(self._results) + len(distinct) > LIMIT:
            self._results.clear()
            self._problems.clear()
        new = distinct.difference(self._results)
        self._batches_of_new += 1 if len(new) > MOSTLY * len(keys) else -self._batches_of_new
        for key in new:
            self._compute(key)
        if not self._problems.keys().isdisjoint(distinct):
            frame.problems[self] = list(self._noted(keys))
        return list(map(self._results.__getitem__, keys))

    def _compute(self, key: Any) -> None:
        try:
            self._results[key] = self._call(*key) if self._spread else self._call(key)
        except ValueProblem as problem:
            self._refuse(key, problem)
        except UnicodeEncodeError:
            self._refuse(key, ValueProblem("mapping.invalid-character"))

    def _refuse(self, key: Hashable, problem: ValueProblem) -> None:
        self._results[key] = problem.gives
        self._problems[key] = problem

    def _noted(self, keys: Sequence[Hashable]) -> Iterator[Problem]:
        for index, key in enumerate(keys):
            problem = self._problems.get(key)
            if problem and problem.row_wide:
                yield Problem(index, problem.code, None, None, row_wide=True)
            elif problem:
                value = key if isinstance(key, str) else str(_first(key))
                yield Problem(index, problem.code, self._header, problem.value or value)


def _first(key: Any) -> Any:
    return next((part for part in key if part), "")
