"""Functions of conditions and of types: ``true``, or nothing."""

import re
import unicodedata
from datetime import date as calendar_date

from loader.functions.numbers import MISSING
from loader.functions.registry import IDLAB, ValueProblem, function

_FORMS = {
    "integer": re.compile(r"-?(0|[1-9][0-9]*)"),
    "number": re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"),
    "boolean": re.compile(r"true|false|0|1"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}
"""Lexical forms of xsd:integer, xsd:decimal, xsd:boolean and xsd:date (XML Schema 1.1, part 2).

Numbers with leading zeros are left out: they are codes, and a store would take the zeros away.
"""


@function("equal", [("a", "a", "true"), ("", "", "true"), ("a", "b", "")], base=IDLAB)
def equal(str1: str, str2: str) -> str:
    """``true`` where both are the same."""
    return "true" if str1 == str2 else ""


@function("notEqual", [("a", "b", "true"), ("a", "a", "")], base=IDLAB)
def not_equal(str1: str, str2: str) -> str:
    """``true`` where they differ."""
    return "true" if str1 != str2 else ""


@function("present", [("a", "true"), ("", "")])
def present(value: str) -> str:
    """``true`` where there is a value."""
    return "true" if value else ""


@function("stated", [(" 要予約", "要予約"), ("－", ""), ("なし", ""), ("", "")])
def stated(value: str) -> str:
    """The text, unless it is a sign or a word for no value."""
    plain = unicodedata.normalize("NFC", value).strip()
    return "" if unicodedata.normalize("NFKC", plain) in MISSING else plain


@function(
    "ifType",
    [
        ("12", "integer", "12"),
        ("12人", "integer", ""),
        ("012", "integer", ""),
        ("1", "text", "", "!value.unknown-choice"),
    ],
)
def if_type(value: str, type: str) -> str:
    """The value where it is of the type (integer, number, date, boolean) as it is written."""
    plain = value.strip()
    return plain if _is_of(plain, type) else ""


@function("unlessType", [("12人", "integer", "12人"), ("12", "integer", "")])
def unless_type(value: str, type: str) -> str:
    """The value where it is not of the type."""
    plain = value.strip()
    return "" if _is_of(plain, type) else plain


def _is_of(value: str, type_: str) -> bool:
    if type_ not in _FORMS:
        raise ValueProblem("value.unknown-choice", value=type_)
    if not _FORMS[type_].fullmatch(value):
        return False
    if type_ != "date":
        return True
    try:
        calendar_date.fromisoformat(value)
    except ValueError:
        return False
    return True
