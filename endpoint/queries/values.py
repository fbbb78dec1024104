"""Values of parameters: what a client writes becomes a term, or is refused by name.

Lexical forms: XML Schema 1.1 part 2. Numbers and dates may be written in full width (NFKC).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from endpoint.errors import BadRequest
from endpoint.queries.model import IRI, Parameter, StoredQuery
from vocab.namespaces import XSD

Bound: TypeAlias = dict[str, NamedNode | Literal | None]
"""Terms by parameter; None where an optional one has no value."""

LONGEST = 1000
"""Characters of a value."""

_STRING = XSD["string"]
DATATYPES: Mapping[str, re.Pattern[str]] = {
    _STRING: re.compile(r"(?s:.+)"),
    XSD["integer"]: re.compile(r"[+-]?\d{1,18}", re.ASCII),
    XSD["decimal"]: re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})", re.ASCII),
    XSD["double"]: re.compile(
        r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})(?:[eE][+-]?\d{1,3})?", re.ASCII
    ),
    XSD["boolean"]: re.compile(r"true|false|1|0"),
    XSD["date"]: re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    XSD["dateTime"]: re.compile(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII
    ),
    XSD["gYear"]: re.compile(r"\d{4}", re.ASCII),
    XSD["gYearMonth"]: re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII),
}
"""The datatypes that a parameter may have, and how their values are written."""

NUMBERS = frozenset(XSD[name] for name in ("integer", "decimal", "double"))
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+", re.DOTALL)


def bind(query: StoredQuery, given: Mapping[str, Sequence[str]]) -> Bound:
    """Give the parameters of a query their values; raises BadRequest that names the parameter.

    An empty value is none: forms send all their fields. Names that are no parameters are refused,
    so that a typing mistake cannot go unnoticed.
    """
    known = {parameter.name for parameter in query.parameters}
    for name, values in given.items():
        if name not in known:
            raise BadRequest(
                "api.unknown-parameter", name=name, known=", ".join(sorted(known)) or "–"
            )
        if len(values) > 1:
            raise BadRequest("api.repeated-parameter", name=name, count=len(values))
    return {
        parameter.name: _value(parameter, next(iter(given.get(parameter.name, ())), ""))
        for parameter in query.parameters
    }


def _value(parameter: Parameter, text: str) -> NamedNode | Literal | None:
    if not text.strip():
        if parameter.is_required:
            raise BadRequest("api.missing-parameter", name=parameter.name)
        return parameter.default
    if parameter.choices:
        return _chosen(parameter, text)
    if len(text) > LONGEST:
        raise BadRequest("api.long-value", name=parameter.name, limit=LONGEST)
    return _iri(parameter, text) if parameter.datatype == IRI else _literal(parameter, text)


def _chosen(parameter: Parameter, text: str) -> NamedNode | Literal:
    """The choice that is written as its whole value, or as the end of its IRI."""
    for choice in parameter.choices:
        if text in (choice.value, re.split("[#/]", choice.value)[-1]):
            return choice.term
    known = ", ".join(choice.value for choice in parameter.choices)
    raise BadRequest("api.no-choice", name=parameter.name, value=text[:100], known=known)


def _iri(parameter: Parameter, text: str) -> NamedNode:
    try:
        if not _ABSOLUTE.fullmatch(text):
            raise ValueError(text)
        return NamedNode(text)
    except ValueError:
        raise BadRequest("api.no-iri", name=parameter.name, value=text[:100]) from None


def _literal(parameter: Parameter, text: str) -> Literal:
    plain = text if parameter.datatype == _STRING else unicodedata.normalize("NFKC", text.strip())
    if not DATATYPES[parameter.datatype].fullmatch(plain) or not _exists(parameter.datatype, plain):
        datatype = parameter.datatype.removeprefix(XSD["string"].removesuffix("string"))
        raise BadRequest(
            "api.bad-value", name=parameter.name, value=text[:100], datatype=f"xsd:{datatype}"
        )
    if parameter.pattern and not re.search(parameter.pattern, plain):
        raise BadRequest(
            "api.bad-pattern", name=parameter.name, value=text[:100], pattern=parameter.pattern
        )
    _require_in_range(parameter, plain)
    return Literal(plain, datatype=NamedNode(parameter.datatype))


def _exists(datatype: str, text: str) -> bool:
    """Whether the calendar has a day that is written correctly."""
    try:
        if datatype == XSD["date"]:
            date.fromisoformat(text)
        elif datatype == XSD["dateTime"]:
            datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _require_in_range(parameter: Parameter, text: str) -> None:
    if parameter.datatype not in NUMBERS:
        return
    least = float("-inf") if parameter.least is None else parameter.least
    most = float("inf") if parameter.most is None else parameter.most
    if not least <= float(text) <= most:
        raise BadRequest(
            "api.out-of-range", name=parameter.name, value=text[:100], least=least, most=most
        )
