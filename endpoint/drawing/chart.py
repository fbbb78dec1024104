"""Charts of results: bars for named values, lines for values over time."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from endpoint.sparql.results import NUMBERS, Cell, Shown
from vocab.namespaces import XSD

MOST_BARS = 60
"""Rows that a chart shows."""
MOST_SERIES = 4
"""Columns of numbers that a chart shows."""

WIDTH = 800
LABELS = 220
"""Left of it are the names, right of it the bars."""
_VALUES = 90
"""Room for the number after the longest bar."""
_BAR = 16
_GAP = 8
HEIGHT = 360
"""Of a line chart."""
_BELOW = 40

_TIMES = frozenset(XSD[name] for name in ("gYear", "gYearMonth", "date", "dateTime"))
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
_WIDEST = 13
"""Characters of a name that fit left of the bars."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar and its number; lengths in the units of the picture."""

    x: float
    y: float
    width: float
    series: int
    text: str
    value_x: float


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a place; ``whole`` where it had to be cut."""

    x: float
    y: float
    text: str
    whole: str


@dataclass(frozen=True, slots=True)
class Line:
    """A column of numbers over time."""

    points: str
    series: int
    dots: list[tuple[float, float, str]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of the columns ``series`` by the column ``by``."""

    by: str
    series: list[str]
    height: float
    zero: float
    """Where the value 0 is: across for bars, down for lines."""
    bars: list[Bar]
    lines: list[Line]
    labels: list[Label]
    shown: int
    whole: bool
    bar_height: int = _BAR


def draw_chart(result: Shown) -> Chart | None:
    """Make a chart of a result; None where it has no column of numbers."""
    rows = result.rows[:MOST_BARS]
    numeric = [place for place in range(len(result.columns)) if _is_numeric(rows, place)]
    if not numeric:
        return None
    by = next((place for place in range(len(result.columns)) if place not in numeric), None)
    times = by is not None and len(rows) > 2 and _all_in(rows, by, _TIMES)
    names = [_name(row, by, number) for number, row in enumerate(rows, 1)]
    series = numeric[:MOST_SERIES]
    values = [[_number(row[place]) for place in series] for row in rows]
    draw = _lines if times else _bars
    return draw(
        "" if by is None else result.columns[by],
        [result.columns[place] for place in series],
        names,
        values,
        result.total == len(rows),
    )


def _is_numeric(rows: Sequence[list[Cell | None]], place: int) -> bool:
    return _all_in(rows, place, NUMBERS)


def _all_in(rows: Sequence[list[Cell | None]], place: int, datatypes: frozenset[str]) -> bool:
    cells = [cell for row in rows if (cell := row[place]) is not None]
    return bool(cells) and all(cell.datatype in datatypes for cell in cells)


def _number(cell: Cell | None) -> float | None:
    if cell is None or not _NUMBER.fullmatch(cell.value):
        return None
    found = float(cell.value)
    return found if math.isfinite(found) else None


def _name(row: list[Cell | None], by: int | None, number: int) -> str:
    cell = row[by] if by is not None else None
    return cell.text if cell is not None else str(number)


def _range(values: list[list[float | None]]) -> tuple[float, float]:
    """The least and the greatest value, with 0 between them; never the same."""
    known = [value for row in values for value in row if value is not None]
    least, most = min([0.0, *known]), max([0.0, *known])
    return (least, most) if most > least else (least, least + 1.0)


def _short(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _said(value: float) -> str:
    return f"{value:,.10g}" if abs(value) < 1e10 else f"{value:.4g}"


def _bars(
    by: str, series: list[str], names: list[str], values: list[list[float | None]], whole: bool
) -> Chart:
    least, most = _range(values)
    scale = (WIDTH - LABELS - _VALUES) / (most - least)
    zero = LABELS - least * scale
    step = len(series) * _BAR + _GAP
    bars = []
    for place, row in enumerate(values):
        for number, value in enumerate(row):
            if value is not None:
                x = zero + min(value, 0.0) * scale
                y = place * step + number * _BAR
                width = abs(value) * scale
                bars.append(Bar(x, y, width, number, _said(value), x + width + 4))
    labels = [
        Label(LABELS - 8, place * step + len(series) * _BAR / 2, _short(name), name)
        for place, name in enumerate(names)
    ]
    height = len(names) * step
    return Chart(by, series, height, zero, bars, [], labels, len(names), whole)


def _lines(
    by: str, series: list[str], names: list[str], values: list[list[float | None]], whole: bool
) -> Chart:
    order = sorted(range(len(names)), key=names.__getitem__)
    least, most = _range(values)
    scale = (HEIGHT - _BELOW - 20) / (most - least)
    zero = HEIGHT - _BELOW + least * scale
    step = (WIDTH - 120) / max(len(names) - 1, 1)
    lines = []
    for number in range(len(series)):
        dots = [
            (60 + place * step, zero - value * scale, f"{names[row]}: {_said(value)}")
            for place, row in enumerate(order)
            if (value := values[row][number]) is not None
        ]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in dots)
        lines.append(Line(points, number, dots))
    every = math.ceil(len(names) / 8)
    labels = [
        Label(60 + place * step, HEIGHT - 12, names[row], names[row])
        for place, row in enumerate(order)
        if place % every == 0
    ]
    return Chart(by, series, HEIGHT, zero, [], lines, labels, len(names), whole)
