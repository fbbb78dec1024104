"""The lock of a home: one publish at a time, or one batch of what is written over the web."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from loader.build.durable import sync
from loader.errors import ReleaseError

LOCK = ".lock"


WRITING = "writing"
"""What the lock says while something is written over the web, which takes a moment."""
_LOOK_AGAIN_SECONDS = 0.2
_PATIENCE_SECONDS = 60.0
"""How long a publish waits for what is being written."""


@contextmanager
def exclusive(home: Path, seconds: float = 0.0, holder: str = "") -> Iterator[None]:
    """Hold the home against a second publish; raise ReleaseError ``release.busy`` if it is held.

    It is waited for so many ``seconds``, and for what is being written over the web in any case;
    ``holder`` is what the lock says meanwhile.
    """
    try:
        if not home.is_dir():
            home.mkdir(parents=True, exist_ok=True)
            sync(home.parent)
        stream = (home / LOCK).open("a+")
    except OSError as error:
        raise ReleaseError("release.not-writable", path=home, reason=error.strerror) from error
    with stream:
        if not _locked(stream, time.monotonic(), seconds):
            raise ReleaseError("release.busy", path=home)
        stream.truncate(0)
        stream.write(holder)
        stream.flush()
        yield


def _locked(stream: IO[str], begun: float, seconds: float) -> bool:
    """Lock, waiting as long as that is worth while; tell whether it is locked."""
    while True:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            stream.seek(0)
            patience = _PATIENCE_SECONDS if stream.read() == WRITING else 0.0
            if time.monotonic() - begun >= max(seconds, patience):
                return False
        time.sleep(_LOOK_AGAIN_SECONDS)
