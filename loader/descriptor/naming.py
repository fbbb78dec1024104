"""Names of datasets: from a file's or a folder's name, so that they can be part of an IRI."""

import re
import unicodedata

LONGEST = 64
"""Characters; a name is also the name of files of a release."""

RESERVED = frozenset({"catalog", "provenance", "report", "vocabulary"})
"""Names of the graphs of the house (loader/describe.py), which a dataset cannot have."""

_OTHER = re.compile(r"[^\w.]+")


def slug(text: str) -> str:
    """Return a name made of letters of any script, digits, ``.``, ``_`` and ``-``; maybe empty.

    Unicode NFKC and lower case, so that full-width letters and decomposed kana give the same name.
    """
    normal = unicodedata.normalize("NFKC", text).lower()
    return _OTHER.sub("-", normal).strip("-._")[:LONGEST].rstrip("-._")
