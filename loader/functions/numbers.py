"""Functions of numbers and truth values."""

import re
import unicodedata

from loader.functions.registry import ValueProblem, function

_SIGNS = {"-", "―", "—", "–", "ー", "−", "…", "...", "x", "X", "*", "**", "***", "〃"}
MISSING = frozenset(_SIGNS | {"なし", "無し", "無", "該当なし"})
"""Signs and words that stand for no value in official tables (after NFKC)."""

_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_MINUS = re.compile("^[\u2212\u2010-\u2015▲△]")

_TRUE = frozenset(
    ["○", "〇", "◯", "●", "◎", "有", "有り", "あり", "1", "はい", "可", "true", "yes", "y"]
)
_FALSE = frozenset(
    ["×", "✕", "✖", "x", "無", "無し", "なし", "0", "いいえ", "不可", "false", "no", "n"]
    + ["-", "−", "ー", "―"]
)


def _number(value: str) -> str:
    """Return a number without sign ``+`` and grouping, or raise ValueProblem."""
    plain = "".join(unicodedata.normalize("NFKC", value).split())
    if not plain:
        return ""
    if plain in MISSING:
        raise ValueProblem("value.missing-symbol")
    found = plain_number(_MINUS.sub("-", plain))
    if found is None:
        raise ValueProblem("value.not-a-number")
    return found


def plain_number(text: str) -> str | None:
    """Return a number without sign ``+`` and grouping; None for what is no number."""
    bare = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    return bare.removeprefix("+") if _PLAIN.fullmatch(bare) else None


def canonical(number: str) -> str:
    """Write a number of digits, sign and point as xsd:decimal's canonical form."""
    sign = "-" if number.startswith("-") else ""
    whole, _, fraction = number.lstrip("-").partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    digits = f"{whole}.{fraction}" if fraction else whole
    return digits if digits == "0" else sign + digits


@function(
    "integer",
    [
        ("１，２３４", "1234"),
        ("007", "7"),
        ("1,234人", "", "!value.not-a-number"),
        ("…", "", "!value.missing-symbol"),
    ],
    datatype="integer",
)
def integer(value: str) -> str:
    """The whole number (xsd:integer, canonical)."""
    number = _number(value)
    written = canonical(number) if number else ""
    if "." in written:
        raise ValueProblem("value.not-a-number")
    return written


@function(
    "decimal",
    [("1,234.50", "1234.5"), ("▲3.2", "-3.2"), ("-", "", "!value.missing-symbol")],
    datatype="decimal",
)
def decimal(value: str) -> str:
    """The decimal number (xsd:decimal, canonical)."""
    number = _number(value)
    return canonical(number) if number else ""


@function(
    "boolean",
    [
        ("○", "true"),
        ("有", "true"),
        ("無", "false"),
        ("－", "false"),
        ("△", "", "!value.partly"),
        ("要相談", "", "!value.not-a-boolean"),
    ],
    datatype="boolean",
)
def boolean(value: str) -> str:
    """``true`` or ``false`` for the marks and words that tables use."""
    word = unicodedata.normalize("NFKC", value).strip().lower()
    if not word or word in _TRUE:
        return "true" if word else ""
    if word in _FALSE:
        return "false"
    raise ValueProblem("value.partly" if word in {"△", "▲"} else "value.not-a-boolean")
