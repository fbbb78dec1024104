"""What the blueprints share: the release being served, the workers, the settings."""

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app, g

from endpoint.errors import EndpointError, NotFound, Unavailable
from endpoint.evaluation.workers import Workers
from endpoint.http.cache import AnswerCache
from endpoint.journal import Journal
from endpoint.queries.library import Libraries, Library
from endpoint.settings import Settings
from endpoint.sparql.federation import Federation
from endpoint.sparql.writer import Writer
from loader.errors import ReleaseError
from loader.hold import hold
from loader.release import Release, current, find
from vocab.iris import IriPolicy

EXTENSION = "tsunagu"
_LOOK_AGAIN_SECONDS = 0.5
_log = logging.getLogger(__name__)


class Releases:
    """The release that ``current`` points at, looked up twice a second.

    A new one is taken up behind the one that is served: requests go on with that until
    ``warm`` has made the new one ready, and for as long as the new one cannot be opened.
    """

    def __init__(self, home: Path, warm: Callable[[Release], None]) -> None:
        self._home = home
        self._warm = warm
        self._release: Release | None = None
        self._looked = float("-inf")
        self._turn = threading.Lock()

    def current(self) -> Release | None:
        """The release to serve, or None where nothing is published yet."""
        if self._turn.acquire(blocking=self._release is None):
            try:
                if time.monotonic() - self._looked >= _LOOK_AGAIN_SECONDS:
                    self._look()
                    self._looked = time.monotonic()
            finally:
                self._turn.release()
        return self._release

    def known(self) -> Release | None:
        """The release to serve where it was just looked up; does not wait."""
        fresh = time.monotonic() - self._looked < _LOOK_AGAIN_SECONDS
        return self._release if fresh else None

    @property
    def last(self) -> Release | None:
        """What was found at the last look."""
        return self._release

    def look_again(self) -> None:
        """Look up the release at the next request, however short ago that was done."""
        self._looked = float("-inf")

    def take_up(self, identifier: str) -> bool:
        """Look up the release now, and tell whether it is this one or a later one."""
        with self._turn:
            self._look()
            self._looked = time.monotonic()
            return self._release is not None and self._release.id >= identifier

    def _look(self) -> None:
        found = current(self._home)
        if (
            found is None
            or self._release is None
            or found.id != self._release.id
            and self._is_ready(found)
        ):
            self._release = found

    def _is_ready(self, release: Release) -> bool:
        try:
            release.manifest  # noqa: B018  # read here, so that damage is found before it is served
            self._warm(release)
        except (ReleaseError, EndpointError) as error:
            _log.warning("the release %s is not taken up: %s", release.id, error)
            return False
        return True


@dataclass(frozen=True)
class Site:
    """One served home."""

    home: Path
    base_iri: str | None
    settings: Settings
    releases: Releases = field(init=False)
    workers: Workers = field(init=False)
    libraries: Libraries = field(init=False)
    journal: Journal = field(init=False)
    cache: AnswerCache = field(init=False)
    writer: Writer = field(init=False)
    federation: Federation = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "journal", Journal())
        object.__setattr__(self, "cache", AnswerCache(self.settings.cache_bytes))
        object.__setattr__(self, "federation", Federation(self.settings))
        object.__setattr__(self, "workers", Workers(self.settings, self.journal.query))
        object.__setattr__(self, "libraries", Libraries(self.home, self.settings))
        object.__setattr__(self, "releases", Releases(self.home, self.workers.warm))
        object.__setattr__(self, "writer", Writer(self.home, self.settings, self.releases.take_up))


def site() -> Site:
    """The site of the application that handles this request."""
    found: Site = current_app.extensions[EXTENSION]
    return found


def release() -> Release:
    """The release that this request is answered from, wholly; it stays until the request ends."""
    if "release" not in g:
        g.release, g.hold = _open_release()
    found: Release = g.release
    return found


def pin(name: str) -> Release:
    """Answer this request from another release of the home, wholly; raises NotFound."""
    found = find(site().home, name)
    if found is None:
        raise NotFound("release.unknown", name=name)
    let_go()
    try:
        found.manifest  # noqa: B018  # read here, so that damage is told before anything is sent
        g.release, g.hold = found, hold(found)
    except ReleaseError as error:
        raise Unavailable("release.damaged", reason=error.values.get("reason", error)) from error
    return found


def let_go(_: BaseException | None = None) -> None:
    """Let go of the request's release: what ends a request."""
    if "hold" in g:
        os.close(g.pop("hold"))


def _open_release() -> tuple[Release, int]:
    try:
        return _held()
    except ReleaseError as error:
        raise Unavailable("release.damaged", reason=error.values.get("reason", error)) from error


def _held() -> tuple[Release, int]:
    """Return the release to serve and what keeps it; look once more where it is just removed."""
    try:
        return _current()
    except ReleaseError:
        site().releases.look_again()
        return _current()


def _current() -> tuple[Release, int]:
    found = site().releases.current()
    if found is None:
        raise Unavailable("release.none")
    found.manifest  # noqa: B018  # read here, so that damage is told before anything is sent
    return found, hold(found)


def policy() -> IriPolicy:
    """The IRIs of the release: what a path on this host stands for."""
    return IriPolicy(release().base_iri)


def public_base() -> str:
    """The address at which the public finds this site."""
    served = site().releases.current() or release()
    return site().base_iri or served.base_iri


def library() -> Library:
    """The stored queries, for the IRIs of the release."""
    return site().libraries.current(release().base_iri)
