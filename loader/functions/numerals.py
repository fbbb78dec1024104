"""Numbers in kanji, as addresses and dates write them."""

import re

DIGITS = "〇一二三四五六七八九"
_VALUES = {digit: value for value, digit in enumerate(DIGITS)}
_VALUES |= {"零": 0, "壱": 1, "弐": 2, "参": 3}
_UNITS = {"十": 10, "拾": 10, "百": 100, "千": 1000}

NUMERAL = f"[{''.join(_VALUES)}{''.join(_UNITS)}]"
"""One character of a number in kanji, for regular expressions."""

_RUN = re.compile("[0-9]+")


def from_kanji(text: str) -> int:
    """Read a number in kanji: ``二十三``, ``二三`` and ``百二``; below ten thousand with units."""
    if not any(character in _UNITS for character in text):
        return int("".join(str(_VALUES[character]) for character in text))
    total, digit = 0, None
    for character in text:
        if character in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[character]
            digit = None
        else:
            digit = (digit or 0) * 10 + _VALUES[character]
    return total + (digit or 0)


def to_kanji(number: int) -> str:
    """Write a number from 0 to 9999 in kanji with units: ``二十三``; a greater one digit by digit.

    >>> to_kanji(110)
    '百十'
    """
    if not 0 < number < 10_000:
        return "".join(DIGITS[int(digit)] for digit in str(number))
    written = ""
    for name, unit in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, number = divmod(number, unit)
        if digit:
            written += ("" if digit == 1 and unit > 1 else DIGITS[digit]) + name
    return written


def digits_to_kanji(text: str) -> str:
    """Write the numbers of a name in kanji, as official names of towns do."""
    return _RUN.sub(lambda run: to_kanji(int(run.group()[:9])), text)
