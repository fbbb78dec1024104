"""What differs between releases as JSON (docs/releases.md)."""

from collections.abc import Sequence
from typing import Any

from loader.history.changes import Broken, DatasetChanges, Example, Labels, State, Values
from loader.history.comparison import Kind
from loader.history.difference import Difference


def difference_json(found: Difference) -> dict[str, Any]:
    """Return what differs between two releases."""
    return {
        "from": found.old.id,
        "to": found.new.id,
        "differs": found.differs,
        "broken_things": found.broken_things,
        "written": {"added": found.added, "removed": found.removed},
        "datasets": [changes_json(changes) for changes in found.datasets],
    }


def changes_json(changes: DatasetChanges) -> dict[str, Any]:
    """Return what differs in a dataset; of one that does not, its name alone is known."""
    if not changes.differs:
        return {"name": changes.name, "state": State.SAME.value}
    return {
        "name": changes.name,
        "state": changes.state.value,
        "things_before": changes.before,
        "things_after": changes.after,
        "moved": changes.moved,
        "renumbered": changes.renumbered,
        **{kind.value: changes.counts[kind] for kind in Kind},
        "predicates": dict(changes.predicates.most_common()),
        "examples": {kind.value: _examples(changes.examples[kind]) for kind in Kind},
        "broken_things": changes.broken_things,
        "broken": [_broken(broken) for broken in changes.broken],
    }


def _examples(examples: Sequence[Example]) -> list[dict[str, Any]]:
    return [
        {
            "iri": example.iri,
            "labels": _labels(example.labels),
            **({"moved": example.moved} if example.moved else {}),
            **({"values": [_values(value) for value in example.values]} if example.values else {}),
        }
        for example in examples
    ]


def _values(values: Values) -> dict[str, Any]:
    return {
        "part": values.part,
        "predicate": values.predicate,
        "old": values.old,
        "new": values.new,
    }


def _labels(labels: Labels) -> list[dict[str, str]]:
    return [{"text": text, "language": language} for text, language in labels]


def _broken(broken: Broken) -> dict[str, Any]:
    return {
        "iri": broken.iri,
        "labels": _labels(broken.labels),
        "links": [
            {"subject": str(link.subject)[1:-1], "predicate": link.predicate.value}
            for link in broken.links
        ],
        "more": broken.more,
    }
