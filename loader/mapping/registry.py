"""Which mapping a table gets: the standard dataset that its columns are those of.

``mappings/<name>/schema.yaml`` (Table Schema, with aliases and recognition; docs/mappings.md)
describes a standard dataset, ``mapping.yaml`` beside it maps it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from loader.errors import ConfigurationError
from loader.functions.registry import nearest
from loader.mapping.context import Choice
from loader.mapping.model import Mapping as MappingDocument
from loader.mapping.rml import read_rml
from loader.mapping.unpivot import column_facts, read_unpivot
from loader.mapping.yaml_document import Document
from loader.mapping.yarrrml import read_yarrrml
from loader.model import Package, Resource, Unpivot
from vocab.headers import normalize_header

FOLDER = Path(__file__).parents[2] / "mappings"
GENERIC = "generic"

KEYWORD_BONUS = 0.25
LEAST_SCORE = 0.4
LEAST_SCORE_BY_KEYWORD = 0.5
"""What a keyword and a score without it must reach where required columns are missing."""

_READERS: dict[str, Callable[[Path], MappingDocument]] = {
    ".yaml": read_yarrrml,
    ".yml": read_yarrrml,
    ".ttl": read_rml,
}
_SCHEMA_KEYS = (
    *("name", "title", "kind", "recognition", "source", "fields", "description"),
    "unpivot",
)
_RECOGNITION_KEYS = ("keywords", "required", "last")
_FIELD_KEYS = ("name", "aliases", "type", "title", "unit", "description", "constraints", "format")


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard dataset: its columns with their aliases, and how it is recognised."""

    name: str
    folder: Path
    columns: Mapping[str, tuple[str, ...]]
    keywords: tuple[str, ...]
    required: tuple[tuple[str, ...], ...]
    title: Mapping[str, str]
    unpivot: Unpivot | None = None
    last: bool = False
    """Taken only for a table that no other standard fits."""

    def aliases(self, header: Sequence[str]) -> dict[str, str]:
        """Return which column of the header is which: canonical names first, then aliases."""
        free = {normalize_header(name): name for name in reversed(header)}
        found: dict[str, str] = {}
        for candidates in (lambda name: (name,), self.columns.__getitem__):
            for canonical in self.columns:
                words = map(normalize_header, candidates(canonical))
                word = next((word for word in words if word in free), None)
                if canonical not in found and word is not None:
                    found[canonical] = free.pop(word)
        return found


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well a standard dataset fits a header.

    ``share`` is that of the header's columns that are known, ``keyword`` the word found in a name
    of the table, ``missing`` the required columns (one of each) that are not there.
    """

    standard: Standard
    share: float
    aliases: Mapping[str, str]
    keyword: str | None
    missing: tuple[tuple[str, ...], ...]

    @property
    def score(self) -> float:
        """The share, more for a keyword; 0 where required columns are missing without one."""
        if self.missing and not (self.keyword and self.share >= LEAST_SCORE_BY_KEYWORD):
            return 0.0
        return self.share + KEYWORD_BONUS if self.keyword else self.share

    @property
    def fits(self) -> bool:
        """Whether the score is enough for a table to be taken for the standard dataset."""
        return self.score >= LEAST_SCORE


@cache
def standards(folder: Path = FOLDER) -> tuple[Standard, ...]:
    """Read the schemas of all standard datasets."""
    return tuple(_read_schema(path) for path in sorted(folder.glob("*/schema.yaml")))


def known_columns() -> frozenset[str]:
    """Return the words, as ``normalize_header`` writes them, that are headers in some standard."""
    return frozenset(
        normalize_header(word)
        for standard in standards()
        for canonical, aliases in standard.columns.items()
        for word in (canonical, *aliases)
    )


def choose(
    resource: Resource, header: Sequence[str], package: Package, folder: Path = FOLDER
) -> Choice:
    """Return the mapping of a table: the one that is stated, else a standard's, else generic.

    How columns become rows is what the resource says, else what the standard says.
    """
    choice = _chosen(resource, header, package, folder)
    return replace(choice, unpivot=resource.unpivot) if resource.unpivot else choice


def _chosen(resource: Resource, header: Sequence[str], package: Package, folder: Path) -> Choice:
    stated = resource.mapping
    if stated and stated != GENERIC:
        return _stated(stated, header, folder)
    judged = [] if stated else judgements(resource, header, package, folder)
    if not judged or not judged[0].fits:
        return Choice(
            MappingDocument(None, ()),
            GENERIC,
            generic=True,
            sha256=hashlib.sha256(GENERIC.encode()).hexdigest(),
            fields=resource.fields,
            primary_key=resource.primary_key,
        )
    return _standard(judged[0].standard, header, judged[0].score)


def read_document(path: Path) -> MappingDocument:
    """Read a mapping document: YARRRML (.yaml, .yml) or RML in Turtle (.ttl)."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ConfigurationError(
            "mapping.unreadable", file=path, reason=f"{path.suffix}: {', '.join(_READERS)}"
        )
    return reader(path)


