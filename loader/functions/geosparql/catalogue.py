"""What is declared of each GeoSPARQL function: parameters, words, examples (functions.toml)."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

GEOF = "http://www.opengis.net/def/function/geosparql/"


class Kind(StrEnum):
    """Where a function is documented, and the module that computes it."""

    RELATIONS = "relations"
    CONSTRUCTIONS = "constructions"
    MEASURES = "measures"
    PROPERTIES = "properties"
    SERIALISATIONS = "serialisations"
    AGGREGATES = "aggregates"


@dataclass(frozen=True, slots=True)
class GeoFunction:
    """A declared function; an example is an expression of SPARQL and the term that it gives."""

    name: str
    kind: Kind
    parameters: tuple[str, ...]
    gives: str
    ja: str
    en: str
    examples: tuple[tuple[str, str], ...]

    @property
    def required(self) -> int:
        """How many of the parameters must be given."""
        return sum(not kind.endswith("?") for kind in self.parameters)

    @property
    def iri(self) -> str:
        """The IRI by which queries call it."""
        return GEOF + self.name

    def text(self, language: str) -> str:
        """What it gives, in Japanese (``ja``) or English."""
        return self.ja if language == "ja" else self.en


@cache
def geo_functions() -> tuple[GeoFunction, ...]:
    """Return all functions and aggregates in the order of their declaration."""
    path = Path(__file__).parent / "functions.toml"
    declared = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        GeoFunction(
            name,
            Kind(kind),
            tuple(entry["parameters"].split()),
            entry["gives"],
            entry["ja"],
            entry["en"],
            tuple((expression, result) for expression, result in entry["examples"]),
        )
        for kind, entries in declared.items()
        for name, entry in entries.items()
    )
