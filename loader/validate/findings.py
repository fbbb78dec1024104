"""Results of validation as findings: in the words of the shapes, with file, row and column."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shacl import Result

from loader.model import FINDINGS, Finding, FindingLog, Severity
from vocab.iris import decode, read_row
from vocab.language import LANGUAGES

if TYPE_CHECKING:
    from loader.validate.collect import Kept, Kind, Tally

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
_COLUMNS_NAMED = 3


def locate_row(iri: str) -> tuple[str, int | None]:
    """The file's name and the row that the IRI of a row tells (RFC 7111, 2.1)."""
    return read_row(iri)


class Places:
    """Where the things of a piece come from: their ``dcterms:source``."""

    def __init__(self, lines: Sequence[str], locate: Locate, name: str) -> None:
        self._locate, self._name = locate, name
        self._sources: dict[str, str] = {}
        for line in lines:
            if _SOURCE in line:
                subject, predicate, source = line.split(" ", 3)[:3]
                if predicate == _SOURCE and source.startswith("<"):
                    self._sources.setdefault(subject[1:-1], source[1:-1])

    def of(self, focus: str) -> tuple[str, int | None]:
        """File and row of a focus node (in N-Triples syntax), or of the thing it is a part of."""
        iri = focus[1:-1]
        source = self._sources.get(iri) or self._sources.get(iri.partition("#")[0])
        return self._locate(source) if source else (self._name, None)


def severity_of(result: Result) -> Severity:
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
    """What findings are written with: the language of each message, the columns of each file."""

    languages: Mapping[str, str]
    columns: Mapping[str, ColumnsOf]


def log_tallies(log: FindingLog, tallies: "Mapping[Kind, Tally]", words: Words) -> None:
    """Log the results of each kind; the last example stands for those that were only counted."""
    for tally in tallies.values():
        findings = [_finding(kept, words) for kept in tally.examples]
        for finding in findings[:-1]:
            log.add(finding)
        log.add(findings[-1], tally.count - len(findings) + 1)


def _finding(kept: "Kept", words: Words) -> Finding:
    result, kind = kept.result, kept.kind
    code = code_of(result.component_iri)
    path = _short(kind.path)
    details: dict[str, object] = {
        "severity": severity_of(result),
        "shape": _shape_name(result, path),
        "path": path,
        "focus": _IRI.sub(r"\1", kept.focus),
    }
    value = result.value_plain
    details["message"] = _message(
        code, result.messages, words.languages, {**details, "value": value}
    )
    column = column_of(kept.focus, kind.path, words.columns.get(kind.file, {}))
    return Finding(code, kind.file, kept.row, column, value, details)


def column_of(focus: str, path: str, columns: ColumnsOf) -> str | None:
    """The column (or columns, joined) that feeds what a path leads to from a focus node.

    That of the last predicate, said of the part that the focus node is, or of one part only; else
    those of the first predicate, which leads to a part.
    """
    predicates = _IRI.findall(path)
    if not columns or not predicates or "^" in path:
        return None
    first, last = predicates[0], predicates[-1]
    part = focus[1:-1].partition("#")[2]
    anywhere = [names for (predicate, _), names in columns.items() if predicate == last]
    of_part = columns.get((first, part), ())
    if len(predicates) > 1 and len(anywhere) == 1:
        of_part = anywhere[0]
    names = of_part or (anywhere[0] if len(anywhere) == 1 else ())
    return " / ".join(names[:_COLUMNS_NAMED]) or None


def _message(
    code: str, texts: Sequence[str], languages: Mapping[str, str], values: Mapping[str, object]
) -> dict[str, str]:
    """The shape's message by language; the component's own words where the shape has none."""
    if not texts:
        return {name: FINDINGS.text(code, name, "plain", **values) for name in LANGUAGES}
    stated = {languages.get(text, "").partition("-")[0]: text for text in texts}
    return {name: stated.get(name) or stated.get("") or texts[0] for name in LANGUAGES}


def _shape_name(result: Result, path: str) -> str:
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
