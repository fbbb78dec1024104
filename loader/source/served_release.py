"""Fetches the files of a release that a server of Tsunagu serves.

What its SPARQL endpoint answers are literals as the store rewrites them, in an order that a server
has to make for each page. The release that it answers from is there as files: as it was written.
"""

import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from loader.errors import ReleaseError
from loader.fetch import Fetcher, Refusal, Request
from loader.release import MANIFEST, Release, sha256

ENDPOINT = "/sparql"
"""How the address of a SPARQL endpoint ends, where no graph is named."""

_IDENTIFIER = r"[0-9]{8}T[0-9]{6}Z(?:\.[0-9]{4,8})?-[0-9a-f]{8}"
_PINNED = re.compile(rf"(.*/release/{_IDENTIFIER})(?:{ENDPOINT}|/{re.escape(MANIFEST)})?")
_TOLD = re.compile(rf".*/release/({_IDENTIFIER})")
_ACCEPT = {"Accept": "application/sparql-results+json"}


def is_release_address(url: str) -> bool:
    """Whether an address is that of a release, of its manifest, or of the endpoint of it."""
    return _PINNED.fullmatch(_plain(url)) is not None


def _plain(url: str) -> str:
    return url.partition("#")[0].partition("?")[0].rstrip("/")


@dataclass(frozen=True, slots=True)
class ServedRelease:
    """A release at an address such as ``https://data.example.jp/release/<id>``."""

    address: str
    fetcher: Fetcher

    @classmethod
    def at(cls, url: str, fetcher: Fetcher) -> "ServedRelease | None":
        """The release at an address, or the one that an endpoint answers from.

        None where none is told: the endpoint is not one of Tsunagu.
        """
        address = _plain(url)
        pinned = _PINNED.fullmatch(address)
        if pinned:
            return cls(pinned[1], fetcher)
        identifier = _answers_from(address, fetcher) if address.endswith(ENDPOINT) else None
        place = address.removesuffix(ENDPOINT)
        return cls(f"{place}/release/{identifier}", fetcher) if identifier else None

    def fetch_manifest(self, folder: Path) -> Release:
        """Fetch the manifest into a folder for the release below ``folder``; raises Refusal."""
        target = folder / self.address.rpartition("/")[2]
        target.mkdir()
        self._fetch(MANIFEST, target)
        release = Release(target)
        if not _is_sound(release):
            raise ReleaseError("release.damaged", release=release.id, file=MANIFEST)
        return release

    def fetch_files(self, release: Release, wanted: Callable[[str], bool]) -> None:
        """Fetch the files of the manifest that are wanted.

        Raises Refusal, and ReleaseError ``release.damaged`` for what the manifest says otherwise.
        """
        for name, stated in release.manifest["files"].items():
            if not wanted(name):
                continue
            parts = PurePosixPath(name)
            path = release.path / parts
            if parts.is_absolute() or ".." in parts.parts or path.exists():
                raise ReleaseError("release.damaged", release=release.id, file=name)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fetch(name, release.path)
            if (path.stat().st_size, sha256(path)) != (stated["bytes"], stated["sha256"]):
                raise ReleaseError("release.damaged", release=release.id, file=name)

    def _fetch(self, name: str, folder: Path) -> None:
        self.fetcher.answer(Request(f"{self.address}/{quote(name)}"), folder / name)


def _is_sound(release: Release) -> bool:
    """Whether a manifest of others tells of files and datasets what is needed, and no paths."""
    try:
        for entry in release.manifest["files"].values():
            entry["bytes"], entry["sha256"]
        return all(entry["graph"] and "/" not in name for name, entry in release.datasets.items())
    except (LookupError, TypeError, AttributeError):
        return False


def _answers_from(address: str, fetcher: Fetcher) -> str | None:
    """Ask an endpoint from which release it answers: it tells that in the head of each result
    (SPARQL 1.1 Query Results JSON Format, 3.1.2)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer"
        try:
            fetcher.answer(Request(f"{address}?query=ASK%7B%7D", _ACCEPT), path)
            links = json.loads(path.read_bytes())["head"]["link"]
            told = [match[1] for link in links if (match := _TOLD.fullmatch(link))]
        except (Refusal, OSError, ValueError, LookupError, TypeError, RecursionError):
            return None
    return told[0] if told else None
