"""Cells parsed to values: null, default, separator, datatype and its constraints.

Model for Tabular Data and Metadata (https://www.w3.org/TR/tabular-data-model/), 6.4. A value that
does not fit is kept as text, with the code of a finding.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from loader.csvw import regex
from loader.csvw.datatypes import (
    BINARY,
    DATES,
    KEEP_SPACE,
    NUMERIC,
    Datatype,
    NumberFormat,
    is_a,
)
from loader.csvw.dates import duration, moment, order
from loader.csvw.model import Cells
from loader.csvw.numbers import number

_BREAKS = re.compile(r"[\r\n\t]")
_FORMS = {
    "language": re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
    "NMTOKEN": re.compile(r"[\w.:·-]+"),
    "Name": re.compile(r"[^\W\d][\w.:·-]*"),
    "QName": re.compile(r"([^\W\d][\w.·-]*:)?[^\W\d][\w.·-]*"),
    "hexBinary": re.compile(r"([0-9a-fA-F]{2})*"),
    "anyURI": re.compile(r"[^\s<>\"{}|\\^`]*"),
}


class BadValue(ValueError):
    """A value does not fit its datatype; the argument is the code of the finding."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value: as XML Schema writes it where it fits (``code`` None), else as text."""

    text: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """The values of a cell: none where it is null, several only where there is a separator."""

    values: tuple[Value, ...] = ()
    code: str | None = None
    """The finding about the cell as a whole: it is required, and empty."""

    @property
    def is_wrong(self) -> bool:
        """Whether there is something to report."""
        return self.code is not None or any(value.code for value in self.values)


def parse_cell(text: str, cells: Cells) -> Parsed:
    """Return the values of a cell (6.4, steps 1 to 9)."""
    clean = _normalised(text, cells.datatype.base) or cells.default
    missing = "csvw.required" if cells.required else None
    if cells.separator is None:
        if clean in cells.null:
            return Parsed((), missing)
        return Parsed((parse_value(clean, cells.datatype),))
    if not clean:
        return Parsed((), missing)
    if clean in cells.null:
        return Parsed()
    items = (_item(item, cells) for item in clean.split(cells.separator))
    return Parsed(tuple(parse_value(item, cells.datatype) for item in items if item is not None))


def _normalised(text: str, base: str) -> str:
    if base in KEEP_SPACE:
        return text
    clean = _BREAKS.sub(" ", text)
    return clean if base == "normalizedString" else " ".join(clean.split())


def _item(text: str, cells: Cells) -> str | None:
    """Return an item of a list, None where it is null."""
    keep = cells.datatype.base in ("string", "anyAtomicType")
    clean = text if keep else text.strip()
    clean = clean or cells.default
    return None if clean in cells.null else clean


def parse_value(text: str, datatype: Datatype) -> Value:
    """Return a value of a datatype, or the text with the reason why it is none."""
    try:
        canonical = _canonical(text, datatype)
        check_lengths(canonical, datatype)
        check_limits(canonical, datatype)
    except BadValue as problem:
        return Value(text, str(problem))
    except ValueError:
        return Value(text, "csvw.not-of-type")
    return Value(canonical)


def _canonical(text: str, datatype: Datatype) -> str:
    base, form = datatype.base, datatype.format
    if is_a(base, *NUMERIC):
        return number(text, base, form if isinstance(form, NumberFormat) else None)
    plain = form if isinstance(form, str) else None
    if base == "boolean":
        return _boolean(text, plain)
    if is_a(base, *DATES):
        return moment(text, base, plain)
    if is_a(base, "duration"):
        duration(text, base)
    if plain is not None and not regex.matches(plain, text):
        raise BadValue("csvw.format")
    return _text(text, base)


def _boolean(text: str, format_: str | None) -> str:
    if format_ is None:
        words = {"true": "true", "1": "true", "false": "false", "0": "false"}
    else:
        yes, _, no = format_.partition("|")
        words = {yes: "true", no: "false"}
    if text not in words:
        raise ValueError(text)
    return words[text]


def _text(text: str, base: str) -> str:
    if base in _FORMS and not _FORMS[base].fullmatch(text):
        raise ValueError(text)
    if base == "base64Binary":
        try:
            base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise ValueError(text) from error
    return text


def check_lengths(text: str, datatype: Datatype) -> None:
    """Raise BadValue for a value that is too long or too short (Metadata Vocabulary, 5.11.2)."""
    lengths = datatype.lengths
    if not lengths:
        return
    size = _size(text, datatype.base)
    if lengths.get("length", size) != size:
        raise BadValue("csvw.length")
    if not lengths.get("minLength", 0) <= size <= lengths.get("maxLength", size):
        raise BadValue("csvw.length")


def _size(text: str, base: str) -> int:
    if base not in BINARY:
        return len(text)
    return len(text) // 2 if base == "hexBinary" else len(base64.b64decode(text))


def check_limits(text: str, datatype: Datatype) -> None:
    """Raise BadValue for a value that is too great or too small (Metadata Vocabulary, 5.11.2)."""
    if not datatype.limits:
        return
    if text == "NaN":
        raise BadValue("csvw.out-of-range")
    value = comparable(text, datatype.base)
    for name, limit in datatype.limits.items():
        if not within(value, name, _limit(limit, datatype.base)):
            raise BadValue("csvw.out-of-range")


def within(value: Any, name: str, limit: Any) -> bool:
    """Whether a comparable value keeps to a limit of that name."""
    if name == "minInclusive":
        return bool(value >= limit)
    if name == "maxInclusive":
        return bool(value <= limit)
    return bool(value > limit if name == "minExclusive" else value < limit)


@lru_cache(maxsize=256)
def _limit(text: str, base: str) -> Any:
    return comparable(text, base)


def comparable(text: str, base: str) -> Any:
    """Return what values of one type are compared by; raises ValueError for none."""
    if is_a(base, "duration"):
        return order(duration(text, base), base)
    if is_a(base, *DATES):
        return order(moment(text, base, None), base)
    if text in ("INF", "-INF"):
        return float(text.replace("INF", "inf"))
    if text == "NaN":
        raise ValueError(text)
    return Decimal(number(text, base, None))
