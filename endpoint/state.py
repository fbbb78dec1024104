"""What the blueprints share: the release being served, the workers, the settings."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app, g

from endpoint.errors import Unavailable
from endpoint.settings import Settings
from endpoint.workers import Workers
from loader.errors import ReleaseError
from loader.release import Release, current
from vocab.iris import IriPolicy

EXTENSION = "tsunagu"
_LOOK_AGAIN_SECONDS = 1.0


class Releases:
    """The release that ``current`` points at, looked up at most once a second."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._release: Release | None = None
        self._looked = float("-inf")
        self._lock = threading.Lock()

    def current(self) -> Release | None:
        """The release to serve, or None where nothing is published yet."""
        with self._lock:
            if time.monotonic() - self._looked >= _LOOK_AGAIN_SECONDS:
                found = current(self._home)
                if found is None or self._release is None or found.id != self._release.id:
                    self._release = found
                self._looked = time.monotonic()
            return self._release


@dataclass(frozen=True)
class Site:
    """One served home."""

    home: Path
    base_iri: str | None
    settings: Settings
    releases: Releases = field(init=False)
    workers: Workers = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "releases", Releases(self.home))
        object.__setattr__(self, "workers", Workers(self.settings))


def site() -> Site:
    """The site of the application that handles this request."""
    found: Site = current_app.extensions[EXTENSION]
    return found


def release() -> Release:
    """The release that this request is answered from, wholly."""
    if "release" not in g:
        g.release = _open_release()
    found: Release = g.release
    return found


def _open_release() -> Release:
    try:
        found = site().releases.current()
        if found is None:
            raise Unavailable("release.none")
        found.manifest  # noqa: B018  # read here, so that damage is told before anything is sent
    except ReleaseError as error:
        raise Unavailable("release.damaged", reason=error.values.get("reason", error)) from error
    return found


def policy() -> IriPolicy:
    """The IRIs of the release: what a path on this host stands for."""
    return IriPolicy(release().base_iri)


def public_base() -> str:
    """The address at which the public finds this site."""
    return site().base_iri or release().base_iri
