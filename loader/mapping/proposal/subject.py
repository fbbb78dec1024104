"""What names the things of a table: the columns whose values no two rows share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from loader.mapping.expressions import ROW
from loader.mapping.model import Call, Constant, Expression, Reference, Template, references
from loader.mapping.proposal.kinds import LONG, Kind
from loader.mapping.proposal.known import THING, Known, renamed
from loader.mapping.proposal.sample import Sample

PAIRED = 8
"""How many of the first columns are tried in pairs."""

_NO_NAMES = frozenset({"decimal", "quantity", "boolean", "telephone", "url", "time", "email"})
_IDENTIFIERS = ("code", "ucode", "doi", "isbn", "corporate-number")
_SCOPE = ("scope", Reference("_scope"))


@dataclass(frozen=True, slots=True)
class Subject:
    """The IRI of a thing, and the code of the message that says what it is made of."""

    call: Call
    why: str

    @property
    def columns(self) -> list[str]:
        """The columns that it reads."""
        return [found.name for found in references(self.call) if not found.name.startswith("_")]


def find_subject(dataset: str, known: Known, sample: Sample, kinds: dict[str, Kind]) -> Subject:
    """Return the best subject: as the standard has it, of one column, of two, of the row number."""
    for why, arguments in _candidates(known, sample, kinds):
        call = Call(THING, (("kind", Constant(dataset)), *arguments))
        if _names_each(call, sample):
            return Subject(call, why)
    row = (("kind", Constant(dataset)), ("number", Reference(ROW)), _SCOPE)
    return Subject(Call(THING, row), "proposal.row")


def _candidates(
    known: Known, sample: Sample, kinds: dict[str, Kind]
) -> Iterator[tuple[str, Sequence[tuple[str, Expression]]]]:
    if known.main is not None:
        yield "proposal.standard-key", _as_standard(known)
    names = _names(sample, kinds)
    for name in names:
        yield "proposal.key", (("number", Reference(name)), _SCOPE)
    for first, second in combinations(names[:PAIRED], 2):
        local = Template((Reference(first), Constant("-"), Reference(second)))
        yield "proposal.keys", (("local", local),)


def _as_standard(known: Known) -> list[tuple[str, Expression]]:
    """Return the arguments that a standard names its things by, as far as the columns are there."""
    assert known.main is not None
    made = []
    for name, value in known.main.subject.arguments:
        columns = [found.name for found in references(value) if not found.name.startswith("_")]
        if name != "kind" and all(column in known.columns for column in columns):
            made.append((name, renamed(value, known.columns)))
    return made


def _names(sample: Sample, kinds: dict[str, Kind]) -> list[str]:
    """Return the columns that may name things, the likeliest first."""
    found = []
    for position, name in enumerate(kinds):
        kind, values = kinds[name].name, sample.values(name)
        if kind in _NO_NAMES or not values or max(map(len, values)) > LONG:
            continue
        if kind != "integer" or position == 0:
            found.append((kind not in _IDENTIFIERS, position, name))
    return [name for *_, name in sorted(found)]


def _names_each(call: Call, sample: Sample) -> bool:
    """Whether every row of the sample gets a name, and one of its own."""
    columns = [
        sample.cells(found.name) for found in references(call) if found.name in sample.numbers
    ]
    if not columns or any(not cell.strip() for cell in columns[0]):
        return False
    if len(set(zip(*columns, strict=True))) < len(sample):
        return False
    made = list(sample.results(call, len(sample)))
    return len(set(made)) == len(sample) and all(made)
