"""What is known of a dataset without reading its things: one fast look over its canonical dump.

It is all that linking needs where no other dataset has things that could be linked.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from loader.links.authorities import PREFIXES, authority_of
from loader.links.things import LINKABLE
from vocab.identifiers.areas import AREA
from vocab.namespaces import RDF

_AT_ONCE = 1 << 20
_TYPE = RDF["type"].encode()


def _ends(beginnings: Iterator[str]) -> bytes:
    return b"|".join(re.escape(text.encode()) for text in beginnings)


# Both begin with the end of a predicate, and the engine jumps from one such place to the next.
_LINK = re.compile(b"> (?:" + _ends(iter(PREFIXES)) + b")")
_LINK_OR_CLASS = re.compile(
    b"> (?:" + _ends(iter(PREFIXES)) + b"|" + _ends(f"<{name}> " for name in LINKABLE) + b")"
)


@dataclass(slots=True)
class Outline:
    """Counts of links to authorities by authority and predicate, and codes of municipalities.

    ``linkable`` says whether there may be things that can be linked.
    """

    authorities: Counter[tuple[str, str]] = field(default_factory=Counter)
    areas: set[str] = field(default_factory=set)
    linkable: bool = False

    @classmethod
    def of(cls, dump: Path) -> "Outline":
        """Look over a dump."""
        outline = cls()
        with dump.open("rb") as stream:
            while chunk := stream.read(_AT_ONCE):
                outline._look(chunk + stream.readline())
        return outline

    def _look(self, chunk: bytes) -> None:
        wanted = _LINK if self.linkable else _LINK_OR_CLASS
        counted: Counter[tuple[bytes, bytes]] = Counter()
        for found in wanted.finditer(chunk):
            begin = chunk.rfind(b"\n", 0, found.start()) + 1
            _, _, rest = chunk[begin : chunk.find(b"\n", begin)].partition(b"> <")
            predicate, _, rest = rest.partition(b"> ")
            counted[predicate, rest.partition(b" ")[0]] += 1
        for (predicate, term), count in counted.items():
            self._take(predicate, term.decode(), count)

    def _take(self, predicate: bytes, term: str, count: int) -> None:
        if term[1:-1] in LINKABLE:
            self.linkable = self.linkable or predicate == _TYPE
        if not term.startswith(PREFIXES):
            return  # it stands in the text of a literal
        if predicate != _TYPE:
            self.authorities[authority_of(term[1:-1]), predicate.decode()] += count
        if term[1:].startswith(AREA):
            self.areas.add(term[1 + len(AREA) :][:5])
