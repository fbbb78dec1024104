"""Which releases are kept: pins, rules of the configuration, and the removal of the others.

Pins lie in the home, not in releases, which never change. Of a release that is removed a short
note stays in ``<home>/pruned/``, so that its IRI goes on to answer.
"""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from loader.build.durable import discard, sync
from loader.build.growth import is_made_by_writing
from loader.config import Retention
from loader.errors import ReleaseError
from loader.release import (
    MANIFEST,
    PRUNED,
    Release,
    current,
    find,
    releases,
    sha256,
)

PINS = "pins.txt"
"""The identifiers of the releases that are never removed, one a line."""


def pins(home: Path) -> set[str]:
    """Return the identifiers of the releases that are pinned."""
    try:
        return set((home / PINS).read_text(encoding="utf-8").split())
    except FileNotFoundError:
        return set()


def pin(home: Path, identifier: str, pinned: bool = True) -> None:
    """Pin a release, or let go of it; raises ReleaseError where there is no such release."""
    if pinned and find(home, identifier) is None:
        raise ReleaseError("releases.unknown", release=identifier)
    now = pins(home) | {identifier} if pinned else pins(home) - {identifier}
    _write(home / PINS, "".join(f"{name}\n" for name in sorted(now)))


def to_prune(home: Path, rules: Retention, now: datetime) -> list[Release]:
    """Return the releases that no rule keeps, oldest first.

    The current one, later ones (what was rolled back) and pinned ones are always kept. So are the
    newest that were made by writing, and all that were published, where no rule is given for them.
    """
    served, pinned, known = current(home), pins(home), releases(home)
    if served is None:
        return []
    if not rules.prunes and len(known) <= rules.written:
        return []
    by_writing = [release for release in known if is_by_writing(release)]
    published = [release for release in known if release not in by_writing]
    kept = {release.id for release in by_writing[-rules.written :]} | pinned
    kept |= {release.id for release in _kept(published, rules, now)}
    return [release for release in known if release.id < served.id and release.id not in kept]


def is_by_writing(release: Release) -> bool:
    """Whether a release is known to be made by writing: of one that is damaged nobody can tell."""
    try:
        return is_made_by_writing(release)
    except ReleaseError:
        return False


def _kept(published: Sequence[Release], rules: Retention, now: datetime) -> Sequence[Release]:
    """Return which of the published releases a rule keeps; all where there is none."""
    if not rules.prunes:
        return published
    newest = published[-rules.keep :] if rules.keep else []
    days = timedelta(days=rules.days or 0)
    return [*newest, *(one for one in published if rules.days and _age(one, now) <= days)]


def prune(home: Path, found: Sequence[Release], now: datetime) -> Iterator[tuple[Release, bool]]:
    """Remove releases; tell of each whether it was: one that is being read stays for now.

    Who calls holds the home (``exclusive``).
    """
    for release in found:
        note = _note(home, release, now)
        done = discard(home, release)
        if not done:
            note.unlink()
        yield release, done


def size(release: Release) -> tuple[int, int]:
    """Return the bytes of the files of a release, and of those that no other release shares."""
    found = [path.stat() for path in release.path.rglob("*") if path.is_file()]
    return sum(file.st_size for file in found), sum(
        file.st_size for file in found if file.st_nlink == 1
    )


def _age(release: Release, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(release.manifest["created"])


def _note(home: Path, release: Release, now: datetime) -> Path:
    """Write what stays known of a release: when it was made and removed, its manifest's hash."""
    content = {
        "id": release.id,
        "created": release.manifest["created"],
        "pruned": now.isoformat(timespec="seconds"),
        "datasets": sorted(release.datasets),
        "quads": release.manifest["quads"],
        "manifest_sha256": sha256(release.path / MANIFEST),
    }
    path = home / PRUNED / f"{release.id}.json"
    path.parent.mkdir(exist_ok=True)
    _write(path, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return path


def _write(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.part")
    aside.write_text(text, encoding="utf-8")
    sync(aside)
    os.replace(aside, path)
    sync(path.parent)
