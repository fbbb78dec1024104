"""Numbers as cells write them, with or without a pattern of UAX 35.

Model for Tabular Data and Metadata (https://www.w3.org/TR/tabular-data-model/), 6.4.2;
https://www.unicode.org/reports/tr35/tr35-numbers.html#Number_Patterns.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from loader.csvw.datatypes import NumberFormat, is_a

_SPECIAL = frozenset({"NaN", "INF", "-INF"})
_PERCENT = {"%": -2, "‰": -3}
_RANGES = {
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
}
"""XML Schema 1.1, part 2, 3.4: least and greatest value."""

LONGEST = 400
"""Characters of the longest number that is looked at."""

_NUMBER = re.compile(
    r"(?P<before>[%‰]?)(?P<sign>[+-]?)(?P<whole>[0-9]*)(?P<point>\.?)(?P<fraction>[0-9]*)"
    r"(?P<exponent>([Ee][+-]?[0-9]+)?)(?P<after>[%‰]?)"
)
_PATTERN = re.compile(
    r"(?P<sign>[+-]?)(?P<before>[%‰]?)(?P<sign2>[+-]?)(?P<whole>[0#G]*)"
    r"(D(?P<fraction>[0#G]*))?(E(?P<plus>\+?)(?P<exponent>[0#]+))?(?P<after>[%‰]?)"
)


class NotANumber(ValueError):
    """A cell is no number, or not one of its type or pattern."""


def number(text: str, base: str, format_: NumberFormat | None) -> str:
    """Return a number as XML Schema writes it; raises NotANumber."""
    if text in _SPECIAL and is_a(base, "double", "float"):
        return text
    form = format_ or NumberFormat()
    pattern = compile_pattern(form) if form.pattern else None
    plain = _ungrouped(text, form, pattern)
    match = _NUMBER.fullmatch(plain) if len(plain) <= LONGEST else None
    if match is None or not (match["whole"] or match["fraction"]):
        raise NotANumber(text)
    if pattern:
        pattern.check(match, text)
    _check_type(match, base)
    return _written(match, base)


def _ungrouped(text: str, form: NumberFormat, pattern: "Pattern | None") -> str:
    group = form.group_char or ("," if pattern else None)
    if group:
        if group * 2 in text:
            raise NotANumber(text)
        if pattern:
            pattern.check_groups(text, group, form.decimal_char)
        text = text.replace(group, "")
    if form.decimal_char != ".":
        if "." in text:
            raise NotANumber(text)
        text = text.replace(form.decimal_char, ".")
    return text


def _check_type(match: re.Match[str], base: str) -> None:
    if match["point"] and not match["fraction"] and is_a(base, "decimal"):
        raise NotANumber(match.string)
    if match["exponent"] and is_a(base, "decimal"):
        raise NotANumber(match.string)
    if match["point"] and is_a(base, "integer"):
        raise NotANumber(match.string)
    if base in _RANGES:
        least, greatest = _RANGES[base]
        value = Decimal(f"{match['sign']}{match['whole']}")
        if (least is not None and value < least) or (greatest is not None and value > greatest):
            raise NotANumber(match.string)


def _written(match: re.Match[str], base: str) -> str:
    digits = f"{match['sign']}{match['whole']}{match['point']}{match['fraction']}"
    sign = match["before"] or match["after"]
    if not sign:
        return digits + match["exponent"].lower()
    exact = Decimal(digits + match["exponent"]).scaleb(_PERCENT[sign])
    return f"{exact:f}" if is_a(base, "decimal") else str(exact).lower()


# --- patterns -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pattern:
    """A number pattern: how many digits, in which groups, and which signs."""

    signed: bool
    percent: tuple[str, str]
    whole: int
    groups: tuple[int, int] | None
    """Digits of the last group and of those before it."""
    fraction: tuple[int, int]
    fraction_group: int | None
    exponent: int | None
    exponent_signed: bool

    def check(self, match: re.Match[str], text: str) -> None:
        """Raise NotANumber for a number that is not written so (groups apart)."""
        least, most = self.fraction
        digits = len(match["fraction"])
        right = (
            len(match["whole"]) >= self.whole
            and least <= digits <= most
            and bool(match["point"]) == bool(digits)
            and (match["before"], match["after"]) == self.percent
            and (bool(match["sign"]) or not self.signed)
            and self._right_exponent(match["exponent"])
        )
        if not right:
            raise NotANumber(text)

    def _right_exponent(self, text: str) -> bool:
        if self.exponent is None or not text:
            return self.exponent is None and not text
        signed = text[1] in "+-"
        if not text.startswith("E"):
            return False
        return (signed or not self.exponent_signed) and len(text[1:].lstrip("+-")) >= self.exponent

    def check_groups(self, text: str, group: str, point: str) -> None:
        """Raise NotANumber for a number whose digits are not in these groups."""
        mantissa = re.split("[Ee]", text.strip("+-%‰"))[0]
        whole, _, fraction = mantissa.partition(point)
        parts = [len(part) for part in whole.split(group)]
        after = [len(part) for part in fraction.split(group)]
        if not (self._right_whole(parts) and self._right_fraction(after)):
            raise NotANumber(text)

    def _right_whole(self, parts: list[int]) -> bool:
        if self.groups is None:
            return len(parts) == 1
        last, before = self.groups
        if len(parts) == 1:
            return parts[0] <= last
        return (
            parts[-1] == last
            and all(size == before for size in parts[1:-1])
            and 1 <= parts[0] <= before
        )

    def _right_fraction(self, parts: list[int]) -> bool:
        if self.fraction_group is None:
            return len(parts) == 1
        full = all(size == self.fraction_group for size in parts[:-1])
        return full and parts[-1] <= self.fraction_group


@lru_cache(maxsize=256)
def compile_pattern(form: NumberFormat) -> Pattern:
    """Compile the pattern of a format; raises ValueError for what is none."""
    group = form.group_char or ","
    text = (form.pattern or "").replace(group, "G").replace(form.decimal_char, "D")
    match = _PATTERN.fullmatch(text)
    if match is None or not (match["whole"] or match["fraction"]):
        raise ValueError(form.pattern)
    whole, fraction = match["whole"].split("G"), (match["fraction"] or "").split("G")
    digits = "".join(whole), "".join(fraction)
    if "0#" in digits[0] or "#0" in digits[1]:
        raise ValueError(form.pattern)
    groups = (len(whole[-1]), len(whole[-2] if len(whole) > 2 else whole[-1]))
    return Pattern(
        signed=bool(match["sign"] or match["sign2"]),
        percent=(match["before"], match["after"]),
        whole=digits[0].count("0"),
        groups=groups if len(whole) > 1 else None,
        fraction=(digits[1].count("0"), len(digits[1])),
        fraction_group=len(fraction[0]) if len(fraction) > 1 else None,
        exponent=match["exponent"].count("0") if match["exponent"] else None,
        exponent_signed=bool(match["plus"]),
    )
