"""Unpacks zip and gzip files into a temporary folder, within bounds.

What a container says of itself is not believed: bytes are counted while they are written. Members
whose path leads elsewhere, links and encrypted members are not written. The folder goes when the
program ends.
"""

import atexit
import gzip
import lzma
import re
import shutil
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from loader.model import Finding, FindingLog
from loader.source.kinds import CONTAINERS
from loader.table.zip_files import open_zip

MOST_BYTES = 4 << 30
"""Bytes that the containers of one run may have in all, unpacked."""

FREE_BYTES = 64 << 20
MOST_RATIO = 250
"""Beyond so many bytes, a container may not be larger unpacked than so many times itself. Tables
are packed to a fifth or a twentieth; only what was made to be large is packed to a thousandth."""

DEEPEST = 2
"""Levels of containers in containers."""

WRITTEN_AT_ONCE = 1 << 18
"""Bytes."""

_DAMAGED = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_ELSEWHERE = re.compile(r"^([A-Za-z]:|/)|(^|/)\.\.(/|$)|[\x00-\x1f]")
_PASSED_OVER = (".", "_")


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class RefusedError(Exception):
    """A container that is not unpacked; ``code`` names the finding that says why."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code, self.details = code, details


@dataclass(slots=True)
class Unpacker:
    """Unpacks containers, each into a folder of its own."""

    findings: FindingLog
    _folder: Path | None = None
    _bytes: int = 0
    _count: int = 0

    def unpack(self, path: Path) -> Path | None:
        """Return the folder that has what was in a container; None, reported, where it is refused.

        Containers in it are unpacked as well, each to a folder of its own name.
        """
        folder = self._new_folder()
        try:
            quota = _Quota(path.stat().st_size, MOST_BYTES - self._bytes)
            self._into(path, folder, quota, 1)
        except RefusedError as refusal:
            details = refusal.details
            self.findings.add(Finding(refusal.code, path.name, details=details))
        except _DAMAGED as error:
            details = {"reason": str(error) or type(error).__name__}
            self.findings.add(Finding("source.damaged-archive", path.name, details=details))
        except OSError as error:
            details = {"reason": error.strerror or str(error)}
            self.findings.add(Finding("source.unreadable", path.name, details=details))
        else:
            self._bytes += quota.written
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        return None

    def _new_folder(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="tsunagu-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        return folder

    def _into(self, path: Path, folder: Path, quota: "_Quota", depth: int) -> None:
        if path.suffix.lower() == ".gz":
            with gzip.open(path) as stream:
                quota.copy(stream, folder / path.stem.lstrip("."))
        else:
            self._zip(path, folder, quota)
        for inner in sorted(folder.rglob("*")):
            if inner.suffix.lower() in CONTAINERS and inner.is_file():
                self._inner(inner, quota, depth)

    def _inner(self, path: Path, quota: "_Quota", depth: int) -> None:
        """Put a folder in the place of a container that was in a container."""
        if depth >= DEEPEST:
            raise RefusedError("source.archive-too-deep", limit=DEEPEST)
        aside = path.with_name(f".{path.name}")
        path.rename(aside)
        path.mkdir()
        self._into(aside, path, quota, depth + 1)
        aside.unlink()

    def _zip(self, path: Path, folder: Path, quota: "_Quota") -> None:
        with open_zip(path) as archive:
            for member in archive.infolist():
                name = _name(member)
                passed_over = member.is_dir() or _is_passed_over(name)
                if passed_over or not self._is_safe(path, member, name):
                    continue
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as stream:
                    quota.copy(stream, target)

    def _is_safe(self, path: Path, member: zipfile.ZipInfo, name: str) -> bool:
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise RefusedError("source.archive-encrypted")
        if stat.S_ISLNK(member.external_attr >> 16):
            code = "source.archive-link"
        elif _ELSEWHERE.search(name):
            code = "source.archive-unsafe-path"
        else:
            return True
        self.findings.add(Finding(code, path.name, value=name[:200]))
        return False


@dataclass(slots=True)
class _Quota:
    """Counts what is written of a container of ``packed`` bytes; ``left`` is what may be."""

    packed: int
    left: int
    written: int = 0

    def copy(self, stream: _Readable, target: Path) -> None:
        """Write a member; raises RefusedError for too much."""
        with target.open("xb") as written:
            while chunk := stream.read(WRITTEN_AT_ONCE):
                self.written += len(chunk)
                self._check()
                written.write(chunk)

    def _check(self) -> None:
        too_dense = self.written > max(FREE_BYTES, self.packed * MOST_RATIO)
        if too_dense or self.written > self.left:
            raise RefusedError("source.archive-too-large")


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name in NFC, its parts divided by ``/``.

    Where the name is not marked as UTF-8 (APPNOTE.TXT, appendix D), it is what was customary where
    it was made: UTF-8 all the same, or CP932; zipfile has read it as CP437.
    """
    name = member.orig_filename
    if not member.flag_bits & _UTF8_FLAG:
        raw = name.encode("cp437")
        for encoding in ("utf-8", "cp932"):
            try:
                name = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            break
    return unicodedata.normalize("NFC", name).replace("\\", "/")


def _is_passed_over(name: str) -> bool:
    """Whether a member is hidden, or of the folder __MACOSX."""
    parts = PurePosixPath(name).parts
    return any(part.startswith(_PASSED_OVER) and part != ".." for part in parts)