def _stated(stated: str, header: Sequence[str], folder: Path) -> Choice:
    known = {standard.name: standard for standard in standards(folder)}
    if stated in known:
        return _standard(known[stated], header, 1.0)
    path = Path(stated)
    if path.suffix.lower() not in _READERS:
        near = nearest(stated, known)
        raise ConfigurationError("mapping.unknown-dataset", name=stated, nearest=near)
    return Choice(read_document(path), path.stem, score=1.0, sha256=_sha256(path))


def _standard(standard: Standard, header: Sequence[str], score: float) -> Choice:
    path = standard.folder / "mapping.yaml"
    return Choice(
        read_document(path),
        standard.name,
        standard.aliases(header),
        score=score,
        sha256=_sha256(standard.folder / "schema.yaml", path),
        lenient=True,
        unpivot=standard.unpivot,
    )


def _sha256(*paths: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def judgements(
    resource: Resource, header: Sequence[str], package: Package, folder: Path = FOLDER
) -> list[Judgement]:
    """Judge how well each standard dataset fits a header, the one to take first."""
    named = _names(resource, package)
    judged = [_judged(found, header, named) for found in standards(folder)]
    return sorted(judged, key=lambda found: (not found.fits, found.standard.last, -found.score))


def _judged(standard: Standard, header: Sequence[str], named: str) -> Judgement:
    words = [name for name in header if name.strip()]
    aliases = standard.aliases(words)
    known = len(aliases) + _unpivoted(standard, words, aliases)
    return Judgement(
        standard,
        known / len(words) if words else 0.0,
        aliases,
        next((word for word in standard.keywords if _mentions(named, _word(word))), None),
        tuple(
            any_of for any_of in standard.required if not any(name in aliases for name in any_of)
        ),
    )


def _unpivoted(standard: Standard, words: Sequence[str], aliases: Mapping[str, str]) -> int:
    """Return how many columns a standard does not list but has a pattern for."""
    known = set(aliases.values())
    if standard.unpivot is None or standard.unpivot.pattern is None:
        return 0
    return sum(column_facts(standard.unpivot, word) is not None for word in {*words} - known)


def _names(resource: Resource, package: Package) -> str:
    """Return the words that keywords are looked for in: names, file name and titles."""
    titles = (*resource.title.values(), *package.title.values())
    return _word(" ".join((package.name, resource.name, resource.path.stem, *titles)))


def _word(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _mentions(text: str, keyword: str) -> bool:
    """Whether a keyword is there: a word of Latin letters only as a word of its own."""
    if not keyword.isascii():
        return keyword in text
    return re.search(rf"(?<![a-z]){re.escape(keyword)}(?![a-z])", text) is not None


# --- schemas ------------------------------------------------------------------------------------


def _read_schema(path: Path) -> Standard:
    document = Document(path)
    fields = document.fields(document.root, _SCHEMA_KEYS)
    recognition = document.fields(fields.get("recognition"), _RECOGNITION_KEYS)
    columns = [document.fields(node, _FIELD_KEYS) for node in document.items(fields.get("fields"))]
    return Standard(
        path.parent.name,
        path.parent,
        {
            document.text(column.get("name")): tuple(document.texts(column.get("aliases")))
            for column in columns
        },
        tuple(document.texts(recognition.get("keywords"))),
        tuple(
            tuple(document.texts(any_of)) for any_of in document.items(recognition.get("required"))
        ),
        {
            language: document.text(text)
            for language, (_, text) in document.entries(fields.get("title")).items()
        },
        read_unpivot(document, fields["unpivot"]) if "unpivot" in fields else None,
        "last" in recognition,
    )
