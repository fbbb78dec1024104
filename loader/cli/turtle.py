"""Lines of N-Quads as Turtle for people: what belongs to a thing together, prefixes apart."""

import io
import re
from collections.abc import Sequence

import pyoxigraph
from pyoxigraph import RdfFormat, Triple

from vocab.namespaces import PREFIXES

_HEAD = re.compile(r"@(prefix|base) ")
_RELATIVE = re.compile(r'("(?:\\.|[^"\\])*")|<//')
"""IRIs of another host without a scheme, which are no help to a reader; and literals."""

_NAME = re.compile(r"(?:(?<=\s)|(?<=\^\^))([A-Za-z][\w-]*):")


def turtle(lines: Sequence[str], base: str) -> str:
    """Return statements as Turtle without its head; IRIs are relative to ``base``.

    Things come in the order in which they are first spoken of.
    """
    quads = pyoxigraph.parse("".join(lines), format=RdfFormat.N_QUADS)
    things: dict[object, list[Triple]] = {}
    for quad in quads:
        things.setdefault(quad.subject, []).append(quad.triple)
    triples = [triple for found in things.values() for triple in found]
    text = io.BytesIO()
    pyoxigraph.serialize(triples, text, RdfFormat.TURTLE, prefixes=PREFIXES, base_iri=base)
    body = [line for line in text.getvalue().decode().split("\n") if not _HEAD.match(line)]
    scheme = base.partition(":")[0]
    whole = _RELATIVE.sub(lambda found: found[1] or f"<{scheme}://", "\n".join(body).strip())
    return whole.replace("\t", "    ")


def head(bodies: Sequence[str], base: str) -> str:
    """Return the head that such texts need: the base, and the prefixes that may occur in them."""
    used = {name for body in bodies for name in _NAME.findall(" " + body)}
    declared = [f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items() if name in used]
    return "\n".join([f"@base <{base}> .", *declared])
