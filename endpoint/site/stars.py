"""The stars (https://5stardata.info/) of a dataset as it is published: RDF, linked or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from endpoint.language import language, say
from loader.release import Release
from vocab import licences
from vocab.identifiers import SCHEMES

_DATASETS = "datasets"


@dataclass(frozen=True, slots=True)
class Stars:
    """How many stars a dataset has (0, 4 or 5), and how many links lead where, in words."""

    number: int
    links: tuple[tuple[str, int], ...]

    @property
    def words(self) -> str:
        """The stars, why, and what would make more."""
        return say(_WORDS[self.number])


_WORDS = {5: "links.stars-5", 4: "links.stars-4", 0: "links.stars-0"}


def stars(release: Release, name: str) -> Stars | None:
    """Judge a dataset of a release; None where the release does not tell of links."""
    told = release.manifest.get("links")
    if told is None:
        return None
    counts: Mapping[str, int] = told["datasets"].get(name, {})
    links = tuple((_target(key), count) for key, count in sorted(counts.items()) if count)
    return Stars(_number(release.datasets[name], bool(links)), links)


def _number(entry: Mapping[str, Any], linked: bool) -> int:
    """The first star is an open licence; RDF is the fourth, links to other data the fifth."""
    licence = entry.get("licence")
    if not licence or not licences.is_open(licence):
        return 0
    return 5 if linked else 4


def _target(key: str) -> str:
    if key == _DATASETS:
        return say("links.datasets")
    return SCHEMES[key].title[language()] if key in SCHEMES else key.upper()
