"""Results of validation as findings: in the words of the shapes, with file and row."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from shacl import Result

from loader.model import EXAMPLES_KEPT, FINDINGS, Finding, FindingLog, Severity
from vocab.iris import decode, read_row
from vocab.language import LANGUAGES

Locate = Callable[[str], tuple[str, int | None]]
"""Turns the IRI of a row into the file's name and the row's number."""

_Key = tuple[str, str, str | None, str | None]
_SOURCE = "> <http://purl.org/dc/terms/source> <"
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_IRI = re.compile(r"<([^<>]*)>")
_COMPONENT = "ConstraintComponent"
_SHACL = "http://www.w3.org/ns/shacl#"
_OTHER = "shacl.other"


def locate_row(iri: str) -> tuple[str, int | None]:
    """The file's name and the row that the IRI of a row tells (RFC 7111, 2.1)."""
    return read_row(iri)


class Places:
    """Where the things of a piece come from: their ``dcterms:source``."""

    def __init__(self, text: str, locate: Locate, name: str) -> None:
        self._locate, self._name = locate, name
        self._sources: dict[str, str] = {}
        place = text.find(_SOURCE)
        while place >= 0:
            thing = text[text.rfind("\n", 0, place) + 2 : place]
            start = place + len(_SOURCE)
            self._sources.setdefault(thing, text[start : text.find(">", start)])
            place = text.find(_SOURCE, start)

    def things(self) -> Collection[str]:
        """The things that tell a source: those that a row describes."""
        return self._sources.keys()

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


def findings_of(
    results: Sequence[Result], places: Places, languages: Mapping[str, str]
) -> FindingLog:
    """The findings for the results of a piece; ``languages`` has the language of each message.

    Only the first results of a group are turned into findings; the last of these stands for the
    others, so that a column that is wrong in a million rows costs little.
    """
    groups: dict[_Key, list[Result]] = {}
    counts: dict[_Key, int] = {}
    for result in results:
        file, _ = places.of(result.focus_node)
        key = (file, result.component, result.source_shape, result.path)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= EXAMPLES_KEPT:
            groups.setdefault(key, []).append(result)
    log = FindingLog()
    for key, examples in groups.items():
        _log_group(log, [_finding(result, places, languages) for result in examples], counts[key])
    return log


def _log_group(log: FindingLog, examples: list[Finding], count: int) -> None:
    for finding in examples[:-1]:
        log.add(finding)
    log.add(examples[-1], count - len(examples) + 1)


def _finding(result: Result, places: Places, languages: Mapping[str, str]) -> Finding:
    file, row = places.of(result.focus_node)
    code = code_of(result.component_iri)
    path = _short(result.path or "")
    details: dict[str, object] = {
        "severity": severity_of(result),
        "shape": _shape_name(result, path),
        "path": path,
        "focus": _IRI.sub(r"\1", result.focus_node),
    }
    value = result.value_plain
    details["message"] = _message(code, result.messages, languages, {**details, "value": value})
    return Finding(code, file, row, value=value, details=details)


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
