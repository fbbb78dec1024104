"""A release as one file: a tar archive that is the same bytes wherever it is made.

The manifest comes first, then what proves it, then its files in order; so who unpacks knows what
is to come. The store is left out: it is rebuilt from the dumps, which the manifest has hashes of.
"""

import contextlib
import gzip
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from loader.errors import ReleaseError, UsageError
from loader.hold import hold
from loader.release import MANIFEST, Release, verify

COMPRESSED = (".tar.gz", ".tgz")
PLAIN = (".tar",)


def export(release: Release, path: Path) -> int:
    """Write a release into ``path``, and return how many bytes that took.

    The file appears when it is whole. Raises UsageError for another suffix than ``.tar``,
    ``.tar.gz`` and ``.tgz``, and ReleaseError where a file is not as the manifest says.
    """
    if not path.name.endswith((*COMPRESSED, *PLAIN)):
        raise UsageError("export.suffix", path=path)
    with _held(release):
        damaged = next(verify(release), None)
        if damaged is not None:
            raise ReleaseError("release.damaged", release=release.id, file=damaged)
        part = path.with_name(f".{path.name}.part")
        try:
            _write(release, part, compressed=path.name.endswith(COMPRESSED))
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    return path.stat().st_size


@contextlib.contextmanager
def _held(release: Release) -> Iterator[None]:
    descriptor = hold(release)
    try:
        yield
    finally:
        os.close(descriptor)


def _write(release: Release, path: Path, compressed: bool) -> None:
    with path.open("wb") as stream:
        if compressed:
            with gzip.GzipFile("", "wb", 6, stream, mtime=0) as packed:
                _pack(release, packed)
        else:
            _pack(release, stream)
        stream.flush()
        os.fsync(stream.fileno())


def _pack(release: Release, stream: IO[bytes] | gzip.GzipFile) -> None:
    names = (MANIFEST, *release.proof.files, *sorted(release.manifest["files"]))
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in names:
            with (release.path / name).open("rb") as content:
                # Owner, mode and time are those of a new TarInfo, the same for all.
                entry = tarfile.TarInfo(f"{release.id}/{name}")
                entry.size = os.fstat(content.fileno()).st_size
                archive.addfile(entry, content)
