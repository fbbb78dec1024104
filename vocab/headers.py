"""Headers of columns: what counts as the same word, whatever way it was typed."""

import re
import unicodedata

_DASHES = re.compile("[\u2010-\u2015\u2212\u2500\u30fc\uff70]")
_OPENING = re.compile(r"[\[{「『【〔《〈]")
_CLOSING = re.compile(r"[\]}」』】〕》〉]")
_UNDERSCORES = re.compile("[\u2017\u203f\u2581]")


def normalize_header(text: str) -> str:
    """Return the form in which headers are compared.

    NFKC, lower case, without white space; dashes (and the long vowel sign, which is typed for
    them and they for it), underscores and brackets each written one way.
    """
    bare = "".join(unicodedata.normalize("NFKC", text).lower().split()).replace("\ufeff", "")
    dashed = _DASHES.sub("-", bare)
    bracketed = _CLOSING.sub(")", _OPENING.sub("(", dashed))
    return _UNDERSCORES.sub("_", bracketed)
