"""What a query worker is asked, what that may cost, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from endpoint.evaluation.allocator import AUTO
from endpoint.evaluation.spool import Spool
from endpoint.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may cost."""

    seconds: float
    result_bytes: int
    spool_bytes: int
    memory_bytes: int
    stack_bytes: int
    niceness: int
    allocator: str = AUTO
    """As in the settings."""

    @classmethod
    def of(cls, settings: Settings, seconds: float, niceness: int) -> "Limits":
        """The limits of a lane."""
        return cls(
            seconds,
            settings.result_bytes,
            settings.spool_bytes,
            settings.memory_bytes,
            settings.stack_bytes,
            niceness,
            settings.allocator,
        )


@dataclass(frozen=True, slots=True)
class Task:
    """A query and what shall become of its result (endpoint/evaluation/worker_process.py)."""

    query: str
    result_format: str | None = "json"
    graph_format: str | None = "ntriples"
    union: bool = True
    base: str | None = None
    """What relative IRIs are resolved against (SPARQL 1.1 Query Language, 4.1.1)."""
    default_graphs: Sequence[str] | None = None
    named_graphs: Sequence[str] | None = None
    substitutions: Mapping[str, str] = field(default_factory=dict)
    prefixes: Mapping[str, str] | None = None
    """For the output; None: all that we know."""
    unnamed: str | None = None
    """IRIs that begin so become blank nodes in a graph (RDF 1.1 Concepts, 3.5)."""
    links: str = ""
    """``head.link`` of JSON results, as JSON (SPARQL 1.1 Query Results JSON Format, 3.1.2)."""

    def changes(self) -> dict[str, Any]:
        """The fields that are not as by default: what a worker is sent."""
        values = ((name, getattr(self, name)) for name in DEFAULTS)
        return {name: value for name, value in values if value != DEFAULTS[name]}


DEFAULTS = asdict(Task(""))
"""The fields of a task, as they are where nothing is said of them."""


@dataclass(slots=True)
class Answer:
    """A result, or the beginning of one: its form (``select``, ``ask``, ``graph``) and bytes.

    ``format`` is None where the client takes none that the form has; there are no bytes then.
    """

    form: str
    format: str | None
    body: Spool
    rows: int | None = None
    """How many solutions there are, when all of it is there; None for a graph."""

    @property
    def size(self) -> int:
        """The bytes that are there so far."""
        return self.body.size

    def read(self) -> bytes:
        """All bytes; closes the body. Raises an EndpointError where it cannot be finished."""
        return self.body.read()
