"""Identifiers of authority files and of people: VIAF, Wikidata, NDL, Japan Search, ORCID, ISNI."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit, urlunsplit

from stdnum import isni as _isni
from stdnum.iso7064 import mod_11_2

from vocab.identifiers.reading import (
    MALFORMED,
    IdentifierError,
    encoded,
    found_in,
    plain,
    validated,
)

NDL = "https://id.ndl.go.jp/auth/"
JAPAN_SEARCH = "https://jpsearch.go.jp/"

_VIAF = re.compile(
    r"(?:https?://(?:www\.)?viaf\.org/(?:[a-z]{2}/)?viaf/|viaf:?)?([1-9][0-9]{0,21})/?",
    re.IGNORECASE,
)
_WIKIDATA = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/|wd:|wikidata:)?(Q[1-9][0-9]{0,11})",
    re.IGNORECASE,
)
_NDL = re.compile(
    r"(?:https?://id\.ndl\.go\.jp/auth/(?:entity/)?)?(ndlna|ndlsh|ndlgft|ndlwork)[/:]?([0-9]{8,9})",
    re.IGNORECASE,
)
_JAPAN_SEARCH = re.compile(
    r"(?:https?://jpsearch\.go\.jp/)?(?:(?:data|item)/([A-Za-z0-9_.~:-]+)"
    r"|(entity/(?:place|time|chname|ncname|subject)/)([^\s?#]+))"
)
_PERSON = re.compile(
    r"(?:https?://(?:www\.)?(?:orcid\.org|isni\.org(?:/isni)?)/|(?:orcid|isni):?)?"
    r"((?:[0-9]{4}-?){3}[0-9]{3}[0-9x])",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}(?::[0-9]{1,5})?")


def viaf(text: str) -> str:
    """Return the number of a VIAF cluster."""
    return found_in(_VIAF, plain(text), text)[1]


def viaf_iri(text: str) -> str:
    """Return ``http://viaf.org/viaf/{number}``, as VIAF's own data have it."""
    return "http://viaf.org/viaf/" + viaf(text)


def wikidata(text: str) -> str:
    """Return the ``Q…`` of an item of Wikidata."""
    return found_in(_WIKIDATA, plain(text), text)[1].upper()


def wikidata_iri(text: str) -> str:
    """Return ``http://www.wikidata.org/entity/Q…``, the concept URI."""
    return "http://www.wikidata.org/entity/" + wikidata(text)


def ndl_authority(text: str) -> str:
    """Return an authority record of the NDL as ``ndlna/00123456`` (Web NDL Authorities)."""
    found = found_in(_NDL, plain(text), text)
    return f"{found[1].lower()}/{found[2]}"


def ndl_authority_iri(text: str) -> str:
    """Return ``https://id.ndl.go.jp/auth/ndlna/…``."""
    return NDL + ndl_authority(text)


def japan_search(text: str) -> str:
    """Return an item (``data/…``) or entity (``entity/chname/…``) of ジャパンサーチ.

    The page of an item (``item/…``) is read as the item.
    """
    bare = unquote(text) if text.strip().startswith("http") else text
    found = found_in(_JAPAN_SEARCH, unicodedata.normalize("NFC", bare).strip(), text)
    return f"data/{found[1]}" if found[1] else found[2] + found[3]


def japan_search_iri(text: str) -> str:
    """Return ``https://jpsearch.go.jp/data/…`` or ``…/entity/…``; names stay as they are."""
    return JAPAN_SEARCH + encoded(japan_search(text))


def isni(text: str) -> str:
    """Return the 16 characters of an ISNI (ISO 27729)."""
    bare = found_in(_PERSON, plain(text), text)[1].replace("-", "").upper()
    return validated(_isni, text, bare, _right_isni)


def _right_isni(digits: str) -> str:
    return digits[:-1] + str(mod_11_2.calc_check_digit(digits[:-1]))


def isni_iri(text: str) -> str:
    """Return ``https://isni.org/isni/…``."""
    return "https://isni.org/isni/" + isni(text)


def orcid(text: str) -> str:
    """Return an ORCID iD, ``0000-0002-1825-0097``: ISNIs of a block of their own."""
    try:
        return _fours(isni(text))
    except IdentifierError as error:
        expected = _fours(error.expected) if error.expected else ""
        raise IdentifierError(error.code, text, expected) from error


def _fours(digits: str) -> str:
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


def orcid_iri(text: str) -> str:
    """Return ``https://orcid.org/…``."""
    return "https://orcid.org/" + orcid(text)


def openid(text: str) -> str:
    """Return an OpenID, an address, normalised (OpenID Authentication 2.0, 7.2).

    Without ``http://`` that is put before it; host in lower case, no fragment, at least ``/``.
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    written = bare if re.match("https?://", bare, re.IGNORECASE) else f"http://{bare}"
    try:
        scheme, host, path, query, _ = urlsplit(written)
    except ValueError as error:
        raise IdentifierError(MALFORMED, text) from error
    if not _HOST.fullmatch(host.lower()) or re.search(r'[\s<>"{}|\\^`\x00-\x1f\x7f]', path + query):
        raise IdentifierError(MALFORMED, text)
    return urlunsplit((scheme.lower(), host.lower(), path or "/", query, ""))
