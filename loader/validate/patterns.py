"""Patterns of shapes in plain words: ``^[0-9]{3}-[0-9]$`` is “3 digits, then “-”, then 1 digits”.

Simple patterns only, of characters and classes of them one after the other; for all others the
pattern itself is told.
"""

import re
from collections.abc import Callable, Iterator

Say = Callable[..., str]
"""Says a message of ``vocab/value_kinds.toml`` in one language."""

_CLASSES = {
    "0-9": "digit",
    "A-Z": "capital",
    "a-z": "small",
    "A-Za-z": "letter",
    "a-zA-Z": "letter",
    "0-9A-Z": "capital-or-digit",
    "A-Z0-9": "capital-or-digit",
    "0-9A-Za-z": "letter-or-digit",
    "A-Za-z0-9": "letter-or-digit",
    "0-9A-Fa-f": "hexadecimal",
    "0-9a-f": "hexadecimal",
}
_PIECE = re.compile(
    r"(?:\[(?P<class>[^]^\\]+)\]|(?P<digit>\\d)|\\(?P<escaped>[^\w\s])|(?P<plain>[^][\\^$.|?*+(){}]))"
    r"(?:\{(?P<low>\d+)(?P<comma>,(?P<high>\d*))?\}|(?P<sign>[?*+]))?"
)
_SIGNS = {"?": ("0", "1"), "*": ("0", ""), "+": ("1", ""), None: ("1", "1")}


def in_words(pattern: str, say: Say) -> str:
    """Return what a pattern (``sh:pattern``, XPath 3.1, 5.6.1) asks for."""
    if pattern.startswith("^") and pattern.endswith("$"):
        pieces = list(_pieces(pattern[1:-1], say))
        if pieces and None not in pieces:
            return say("pattern.then").join(piece for piece in pieces if piece)
    return say("pattern.raw", value=pattern)


def _pieces(text: str, say: Say) -> Iterator[str | None]:
    """Give the words of each piece; None for what cannot be told."""
    place, literal = 0, ""
    while place < len(text):
        match = _PIECE.match(text, place)
        if match is None:
            yield None
            return
        place = match.end()
        character, kind = _meaning(match)
        low, high = _times(match)
        if kind is None and (low, high) == ("1", "1"):
            literal += character
            continue
        if literal:
            yield say("pattern.literal", value=literal)
            literal = ""
        yield _told(character, kind, low, high, say)
    if literal:
        yield say("pattern.literal", value=literal)


def _meaning(match: re.Match[str]) -> tuple[str, str | None]:
    """Return the character that a piece is, or the name of its class."""
    inside = match["class"]
    if match["digit"]:
        return "", "digit"
    if inside is None:
        return match["escaped"] or match["plain"], None
    return (inside, None) if len(inside) == 1 else ("", _CLASSES.get(inside, ""))


def _times(match: re.Match[str]) -> tuple[str, str]:
    """Return how often a piece comes, at least and at most (empty: any number)."""
    if match["low"]:
        return match["low"], match["high"] if match["comma"] else match["low"]
    return _SIGNS[match["sign"]]


def _told(character: str, kind: str | None, low: str, high: str, say: Say) -> str | None:
    if kind == "" or (kind is None and (low, high) != ("0", "1")):
        return None
    if kind is None:
        return say("pattern.optional", value=say("pattern.literal", value=character))
    if not high:
        count = say("pattern.or-more", low=low)
    else:
        count = low if low == high else say("pattern.range", low=low, high=high)
    return say(f"pattern.{kind}", count=count)
