"""Names of datasets and of files: so that they can be part of an IRI, and lie in a folder."""

import re
import unicodedata
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

LONGEST = 64
"""Characters; a name is also the name of files of a release."""

RESERVED = frozenset({"catalog", "provenance", "report", "vocabulary"})
"""Names of the graphs of the house (loader/describe.py), which a dataset cannot have."""

LONGEST_FILE = 100
"""Characters of the name of a fetched file."""

DEFAULT_FILE = "data"
"""What a fetched file is called where its address has no name for it."""

SHAPES_FILE = "shapes.ttl"
SHAPES_SUFFIX = ".shacl.ttl"
"""How files of shapes are called that a publisher adds beside the data."""

_OTHER = re.compile(r"[^\w.]+")
_NOT_IN_FILE = re.compile(r"[^\w.()\[\]+~ -]+")


def slug(text: str) -> str:
    """Return a name made of letters of any script, digits, ``.``, ``_`` and ``-``; maybe empty.

    Unicode NFKC and lower case, so that full-width letters and decomposed kana give the same name.
    """
    normal = unicodedata.normalize("NFKC", text).lower()
    return _OTHER.sub("-", normal).strip("-._")[:LONGEST].rstrip("-._")


def is_url(text: str) -> bool:
    """Whether a text is an address that can be fetched, rather than a path."""
    return re.match(r"https?://", text, re.IGNORECASE) is not None


def file_name(url: str) -> str:
    """Return the file name that an address ends with; it has a suffix only where that has."""
    try:
        path = urlsplit(url).path
    except ValueError:
        path = ""
    return safe_file_name(unquote(PurePosixPath(path).name)) or DEFAULT_FILE


def safe_file_name(text: str) -> str:
    """Return a name that stays in its folder and is not hidden; maybe empty."""
    normal = unicodedata.normalize("NFC", text)
    name = PurePosixPath(_NOT_IN_FILE.sub("_", normal).strip().lstrip("._"))
    return name.stem[: LONGEST_FILE - 10] + name.suffix[:10]


def may_be_shapes(path: Path) -> bool:
    """Whether a file is called like shapes of the data beside it: ``X.shacl.ttl`` of ``X.csv``."""
    if not path.name.endswith(SHAPES_SUFFIX):
        return path.name == SHAPES_FILE
    stem = path.name.removesuffix(SHAPES_SUFFIX)
    others = (other.name for other in path.parent.iterdir() if other.name != path.name)
    return any(name.split(".")[0] == stem for name in others)


def free_name(name: str, taken: Collection[str]) -> str:
    """Return the name, or one with a number behind the stem (``aed-2.csv``) where it is taken."""
    path, number = PurePosixPath(name), 2
    while name in taken:
        name = f"{path.stem}-{number}{path.suffix}"
        number += 1
    return name
