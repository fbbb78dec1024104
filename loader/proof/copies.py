"""The two kinds of copies of a release that can be verified: a folder, and one served over HTTP."""

import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import quote

from loader.config import FetchRules
from loader.errors import ReleaseError
from loader.fetch.client import Answer, Client, Request
from loader.fetch.refusal import Refusal
from loader.release import MANIFEST, STORE_ANEW, sha256

SMALL = 64_000_000
"""Most bytes of a manifest or of a signature; they are read into memory."""

STORE = "store"
_NOT_THERE = ("HTTP 404", "HTTP 410")


class Copy(Protocol):
    """A copy of a release, whose files are named as in its manifest."""

    def read(self, name: str) -> bytes | None:
        """Return a small file, or None where it is missing."""

    def measure(self, name: str) -> tuple[int, str] | None:
        """Return size in bytes and SHA-256 of a file, or None where it is missing."""

    def names(self) -> Iterable[str]:
        """Return what is there outside the store, as far as that can be known."""


@dataclass(frozen=True, slots=True)
class FolderCopy:
    """A folder. What a link leads to is not the copy's own, so it counts as missing."""

    path: Path

    def read(self, name: str) -> bytes | None:
        """Return a small file."""
        path = self._own(name)
        if path is None:
            return None
        if path.stat().st_size > SMALL:
            raise ReleaseError("release.unreadable", path=path, reason=f"> {SMALL} bytes")
        return path.read_bytes()

    def measure(self, name: str) -> tuple[int, str] | None:
        """Read a file to its end."""
        path = self._own(name)
        return (path.stat().st_size, sha256(path)) if path else None

    def names(self) -> Iterable[str]:
        """All files, and links of any kind."""
        for path in sorted(self.path.rglob("*")):
            name = path.relative_to(self.path).as_posix()
            of_store = name == STORE_ANEW or name.startswith(f"{STORE}/")
            if not of_store and (path.is_symlink() or not path.is_dir()):
                yield name

    def _own(self, name: str) -> Path | None:
        parts = PurePosixPath(name)
        path = self.path / parts
        steps = [self.path.joinpath(*parts.parts[:end]) for end in range(1, len(parts.parts) + 1)]
        own = not parts.is_absolute() and ".." not in parts.parts
        own = own and not any(step.is_symlink() for step in steps)
        return path if own and path.is_file() else None


@dataclass(frozen=True, slots=True)
class ServedCopy:
    """A release at an address such as ``https://data.example.jp/release/<id>``.

    What cannot be fetched for another reason than its absence raises ReleaseError.
    """

    address: str
    rules: FetchRules

    def read(self, name: str) -> bytes | None:
        """Fetch a small file."""
        found = io.BytesIO()

        def take(answer: Answer) -> None:
            found.seek(0)
            found.truncate()
            for chunk in answer.chunks:
                found.write(chunk)

        rules = FetchRules(self.rules.allow_private, SMALL, self.rules.seconds)
        return found.getvalue() if self._fetch(name, take, rules) else None

    def measure(self, name: str) -> tuple[int, str] | None:
        """Fetch a file to its end, keeping nothing of it."""
        measured = (0, "")

        def take(answer: Answer) -> None:
            nonlocal measured
            digest, size = hashlib.sha256(), 0
            for chunk in answer.chunks:
                digest.update(chunk)
                size += len(chunk)
            measured = (size, digest.hexdigest())

        return measured if self._fetch(name, take, self.rules) else None

    def names(self) -> Iterable[str]:
        """Nothing: what else a server holds cannot be known."""
        return ()

    def _fetch(self, name: str, take: Callable[[Answer], None], rules: FetchRules) -> bool:
        url = f"{self.address}/{quote(name)}"
        try:
            Client(rules).attempts(Request(url), take)
        except Refusal as refusal:
            if refusal.details.get("reason") in _NOT_THERE:
                return False
            raise ReleaseError(refusal.code, file=url, **refusal.details) from refusal
        return True


def served_copy(url: str, rules: FetchRules) -> ServedCopy:
    """Return the copy at an address of a release, or of its manifest."""
    address = url.partition("#")[0].partition("?")[0].removesuffix(f"/{MANIFEST}").rstrip("/")
    return ServedCopy(address, rules)
