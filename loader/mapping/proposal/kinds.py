"""What the values of a column are: numbers, dates, identifiers, addresses of pages, readings.

A kind is told by the values themselves, sometimes helped by the header; every value of the sample
has to be of it. What is of no kind is text.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loader.functions import FUNCTIONS, ValueProblem
from loader.mapping.model import Call, Constant, Reference, TermMap, TermType
from loader.mapping.proposal.sample import MISSING
from vocab.headers import normalize_header
from vocab.identifiers import area_codes
from vocab.iris import OWN_FUNCTIONS
from vocab.lines import XSD

LONG = 60
"""Characters from which a text is a long one."""

_DATE = re.compile(r".*[-/.年月].*|(明治?|大正?|昭和?|平成?|令和?|[MTSHR])[0-9元].*", re.DOTALL)
_YEAR = re.compile(r".*(年|年度|year)(\(.*\))?")
_CODE = re.compile(r".*(コ-ド|code|番号|id|no\.?)(\(.*\))?")
_POSTCODE = re.compile(r"〒?[0-9]{3}-[0-9]{4}")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー・\s()0-9、,-]*[ぁ-ゖァ-ヺ]{2}[ぁ-ゖァ-ヺー・\s()0-9、,-]*")
_READING = re.compile(r".*(よみ|読み|かな|ふりがな|カナ|フリガナ|kana).*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TELEPHONE = re.compile(r"\+?[0-9(][0-9()]*-[0-9()-]+.*")
_NUMBER = re.compile(r"^[-+▲△]?[0-9][0-9,.]*")
_MARKS = frozenset("○〇◯×✕✗有無")

Test = Callable[[str, str], bool]
"""Says of a value (NFKC, trimmed) and the header in normal form whether it may be of the kind."""


@dataclass(frozen=True, slots=True)
class Made:
    """An object that is made of a cell: function, and datatype, language or being an IRI."""

    function: str
    datatype: str | None = None
    language: str | None = None
    iri: bool = False

    def of(self, column: str) -> TermMap:
        """Return the term map for a column."""
        call = Call(OWN_FUNCTIONS + self.function, (("value", Reference(column)),))
        if self.iri:
            return TermMap(call, TermType.IRI)
        datatype = Constant(XSD + self.datatype) if self.datatype else None
        language = Constant(self.language) if self.language else None
        return TermMap(call, TermType.LITERAL, datatype, language)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of values: a test, what is made of a cell, properties that fit whatever the header.

    Where several objects are made, each value has one of them.
    """

    name: str
    test: Test
    made: tuple[Made, ...]
    properties: tuple[str, ...] = ()
    certain: bool = False
    """Whether the first property is right whatever the header says."""


def _matching(pattern: re.Pattern[str]) -> Test:
    return lambda value, _: pattern.fullmatch(value) is not None


def _always(_: str, __: str) -> bool:
    return True


def _named(*words: str) -> Test:
    return lambda _, header: any(word in header for word in words)


def _is_area(value: str, header: str) -> bool:
    return value.isdecimal() and (
        (len(value) == 6 and value[:5] in area_codes())
        or (len(value) == 5 and value in area_codes() and bool(_CODE.fullmatch(header)))
    )


def _is_date(value: str, header: str) -> bool:
    digits = value.isdecimal()
    if digits:
        return len(value) in (4, 8) and bool(_YEAR.fullmatch(header) or header.endswith("日"))
    return bool(_DATE.fullmatch(value)) and any(char.isdecimal() for char in value)


def _is_boolean(value: str, _: str) -> bool:
    return value in _MARKS or value.lower() in {"true", "false", "あり", "有り", "無し"}


def _is_reading(value: str, header: str) -> bool:
    return bool(_READING.fullmatch(header) and _KANA.fullmatch(value))


def _is_code(value: str, header: str) -> bool:
    leading_zero = value.isdecimal() and len(value) > 1 and value[0] == "0"
    return value.isascii() and len(value) <= LONG and bool(leading_zero or _CODE.fullmatch(header))


TEXT = Kind("text", _always, (Made("text"),), ("dcterms:description", "schema:description"))

_DATES = tuple(
    Made(name, datatype)
    for name, datatype in (("date", "date"), ("yearMonth", "gYearMonth"), ("year", "gYear"))
)

