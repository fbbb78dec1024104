"""Links between the things of different datasets, and what is told of links to others' data.

Things are read from canonical dumps, compared where they share a key, and linked by the rules of
rules.toml. docs/links.md explains it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from loader.links.areas import version_of
from loader.links.authorities import AUTHORITIES, authority_title
from loader.links.blocks import read_header
from loader.links.ledger import Ledger, Relation
from loader.links.pairs import find_pairs, things_file
from loader.links.rules import rules
from loader.links.selection import Link, Status, select
from loader.published import Linkset
from vocab.identifiers.areas import AREA
from vocab.iris import IriPolicy
from vocab.lines import iri, line
from vocab.namespaces import DCTERMS, OWL, SCHEMA

__all__ = ["Links", "find_pairs"]

PREDICATES = {
    Relation.IDENTICAL: OWL["sameAs"],
    Relation.SAME: SCHEMA["sameAs"],
    Relation.FIRST_IN_SECOND: SCHEMA["containedInPlace"],
    Relation.SECOND_IN_FIRST: SCHEMA["containedInPlace"],
}
"""What is said of a pair (docs/decisions/0007-what-a-link-says.md)."""

AREAS = "municipality"
"""The graph of the versions of municipality codes that a dataset means."""


class Links:
    """The links of a release in ``folder``: ``lines`` gives them, then the rest can be asked.

    ``dates`` says on what day each dataset was as it is (ISO 8601; nothing where it does not say).
    """

    def __init__(self, folder: Path, policy: IriPolicy, dates: Mapping[str, str]) -> None:
        self._folder, self._policy, self._dates = folder, policy, dates
        self._counts: Counter[tuple[str, str, str, str]] = Counter()
        self.statuses: Counter[Status] = Counter()

    def lines(self, ledger: Ledger, threshold: float) -> Iterator[str]:
        """Give the published links as lines of N-Quads."""
        for link in select(self._folder, sorted(self._dates), ledger, threshold):
            self.statuses[link.status] += 1
            if link.status is Status.PUBLISHED:
                yield self._line(link)
        for name in sorted(self._dates):
            yield from self._areas(name)

    def _line(self, link: Link) -> str:
        (one, other), predicate = link.ends, PREDICATES[link.relation]
        rule = link.pair.match.rule
        self._counts[one.dataset, other.dataset, rule, predicate] += 1
        graph = self._policy.links(one.dataset, other.dataset, rule)
        return line(iri(one.iri), iri(predicate), iri(other.iri), iri(graph))

    def _areas(self, name: str) -> Iterator[str]:
        """Say which version of each code was valid on the day of the dataset."""
        header = read_header(things_file(self._folder, name))
        graph = self._policy.links(name, AREAS)
        for code in header.areas if header else ():
            if version := version_of(code, self._dates[name]):
                yield line(iri(AREA + code), iri(DCTERMS["hasVersion"]), iri(version), iri(graph))

    def linksets(self) -> Iterator[Linkset]:
        """Give the sets of links: between two datasets by one rule, and to authority files."""
        for (one, other, rule, predicate), count in sorted(self._counts.items()):
            known = rules()[rule]
            graph = self._policy.links(one, other, rule)
            yield Linkset(graph, one, other, predicate, count, known.text, known.confidence)
        for name in sorted(self._dates):
            yield from self._authorities(name)

    def _authorities(self, name: str) -> Iterator[Linkset]:
        header = read_header(things_file(self._folder, name))
        for number, (scheme, predicate, count) in enumerate(
            header.authorities if header else (), 1
        ):
            own = f"{self._policy.dataset(name)}#links-{scheme}-{number}"
            title, space = authority_title(scheme), AUTHORITIES[scheme]
            yield Linkset(own, name, scheme, predicate, count, title, uri_space=space)
