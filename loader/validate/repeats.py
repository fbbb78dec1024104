"""Things that are described in more than one piece: two rows, far apart, with the same number.

Within a piece the engine sees all of a thing. Across pieces only the hash of each thing is kept
(eight bytes), and what turns out to be described twice is validated once more, as a whole.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence

import shacl

Whole = Callable[[], Iterable[str]]
"""Gives all lines once more, from the canonical dump for instance."""

THINGS_AT_ONCE = 20_000
ONLY_AS_A_WHOLE = {
    "MaxCountConstraintComponent",
    "QualifiedMaxCountConstraintComponent",
    "UniqueLangConstraintComponent",
}
"""Constraints that parts of a description may meet, and the whole description does not."""

_SUBJECT = re.compile(r"<([^>#]*)")


class Repeats:
    """Remembers which things each piece described."""

    def __init__(self) -> None:
        self._pieces: list[array[int]] = []

    def add(self, things: Iterable[str]) -> None:
        """Take the IRIs of the things that one piece described."""
        self._pieces.append(array("q", map(hash, things)))

    def groups(self) -> Iterator[set[int]]:
        """The hashes of the things that were in more than one piece, some at a time."""
        if len(self._pieces) < 2:
            return
        hashes = sorted(value for piece in self._pieces for value in piece)
        repeated = sorted({a for a, b in zip(hashes, hashes[1:], strict=False) if a == b})
        for start in range(0, len(repeated), THINGS_AT_ONCE):
            yield set(repeated[start : start + THINGS_AT_ONCE])


def lines_of(things: set[int], lines: Iterable[str]) -> str:
    """The lines about these things and their parts."""
    return "".join(line for line in lines if hash(_thing(line)) in things)


def only_as_a_whole(results: Sequence[shacl.Result]) -> list[shacl.Result]:
    """The results that validation in pieces could not give."""
    return [result for result in results if result.component in ONLY_AS_A_WHOLE]


def _thing(line: str) -> str:
    match = _SUBJECT.match(line)
    return match.group(1) if match else ""