QUANTITY = Kind("quantity", _always, (Made("quantity", "decimal"),), ("schema:value",))

KINDS: Sequence[Kind] = (
    Kind("url", _always, (Made("url", iri=True),), ("foaf:page", "schema:url"), certain=True),
    Kind("doi", _always, (Made("doiIri", iri=True),), ("owl:sameAs", "dcterms:identifier"), True),
    Kind("ucode", _always, (Made("ucodeIri", iri=True),), ("owl:sameAs",), True),
    Kind(
        "email",
        _matching(_EMAIL),
        (Made("normalize"),),
        ("schema:email", "foaf:mbox"),
        certain=True,
    ),
    Kind(
        "corporate-number",
        lambda value, _: len(value.lstrip("T")) == 13,
        (Made("corporateNumberIri", iri=True),),
        ("dcterms:contributor", "schema:provider", "owl:sameAs"),
        certain=True,
    ),
    Kind(
        "isbn",
        lambda value, header: value.startswith("97") or "isbn" in header,
        (Made("isbn13"),),
        ("schema:isbn", "dcterms:identifier"),
        certain=True,
    ),
    Kind(
        "issn", _named("issn"), (Made("issn"),), ("schema:issn", "dcterms:identifier"), certain=True
    ),
    Kind(
        "municipality",
        _is_area,
        (Made("areaIri", iri=True),),
        ("dcterms:spatial", "schema:containedInPlace"),
        certain=True,
    ),
    Kind(
        "postcode",
        lambda value, header: bool(_POSTCODE.fullmatch(value)) or "郵便" in header,
        (Made("postalCode"),),
        ("schema:postalCode", "ic:郵便番号"),
        certain=True,
    ),
    Kind(
        "telephone",
        _matching(_TELEPHONE),
        (Made("telephone", iri=True),),
        ("foaf:phone", "schema:telephone"),
    ),
    Kind("boolean", _is_boolean, (Made("boolean", "boolean"),)),
    Kind("time", lambda value, _: ":" in value or "時" in value, (Made("time", "time"),)),
    Kind("date", _is_date, (Made("date", "date"),), ("dcterms:date", "schema:startDate")),
    Kind("dates", _is_date, _DATES, ("dcterms:date", "schema:startDate")),
    Kind("code", _is_code, (Made("normalize"),), ("dcterms:identifier", "skos:notation")),
    Kind("integer", _always, (Made("integer", "integer"),), ("schema:value",)),
    Kind("decimal", _always, (Made("decimal", "decimal"),), ("schema:value",)),
    QUANTITY,
    Kind("kana", _is_reading, (Made("kana", language="ja-Hrkt"),), ("skos:altLabel",)),
)
"""The kinds in the order in which they are tried."""


def kind_of(header: str, values: Sequence[str]) -> Kind:
    """Return the kind of a column's values, none of which is blank; text where there are none."""
    normal = normalize_header(header)
    stated = [value for value in values if not _is_sign(value)]
    plain = [unicodedata.normalize("NFKC", value).strip() for value in stated]
    if not stated:
        return TEXT
    found = next((kind for kind in KINDS if _is_of(kind, normal, stated, plain)), TEXT)
    return TEXT if found is QUANTITY and unit_of(values) is None else found


def unit_of(values: Sequence[str]) -> str | None:
    """Return what stands behind all numbers of a column (``m``); None where that differs."""
    plain = [unicodedata.normalize("NFKC", value).strip() for value in values]
    units = {_NUMBER.sub("", value).strip() for value in plain if not _is_sign(value)}
    return units.pop() if len(units) == 1 else None


def _is_of(kind: Kind, header: str, values: Sequence[str], plain: Sequence[str]) -> bool:
    return all(kind.test(value, header) for value in plain) and all(
        any(_reads(made.function, value) for made in kind.made) for value in values
    )


def _reads(function: str, value: str) -> bool:
    try:
        return bool(FUNCTIONS[OWN_FUNCTIONS + function].body(value))
    except ValueProblem:
        return False


def _is_sign(value: str) -> bool:
    """Whether a cell is a sign for no value (``-``, ``…``)."""
    try:
        FUNCTIONS[OWN_FUNCTIONS + "decimal"].body(value)
    except ValueProblem as problem:
        return problem.code == MISSING
    return False
