"""Which memory allocator query workers have: the engine allocates for each step of a query.

The C library gives most of these pieces back to a heap that all sizes share; with longer lists of
free pieces for each thread, or with an allocator made for it, queries are a tenth to a quarter
faster (bench/README.md).
"""

import os
import platform
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

AUTO, SYSTEM = "auto", "system"
"""The fastest that the system has; the one of the C library."""
_KNOWN = ("libtcmalloc_minimal.so.4", "libmimalloc.so.2", "libjemalloc.so.2")
"""The fastest first; of Debian's libtcmalloc-minimal4, libmimalloc2.0, libjemalloc2."""
_FOLDERS = ("/usr/lib/{machine}-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib")
_TUNABLES = "glibc.malloc.tcache_count=2000"
"""Free pieces of each size that a thread keeps for itself; glibc 2.36 keeps 7 by default (GNU C
Library manual, Memory Allocation Tunables)."""


def environment(allocator: str, own: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the environment of a worker says of its allocator.

    ``allocator`` is ``auto``, ``system`` or the path of a library. What ``own``, our environment,
    says already is left as the operator has set it.
    """
    library = _found() if allocator == AUTO else allocator
    wanted = {"GLIBC_TUNABLES": _TUNABLES}
    if library != SYSTEM:
        wanted["LD_PRELOAD"] = library
    return {name: value for name, value in wanted.items() if name not in own}


@lru_cache(1)
def _found() -> str:
    """The first library that the system has, else the C library's."""
    folders = [Path(folder.format(machine=platform.machine())) for folder in _FOLDERS]
    places = [folder / name for name in _KNOWN for folder in folders]
    found = (str(place) for place in places if sys.platform == "linux" and place.is_file())
    return next(found, SYSTEM)
