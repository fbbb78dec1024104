"""Keeps a release from being removed while somebody reads it: locks on its directory (flock(2))."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from loader.errors import ReleaseError
from loader.release import Release

_WITHOUT_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)
"""How a file system answers that knows no locks (flock(2))."""


def hold(release: Release) -> int:
    """Keep a release from being removed; return the descriptor that lets go when it is closed.

    It is a shared lock on the directory, held as long as any process has the descriptor open.
    Raises ReleaseError ``release.gone`` where the release was removed, or is being removed.
    """
    try:
        descriptor = os.open(release.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise ReleaseError("release.gone", path=release.path) from error
    try:
        _lock(descriptor, fcntl.LOCK_SH)
        if not os.path.samestat(os.fstat(descriptor), os.stat(release.path)):
            raise FileNotFoundError(release.path)
    except OSError as error:
        os.close(descriptor)
        raise ReleaseError("release.gone", path=release.path) from error
    return descriptor


@contextmanager
def removable(release: Release) -> Iterator[bool]:
    """Tell whether no process reads a release; in the context none can begin to.

    Who removes it renames it within the context, so that nobody sees half of it. False where the
    file system knows no locks: nobody can tell then.
    """
    try:
        descriptor = os.open(release.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield False
        return
    try:
        yield _lock(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, operation: int) -> bool:
    """Lock without waiting. A reader whose file system knows no locks goes on without."""
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except OSError as error:
        if operation == fcntl.LOCK_SH and error.errno not in _WITHOUT_LOCKS:
            raise
        return False
    return True
