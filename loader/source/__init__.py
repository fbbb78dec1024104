"""Finds what there is to publish: packages below the paths that a person names."""

from collections.abc import Sequence
from pathlib import Path

from loader.csvw.beside import with_descriptions
from loader.source import search
from loader.source.search import Discovery

__all__ = ["Discovery", "discover"]


def discover(paths: Sequence[Path]) -> Discovery:
    """Find the packages of folders and files, with the W3C CSVW descriptions beside their tables.

    Raises SourceError (source.missing, source.nothing) for a path that is not there, or below
    which there is nothing to publish.
    """
    discovery = search.discover(paths)
    discovery.packages = list(map(with_descriptions, discovery.packages))
    return discovery
