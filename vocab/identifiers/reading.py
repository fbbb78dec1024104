"""What all readers of identifiers share: the error, and how a cell is made plain."""

import re
import unicodedata
from collections.abc import Callable
from typing import Protocol
from urllib.parse import quote

from stdnum.exceptions import InvalidChecksum, ValidationError

CHECK_DIGIT = "identifier.check-digit"
MALFORMED = "identifier.malformed"
NOT_A_CODE = "identifier.not-a-code"

_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\u2500\u00ad]")
_RESERVED = re.compile(r"[^\w!$&'()*+,;=:@/.~-]")


class IdentifierError(ValueError):
    """A cell that is not the identifier it should be; ``code`` names the finding.

    ``expected`` is what it would be with the check digit that its other digits have, where it is
    only that.
    """

    def __init__(self, code: str, text: str, expected: str = "") -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.expected = expected


class Numbers(Protocol):
    """What python-stdnum offers for a scheme of numbers."""

    def validate(self, number: str) -> str:
        """Return the number without separators, or raise a ValidationError."""


def plain(text: str) -> str:
    """Return ``text`` half-width, with one kind of dash and without blanks."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(_DASHES.sub("-", normal).split())


def found_in(pattern: re.Pattern[str], bare: str, text: str) -> re.Match[str]:
    """Match all of ``bare``; raises IdentifierError about ``text``, the cell as written."""
    found = pattern.fullmatch(bare)
    if not found:
        raise IdentifierError(MALFORMED, text)
    return found


def validated(
    numbers: Numbers, text: str, bare: str, correct: Callable[[str], str] | None = None
) -> str:
    """Return what python-stdnum makes of ``bare``; ``correct`` writes the right check digit."""
    if not bare.isascii():
        raise IdentifierError(MALFORMED, text)
    try:
        return numbers.validate(bare)
    except InvalidChecksum as error:
        digits = bare.replace("-", "")
        expected = correct(digits) if correct else ""
        raise IdentifierError(CHECK_DIGIT, text, expected) from error
    except ValidationError as error:
        raise IdentifierError(MALFORMED, text) from error


def encoded(text: str) -> str:
    """Return a notation as part of an IRI: letters of every script stay, RFC 3987's ``ipath``."""
    return _RESERVED.sub(lambda sign: quote(sign.group(), safe=""), text)
