"""A disk that is full, at whatever point of a publish: told, cleared away, and nothing is lost."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from loader import release
from loader.build import growth
from loader.build.durable import BUILDING
from loader.release import RELEASES
from tests.loader.conftest import Run

FREE = tuple(
    kibibytes << 10
    for kibibytes in (0, 16, 100, 300, 600, 1000, 1500, 2000, 2500, 3000, 4000, 6000)
)
"""How much is left when a publish begins: for none of it, for some, for all."""


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of twenty megabytes in memory."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(place)]
    able = os.geteuid() == 0 and shutil.which("mount") is not None
    if not able or subprocess.run(command).returncode:
        assert not os.environ.get("CI"), "CI runs as root and can mount"
        pytest.skip("needs root to mount a small file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def leave(place: Path, free: int) -> Path:
    """Fill the file system but for so many bytes."""
    ballast = place / "ballast"
    system = os.statvfs(place)
    size = max(system.f_bavail * system.f_frsize - free, 0)
    with ballast.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, size)
    return ballast


@pytest.mark.parametrize("grow", [False, True], ids=["whole", "grown"])
def test_whatever_is_left(
    run: Run, tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch, grow: bool
) -> None:
    monkeypatch.setattr(growth, "MOST_CHANGED", 100.0 if grow else -1.0)
    folder, home = tmp_path / "in", small / "home"
    folder.mkdir()
    rows = "".join(f"{number},見本館{number}\n" for number in range(300))
    (folder / "a.csv").write_text("番号,名称\n" + rows)
    (folder / "b.csv").write_text("番号,名称\n1,見本園\n")
    assert run("publish", folder, "--home", home)[0] == 0
    codes = []
    for number, free in enumerate(FREE, 1):
        before = release.current(home)
        assert before is not None
        (folder / "a.csv").write_text(f"番号,名称\n{rows}{number + 1000},新館\n")
        ballast = leave(small, free)
        code, _, err = run("publish", folder, "--home", home)
        codes.append(code)
        ballast.unlink()
        assert code == 0 or ("disk is full" in err and release.current(home) == before), err
        assert not (home / BUILDING).exists()
        for made in release.releases(home):
            assert list(release.verify(made)) == []
            assert len(Store.read_only(str(made.store))) == made.manifest["quads"]
        assert len(release.releases(home)) == len(list((home / RELEASES).iterdir()))
        if code == 0 and len(release.releases(home)) > 2:
            shutil.rmtree(before.path)
    assert codes[0] == 2 and codes[-1] == 0
    (folder / "a.csv").write_text("番号,名称\n1,最後の館\n")
    assert run("publish", folder, "--home", home)[0] == 0
