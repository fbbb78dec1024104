"""What differs between releases as text."""

from collections.abc import Iterator

from loader.cli.words import Words
from loader.history.changes import Broken, DatasetChanges, Labels, Values
from loader.history.comparison import Kind
from loader.history.difference import Difference
from vocab.namespaces import PREFIXES

SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "−", Kind.CHANGED: "~"}
_VALUES_SHOWN = 3
_LONGEST = 80


def difference_text(found: Difference, words: Words) -> str:
    """Return all of it."""
    lines = [words("diff.title", old=found.old.id, new=found.new.id)]
    for changes in found.datasets:
        lines += ["", summary(changes, words), *_details(changes, words)]
    if found.written:
        lines += ["", written_text(found, words)]
    lines += [
        "",
        words(
            "diff.broken-none" if not found.broken_things else "diff.broken-some",
            count=f"{found.broken_things:,}",
        ),
    ]
    return "".join(f"{line}\n" for line in lines)


def written_text(found: Difference, words: Words) -> str:
    """Return what differs of that which was written over the web, in one line."""
    return words("diff.written", added=f"{found.added:,}", removed=f"{found.removed:,}")


def summary(changes: DatasetChanges, words: Words) -> str:
    """Return what differs in a dataset in one line."""
    if not changes.differs:
        return words("diff.same", name=changes.name)
    counts = " ".join(f"{SIGNS[kind]}{changes.counts[kind]:,}" for kind in Kind)
    also = "".join(
        words(f"diff.also-{code}", count=f"{count:,}")
        for code, count in (("moved", changes.moved), ("renumbered", changes.renumbered))
        if count
    )
    return words(
        "diff.dataset",
        name=changes.name,
        state=words(f"diff.state-{changes.state.value}"),
        counts=counts,
        also=also,
        before=f"{changes.before:,}",
        after=f"{changes.after:,}",
    )


def _details(changes: DatasetChanges, words: Words) -> Iterator[str]:
    for kind in Kind:
        examples = changes.examples[kind]
        for example in examples:
            yield f"  {SIGNS[kind]} {named(example.iri, example.labels, words)}"
            if example.moved:
                yield f"      → {example.moved}"
            yield from (f"      {values_text(values)}" for values in example.values)
        if (more := changes.counts[kind] - len(examples)) > 0:
            yield f"  {SIGNS[kind]} " + words("diff.more", count=f"{more:,}")
    if changes.predicates:
        yield "  " + words("diff.predicates") + ": " + predicates_text(changes)
    for broken in changes.broken:
        yield "  ! " + words("diff.broken", thing=named(broken.iri, broken.labels, words))
        yield from (f"      {link}" for link in links_text(broken))
    if (more := changes.broken_things - len(changes.broken)) > 0:
        yield "  ! " + words("diff.more", count=f"{more:,}")


def predicates_text(changes: DatasetChanges) -> str:
    """Return the predicates that changed, and in how many things."""
    common = changes.predicates.most_common()
    return ", ".join(f"{short(name)} ({count:,})" for name, count in common)


def links_text(broken: Broken) -> list[str]:
    """Return what points at a thing that is gone."""
    links = [f"{str(link.subject)[1:-1]} {short(link.predicate.value)}" for link in broken.links]
    return [*links, "…"] if broken.more else links


def named(iri: str, labels: Labels, words: Words) -> str:
    """Return an IRI with the name of the thing, in the reader's language where it has one."""
    order = {words.language: 0, "": 1}
    best = min(labels, key=lambda label: order.get(label[1], 2), default=None)
    return f"{iri} {_shortened(best[0])}" if best else iri


def values_text(values: Values) -> str:
    """Return the values of a property, old and new."""
    part = f"#{values.part} " if values.part else ""
    return f"{part}{short(values.predicate)}: {_terms(values.old)} → {_terms(values.new)}"


def _terms(terms: tuple[str, ...]) -> str:
    shown = [_shortened(term) for term in terms[:_VALUES_SHOWN]]
    return ", ".join([*shown, "…"] if len(terms) > _VALUES_SHOWN else shown) or "–"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def short(iri: str) -> str:
    """Return an IRI with the prefix that is customary for its namespace, where there is one."""
    for prefix, base in PREFIXES.items():
        if iri.startswith(base):
            return f"{prefix}:{iri.removeprefix(base)}"
    return iri
