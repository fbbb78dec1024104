"""What has to be on the disk before a release is switched to, and what is cleared away safely.

After a power cut a file has its content only if it was synced, and its name only if its directory
was (fsync(2)). A release is synced from its files up to the home before ``current`` names it.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from loader.hold import removable
from loader.release import RELEASES, Release

BUILDING = ".building"
UNSERVED = ".unserved"
"""A symbolic link to the release that is being moved to its place, until it is served."""


def sync(path: Path) -> None:
    """See that a file or a directory is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """See that all in a folder is on the disk, what is in a directory before itself.

    A file that has another link belongs to an earlier release, and was synced with it.
    """
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() or path.stat().st_nlink == 1:
            sync(path)
    sync(folder)


def announce(home: Path, identifier: str) -> None:
    """Remember, before a release comes to its place, that it is not served yet."""
    marker = home / UNSERVED
    marker.unlink(missing_ok=True)
    marker.symlink_to(Path(RELEASES) / identifier)


def clear_leftovers(home: Path, served: Release | None) -> None:
    """Remove what a killed publish left: what it was building, and what it did not switch to."""
    shutil.rmtree(home / BUILDING, ignore_errors=True)
    marker = home / UNSERVED
    with suppress(FileNotFoundError):
        left = Release(home / RELEASES / Path(os.readlink(marker)).name)
        if (served is None or served.id != left.id) and left.path.is_dir():
            discard(home, left)
        marker.unlink()


def discard(home: Path, release: Release) -> bool:
    """Remove a release; False where somebody reads it. Who calls holds the home (``exclusive``).

    It leaves its place by one rename, so that nobody sees half of it, also where this is killed.
    """
    with removable(release) as free:
        if free:
            aside = home / BUILDING / f"discarded-{release.id}"
            aside.parent.mkdir(exist_ok=True)
            os.rename(release.path, aside)
            shutil.rmtree(aside)
            with suppress(OSError):  # a publish may be using the folder
                aside.parent.rmdir()
    return free
