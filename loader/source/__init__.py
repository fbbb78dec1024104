"""Finds what there is to publish: packages below the paths that a person names."""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from loader.config import RemoteSource, find_home
from loader.csvw.beside import with_descriptions
from loader.fetch import Fetcher
from loader.source import search
from loader.source.search import Discovery

__all__ = ["Discovery", "discover"]


def discover(
    places: Sequence[Path | RemoteSource],
    fetcher: Fetcher | None = None,
    documents: bool = False,
) -> Discovery:
    """Find the packages of folders, files and sources elsewhere.

    With ``documents``, also files that are nothing but documents (PDF, DOCX …): those are checked,
    but published only where a descriptor lists them.

    W3C CSVW descriptions beside tables are taken in. Without a fetcher, what is fetched goes into
    the home that the environment names, and nothing inside the own network is.

    Raises SourceError (source.missing, source.nothing) for a path that is not there, or below
    which there is nothing to publish, and ``source.busy`` where another process is fetching.
    """
    with nullcontext(fetcher) if fetcher else Fetcher(find_home(None)) as used:
        discovery = search.discover(places, used, documents)
    discovery.packages = [
        with_descriptions(package, discovery.findings) for package in discovery.packages
    ]
    return discovery
