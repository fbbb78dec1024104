"""Functions over columns: computed once for each distinct value, problems told for each row."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from loader.functions import ValueProblem
from loader.mapping.frame import Frame, Values

LIMIT = 50_000
"""How many results one call keeps; beyond that they are forgotten and computed again."""


class Memo:
    """Remembers what a function gave for a value (a ``str``, or a tuple of arguments)."""

    def __init__(self, call: Callable[[Any], Any], header: str | None) -> None:
        self._call = call
        self._header = header
        self._results: dict[Hashable, Any] = {}
        self._problems: dict[Hashable, ValueProblem] = {}

    def values(self, frame: Frame, keys: Sequence[Hashable]) -> Values:
        """Return the results for the keys of a batch."""
        distinct = set(keys)
        if len(self._results) + len(distinct) > LIMIT:
            self._results.clear()
            self._problems.clear()
        for key in distinct - self._results.keys():
            self._compute(key)
        if self._problems and not distinct.isdisjoint(self._problems):
            self._report(frame, keys)
        return list(map(self._results.__getitem__, keys))

    def _compute(self, key: Hashable) -> None:
        try:
            self._results[key] = self._call(key)
        except ValueProblem as problem:
            self._refuse(key, problem)
        except UnicodeEncodeError:
            self._refuse(key, ValueProblem("mapping.invalid-character"))

    def _refuse(self, key: Hashable, problem: ValueProblem) -> None:
        self._results[key] = problem.gives
        self._problems[key] = problem

    def _report(self, frame: Frame, keys: Sequence[Hashable]) -> None:
        for index, key in enumerate(keys):
            problem = self._problems.get(key)
            if problem:
                value = key if isinstance(key, str) else str(_first(key))
                header = None if problem.row_wide else self._header
                frame.report(problem.code, index, header, problem.value or value)


def _first(key: Any) -> Any:
    return next((part for part in key if part), "")
