"""The reading half of a release: where things lie, open, list, verify.

A release is an immutable directory ``<home>/releases/<id>/``; ``<home>/current`` is a symbolic link
to the one that is served. docs/releases.md describes the layout. This module writes nothing;
with loader/hold.py it is what the endpoint uses of releases.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from loader.errors import ReleaseError

LAYOUT_VERSION = 1
"""What a publish writes. Raised where an older program would misread a release; what is only added
needs none (docs/releases.md)."""
OLDEST_LAYOUT = 1
"""The oldest that is still read."""
RELEASES = "releases"
PRUNED = "pruned"
"""The folder of a home with what is known of releases that were removed."""
CURRENT = "current"
MANIFEST = "manifest.json"
WRITTEN = "written.nq"
"""What was written over the web: its graphs have no statement in any other file."""
EARLIER_BASES = "earlier_bases"
"""The key of the manifest that says under which base IRIs the things were published before."""
STORE_ANEW = "store.json"
"""Says what ``store`` of the manifest says of files, for a store made anew from the dumps."""
SEALS = f"{MANIFEST}.sig.json"
"""Says what proves the manifest: see ``Proof``."""
CMS = f"{MANIFEST}.p7s"
TIME_STAMP = f"{MANIFEST}.tsr"
KEY_ID = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True)
class Release:
    """A finished release. ``manifest`` is the content of its ``manifest.json``."""

    path: Path

    @property
    def id(self) -> str:
        """The identifier, which is also the name of the directory."""
        return self.path.name

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest; raises ReleaseError where it is missing, damaged or of another layout."""
        try:
            manifest: dict[str, Any] = json.loads((self.path / MANIFEST).read_bytes())
            check_layout(self.path, manifest["layout"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ReleaseError("release.unreadable", path=self.path, reason=error) from error
        return manifest

    @property
    def base_iri(self) -> str:
        """The base IRI of all that the release names."""
        return str(self.manifest["base_iri"])

    @property
    def earlier_bases(self) -> list[str]:
        """The base IRIs that the site had before, oldest first (docs/move.md)."""
        return list(self.manifest.get(EARLIER_BASES, []))

    @property
    def datasets(self) -> dict[str, dict[str, Any]]:
        """The datasets by name, as docs/releases.md describes them."""
        datasets: dict[str, dict[str, Any]] = self.manifest["datasets"]
        return datasets

    @cached_property
    def store(self) -> Path:
        """The directory of the Oxigraph store, to be opened read-only."""
        return self.path / "store"

    @property
    def store_files(self) -> dict[str, dict[str, Any]]:
        """``bytes`` and ``sha256`` of each file of the store; none for releases before 2026-11.

        Raises ReleaseError where they are not stated in that form.
        """
        path = self.path / STORE_ANEW
        try:
            if path.exists():
                stated = json.loads(path.read_bytes())
            else:
                stated = {"files": {}, **self.manifest.get("store", {})}
            files: dict[str, dict[str, Any]] = stated["files"]
            if not are_entries(files):
                raise ValueError("bytes, sha256")
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ReleaseError("release.unreadable", path=path, reason=error) from error
        return files

    @property
    def graph_files(self) -> list[str]:
        """The names of the files whose quads the store holds: all N-Quads but the sources."""
        return [
            name
            for name in sorted(self.manifest["files"])
            if name.endswith(".nq") and not name.startswith("sources/")
        ]

    def dump(self, name: str) -> Path:
        """The canonical N-Quads of a dataset."""
        return self.path / "dumps" / f"{name}.nq"

    def catalog(self, suffix: str) -> Path:
        """The catalogue as a file: ``ttl``, ``rdf`` or ``jsonld``."""
        return self.path / f"catalog.{suffix}"

    def report(self, dataset: str) -> dict[str, Any]:
        """The findings and the validation result of a dataset."""
        path = self.path / "reports" / f"{dataset}.json"
        report: dict[str, Any] = json.loads(path.read_bytes())
        return report

    def package(self, dataset: str) -> dict[str, Any]:
        """What the catalogue says of a dataset is made from; empty where the release lacks it."""
        path = self.path / "packages" / f"{dataset}.json"
        try:
            content: dict[str, Any] = json.loads(path.read_bytes())["package"]
        except FileNotFoundError:
            return {}
        return content

    def source(self, dataset: str, file: str) -> Path | None:
        """A source file as it was published, or None where the manifest names no such file."""
        known = self.datasets.get(dataset, {}).get("files", {})
        return self.path / "sources" / dataset / file if file in known else None

    def public_file(self, name: str) -> Path | None:
        """A file that a copy can be verified by: of the manifest, itself, or of its proof."""
        known = name == MANIFEST or name in self.manifest["files"] or name in self.proof.files
        path = (self.path / name).resolve()
        inside = path.is_relative_to(self.path.resolve())
        return path if known and inside and path.is_file() else None

    @cached_property
    def proof(self) -> "Proof":
        """What proves the manifest; nothing where it is not signed."""
        try:
            return read_proof((self.path / SEALS).read_bytes())
        except (OSError, ValueError):
            return Proof({})


@dataclass(frozen=True)
class Proof:
    """What ``manifest.json.sig.json`` says. ``keys``: the algorithm by the id of each key.

    ``certified`` are the keys that stand in a certificate. None of it is trustworthy by itself.
    """

    keys: Mapping[str, str]
    certified: tuple[str, ...] = ()
    cms: bool = False
    time_stamp: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files that belong to it, itself included; none where there is none."""
        names = [name for key in self.keys for name in signature_files(key)]
        names += [CMS] if self.cms else []
        names += [TIME_STAMP] if self.time_stamp else []
        return (SEALS, *names) if names else ()


def check_layout(path: Path, layout: int) -> None:
    """Raise ReleaseError, which says what to do, for a layout that this program does not read."""
    if layout > LAYOUT_VERSION:
        raise ReleaseError("release.newer-layout", path=path, layout=layout)
    if layout < OLDEST_LAYOUT:
        raise ReleaseError("release.older-layout", path=path, layout=layout, oldest=OLDEST_LAYOUT)


def are_entries(files: Any) -> bool:
    """Whether it says ``bytes`` and ``sha256`` of files, by name."""
    keys = {"bytes", "sha256"}
    return isinstance(files, Mapping) and all(
        isinstance(entry, Mapping) and keys <= set(entry) for entry in files.values()
    )


def signature_files(key: str) -> tuple[str, str]:
    """Return where the signature of a key lies, and the key (or its certificate)."""
    return f"{MANIFEST}.{key}.sig", f"{MANIFEST}.{key}.pem"


def read_proof(content: bytes) -> Proof:
    """Read ``manifest.json.sig.json``; raises ValueError for content of another form."""
    try:
        index = json.loads(content)
        keys = {str(key): str(name) for key, name in index["keys"].items()}
        certified = tuple(map(str, index["certified"]))
        proof = Proof(keys, certified, bool(index["cms"]), bool(index["time_stamp"]))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not an index of signatures") from error
    if not all(map(KEY_ID.fullmatch, proof.keys)) or not proof.files:
        raise ValueError("not an index of signatures")
    return proof


def current(home: Path) -> Release | None:
    """Return the release that is served, or None where nothing is published yet."""
    try:
        target = os.readlink(home / CURRENT)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReleaseError("release.unreadable", path=home / CURRENT, reason=error) from error
    return Release(home / RELEASES / Path(target).name)


def releases(home: Path) -> list[Release]:
    """Return all finished releases of a home, oldest first."""
    found = (home / RELEASES).glob(f"*/{MANIFEST}")
    return sorted((Release(path.parent) for path in found), key=lambda release: release.id)


def find(home: Path, identifier: str) -> Release | None:
    """Return the finished release of that identifier, or None where the home has none."""
    if identifier in (".", "..") or "/" in identifier or "\0" in identifier:
        return None
    found = Release(home / RELEASES / identifier)
    return found if (found.path / MANIFEST).is_file() else None


def pruned(home: Path, identifier: str) -> dict[str, Any] | None:
    """Return what is known of a release that was removed; None where nothing is."""
    if identifier in (".", "..") or "/" in identifier or "\0" in identifier:
        return None
    try:
        note: dict[str, Any] = json.loads((home / PRUNED / f"{identifier}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return note


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def verify(release: Release) -> Iterator[str]:
    """Give the relative path of each file that is missing or not as the manifest says.

    The store is left out: it can be made anew from the others.
    """
    for name, stated in release.manifest["files"].items():
        if not _is_as_stated(release.path / name, stated):
            yield name


def misfits(release: Release) -> Iterator[str]:
    """Give the files that are missing or of another size: what can be told at once."""
    store = {f"store/{name}": stated for name, stated in release.store_files.items()}
    for name, stated in {**release.manifest["files"], **store}.items():
        if not _has_size(release.path / name, stated):
            yield name


def _is_as_stated(path: Path, stated: dict[str, Any]) -> bool:
    return _has_size(path, stated) and sha256(path) == stated["sha256"]


def _has_size(path: Path, stated: dict[str, Any]) -> bool:
    return path.is_file() and bool(path.stat().st_size == stated["bytes"])
