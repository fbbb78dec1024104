"""Wide tables made long: columns such as one for each station or age band become rows.

The ``unpivot`` of a schema or of a resource says which columns (docs/statistics.md). A triples map
that refers to a column that only the long table has is made for each of its rows; every other one
for the rows of the table as it is. Cells that are blank make no row.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, repeat

from yaml import Node

from loader.mapping.context import COLUMN, Context
from loader.mapping.frame import Frame
from loader.mapping.model import TriplesMap, references_of
from loader.mapping.yaml_document import Document
from loader.model import Batch, FindingLog, Unpivot

LONG_ROWS = 4_000
"""Long rows are handed on in batches of about so many, however wide the table is."""

MOST_LONG_ROWS = 3_000
"""A batch of the table is taken so small that it has no more long rows than about this."""

LONGEST_HEADER = 200
"""Characters of a header that a pattern is tried on."""

_PLACEHOLDER = re.compile(r"\{([^{}:]+)(:digits)?\}")


@dataclass(frozen=True, slots=True)
class WideColumn:
    """A column that becomes rows: its number and header in the table, its canonical name, and what
    it says itself."""

    number: int
    header: str
    name: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LongTable:
    """The long form of one table: its header, and the batches of a batch."""

    file_header: tuple[str, ...]
    header: tuple[str, ...]
    kept: tuple[int, ...]
    wide: tuple[WideColumn, ...]
    facts: tuple[str, ...]
    _own: frozenset[str] = field(default=frozenset())

    @property
    def unpivoted(self) -> frozenset[str]:
        """The headers of the columns that become rows."""
        return frozenset(column.header for column in self.wide)

    @property
    def reshaped(self) -> frozenset[str]:
        """Those, and the columns that are made of them."""
        return self._own | self.unpivoted

    def is_long(self, triples_map: TriplesMap) -> bool:
        """Whether a triples map refers to a column that only the long table has."""
        return any(reference.name in self._own for reference in references_of(triples_map))

    @property
    def rows_at_once(self) -> int:
        """How many rows of the table are mapped at once, so that memory does not grow with it."""
        return max(1, MOST_LONG_ROWS // len(self.wide))

    def frame(self, batch: Batch, file: str, findings: FindingLog) -> Frame:
        """Return the frame of a batch of long rows; its findings name the columns of the file."""
        return Frame(batch, file, findings, cell_column=self.header[-2], headers=self.file_header)

    def batches(self, batch: Batch) -> Iterator[Batch]:
        """Give the long rows of a batch, column by column of the wide table."""
        at_once = max(1, LONG_ROWS // max(1, len(batch)))
        for start in range(0, len(self.wide), at_once):
            found = self._long(batch, self.wide[start : start + at_once])
            if len(found):
                yield found

    def _long(self, batch: Batch, wide: Sequence[WideColumn]) -> Batch:
        cells = [batch.columns[column.number] for column in wide]
        filled = [[i for i, cell in enumerate(column) if cell.strip()] for column in cells]
        rows = list(chain.from_iterable(filled))
        columns: list[Sequence[str]] = [
            [column[i] for i in rows] for column in (batch.columns[n] for n in self.kept)
        ]
        told = [[column.facts.get(fact, "") for column in wide] for fact in self.facts]
        names = [column.name for column in wide]
        numbers = [str(column.number + 1) for column in wide]
        columns += [_spread(values, filled) for values in (*told, names)]
        columns.append([column[i] for column, n in zip(cells, filled, strict=True) for i in n])
        columns.append(_spread(numbers, filled))
        return Batch([batch.rows[i] for i in rows], columns)


def _spread(values: Sequence[str], filled: Sequence[Sequence[int]]) -> list[str]:
    """Repeat the value of each column for its rows."""
    pairs = zip(values, filled, strict=True)
    return list(chain.from_iterable(repeat(value, len(rows)) for value, rows in pairs))


def long_table(
    unpivot: Unpivot, header: Sequence[str], aliases: Mapping[str, str]
) -> LongTable | None:
    """Return the long form of a table, or None where it has none of the columns.

    ``aliases`` leads from canonical names, by which an unpivot names columns, to the header.
    """
    canonical = {name: known for known, name in aliases.items()}
    wide = [
        WideColumn(number, name, canonical.get(name, name), facts)
        for number, name in enumerate(header)
        if (facts := column_facts(unpivot, canonical.get(name, name), name in canonical))
        is not None
    ]
    if not wide:
        return None
    taken = {column.number for column in wide}
    kept = tuple(number for number in range(len(header)) if number not in taken)
    told = tuple(dict.fromkeys(fact for column in wide for fact in column.facts))
    own = (*told, unpivot.name, unpivot.value, COLUMN)
    return LongTable(
        tuple(header),
        (*(header[number] for number in kept), *own),
        kept,
        tuple(wide),
        told,
        frozenset(own),
    )


def column_facts(unpivot: Unpivot, name: str, known: bool = False) -> Mapping[str, str] | None:
    """Return what a column says that becomes rows; None for a column that stays.

    A column that a schema knows (``known``) becomes rows only where it is listed.
    """
    if name in unpivot.columns:
        return unpivot.columns[name]
    if known or unpivot.pattern is None:
        return None
    plain = unicodedata.normalize("NFKC", name).strip()[:LONGEST_HEADER]
    found = _compiled(unpivot.pattern).fullmatch(plain)
    if found is None:
        return None
    names = [match[1] for match in _PLACEHOLDER.finditer(unpivot.pattern)]
    return dict(zip(names, found.groups(), strict=True))


def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern (``{sex}の{age:digits}歳``) as a regular expression."""
    parts, end = [], 0
    for match in _PLACEHOLDER.finditer(pattern):
        parts += [re.escape(_plain(pattern[end : match.start()]))]
        parts += ["([0-9]+)" if match[2] else "(.+?)"]
        end = match.end()
    return re.compile("".join((*parts, re.escape(_plain(pattern[end:])))))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def read_unpivot(document: Document, node: Node) -> Unpivot:
    """Read the ``unpivot`` of a schema; raises ConfigurationError for one that is malformed."""
    fields = document.fields(node, ("name", "value", "columns", "pattern"))
    listed = document.entries(fields["columns"]) if "columns" in fields else {}
    columns = {
        name: {fact: document.text(text) for fact, (_, text) in document.entries(facts).items()}
        for name, (_, facts) in listed.items()
    }
    pattern = document.text(fields["pattern"]) if "pattern" in fields else None
    return Unpivot(
        document.text(fields.get("name")), document.text(fields.get("value")), columns, pattern
    )


def lengthened(
    table: LongTable | None, header: Sequence[str], context: Context
) -> tuple[Sequence[str], Context]:
    """Return the header that rows of a long table have, and a context in which each is a cell.

    The source of such a row is the cell that it was made of: ``#cell=12,5`` (RFC 7111, 2.3).
    """
    if table is None:
        return header, context
    row = context.row_iri or context.policy.row(context.dataset, context.file, "")
    return table.header, replace(context, row_iri=row.replace("#row=", "#cell="), cells=True)
