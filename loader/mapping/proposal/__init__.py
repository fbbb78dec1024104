"""A mapping proposed for a table: what ``tsunagu mapping init`` writes.

Columns that the standard datasets know get the statements that their mappings make (known.py);
of the others the values tell the datatype (kinds.py) and the header the property (hints.toml).
Every column is told; what it is made into runs as it stands and is meant to be edited.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from loader.mapping.geometry import shape_columns
from loader.mapping.proposal.kinds import QUANTITY, TEXT, Kind, kind_of, unit_of
from loader.mapping.proposal.known import Known, Usage, known_usages, name_usages
from loader.mapping.proposal.sample import Sample, take_sample
from loader.mapping.proposal.subject import Subject, find_subject
from loader.mapping.registry import Judgement
from loader.table import Table
from vocab.headers import normalize_header
from vocab.iris import encode
from vocab.namespaces import expand

EXAMPLES = 3
LEAST_READ = 0.95
"""What share of the values a standard's statement must read to be proposed."""

LABEL = "rdfs:label"
_NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Hint:
    """Properties for columns of a certain name (hints.toml)."""

    pattern: re.Pattern[str]
    kinds: tuple[str, ...]
    once: bool
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """What is proposed for a column; ``usages`` are shared with the column named in ``under``."""

    name: str
    kind: Kind
    examples: Sequence[str]
    usages: Sequence[Usage]
    candidates: Sequence[str] = ()
    under: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping proposed for a table of a dataset."""

    file: str
    dataset: str
    classes: Sequence[str]
    subject: Subject
    columns: Sequence[Column]
    standard: str | None
    rows: int
    whole: bool


def propose(table: Table, dataset: str, judged: Sequence[Judgement]) -> Proposal:
    """Propose a mapping; ``judged`` are the standard datasets, the likeliest first."""
    sample = take_sample(table)
    shapes = shape_columns(table.header)
    names = [name for name in table.header if name not in shapes]
    known = known_usages(judged, names)
    kinds = {name: kind_of(name, sample.values(name)) for name in names}
    if not _is_labelled(known, sample):
        label = _label(sample, kinds)
        named = {label: name_usages(judged, label)} if label else {}
        known = replace(known, usages={**known.usages, **named})
    columns = list(_columns(sample, known, kinds))
    return Proposal(
        table.resource.label,
        dataset,
        _classes(known, columns),
        find_subject(dataset, known, sample, kinds),
        columns,
        judged[0].standard.name if known.main else None,
        len(sample),
        sample.whole,
    )


def own_property(name: str) -> str:
    """Return the property that a column has of its own, as the mapping writes it."""
    return f"def/$(_dataset)#{encode(name)}"


def _columns(sample: Sample, known: Known, kinds: Mapping[str, Kind]) -> Iterator[Column]:
    told: dict[Usage, str] = {}
    taken: set[Hint] = set()
    for name, kind in kinds.items():
        usages = [found for found in known.usages.get(name, ()) if _reads(found, sample)]
        under = next((told[found] for found in usages if found in told), None)
        usages = [found for found in usages if found not in told]
        told |= dict.fromkeys(usages, name)
        candidates: Sequence[str] = ()
        if not any(not usage.parts for usage in usages) and under is None:
            candidates = _candidates(name, kind)
        if not usages and under is None:
            chosen = _chosen(name, kind, taken)
            usages = [Usage((), chosen, made.of(name)) for made in kind.made]
        unit = unit_of(sample.values(name)) if kind is QUANTITY else None
        yield Column(name, kind, sample.examples(name, EXAMPLES), usages, candidates, under, unit)


def _reads(usage: Usage, sample: Sample) -> bool:
    """Whether a statement is made for (nearly) all cells that it reads."""
    made = list(sample.results(usage.object.expression, len(sample)))
    return sum(map(bool, made)) >= LEAST_READ * len(made)


def _is_labelled(known: Known, sample: Sample) -> bool:
    return any(
        usage.predicate == expand(LABEL) and not usage.parts and _reads(usage, sample)
        for usages in known.usages.values()
        for usage in usages
    )


def _label(sample: Sample, kinds: Mapping[str, Kind]) -> str | None:
    """Return the column that things are called by: one that says so, else the most telling."""
    texts = [name for name, kind in kinds.items() if kind is TEXT and _is_short(sample, name)]
    named = [name for name in texts if LABEL in _hinted(name, TEXT)]
    telling = [name for name in texts if 2 * len(set(sample.values(name))) >= len(sample)]
    return next(iter((*named, *telling)), None)


def _is_short(sample: Sample, name: str) -> bool:
    values = sample.values(name)
    return bool(values) and max(map(len, values)) <= _NAME_LENGTH


def _hinted(name: str, kind: Kind) -> tuple[str, ...]:
    found = _hint(name, kind)
    return found.properties if found else ()


def _candidates(name: str, kind: Kind) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*_hinted(name, kind), *kind.properties)))


def _chosen(name: str, kind: Kind, taken: set[Hint]) -> str:
    """Return the property to begin with: what the header hints at, what is certain, its own."""
    hint = _hint(name, kind)
    if hint is not None and LABEL not in hint.properties and not (hint.once and hint in taken):
        taken.add(hint)
        return expand(hint.properties[0])
    return expand(kind.properties[0]) if kind.certain else own_property(name)


def _hint(name: str, kind: Kind) -> Hint | None:
    normal = normalize_header(name)
    return next(
        (
            hint
            for hint in _hints()
            if hint.pattern.fullmatch(normal) and (not hint.kinds or kind.name in hint.kinds)
        ),
        None,
    )


@cache
def _hints() -> tuple[Hint, ...]:
    text = (Path(__file__).parent / "hints.toml").read_text(encoding="utf-8")
    return tuple(
        Hint(
            re.compile(entry["pattern"]),
            tuple(entry.get("kinds", ())),
            entry.get("once", False),
            tuple(entry["properties"]),
        )
        for entry in tomllib.loads(text)["hint"]
    )


def _classes(known: Known, columns: Sequence[Column]) -> Sequence[str]:
    if known.main is not None:
        return known.main.classes
    if any(column.kind.name == "isbn" for column in columns):
        return (expand("schema:Book"),)
    made = {usage.predicate for column in columns for usage in column.usages}
    places = {expand(name) for name in ("schema:latitude", "geo:asWKT", "schema:address")}
    return (expand("schema:Place" if places & made else "schema:Thing"),)
