"""Results of validation as findings: in the words of the shapes, with file, row and column."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from loader.model import FINDINGS, Finding, FindingLog, Severity
from loader.runs import Run
from loader.validate.cells import Cells
from loader.validate.echoes import AnyResult
from loader.validate.rules import Rules
from vocab.iris import decode, read_row
from vocab.language import LANGUAGES

if TYPE_CHECKING:
    from loader.validate.collect import Kept, Kind, Results, Tally

Locate = Callable[[str], tuple[str, int | None]]
"""Turns the IRI of a row into the file's name and the row's number."""

ColumnsOf = Mapping[tuple[str, str], Sequence[str]]
"""The columns of a table that feed a predicate of a part: by the predicate's IRI and the name of
the part (what its IRI has after ``#``; empty for the thing itself)."""

_SOURCE = "<http://purl.org/dc/terms/source>"
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_IRI = re.compile(r"<([^<>]*)>")
_COMPONENT = "ConstraintComponent"
_SHACL = "http://www.w3.org/ns/shacl#"
_OTHER = "shacl.other"
_ONE_THING = "shacl.max-count"
_MISSING = "shacl.min-count"
_SPACE = {"ja": "", "en": " "}
_COLUMNS_NAMED = 4
_SOURCES_READ = 20
_ROWS_TOLD = 5
_BETWEEN = " / "
_ROWS_BETWEEN = " | "


def locate_row(iri: str) -> tuple[str, int | None]:
    """The file's name and the row that the IRI of a row tells (RFC 7111, 2.1)."""
    return read_row(iri)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing comes from: a file, its first rows there, and the IRI of the first of them."""

    file: str
    rows: tuple[int, ...] = ()
    source: str | None = None

    @property
    def row(self) -> int | None:
        """The first row."""
        return self.rows[0] if self.rows else None


class Places:
    """Where the things of a piece come from: their ``dcterms:source``, often one, at times more.

    Only the things are looked for that ``focuses`` (in N-Triples syntax) are, or are parts of.
    """

    def __init__(
        self,
        runs: Iterable[Sequence[str]],
        focuses: Collection[str],
        locate: Locate,
        name: str,
    ) -> None:
        self._locate, self._name = locate, name
        self._sources: dict[str, str] = {}
        self._further: dict[str, list[str]] = {}
        wanted = {*focuses, *(f"{focus.partition('#')[0]}>" for focus in focuses if "#" in focus)}
        for line in chain.from_iterable(run for run in runs if _may_tell_sources(run)):
            if _SOURCE in line:
                subject, predicate, source = line.split(" ", 3)[:3]
                if subject in wanted and predicate == _SOURCE and source.startswith("<"):
                    self._take(subject[1:-1], source[1:-1])

    def _take(self, thing: str, source: str) -> None:
        if self._sources.setdefault(thing, source) != source:
            further = self._further.setdefault(thing, [])
            if len(further) < _SOURCES_READ and source not in further:
                further.append(source)

    def of(self, focus: str) -> Place:
        """Where a focus node (in N-Triples syntax) comes from, or the thing it is a part of."""
        iri = focus[1:-1]
        thing = iri if iri in self._sources else iri.partition("#")[0]
        first = self._sources.get(thing)
        if first is None:
            return Place(self._name)
        if thing not in self._further:
            file, row = self._locate(first)
            return Place(file, () if row is None else (row,), first)
        located = [(*self._locate(iri), iri) for iri in (first, *self._further[thing])]
        located.sort(key=lambda place: (place[0], place[1] or 0))
        file, _, source = located[0]
        rows = [row for other, row, _ in located if other == file and row is not None]
        return Place(file, tuple(rows[:_ROWS_TOLD]), source)


def _may_tell_sources(run: Sequence[str]) -> bool:
    columns = run.columns if isinstance(run, Run) else None
    return columns is None or columns.predicate == _SOURCE


def severity_of(result: AnyResult) -> Severity:
    """The result's severity; one that SHACL does not define counts as a violation."""
    try:
        return Severity(result.severity.lower())
    except ValueError:
        return Severity.VIOLATION


def code_of(component_iri: str) -> str:
    """The code of findings for a constraint component, ``shacl.min-count`` for instance."""
    name = component_iri.removeprefix(_SHACL).removesuffix(_COMPONENT)
    code = "shacl." + _HUMP.sub("-", name).lower()
    return code if code in FINDINGS.entries else _OTHER


@dataclass(frozen=True, slots=True)
class Words:
    """What findings are written with: the language of each message, the columns of each file, what
    shapes permit, the cells as written."""

    languages: Mapping[str, str]
    columns: Mapping[str, ColumnsOf]
    rules: Rules
    cells: Cells

    def columns_of(self, kept: "Kept") -> tuple[str, ...]:
        """The columns that a result is about."""
        return columns_of(kept.focus, kept.kind.path, self.columns.get(kept.kind.file, {}))

    def lacks_column(self, kept: "Kept") -> bool:
        """Whether it is known that no column of the file feeds what the result is about."""
        return kept.kind.file in self.columns and not self.columns_of(kept)

    def written(self, kept: "Kept") -> str | None:
        """The cells that a result is about, as written: those of a row, then of the next row.

        Empty where all are blank; None where no cell is known.
        """
        file, names = kept.kind.file, self.columns_of(kept)
        found = [[self.cells.of(file, row, name) for name in names] for row in kept.place.rows]
        rows = [[cell for cell in row if cell is not None] for row in found]
        texts = [_BETWEEN.join(row) for row in rows if any(row)]
        return _ROWS_BETWEEN.join(dict.fromkeys(texts)) if any(rows) else None


def read_cells(results: "Results", words: Words) -> None:
    """Read the cells that the results which are kept are about."""
    wanted: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for kept in results.told():
        for row in kept.place.rows:
            wanted[kept.kind.file][row].update(words.columns_of(kept))
    words.cells.read(wanted)


def log_tallies(log: FindingLog, tallies: "Mapping[Kind, Tally]", words: Words) -> None:
    """Log the results of each kind; the last example stands for those that were only counted."""
    for tally in tallies.values():
        examples = sorted(tally.examples, key=lambda kept: kept.order())
        findings = [_finding(kept, words) for kept in examples]
        for finding in findings[:-1]:
            log.add(finding)
        if findings:
            log.add(findings[-1], tally.count - len(findings) + 1)


def _finding(kept: "Kept", words: Words) -> Finding:
    result, kind = kept.result, kept.kind
    code = code_of(result.component_iri)
    path = _short(kind.path)
    value = result.value_plain
    details: dict[str, object] = {
        "severity": severity_of(result),
        "shape": _shape_name(result, path),
        "path": path,
        "focus": _IRI.sub(r"\1", kept.focus),
        "rows": kept.place.rows,
        "advice": _hint(kept, code, words),
    }
    details["message"] = _message(
        code, result.messages, words.languages, {**details, "value": value}
    )
    column = _BETWEEN.join(words.columns_of(kept)) or None
    written = words.written(kept)
    told = value if written is None else written
    return Finding(code, kind.file, kept.place.row, column, told, details)


def _hint(kept: "Kept", code: str, words: Words) -> dict[str, str]:
    """What the shape permits, the rows that have become one thing, a column that there is not."""
    allowed = words.rules.allowed(kept.kind.shape, kept.result.component_iri)
    rows = kept.place.rows
    no_column = code == _MISSING and words.lacks_column(kept)
    hints = {}
    for language in LANGUAGES:
        told = []
        if allowed and f"rule_{language}" in FINDINGS.entries[code]:
            told.append(FINDINGS.text(code, language, "rule", allowed=allowed[language]))
        if len(rows) > 1:
            named = ", ".join(map(str, rows))
            told.append(FINDINGS.text(_ONE_THING, language, "rows", rows=named))
        if no_column:
            told.append(FINDINGS.text(_MISSING, language, "column"))
        hints[language] = "".join(sentence + _SPACE[language] for sentence in told)
    return hints


def columns_of(focus: str, path: str, columns: ColumnsOf) -> tuple[str, ...]:
    """The columns that feed what a path leads to from a focus node; the first of them.

    Those of the last predicate, said of the part that the focus node is, or of one part only; where
    it is said of several parts, those of the first predicate, which leads to one of them. None
    where no column feeds it.
    """
    predicates = _IRI.findall(path)
    if not columns or not predicates or "^" in path:
        return ()
    first, last = predicates[0], predicates[-1]
    part = focus[1:-1].partition("#")[2]
    anywhere = [names for (predicate, _), names in columns.items() if predicate == last]
    of_part = columns.get((first, part), ())
    if len(predicates) > 1 and len(anywhere) < 2:
        of_part = anywhere[0] if anywhere else ()
    names = of_part or (anywhere[0] if len(anywhere) == 1 else ())
    return tuple(names[:_COLUMNS_NAMED])


def _message(
    code: str, texts: Sequence[str], languages: Mapping[str, str], values: Mapping[str, object]
) -> dict[str, str]:
    """The shape's message by language; the component's own words where the shape has none."""
    if not texts:
        return {name: FINDINGS.text(code, name, "plain", **values) for name in LANGUAGES}
    stated = {languages.get(text, "").partition("-")[0]: text for text in texts}
    return {name: stated.get(name) or stated.get("") or texts[0] for name in LANGUAGES}


def _shape_name(result: AnyResult, path: str) -> str:
    """The shape's local name; for one without a name, that of the shape around it and the path."""
    shape = result.source_shape or ""
    if shape.startswith("<"):
        return _local(shape[1:-1])
    return f"{_local((result.root_shape or '')[1:-1])}/{path}"


def _local(iri: str) -> str:
    return decode(re.split(r"[#/]", iri)[-1])


def _short(path: str) -> str:
    """A path with the local names of its IRIs."""
    return _IRI.sub(lambda match: _local(match.group(1)), path).removeprefix("(").removesuffix(")")
