"""Which problems of functions become findings: those of values that the mapping uses.

A value is not used where a condition before it does not hold. That a row has no key is told of
the main thing only: what it links to may be absent.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from loader.mapping.emission import Quad, both
from loader.mapping.frame import Column, Frame, columns


@dataclass(frozen=True, slots=True)
class Watch:
    """Computations whose problems are told in rows where all ``conditions`` hold."""

    memos: frozenset[Hashable]
    conditions: tuple[Column, ...]
    row_wide: bool


def watches(quads: Iterable[Quad]) -> list[Watch]:
    """Return what has to be watched while the lines of quads are made."""
    found: dict[Watch, None] = {}
    for quad in quads:
        if any(term.never for term in quad.terms):
            continue
        for number, condition in enumerate(quad.conditions):
            found[Watch(condition.memos, columns(quad.conditions[:number]), False)] = None
        subject, *others = quad.terms
        masks = columns(quad.conditions)
        rest = frozenset(memo for term in others for memo in term.memos)
        found[Watch(subject.memos, masks, quad.main)] = None
        found[Watch(rest, masks, False)] = None
    return [watch for watch in found if watch.memos]


def report(watched: Sequence[Watch], frame: Frame) -> None:
    """Make findings of the problems that a batch has."""
    if not frame.problems:
        return
    for watch in watched:
        noted = watch.memos & frame.problems.keys()
        if noted:
            _report(watch, noted, frame)


def _report(watch: Watch, noted: Iterable[Hashable], frame: Frame) -> None:
    mask = both(watch.conditions)
    holds = mask(frame) if mask else None
    for memo in noted:
        for problem in frame.problems[memo]:
            used = holds is None or holds[problem.index]
            if used and (watch.row_wide or not problem.row_wide):
                frame.report(problem)
