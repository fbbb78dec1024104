"""From IRIs to addresses that a page may link to, and back."""

from urllib.parse import quote, urlencode

from flask import request

from endpoint.state import release
from vocab.iris import OWN_FUNCTIONS, OWN_TERMS
from vocab.language import LANGUAGES

_KEPT = "/%#?=&;:@!$'()*+,~"
OWN_VOCABULARY = "def/tsunagu"
"""Where the copy of our own vocabulary is served, below the root (docs/uri-policy.md)."""
FUNCTION_DOCUMENT = f"{OWN_VOCABULARY}/function"
"""Where our value functions are described."""
GRAPH_STORE = "gsp"
"""Where the Graph Store HTTP Protocol is spoken."""
_COPIES = {OWN_TERMS: OWN_VOCABULARY, OWN_FUNCTIONS: FUNCTION_DOCUMENT}
_LINKED = ("http://", "https://", "tel:", "mailto:")


def as_uri(iri: str) -> str:
    """Write an IRI with ASCII only (RFC 3987, 3.1)."""
    return quote(iri, safe=_KEPT)


def path_of(iri: str) -> str | None:
    """The path on this host that stands for an IRI of the release; None for a foreign IRI."""
    base = release().base_iri
    if not iri.startswith(base):
        return None
    return f"{request.script_root}/{as_uri(iri.removeprefix(base))}"


def _path_of_own_term(iri: str) -> str | None:
    """The path of the copy of our own vocabulary or functions, or of a term in it."""
    document, mark, term = iri.partition("#")
    copy = _COPIES.get(f"{document}#")
    return f"{request.script_root}/{copy}{mark}{as_uri(term)}" if copy else None


def href(iri: str) -> str | None:
    """What a page may link to: this host for our own IRIs; None where that is not safe."""
    path = path_of(iri) or _path_of_own_term(iri)
    if path is not None:
        return with_language(path)
    return as_uri(iri) if iri.lower().startswith(_LINKED) else None


def with_language(path: str) -> str:
    """A path on this host, that keeps the language which the reader asked for by ``?lang=``."""
    asked = request.args.get("lang")
    if asked not in LANGUAGES:
        return path
    address, mark, fragment = path.partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode({'lang': asked})}{mark}{fragment}"


def here(path: str) -> str:
    """The link to a page of this site by its path."""
    return with_language(rooted(path))


def rooted(path: str) -> str:
    """A path of this site as the public has it: below the prefix, if any (http/prefix.py)."""
    return f"{request.script_root}{path}"


def same_page(lang: str) -> str:
    """This page in another language."""
    pairs = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return f"{request.script_root}{as_uri(request.path)}?{urlencode([*pairs, ('lang', lang)])}"
