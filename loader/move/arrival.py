"""A release that comes in a file becomes one of the home, when it is verified and whole."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loader.build import exclusive, settle, switch
from loader.build.durable import BUILDING, clear_leftovers
from loader.build.store import StoreFiller
from loader.build.store_files import state
from loader.errors import ReleaseError
from loader.move.archive import unpack
from loader.proof.copies import FolderCopy
from loader.proof.verification import Trust, Verdict, verify
from loader.release import MANIFEST, Release, current, find


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of an import. ``release`` is None where the file was tampered with.

    ``known`` says that the home had this very release before.
    """

    verdict: Verdict
    release: Release | None
    known: bool = False


def receive(home: Path, path: Path, trust: Trust, switched: bool) -> Arrival:
    """Take a release out of a file; with ``switched`` it is served then.

    Until it is verified and on the disk nothing of the home changes. Raises ReleaseError.
    """
    with exclusive(home), _aside(home) as folder:
        arrived = unpack(path, folder)
        verdict = verify(FolderCopy(arrived.path), trust)
        if not verdict.untampered:
            return Arrival(verdict, None)
        release = _same(home, arrived)
        known = release is not None
        if release is None:
            fill_store(arrived)
            release = settle(arrived.path, home, arrived.id)
        if switched:
            switch(home, release)
        return Arrival(verdict, release, known)


@contextmanager
def _aside(home: Path) -> Iterator[Path]:
    folder = home / BUILDING
    clear_leftovers(home, current(home))
    try:
        folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _same(home: Path, arrived: Release) -> Release | None:
    """Return the release of the home that has the same manifest, if there is one."""
    known = find(home, arrived.id)
    if known is None:
        return None
    if (known.path / MANIFEST).read_bytes() != (arrived.path / MANIFEST).read_bytes():
        raise ReleaseError("import.other-content", release=arrived.id)
    return known


def fill_store(release: Release) -> None:
    """Make the store of a release from its dumps; raise ReleaseError where they do not fit."""
    filler = StoreFiller(release.store)
    try:
        quads = filler.finish([release.path / name for name in release.graph_files])
    except (SyntaxError, ValueError) as error:
        raise ReleaseError("import.other-quads", release=release.id, reason=error) from error
    finally:
        filler.close()
    if quads != release.manifest["quads"]:
        raise ReleaseError("import.other-quads", release=release.id, reason=quads)
    state(release)
