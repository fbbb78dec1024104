"""Results of two engines in one form: focus node, path, component, severity and value.

Blank nodes are all told as ``_``: their names mean nothing outside of an engine. Language tags are
told in lower case (RDF 1.1, 3.3).
"""

import tomllib
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyshacl
import rdflib
from rdflib import RDF, SH
from rdflib.collection import Collection
from rdflib.term import BNode, Literal, Node

from loader.model import FindingLog
from loader.validate import Validator

Result = tuple[str, str, str, str, str]

DIFFERENCES: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("differences.toml").read_text(encoding="utf-8")
)
"""The differences that are known: for each part of the tests the cases, and why they differ."""


def of_ours(shapes: Sequence[str], lines: Sequence[str]) -> Counter[Result]:
    """What ``loader.validate`` finds in lines of N-Quads."""
    validator = Validator(shapes, FindingLog())
    validator.feed(lines)
    validator.finish(lambda feed: feed(lines))
    return results(graph([validator.report("ntriples")], "ntriples"))


def of_pyshacl(shapes: rdflib.Graph, data: rdflib.Graph) -> Counter[Result]:
    """What pySHACL finds; raises what it raises where it refuses the shapes."""
    with warnings.catch_warnings():
        # RDFLib warns of numbers that are none; data with errors is what this is about.
        warnings.simplefilter("ignore", UserWarning)
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=False)
    assert isinstance(report, rdflib.Graph), report
    return results(report)


def triples(lines: Iterable[str]) -> rdflib.Graph:
    """Lines of N-Quads read as one graph."""
    return graph(["".join(f"{line.rpartition(' <')[0]} .\n" for line in lines)], "ntriples")


def graph(texts: Iterable[str], format_: str = "turtle") -> rdflib.Graph:
    """Texts read as one graph, literals as they are written (pySHACL has RDFLib rewrite them)."""
    rdflib.NORMALIZE_LITERALS = False
    found = rdflib.Graph()
    for text in texts:
        found.parse(data=text, format=format_)
    return found


def results(report: rdflib.Graph) -> Counter[Result]:
    """The results of a report that belong to it (SHACL, 3.6.1.2)."""
    return Counter(
        (
            _n3(report.value(result, SH.focusNode)),
            _path(report, report.value(result, SH.resultPath)),
            str(report.value(result, SH.sourceConstraintComponent)).removeprefix(str(SH)),
            str(report.value(result, SH.resultSeverity)).removeprefix(str(SH)),
            _n3(report.value(result, SH.value)),
        )
        for result in report.objects(None, SH.result)
    )


def _n3(node: Node | None) -> str:
    if node is None:
        return ""
    if isinstance(node, Literal):
        return f'"{node}"@{(node.language or "").lower()}^^{node.datatype or ""}'
    return "_" if isinstance(node, BNode) else f"<{node}>"


def _path(report: rdflib.Graph, node: Node | None) -> str:
    if not isinstance(node, BNode):
        return _n3(node)
    if report.value(node, RDF.first):
        return "/".join(_path(report, member) for member in Collection(report, node))
    [(kind, inner)] = report.predicate_objects(node)
    return f"{str(kind).removeprefix(str(SH))}({_path(report, inner)})"
