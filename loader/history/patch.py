"""What leads from one release to another as RDF Patch (https://afs.github.io/rdf-patch/).

Applied to a store with the quads of the first release it gives those of the second. Terms are
written whole, as in N-Quads; the header names both releases.
"""

from collections.abc import Iterator
from pathlib import Path

from loader.history.comparison import differing, is_same_file
from loader.release import Release
from vocab.iris import IriPolicy

PATTERNS = ("dumps/*.nq", "about/*.nq", "*.nq")
"""The files that together have every quad of a release's store."""


def patch_lines(old: Release, new: Release) -> Iterator[bytes]:
    """Give the lines of the patch."""
    yield f"H id <{_iri(new)}> .\n".encode()
    yield f"H prev <{_iri(old)}> .\n".encode()
    yield b"TX .\n"
    # A dump is a graph of its own; the graphs of the house are filled from several files, and
    # what one no longer says another may say still.
    said_still = _of_the_house(new)
    for name in changed_files(old, new):
        kept = set() if name.parent.name == "dumps" else said_still
        for gone, come in differing(old.path / name, new.path / name):
            yield from (b"D " + line for line in gone if line not in kept)
            yield from (b"A " + line for line in come)
    yield b"TC .\n"


def changed_files(old: Release, new: Release) -> list[Path]:
    """Return the files of quads that the releases do not share, relative to a release."""
    names = {
        path.relative_to(release.path)
        for release in (old, new)
        for pattern in PATTERNS
        for path in release.path.glob(pattern)
    }
    return sorted(name for name in names if not is_same_file(old.path / name, new.path / name))


def _iri(release: Release) -> str:
    return IriPolicy(release.base_iri).release(release.id)


def _of_the_house(release: Release) -> set[bytes]:
    """Return the lines of a release that are not of a dataset."""
    found: set[bytes] = set()
    for pattern in PATTERNS[1:]:
        for path in release.path.glob(pattern):
            found.update(path.read_bytes().splitlines(keepends=True))
    return found
