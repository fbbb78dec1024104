"""Functions of cells with several values, of percent-encoding, and of code lists (SKOS)."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote

from pyoxigraph import RdfFormat, parse

from loader.functions.registry import Gives, ValueProblem, function
from loader.functions.text import normalize, text
from vocab.namespaces import SKOS

CODE_LISTS = Path(__file__).parents[2] / "vocab" / "code-lists"
"""Code lists that come with us: one SKOS concept scheme in Turtle each."""

_SEPARATORS = re.compile(r"[\n、，,;；|｜]|(?<=[^\x00-\x7f])[・/／]|[・／](?=[^\x00-\x7f])")
_NOT_IN_IRI = re.compile(r"[^A-Za-z0-9._~-]")


@function(
    "splitList",
    [
        ("図書館、公民館,体育館", ("図書館", "公民館", "体育館")),
        ("図書館・公民館", ("図書館", "公民館")),
        ("一行目\n二行目", ("一行目", "二行目")),
        ("3/4", ("3/4",)),
    ],
    many=True,
)
def split_list(value: str) -> tuple[str, ...]:
    """The several values of a cell, at whichever of the usual separators (、 , ; ・ / | or line \
break) stands there, each once."""
    pieces = (text(piece) for piece in _SEPARATORS.split(value))
    return tuple(dict.fromkeys(filter(None, pieces)))


@function("percentEncode", [("中央 1/2", "%E4%B8%AD%E5%A4%AE%201%2F2"), ("a-b_c.d~e", "a-b_c.d~e")])
def percent_encode(value: str) -> str:
    """The value percent-encoded for a URL (RFC 3986, unreserved characters kept)."""
    return quote(unicodedata.normalize("NFC", value), safe="", errors="replace")


@function("percentDecode", [("%E4%B8%AD%E5%A4%AE", "中央"), ("100%", "100%")])
def percent_decode(value: str) -> str:
    """The value without percent-encoding (UTF-8)."""
    return unquote(value, errors="replace")


@function(
    "concept",
    [
        ("男性", "sex", "http://purl.org/linked-data/sdmx/2009/code#sex-M"),
        ("Ｆ", "sex", "http://purl.org/linked-data/sdmx/2009/code#sex-F"),
        ("総数", "sex", "http://purl.org/linked-data/sdmx/2009/code#sex-T"),
        ("犬", "sex", "", "!value.not-in-list"),
        ("男", "colour", "", "!value.unknown-choice"),
    ],
    gives=Gives.IRI,
)
def concept(value: str, scheme: str) -> str:
    """The concept of a SKOS code list (``vocab/code-lists``: sex, days) that has the value \
as label or notation."""
    if scheme not in code_lists():
        raise ValueProblem("value.unknown-choice", value=scheme)
    wanted = normalize(value).casefold()
    found = code_lists()[scheme].get(wanted, "")
    if wanted and not found:
        raise ValueProblem("value.not-in-list")
    return found


@cache
def code_lists() -> Mapping[str, Mapping[str, str]]:
    """Return the concepts of each code list by folded label and notation."""
    return {path.stem: read_code_list(path) for path in sorted(CODE_LISTS.glob("*.ttl"))}


def read_code_list(path: Path) -> Mapping[str, str]:
    """Read a concept scheme in Turtle: IRIs of concepts by folded label and notation."""
    naming = {SKOS[name] for name in ("prefLabel", "altLabel", "hiddenLabel", "notation")}
    return {
        normalize(quad.object.value).casefold(): quad.subject.value
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        if quad.predicate.value in naming
    }
