"""What differs between releases as one self-contained page without scripts (WCAG 2.2 AA)."""

from collections.abc import Iterable
from html import escape

from loader.cli.checking.page import page
from loader.cli.history.text import (
    links_text,
    named,
    predicates_text,
    summary,
    values_text,
    written_text,
)
from loader.cli.words import Words
from loader.history.changes import DatasetChanges, Example
from loader.history.comparison import Kind
from loader.history.difference import Difference


def difference_page(found: Difference, words: Words) -> str:
    """Return the page: each dataset with its things, and what breaks first."""
    broken = found.broken_things
    told = [
        words("diff.title", old=found.old.id, new=found.new.id),
        words("diff.broken-some" if broken else "diff.broken-none", count=f"{broken:,}"),
    ]
    if found.written:
        told.append(written_text(found, words))
    sections = [_dataset(changes, words) for changes in found.datasets]
    return page(words("diff.page"), told, sections, words)


def _dataset(changes: DatasetChanges, words: Words) -> str:
    parts = [f"<p>{escape(summary(changes, words))}</p>\n", _broken(changes, words)]
    parts += [_things(changes, kind, words) for kind in Kind]
    if changes.predicates:
        parts.append(_heading("diff.predicates", words))
        parts.append(f"<p>{escape(predicates_text(changes))}</p>\n")
    content = "".join(parts)
    return f"<section>\n<h2>{escape(changes.name)}</h2>\n{content}</section>\n"


def _broken(changes: DatasetChanges, words: Words) -> str:
    items = [
        escape(named(broken.iri, broken.labels, words)) + _list(map(escape, links_text(broken)))
        for broken in changes.broken
    ]
    return _listed("diff.broken-links", items, changes.broken_things, words)


def _things(changes: DatasetChanges, kind: Kind, words: Words) -> str:
    items = [_example(example, words) for example in changes.examples[kind]]
    return _listed(f"diff.things-{kind.value}", items, changes.counts[kind], words)


def _example(example: Example, words: Words) -> str:
    moved = [f"→ {example.moved}"] if example.moved else []
    details = [*moved, *map(values_text, example.values)]
    return escape(named(example.iri, example.labels, words)) + _list(map(escape, details))


def _listed(code: str, items: list[str], count: int, words: Words) -> str:
    """Return a heading and a list, which says how many more there are; nothing for no items."""
    if not items:
        return ""
    if count > len(items):
        items = [*items, escape(words("diff.more", count=f"{count - len(items):,}"))]
    return _heading(code, words) + _list(items)


def _heading(code: str, words: Words) -> str:
    return f"<h3>{escape(words(code))}</h3>\n"


def _list(items: Iterable[str]) -> str:
    content = "".join(f"<li>{item}</li>\n" for item in items)
    return f"<ul>\n{content}</ul>\n" if content else ""
