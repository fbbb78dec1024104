"""The table of all schemes of identifiers: their facts (``schemes.toml``) and how they are read."""

import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vocab.identifiers import areas, authorities, organisations, publications, things
from vocab.identifiers.reading import CHECK_DIGIT, IdentifierError
from vocab.iris import OWN_TERMS

Read = Callable[[str], str]
ToIri = Callable[[str], str | None]


def _no_iri(_: str) -> None:
    return None


def _area_iri(text: str) -> str | None:
    return areas.area_iri(areas.municipality_code(text))


_BOUND: Mapping[str, tuple[Read, ToIri]] = {
    "municipality": (areas.municipality_code, _area_iri),
    "standard-area": (areas.standard_area_code, _area_iri),
    "corporate-number": (organisations.corporate_number, organisations.corporate_number_iri),
    "tdb": (organisations.tdb_code, organisations.tdb_iri),
    "jipdec": (organisations.jipdec_code, organisations.jipdec_iri),
    "iso6523": (organisations.organisation_code, organisations.organisation_code_iri),
    "ror": (organisations.ror, organisations.ror_iri),
    "isbn": (publications.isbn13, publications.isbn_iri),
    "issn": (publications.issn, publications.issn_iri),
    "doi": (publications.doi, publications.doi_iri),
    "jpno": (publications.jpno, _no_iri),
    "ucode": (things.ucode, things.ucode_iri),
    "uuid": (things.uuid, things.uuid_iri),
    "epc": (things.epc, things.epc_iri),
    "oid": (things.oid, things.oid_iri),
    "postcode": (areas.postal_code, _no_iri),
    "town-id": (areas.town_id, _no_iri),
    "viaf": (authorities.viaf, authorities.viaf_iri),
    "wikidata": (authorities.wikidata, authorities.wikidata_iri),
    "ndl-authority": (authorities.ndl_authority, authorities.ndl_authority_iri),
    "japan-search": (authorities.japan_search, authorities.japan_search_iri),
    "orcid": (authorities.orcid, authorities.orcid_iri),
    "isni": (authorities.isni, authorities.isni_iri),
    "openid": (authorities.openid, authorities.openid),
}


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme of identifiers.

    ``read`` gives the canonical notation or raises IdentifierError; ``iri`` reads the same
    notations and gives the IRI, None where there is none. ``link`` is the property, as a prefixed
    name, that leads from a thing to that IRI; ``names`` are words by which tables name the scheme.
    ``source`` says where the rules are stated.
    """

    key: str
    title: Mapping[str, str]
    authority: Mapping[str, str]
    names: tuple[str, ...]
    link: str
    reads: Mapping[str, str]
    check: Mapping[str, str]
    source: str
    example: str
    read: Read
    iri: ToIri

    @property
    def own_iri(self) -> str:
        """The IRI of the scheme itself: a term of our own vocabulary."""
        return scheme_iri(self.key)


@dataclass(frozen=True, slots=True)
class Fit:
    """A scheme whose form a value has: its notation and IRI, or what it should have been.

    ``problem`` is the code of the finding where the check digit is wrong; ``expected`` is then the
    notation with the right one.
    """

    scheme: Scheme
    notation: str = ""
    iri: str | None = None
    problem: str = ""
    expected: str = ""


def scheme_iri(key: str) -> str:
    """Return the IRI of a scheme: a term of our own vocabulary."""
    return f"{OWN_TERMS}scheme.{key}"


def _scheme(key: str, facts: Mapping[str, Any]) -> Scheme:
    def said(part: str) -> dict[str, str]:
        return {language: facts[f"{part}_{language}"] for language in ("ja", "en")}

    return Scheme(
        key=key,
        title={"ja": facts["ja"], "en": facts["en"]},
        authority=said("authority"),
        names=tuple(facts["names"]),
        link=facts["link"],
        reads=said("reads"),
        check=said("check"),
        source=facts["source"],
        example=facts["example"],
        read=_BOUND[key][0],
        iri=_BOUND[key][1],
    )


def _read_table() -> dict[str, Scheme]:
    text = (Path(__file__).parent / "schemes.toml").read_text(encoding="utf-8")
    return {key: _scheme(key, facts) for key, facts in tomllib.loads(text).items()}


SCHEMES: Mapping[str, Scheme] = _read_table()
"""All schemes, by their short names."""

READERS: Mapping[str, Read] = {key: scheme.read for key, scheme in SCHEMES.items()}
"""The readers by the name of their scheme."""


def fits(text: str) -> Iterator[Fit]:
    """Give the schemes whose form a value has, also where only its check digit is wrong."""
    for scheme in SCHEMES.values():
        try:
            yield Fit(scheme, scheme.read(text), scheme.iri(text))
        except IdentifierError as error:
            if error.code == CHECK_DIGIT:
                yield Fit(scheme, problem=error.code, expected=error.expected)


def find_scheme(name: str) -> Scheme | None:
    """Return a scheme by its short name, its IRI, a title, or a word of tables for it."""
    return _by_name().get(_normal(name))


@cache
def _by_name() -> Mapping[str, Scheme]:
    return {
        _normal(name): scheme
        for scheme in reversed(list(SCHEMES.values()))
        for name in (scheme.key, scheme.own_iri, *scheme.title.values(), *scheme.names)
    }


def _normal(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
