"""The IRI policy: the only place that mints and parses the IRIs of a publication.

docs/uri-policy.md explains the patterns. Local parts are in Unicode NFC and percent-encoded as
RFC 3987 allows: letters of every script stay as they are, what IRIs reserve is encoded.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

OWN = "https://w3id.org/tsunagu/"
OWN_TERMS = OWN + "def#"
OWN_FUNCTIONS = OWN + "function#"

_UNSAFE = re.compile(r"[^\w.~-]")


def encode(text: str) -> str:
    """Return ``text`` as one segment of an IRI: NFC, and all but ``iunreserved`` percent-encoded.

    RFC 3987, 2.2 (iunreserved = ALPHA / DIGIT / - . _ ~ / ucschar); characters outside the
    ranges of letters and digits are encoded as UTF-8, so the result is always a valid segment.
    """
    normal = unicodedata.normalize("NFC", text)
    return _UNSAFE.sub(lambda match: quote(match.group(), safe=""), normal)


def decode(segment: str) -> str:
    """Return the text that a segment, percent-encoded in whatever spelling, stands for."""
    return unicodedata.normalize("NFC", unquote(segment))


def read_row(iri: str) -> tuple[str, int | None]:
    """Return what the IRI of a row (``IriPolicy.row``) tells: the table, as people name it, and
    the number; None for what is no row."""
    file, _, fragment = iri.partition("#")
    *part, (key, number) = (place.partition("=")[::2] for place in fragment.split("&"))
    table = " ".join([decode(file.rpartition("/")[2]), *(f"[{decode(name)}]" for _, name in part)])
    return table, int(number) if key == "row" and number.isdecimal() else None


@dataclass(frozen=True, slots=True)
class IriPolicy:
    """Mints the IRIs below one base IRI, which ends in ``/``."""

    base: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#]+/", self.base):
            raise ValueError(self.base)

    def thing(self, kind: str, local: str) -> str:
        """A thing: ``id/{kind}/{local}``."""
        return f"{self.base}id/{encode(kind)}/{encode(local)}"

    def document(self, kind: str, local: str) -> str:
        """The page about a thing: ``doc/{kind}/{local}``."""
        return f"{self.base}doc/{encode(kind)}/{encode(local)}"

    def data(self, kind: str, local: str, suffix: str) -> str:
        """The RDF document about a thing: ``data/{kind}/{local}.{suffix}``."""
        return f"{self.base}data/{encode(kind)}/{encode(local)}.{suffix}"

    def vocabulary(self, name: str) -> str:
        """The document of a vocabulary: ``def/{name}``."""
        return f"{self.base}def/{encode(name)}"

    def term(self, vocabulary: str, name: str) -> str:
        """A term of a vocabulary: ``def/{vocabulary}#{name}``."""
        return f"{self.vocabulary(vocabulary)}#{encode(name)}"

    def catalog(self) -> str:
        """The catalogue: ``catalog``."""
        return f"{self.base}catalog"

    def sparql(self) -> str:
        """The address of the SPARQL endpoint: ``sparql``."""
        return f"{self.base}sparql"

    def service(self) -> str:
        """The SPARQL endpoint as a service of the catalogue: ``catalog#sparql``."""
        return f"{self.catalog()}#sparql"

    def dataset(self, name: str) -> str:
        """A dataset: ``dataset/{name}``."""
        return f"{self.base}dataset/{encode(name)}"

    def distribution(self, dataset: str, name: str) -> str:
        """A distribution of a dataset: ``dataset/{dataset}/distribution/{name}``."""
        return f"{self.dataset(dataset)}/distribution/{encode(name)}"

    def file(self, dataset: str, name: str) -> str:
        """The address of a source file as it was published: ``file/{dataset}/{name}``."""
        return f"{self.base}file/{encode(dataset)}/{encode(name)}"

    def row(
        self,
        dataset: str,
        name: str,
        number: int | str,
        part: Iterable[tuple[str, str]] = (),
    ) -> str:
        """A row of a source file: ``file/{dataset}/{name}#row={number}`` (RFC 7111, 2.1).

        Of a file with several tables ``part`` tells which: ``#sheet={name}&row={number}``,
        ``#member={path}&row={number}``.
        """
        return f"{self.part(dataset, name, (*part, ('row', '')))}{number}"

    def part(self, dataset: str, name: str, part: Iterable[tuple[str, str]]) -> str:
        """A table of a source file that has several: ``file/{dataset}/{name}#sheet={name}``."""
        place = "&".join(f"{key}={encode(value)}" for key, value in part)
        return f"{self.file(dataset, name)}#{place}"

    def skolem(self, dataset: str, name: str, local: str) -> str:
        """A blank node of an RDF file: ``.well-known/genid/{dataset}/{name}/{local}``.

        RDF 1.1 Concepts, 3.5: by the path others can tell that it had no name of its own.
        """
        path = "/".join(map(encode, (dataset, name, local)))
        return f"{self.base}.well-known/genid/{path}"

    def dump(self, dataset: str) -> str:
        """The address of a dataset's canonical dump: ``dump/{dataset}.nq``."""
        return f"{self.base}dump/{encode(dataset)}.nq"

    def graph(self, dataset: str) -> str:
        """The named graph of a dataset: ``graph/dataset/{dataset}``."""
        return f"{self.base}graph/dataset/{encode(dataset)}"

    def links(self, dataset: str, *rest: str) -> str:
        """A graph of links from a dataset: ``graph/links/{dataset}/{other dataset}/{rule}``."""
        return f"{self.base}graph/links/{'/'.join(map(encode, (dataset, *rest)))}"

    def system_graph(self, name: str) -> str:
        """A named graph of the house, such as ``catalog``: ``graph/{name}``."""
        return f"{self.base}graph/{name}"

    def agent(self, name: str) -> str:
        """An organisation that has no identifier of its own: ``id/organization/{name}``."""
        return self.thing("organization", name)

    def release(self, identifier: str) -> str:
        """A release: ``release/{id}``."""
        return f"{self.base}release/{encode(identifier)}"

    def activity(self, dataset: str, fingerprint: str) -> str:
        """The activity that made a dataset's graph: ``activity/{dataset}/{fingerprint}``."""
        return f"{self.base}activity/{encode(dataset)}/{encode(fingerprint)}"

    def report(self, dataset: str) -> str:
        """The validation report of a dataset: ``report/{dataset}``."""
        return f"{self.base}report/{encode(dataset)}"

    def from_path(self, path: str) -> str:
        """Return the IRI that a request path (decoded, without leading slash) asks for."""
        return self.base + "/".join(encode(segment) for segment in path.split("/"))
