"""A release that somebody reads is not removed; one that is removed is not begun to be read."""

import errno
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from loader.errors import ReleaseError
from loader.hold import hold, removable
from loader.release import Release

HOLDS = """
import sys
from pathlib import Path
from loader.hold import hold
from loader.release import Release
hold(Release(Path(sys.argv[1])))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def release(tmp_path: Path) -> Release:
    folder = tmp_path / "releases" / "20261121T040000Z-0123abcd"
    folder.mkdir(parents=True)
    return Release(folder)


@contextmanager
def reader(release: Release) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the release until it is killed."""
    command = [sys.executable, "-c", HOLDS, str(release.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_release_that_is_read_is_not_removable(release: Release) -> None:
    with removable(release) as free:
        assert free
    with reader(release), reader(release) as other:
        with removable(release) as free:
            assert not free
        other.kill()
        other.wait()
        with removable(release) as free:
            assert not free
    with removable(release) as free:
        assert free


def test_a_release_that_is_being_removed_is_not_begun_to_be_read(release: Release) -> None:
    with removable(release) as free:
        assert free
        with pytest.raises(ReleaseError) as caught:
            hold(release)
        assert caught.value.code == "release.gone"
        with removable(release) as again:
            assert not again
        shutil.rmtree(release.path)
    with pytest.raises(ReleaseError):
        hold(release)
    with removable(release) as free:
        assert not free


def test_a_release_removed_between_opening_and_locking(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    def removed_before(descriptor: int, operation: int) -> None:
        release.path.rename(release.path.with_name("removed"))

    monkeypatch.setattr(fcntl, "flock", removed_before)
    with pytest.raises(ReleaseError) as caught:
        hold(release)
    assert caught.value.code == "release.gone"


def test_where_there_are_no_locks_all_is_read_and_nothing_removed(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    os.close(hold(release))
    with removable(release) as free:
        assert not free
