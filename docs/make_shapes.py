"""Writes the lists of shapes in docs/shapes.md and docs/ja/shapes.md from shapes/.

    .venv/bin/python docs/make_shapes.py

Only what stands between the marks is written; the text around it is kept. A test compares.
"""

from collections.abc import Iterator
from pathlib import Path

from rdflib import SH, Graph
from rdflib.term import Node

import shapes
from vocab.namespaces import PREFIXES

DOCS = Path(__file__).parent
PAGES = {"en": DOCS / "shapes.md", "ja": DOCS / "ja" / "shapes.md"}
MARKS = ("<!-- shapes: written by docs/make_shapes.py -->", "<!-- end of shapes -->")

FOR = {"en": "For: ", "ja": "対象: "}
SUBJECTS = {"en": "subjects of ", "ja": "主語: "}
HEADS = {"en": ("shape", "severity", "says"), "ja": ("シェイプ", "重大さ", "内容")}
SEVERITIES = {SH.Violation: "違反", SH.Warning: "警告", SH.Info: "情報"}
"""The severities, gravest first, and their Japanese names."""

WITHOUT = {
    "en": ("Classes without a shape", ("class", "why")),
    "ja": ("シェイプのないクラス", ("クラス", "理由")),
}


def page(language: str) -> str:
    """Return the page, its lists written anew."""
    text = PAGES[language].read_text(encoding="utf-8")
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    parts = [*(_file(name, language) for name in shapes.names()), _without(language)]
    body = "\n".join(parts)
    return f"{before}{MARKS[0]}\n\n{body}\n{MARKS[1]}{after}"


def _file(name: str, language: str) -> str:
    graph = Graph().parse(data=shapes.texts([name])[0], format="turtle")
    rows = [_row(graph, shape, language) for shape in _property_shapes(graph)]
    lines = [f"### `{name}`\n", FOR[language] + ", ".join(_targets(graph, language)) + "\n"]
    return "\n".join([*lines, *_head(HEADS[language]), *rows]) + "\n"


def _targets(graph: Graph, language: str) -> list[str]:
    classes = sorted(_short(iri) for iri in graph.objects(None, SH.targetClass))
    subjects = sorted(_short(iri) for iri in graph.objects(None, SH.targetSubjectsOf))
    return [*classes, *(SUBJECTS[language] + iri for iri in subjects)]


def _property_shapes(graph: Graph) -> list[Node]:
    """Return them gravest first, then by name."""
    order = list(SEVERITIES)
    found = set(graph.subjects(SH.path))
    return sorted(found, key=lambda one: (order.index(_severity(graph, one)), str(one)))


def _severity(graph: Graph, shape: Node) -> Node:
    severity = graph.value(shape, SH.severity)
    assert severity is not None, shape
    return severity


def _row(graph: Graph, shape: Node, language: str) -> str:
    severity = _severity(graph, shape)
    name = str(severity).partition("#")[2] if language == "en" else SEVERITIES[severity]
    says = " ".join(_texts(graph, shape, language))
    return f"| `{str(shape).rpartition('#')[2]}` | {name} | {says} |"


def _texts(graph: Graph, shape: Node, language: str) -> Iterator[str]:
    for text in graph.objects(shape, SH.message):
        if getattr(text, "language", None) == language:
            yield str(text)


def _without(language: str) -> str:
    heading, cells = WITHOUT[language]
    rows = [f"| {_short(iri)} | {why[language]} |" for iri, why in shapes.without().items()]
    return "\n".join([f"## {heading}\n", *_head(cells), *rows]) + "\n"


def _head(cells: tuple[str, ...]) -> list[str]:
    return [f"| {' | '.join(cells)} |", f"|{'---|' * len(cells)}"]


def _short(iri: object) -> str:
    text = str(iri)
    for prefix, base in PREFIXES.items():
        if text.startswith(base):
            return f"{prefix}:{text.removeprefix(base)}"
    return text


def main() -> None:
    """Write both pages."""
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
