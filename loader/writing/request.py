"""What is asked of the writer and what it answers: the JSON between it and the endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DEFAULT = ""
"""Stands for the default graph among the names of graphs."""


class Refused(Exception):
    """A request that cannot be carried out: a code of ``endpoint/messages.toml`` and its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code} {values}")
        self.code = code
        self.values = values

    @property
    def answer(self) -> dict[str, Any]:
        """As it is told."""
        return {"error": self.code, "values": self.values}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a batch may cost; the settings of the endpoint decide (docs/endpoint.md)."""

    seconds: float
    """For the evaluation of one request."""
    wait_seconds: float
    """For a publish that holds the home."""
    quads: int
    """Statements in all graphs that may be written."""
    depth: int
    """Brackets nested in an update."""
    memory_bytes: int
    stack_bytes: int


@dataclass(frozen=True, slots=True)
class Protected:
    """The graphs that publishing makes: those named, and all below the prefixes."""

    names: frozenset[str]
    prefixes: tuple[str, ...]

    def has(self, graph: str) -> bool:
        """Whether a graph may not be written."""
        return graph in self.names or graph.startswith(self.prefixes)

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> "Protected":
        """Read from a manifest what its release protects."""
        graphs = {entry["graph"] for entry in manifest["datasets"].values()}
        graphs |= set(manifest.get("graphs", {}).values())
        bases = [manifest["base_iri"], *manifest.get("earlier_bases", [])]
        return cls(frozenset(graphs), tuple(f"{base}graph/" for base in bases))
