"""Terms and quads as lines of canonical N-Quads.

https://www.w3.org/TR/n-quads/#canonical-quads (RDF 1.2): one space between terms, one spelling of
every character. The engine's own serializer writes the same bytes.
"""

import re

XSD = "http://www.w3.org/2001/XMLSchema#"
_XSD_STRING = XSD + "string"

# Canonical N-Triples: ECHAR for these seven, UCHAR for other controls and for what XML 1.1 does
# not count as a character; everything else as it is.
_ECHAR = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_TO_ESCAPE = re.compile('[\x00-\x1f"\\\\\x7f\ufffe\uffff]')
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_IN_IRI = re.compile('[\x00-\x20<>"{}|^`\\\\\ud800-\udfff]')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LANGUAGE = re.compile(r"[A-Za-z]+(-[A-Za-z0-9]+)*")


def iri(text: str) -> str:
    """Write an absolute IRI as a term; raise ValueError for what can be none (IRIREF)."""
    if not _SCHEME.match(text) or _NOT_IN_IRI.search(text):
        raise ValueError(f"not an IRI: {text!r}")
    return f"<{text}>"


def literal(text: str, language: str | None = None, datatype: str | None = None) -> str:
    """Write a literal as a term; raise ValueError for a lone surrogate or a bad language tag."""
    quoted = f'"{escape(text)}"'
    if language is not None:
        if not _LANGUAGE.fullmatch(language):
            raise ValueError(f"not a language tag: {language!r}")
        return f"{quoted}@{language}"
    if datatype is None or datatype == _XSD_STRING:
        return quoted
    return f"{quoted}^^{iri(datatype)}"


def escape(text: str) -> str:
    """Write the inside of a literal: ``text`` with the characters escaped that have to be."""
    if _SURROGATE.search(text):
        raise ValueError(f"a lone surrogate is no character: {text!r}")
    return _TO_ESCAPE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    return _ECHAR.get(character) or f"\\u{ord(character):04X}"


def line(subject: str, predicate: str, object_: str, graph: str) -> str:
    """Write a quad of four terms, each already written by ``iri`` or ``literal``, as a line."""
    return f"{subject} {predicate} {object_} {graph} .\n"


def graph_of(line: bytes) -> bytes:
    """Return the graph name of a line of canonical N-Quads as written; empty: the default graph."""
    quoted = line.rfind(b'"')
    rest = line[quoted:] if quoted >= 0 else line[line.index(b" ", line.index(b" ") + 1) :]
    terms = rest.split(b" ")
    # What is left is the object, maybe the name, and the dot; before an IRI stands a space.
    has_name = len(terms) == (3 if quoted >= 0 else 4)
    return terms[-2] if has_name else b""
