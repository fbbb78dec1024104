"""All stored queries of a site: our own, and those of the publisher in ``<home>/queries/``."""

from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from pyoxigraph import NamedNode, Quad

from endpoint.errors import EndpointError, NotFound
from endpoint.queries.binding import example_text
from endpoint.queries.model import Group, StoredQuery
from endpoint.queries.reading import Unusable, read_file, read_queries
from endpoint.settings import Settings
from endpoint.sparql.guard import admit
from vocab.namespaces import RDF, SCHEMA, SH

FOLDER = "queries"
"""Where a publisher's own queries lie, in the home."""
_OWN = Path(__file__).parent / "stored"
_MOST_FILES = 100
_EXECUTABLE = NamedNode(SH["SPARQLExecutable"])


@dataclass(frozen=True, slots=True)
class Problem:
    """A file of the publisher that is left out, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Library:
    """The queries by name, the statements that they were read from, and the files left out."""

    queries: dict[str, StoredQuery]
    quads: list[Quad]
    own: frozenset[str]
    """The names of those that are ours, and so never change while the server runs."""
    problems: list[Problem] = field(default_factory=list)

    def get(self, name: str) -> StoredQuery:
        """The query of that name; raises NotFound."""
        found = self.queries.get(name)
        if found is None:
            raise NotFound("api.unknown-query", name=name)
        return found

    def grouped(self) -> list[tuple[Group | None, list[StoredQuery]]]:
        """The queries by what they are about, in the order of the files."""
        groups: dict[str, tuple[Group | None, list[StoredQuery]]] = {}
        for query in self.queries.values():
            key = query.group.name if query.group else ""
            groups.setdefault(key, (query.group, []))[1].append(query)
        return list(groups.values())

    def statements_about(self, query: StoredQuery) -> list[Quad]:
        """What the files say of one query, with its parts."""
        wanted = [NamedNode(query.iri)]
        found: dict[Quad, None] = {}
        while wanted:
            subject = wanted.pop()
            own = [quad for quad in self.quads if quad.subject == subject and quad not in found]
            found.update(dict.fromkeys(own))
            wanted += [quad.object for quad in own if _is_part(quad)]  # type: ignore[misc]
        return list(found)


def _is_part(quad: Quad) -> bool:
    parts = (SH["parameter"], SH["prefixes"], SH["declare"], SH["in"], RDF["rest"])
    return quad.predicate.value in parts


class Libraries:
    """Reads the queries for a base IRI, and again when the publisher's files change."""

    def __init__(self, home: Path, settings: Settings) -> None:
        self._folder = home / FOLDER
        self._settings = settings
        self._known: tuple[object, Library] | None = None
        self._lock = Lock()

    def current(self, base: str) -> Library:
        """The queries as they are now."""
        files = self._files()
        state = (base, tuple(_stamp(path) for path in files))
        with self._lock:
            if self._known is None or self._known[0] != state:
                self._known = (state, self._read(base, files))
            return self._known[1]

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.ttl"))[:_MOST_FILES]

    def _read(self, base: str, files: list[Path]) -> Library:
        own = [
            quad
            for place, path in enumerate(sorted(_OWN.glob("*.ttl")))
            for quad in read_file(path, base, f"q{place}")
        ]
        ours = {query.name: query for query in read_queries(own, base)}
        library = Library(dict(ours), list(own), frozenset(ours))
        for place, path in enumerate(files):
            try:
                self._add(library, read_file(path, base, f"h{place}"), own, base)
            except (Unusable, EndpointError) as error:
                library.problems.append(Problem(path.name, str(error)))
        library.quads.extend(_targets(library, base))
        return library

    def _add(self, library: Library, quads: list[Quad], own: list[Quad], base: str) -> None:
        """Take the queries of one file of the publisher, or none of them."""
        defined = {quad.subject for quad in quads if quad.object == _EXECUTABLE}
        found = {query.iri: query for query in read_queries([*own, *quads], base)}
        added = [query for iri, query in found.items() if NamedNode(iri) in defined]
        for query in added:
            if query.name in library.queries:
                raise Unusable(f"<query/{query.name}>: ×2")
            admit(example_text(query), self._settings.query_bytes, self._settings.query_depth)
        library.queries.update({query.name: query for query in added})
        library.quads.extend(quads)


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:
        return path.name, 0, 0
    return path.name, found.st_mtime_ns, found.st_size


def _targets(library: Library, base: str) -> list[Quad]:
    """Which endpoint the queries are for."""
    endpoint = NamedNode(f"{base}sparql")
    return [
        Quad(NamedNode(query.iri), NamedNode(SCHEMA["target"]), endpoint)
        for query in library.queries.values()
    ]
