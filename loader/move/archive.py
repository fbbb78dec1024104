"""Unpacks a file that ``tsunagu export`` made; what else is in an archive is never written.

The archive may be of a hostile hand. Only plain files are taken, and only those that the manifest,
which comes first, names, no larger than it states: no link, no device, no way out of the folder,
and no more bytes than there is room for.
"""

import gzip
import re
import shutil
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from loader.errors import ReleaseError
from loader.proof.copies import SMALL, STORE
from loader.proof.verification import read_manifest
from loader.release import MANIFEST, SEALS, Release
from vocab.iris import IriPolicy

_GZIP = b"\x1f\x8b"
_HEADER = 1 << 20
"""Most bytes that are read for the header of a member: names can be long, not endless."""
_IDENTIFIER = re.compile(r"[0-9]{8}T[0-9]{6}Z(\.[0-9]+)?-[0-9a-f]{8}")
_SHAPE: Mapping[str, type] = {
    "base_iri": str,
    "created": str,
    "datasets": dict,
    "files": dict,
    "graphs": dict,
    "id": str,
    "quads": int,
    "software": dict,
    "store": dict,
    "title": dict,
}
"""What a manifest needs to be served, beyond what it needs to be verified."""
_LATER = {"store"}
"""Keys that releases did not have from the beginning."""
_BROKEN = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile)


class _Metered:
    """A stream that gives no more than it is allowed to: tarfile reads headers into memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.left = _HEADER

    def read(self, size: int) -> bytes:
        """Read; raises TarError where too much is asked for."""
        self.left -= size
        if self.left < 0:
            raise tarfile.TarError("a header without end")
        return self._stream.read(size)


def unpack(path: Path, folder: Path) -> Release:
    """Unpack into ``folder`` and return the release there, whose files are not verified yet.

    Raises ReleaseError ``import.not-a-release`` for a file of another form, ``import.unsafe``
    for one that holds what must not be written, ``import.no-room`` where it would fill the disk.
    """
    with path.open("rb") as stream:
        compressed = stream.read(2) == _GZIP
        stream.seek(0)
        source = gzip.GzipFile(fileobj=stream) if compressed else stream
        metered = _Metered(cast(IO[bytes], source))
        try:
            with tarfile.open(fileobj=cast(IO[bytes], metered), mode="r|") as archive:
                return _Unpacking(archive, metered, folder, path).run()
        except _BROKEN as error:
            raise ReleaseError("import.not-a-release", path=path, reason=error) from error


@dataclass(frozen=True)
class _Unpacking:
    archive: tarfile.TarFile
    stream: _Metered
    folder: Path
    path: Path

    def run(self) -> Release:
        first = self.archive.next()
        if first is None or not _is_plain(first) or first.size > SMALL:
            raise tarfile.TarError(f"{MANIFEST}?")
        top, _, name = first.name.partition("/")
        if name != MANIFEST or not _IDENTIFIER.fullmatch(top):
            raise tarfile.TarError(f"{first.name!r} ≠ <id>/{MANIFEST}")
        release = Release(self.folder / top)
        self._write(first, release.path / MANIFEST)
        limits = self._limits(release)
        for member in self.archive:
            name = member.name.removeprefix(f"{top}/")
            if member is first:
                continue
            if not _is_plain(member) or member.size > limits.pop(name, -1):
                raise self._unsafe(member.name)
            self._write(member, release.path / name)
            if name == SEALS:
                limits |= {file: SMALL for file in release.proof.files if file != SEALS}
        return release

    def _limits(self, release: Release) -> dict[str, int]:
        """Return the files that may come, by name, and how large they may be."""
        manifest = read_manifest((release.path / MANIFEST).read_bytes())
        if not _is_complete(manifest) or manifest["id"] != release.id:
            raise tarfile.TarError(f"{release.id}: {', '.join(_SHAPE)}?")
        limits = {SEALS: SMALL}
        for name, entry in manifest["files"].items():
            if not _is_safe(name) or not _is_size(entry["bytes"]):
                raise self._unsafe(name)
            limits[name] = entry["bytes"]
        total, room = sum(limits.values()), shutil.disk_usage(self.folder).free
        # Once for the files, and once for the store that is made of them.
        if 2 * total > room:
            raise ReleaseError("import.no-room", path=self.path, bytes=total, room=room)
        return limits

    def _write(self, member: tarfile.TarInfo, path: Path) -> None:
        self.stream.left = member.size + _HEADER
        content = self.archive.extractfile(member)
        assert content is not None, "a plain file has content"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = path.open("xb")
        except (FileExistsError, NotADirectoryError) as error:
            raise self._unsafe(member.name) from error
        with stream:
            shutil.copyfileobj(content, stream)
        self.stream.left = _HEADER

    def _unsafe(self, name: str) -> ReleaseError:
        return ReleaseError("import.unsafe", path=self.path, name=ascii(name))


def _is_plain(member: tarfile.TarInfo) -> bool:
    return member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not member.issparse()


def _is_safe(name: str) -> bool:
    parts = PurePosixPath(name)
    inside = not parts.is_absolute() and ".." not in parts.parts and str(parts) == name
    try:
        written = "\0" not in name and bool(name.encode())
    except UnicodeEncodeError:
        return False
    return inside and written and parts.parts[0] not in (STORE, ".")


def _is_complete(manifest: Mapping[str, Any]) -> bool:
    typed = all(isinstance(manifest.get(key, kind()), kind) for key, kind in _SHAPE.items())
    typed = typed and manifest.keys() >= _SHAPE.keys() - _LATER
    store = manifest.get("store", {}) if typed else {}
    typed = typed and isinstance(store.get("layers", 0), int)
    typed = typed and isinstance(store.get("base", ""), str)
    try:
        return typed and bool(IriPolicy(manifest["base_iri"]))
    except ValueError:
        return False


def _is_size(size: Any) -> bool:
    return isinstance(size, int) and not isinstance(size, bool) and size >= 0
