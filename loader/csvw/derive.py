"""Batches of cells turned into batches of values and URLs, as a description says.

The statements say which of the new columns are subject, predicate and object; the engine of the
mappings writes the lines (loader/mapping/csvw.py). What does not fit becomes findings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from loader.csvw.cells import Parsed, parse_cell
from loader.csvw.described import UrlMaker
from loader.csvw.model import Column, Table
from loader.csvw.records import TRIMS
from loader.csvw.uri_template import Value, variables
from loader.model import Batch, Finding, FindingLog

SEPARATOR = "\x1f"
"""What stands between the values of a list (ASCII: unit separator)."""

KEPT = 4_000
"""How many distinct cells of a column are remembered."""

_STATIC = frozenset({"_name", "_column", "_sourceColumn"})
_ROW = frozenset({"_row", "_sourceRow"})


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a statement: the same in every row, or a column of the derived table."""

    constant: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a column says. ``subject`` None: of the row; ``predicate`` None: the house's own."""

    subject: Part | None
    predicate: Part | None
    object: Part
    column: Column
    header: str
    is_iri: bool = False
    typed: bool = True
    many: bool = False


Compute = Callable[["_Rows"], list[str]]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell: its values, and as text those that fit and those that do not."""

    parsed: Parsed
    fitting: str = ""
    other: str = ""


_NOTHING = _Cell(Parsed())


@dataclass(slots=True)
class _Rows:
    """A batch, its cells parsed."""

    batch: Batch
    first: int
    cells: Sequence[Sequence[_Cell]]


@dataclass(slots=True)
class Derived:
    """The derived table of a described file: what is stated, and its columns batch by batch."""

    table: Table
    columns: Sequence[Column]
    names: Sequence[str]
    """The header of the file."""
    file: str
    findings: FindingLog
    statements: list[Statement] = field(default_factory=list)
    _computed: dict[str, Compute] = field(default_factory=dict)
    _memos: list[dict[str, _Cell]] = field(default_factory=list)
    _subjects: dict[tuple[str, int], Part] = field(default_factory=dict)
    _rows: int = 0

    def __post_init__(self) -> None:
        self._memos = [{} for _ in self.columns]
        for number, column in enumerate(self.columns):
            if not column.suppressed:
                self._state(number, column)

    @property
    def header(self) -> tuple[str, ...]:
        """The header of the derived table."""
        return tuple(self._computed)

    def batch(self, batch: Batch) -> Batch:
        """Return the derived columns of a batch, and report cells that do not fit."""
        rows = _Rows(batch, self._rows, [self._parsed(n, batch) for n in range(len(self.columns))])
        self._rows += len(batch)
        return Batch(batch.rows, [compute(rows) for compute in self._computed.values()])

    def checked(self, batch: Batch) -> Batch:
        """Return a batch as it is, and report cells that do not fit."""
        for number in range(len(self.columns)):
            self._parsed(number, batch)
        return batch

    # --- cells -----------------------------------------------------------------------------

    def _parsed(self, number: int, batch: Batch) -> Sequence[_Cell]:
        column = self.columns[number]
        if column.virtual or number >= len(batch.columns):
            return [_NOTHING] * len(batch)
        memo, cells = self._memos[number], batch.columns[number]
        trim = TRIMS.get(self.table.dialect.trim)
        if len(memo) > KEPT:
            memo.clear()
        for text in set(cells).difference(memo):
            clean = trim(text) if trim else text
            memo[text] = _cell(parse_cell(clean, column.cells))
        found = list(map(memo.__getitem__, cells))
        if any(memo[text].parsed.is_wrong for text in set(cells)):
            for row, text, cell in zip(batch.rows, cells, found, strict=True):
                self._report(row, self.names[number], text, cell.parsed)
        return found

    def _report(self, row: int, name: str, text: str, cell: Parsed) -> None:
        for code in filter(None, (cell.code, *(value.code for value in cell.values))):
            self.findings.add(Finding(code, self.file, row, name, text))

    # --- statements ------------------------------------------------------------------------

    def _state(self, number: int, column: Column) -> None:
        cells = column.cells
        name = self.names[number] if number < len(self.names) else column.name
        subject = self._subject(cells.about_url, number)
        predicate = None
        if cells.property_url is not None:
            predicate = self._url(cells.property_url, number, f"propertyUrl {name}", False)
        if cells.value_url is not None:
            value = self._url(cells.value_url, number, f"valueUrl {name}", not column.virtual)
            self.statements.append(Statement(subject, predicate, value, column, name, True))
        elif not column.virtual:
            for typed in (True, False):
                part = self._literals(number, name, typed)
                many = cells.separator is not None
                self.statements.append(
                    Statement(subject, predicate, part, column, name, False, typed, many)
                )

    def _literals(self, number: int, name: str, typed: bool) -> Part:
        def compute(rows: _Rows) -> list[str]:
            cells = rows.cells[number]
            return [cell.fitting for cell in cells] if typed else [cell.other for cell in cells]

        return self._column(name if typed else f"{name} (text)", compute)

    def _subject(self, template: str | None, number: int) -> Part | None:
        if template is None:
            return None
        static = number if _STATIC.intersection(variables(template)) else -1
        key = (template, static)
        if key not in self._subjects:
            self._subjects[key] = self._url(template, number, "aboutUrl", False, True)
        return self._subjects[key]

    def _url(
        self, template: str, number: int, name: str, masked: bool, is_key: bool = False
    ) -> Part:
        """Return the URL of a template: one for all rows, or a column.

        Where ``masked``, a row whose cell is null has none. A template that names columns gives
        nothing in a row where all of them are null: it would be the same URL for many rows.
        """
        column = self.columns[number]
        numbers = {found.name: index for index, found in enumerate(self.columns)}
        used = [name for name in variables(template) if name not in _STATIC]
        known = {name: numbers[name] for name in used if name in numbers}
        if not used and not masked:
            return Part(UrlMaker(self.table.url, {}).url(template, column, number + 1))

        def compute(rows: _Rows) -> list[str]:
            return [
                self._expanded(rows, index, template, number, known, is_key)
                if not masked or rows.cells[number][index].parsed.values
                else ""
                for index in range(len(rows.batch))
            ]

        return self._column(name, compute)

    def _expanded(
        self,
        rows: _Rows,
        index: int,
        template: str,
        number: int,
        known: dict[str, int],
        is_key: bool,
    ) -> str:
        row = rows.batch.rows[index]
        values: dict[str, Value] = {
            name: self._value(other, rows.cells[other][index].parsed)
            for name, other in known.items()
        }
        if known and not any(values.values()):
            if is_key:
                self.findings.add(Finding("identifier.no-key", self.file, row))
            return ""
        values |= {"_row": str(rows.first + index + 1), "_sourceRow": str(row)}
        return UrlMaker(self.table.url, values).url(template, self.columns[number], number + 1)

    def _value(self, number: int, cell: Parsed) -> Value:
        texts = tuple(value.text for value in cell.values)
        if self.columns[number].cells.separator is not None:
            return texts
        return texts[0] if texts else None

    def _column(self, name: str, compute: Compute) -> Part:
        unique, count = name, 1
        while unique in self._computed:
            count += 1
            unique = f"{name} ({count})"
        self._computed[unique] = compute
        return Part(column=unique)


def _cell(parsed: Parsed) -> _Cell:
    fitting = SEPARATOR.join(value.text for value in parsed.values if value.code is None)
    other = SEPARATOR.join(value.text for value in parsed.values if value.code is not None)
    return _Cell(parsed, fitting, other)
