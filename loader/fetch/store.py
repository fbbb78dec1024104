"""What was fetched, kept in a home: ``sources/<key>/`` has the file and what is known of it."""

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from loader.descriptor.naming import slug
from loader.errors import SourceError

FOLDER = "sources"
STATE = "state.json"
LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Kept:
    """The last fetched copy of an address: its file's name, and what tells if it has changed.

    ``etag`` and ``last_modified`` are as the server wrote them; ``fetched`` is in seconds since
    1970.
    """

    url: str
    name: str
    media_type: str
    bytes: int
    sha256: str
    fetched: float
    etag: str = ""
    last_modified: str = ""

    def conditions(self) -> dict[str, str]:
        """Return the headers that ask for the content only if it has changed (RFC 9110, 13)."""
        headers = {}
        if self.etag:
            headers["If-None-Match"] = self.etag
        if self.last_modified:
            headers["If-Modified-Since"] = self.last_modified
        return headers


@dataclass(slots=True)
class CopyStore:
    """The copies of a home. One process at a time may use it: it is locked at the first use."""

    folder: Path
    _lock: TextIO | None = None

    def place(self, label: str, key: str) -> Path:
        """Return the folder of a source, made if need be; raises SourceError ``source.busy``.

        Its name has the label, for people, and the hash of the key, which tells it from others.
        """
        self._hold()
        name = slug(f"{label}-{hashlib.sha256(key.encode()).hexdigest()[:12]}")
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder

    def _hold(self) -> None:
        if self._lock is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        stream = (self.folder / LOCK).open("w")
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.close()
            raise SourceError("source.busy", path=self.folder) from error
        self._lock = stream

    def close(self) -> None:
        """Let others use it."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def read_kept(folder: Path) -> Kept | None:
    """Return the copy that lies in a folder, if it is whole."""
    try:
        content: Mapping[str, object] = json.loads((folder / STATE).read_bytes())
        kept = Kept(**content)  # type: ignore[arg-type]
        whole = (folder / kept.name).stat().st_size == kept.bytes
    except (OSError, ValueError, TypeError):
        return None
    return kept if whole else None


def write_kept(folder: Path, kept: Kept, content: Path) -> None:
    """Put new content in the place of the old; a stop in between leaves no copy, never a mix."""
    earlier = read_kept(folder)
    (folder / STATE).unlink(missing_ok=True)
    if earlier and earlier.name != kept.name:
        (folder / earlier.name).unlink(missing_ok=True)
    os.replace(content, folder / kept.name)
    temporary = folder / ".state"
    temporary.write_text(json.dumps(asdict(kept), ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(temporary, folder / STATE)
