"""Files that a release shares with an earlier one, by hard links where a file system has them."""

import errno
import os
import shutil
from pathlib import Path

_LINKLESS = (errno.EPERM, errno.EMLINK, errno.EXDEV, errno.EOPNOTSUPP, errno.ENOSYS)
"""How file systems answer that cannot make (further) hard links (link(2))."""


def carry(path: Path, target: Path) -> None:
    """Carry a file over by a hard link; copy it where there can be none."""
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno not in _LINKLESS:
            raise
        shutil.copyfile(path, target)


def are_shared(one: Path, other: Path) -> bool:
    """Whether two paths are the same file; not where one of them is missing."""
    try:
        return one.samefile(other)
    except FileNotFoundError:
        return False
