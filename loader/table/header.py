"""Names the columns of a table: what the header says, made unique, none left without a name."""

from collections import Counter
from collections.abc import Collection, Sequence

from loader.model import Field, Finding, FindingLog
from loader.table.dialect import Layout, Record, is_blank


def header_cells(fields: Sequence[Field], records: Sequence[Record], layout: Layout) -> list[str]:
    """Return the cells of the header as written, one for each column that is used.

    Columns at the end that have neither a name nor (in ``records``) a value are left out. A column
    that the header does not reach counts as used where most rows have a value in it.
    """
    rows = [row for row in records[layout.first_data_row - 1 :] if not is_blank(row)]
    cells = _written(fields, records, layout)
    named = len(cells)
    while cells and not cells[-1].strip() and not _filled(rows, len(cells) - 1):
        cells.pop()
    enough = len(rows) / 2 if named else 0
    while len(cells) >= named and _filled(rows, len(cells)) > enough:
        cells.append("")
    return cells


def _written(fields: Sequence[Field], records: Sequence[Record], layout: Layout) -> list[str]:
    if layout.header_row:
        return list(records[layout.header_row - 1])
    return [field.name for field in fields]


def _filled(rows: Sequence[Record], index: int) -> int:
    """Return how many rows have a value in a column."""
    return sum(1 for row in rows if len(row) > index and row[index].strip())


def unique_names(
    cells: Sequence[str], file: str, row: int, findings: FindingLog
) -> tuple[str, ...]:
    """Return the names of the columns; what had to be changed is reported.

    White space around a name and line breaks in it are removed, a column without a name is called
    by its number, the second column of the same name gets `` (2)``.
    """
    place = row or None
    count: Counter[str] = Counter()
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())
        if "\n" in cell.strip() or "\r" in cell.strip():
            findings.add(Finding("table.header-line-break", file, place, name))
        elif name and cell != cell.strip():
            findings.add(Finding("table.header-space", file, place, name))
        if not name:
            name = f"列{number}"
            details = {"number": number}
            findings.add(Finding("table.empty-header", file, place, name, details=details))
        elif name in names:
            findings.add(Finding("table.duplicate-header", file, place, name))
        names[_numbered(name, names, count)] = None
    return tuple(names)


def _numbered(name: str, taken: Collection[str], count: Counter[str]) -> str:
    """Return a name that is not taken; ``count`` remembers how often each has come."""
    while True:
        count[name] += 1
        candidate = name if count[name] == 1 else f"{name} ({count[name]})"
        if candidate not in taken:
            return candidate
