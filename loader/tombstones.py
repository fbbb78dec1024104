"""What is left of an IRI that was published and is gone: where it was last seen, what replaces it.

A release has a file ``tombstones/<dataset>.tsv`` for each dataset that ever lost something, and
``tombstones/_site.tsv`` for what the catalogue lost. Each line is an IRI, a tab and JSON; the IRI
is relative to the base IRI (``<id/aed/992011-1>``), and lines are sorted by its bytes, so that one
is found by bisection. docs/releases.md describes the keys.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from loader.release import CURRENT, Release, releases

FOLDER = "tombstones"
SUFFIX = ".tsv"
SITE = "_site"
"""Names the file of what belongs to no dataset; no dataset's name begins so."""

_NEAR = 1 << 14
"""Bytes: so small a part of a file is read from its beginning."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An IRI that is gone. ``path`` and links below the base IRI are relative to that.

    ``release`` had it last, ``gone`` is the time of the publish without it (ISO 8601), ``labels``
    are pairs of text and language (maybe empty). ``moved`` is the IRI of the same thing today;
    ``replaced_by`` what came in its place. ``dataset`` is empty for what belonged to none.
    """

    path: str
    dataset: str
    release: str
    gone: str
    labels: tuple[tuple[str, str], ...] = ()
    moved: str | None = None
    replaced_by: tuple[str, ...] = ()

    @property
    def key(self) -> bytes:
        """What the lines of a file are sorted by."""
        return key_of(self.path)

    def line(self) -> bytes:
        """Write it as a line."""
        content: dict[str, Any] = {"gone": self.gone, "labels": self.labels}
        content |= {"release": self.release}
        if self.moved:
            content["moved"] = self.moved
        if self.replaced_by:
            content["replaced_by"] = self.replaced_by
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return self.key + b"\t" + text.encode() + b"\n"


def key_of(path: str) -> bytes:
    """Return how an IRI, relative to the base IRI, stands at the beginning of its line."""
    return f"<{path}>".encode()


def read_tombstone(line: bytes, dataset: str) -> Tombstone:
    """Read a line of the file of a dataset."""
    key, _, text = line.partition(b"\t")
    content = json.loads(text)
    return Tombstone(
        key[1:-1].decode(),
        dataset,
        content["release"],
        content["gone"],
        tuple((text, language) for text, language in content["labels"]),
        content.get("moved"),
        tuple(content.get("replaced_by", ())),
    )


def absolute(base: str, link: str) -> str:
    """Return a link of a tombstone as a whole IRI."""
    return link if ":" in link.partition("/")[0] else base + link


def relative(base: str, iri: str) -> str:
    """Return an IRI as a tombstone has it."""
    return iri.removeprefix(base)


def tombstone_file(release: Release, name: str) -> Path:
    """Return where the tombstones of a dataset (or of ``SITE``) lie in a release."""
    return release.path / FOLDER / f"{name}{SUFFIX}"


def names(release: Release) -> list[str]:
    """Return the names of all files of tombstones of a release."""
    return sorted(path.stem for path in (release.path / FOLDER).glob(f"*{SUFFIX}"))


def tombstones(path: Path) -> Iterator[Tombstone]:
    """Give the tombstones of a file, sorted by key; none where there is no file."""
    dataset = "" if path.stem == SITE else path.stem
    if path.exists():
        with path.open("rb") as stream:
            yield from (read_tombstone(line, dataset) for line in stream)


def find_tombstone(release: Release, paths: Sequence[str]) -> Tombstone | None:
    """Return the tombstone of the first path that has one; the latest, if several datasets do.

    Whether the IRI is gone altogether is not told: another dataset may still speak of it.
    """
    files = sorted((release.path / FOLDER).glob(f"*{SUFFIX}"))
    for path in paths:
        found = [stone for file in files for stone in _in_file(file, path)]
        if found:
            return max(found, key=lambda stone: (stone.release, stone.dataset))
    return None


def find_withdrawn(home: Path, served: Release, paths: Sequence[str]) -> Tombstone | None:
    """Return a tombstone for the first path that a later release had, which was rolled back.

    It is made of what that release says; gone since the time at which ``current`` was switched.
    """
    later = [release for release in releases(home) if release.id > served.id]
    for release in reversed(later):
        for path in paths:
            if stone := find_tombstone(release, [path]) or _last_seen(home, release, path):
                return stone
    return None


def _last_seen(home: Path, release: Release, path: str) -> Tombstone | None:
    switched = datetime.fromtimestamp(os.lstat(home / CURRENT).st_mtime, UTC)
    gone = switched.isoformat(timespec="seconds")
    start = f"<{release.base_iri}{path}".encode()
    for name in release.datasets:
        for folder in ("dumps", "about"):
            file = release.path / folder / f"{name}.nq"
            if _has(file, start + b"> ") or _has(file, start + b"#"):
                return Tombstone(path, name, release.id, gone)
    return None


def _has(file: Path, start: bytes) -> bool:
    return file.exists() and any(True for _ in lines_beginning(file, start))


def _in_file(file: Path, path: str) -> Iterator[Tombstone]:
    dataset = "" if file.stem == SITE else file.stem
    for line in lines_beginning(file, key_of(path) + b"\t"):
        yield read_tombstone(line, dataset)


def lines_beginning(path: Path, start: bytes) -> Iterator[bytes]:
    """Give the lines of a sorted file that begin with ``start``, found by bisection."""
    with path.open("rb") as stream:
        stream.seek(_bisected(stream, start))
        yield from _from(stream, start)


def _bisected(stream: BinaryIO, start: bytes) -> int:
    """Return the place of a line that is not behind the first one that begins with ``start``."""
    low, high = 0, os.fstat(stream.fileno()).st_size
    while high - low > _NEAR:
        middle = (low + high) // 2
        stream.seek(middle)
        stream.readline()
        line = stream.readline()
        if line and line < start:
            low = stream.tell() - len(line)
        else:
            high = middle
    return low


def _from(lines: Iterable[bytes], start: bytes) -> Iterator[bytes]:
    for line in lines:
        if line.startswith(start):
            yield line
        elif line > start:
            return
