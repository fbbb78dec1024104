"""Why a table gets the mapping that it gets: what every standard dataset has to say for itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loader.mapping.registry import LEAST_SCORE, Judgement, judgements
from loader.mapping.trial import Opening

RUNNERS_UP = 3
"""How many of the standard datasets that were not chosen are named."""


@dataclass(frozen=True, slots=True)
class Rival:
    """A standard dataset that was not chosen, and the code of the message that says why."""

    judgement: Judgement
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The mapping of a table, and why it was chosen.

    ``why`` is the code of a message; ``columns`` lead from headers to canonical names.
    """

    name: str
    title: Mapping[str, str]
    why: str
    score: float
    share: float
    keyword: str | None
    columns: Mapping[str, str]
    unknown: Sequence[str]
    missing: Sequence[Sequence[str]]
    rivals: Sequence[Rival]


def explain(opening: Opening) -> Explanation:
    """Explain the choice that was made for a table."""
    header, choice, resource = opening.table.header, opening.choice, opening.table.resource
    judged = judgements(resource, header, opening.package)
    mine = next((found for found in judged if found.standard.name == choice.name), None)
    columns = {name: canonical for canonical, name in choice.aliases.items()}
    others = [found for found in judged if found is not mine and found.share]
    others.sort(key=lambda found: -found.share)
    return Explanation(
        name=choice.name,
        title=mine.standard.title if mine else {},
        why=_why(opening, mine),
        score=mine.score if mine else choice.score,
        share=mine.share if mine else 0.0,
        keyword=mine.keyword if mine else None,
        columns={name: columns[name] for name in header if name in columns},
        unknown=[name for name in header if name not in columns] if mine else [],
        missing=mine.missing if mine else (),
        rivals=[Rival(found, _why_not(found, mine)) for found in others[:RUNNERS_UP]],
    )


def _why(opening: Opening, mine: Judgement | None) -> str:
    if opening.table.resource.mapping:
        return "explain.stated"
    if opening.choice.generic:
        return "explain.generic"
    if mine is None:
        return "explain.described"
    return "explain.keyword" if mine.keyword else "explain.columns"


def _why_not(found: Judgement, mine: Judgement | None) -> str:
    """Say why a standard dataset was not chosen."""
    if found.missing and not found.score:
        return "explain.lacks"
    if found.score < LEAST_SCORE:
        return "explain.too-few"
    if mine is not None and found.standard.last and not mine.standard.last:
        return "explain.last"
    return "explain.fewer" if mine is not None else "explain.not-asked"
