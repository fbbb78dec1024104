"""After a power cut only what was synced is there: the whole release, before it is served.

A file has its content if it was synced after it was written last; its name, and what is in a
directory, if the directory was synced after it changed last (fsync(2)).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from loader import release
from loader.build import growth
from loader.release import CURRENT, RELEASES
from tests.loader.conftest import Run

State = tuple[Any, ...]


def state_of(path: Path) -> State:
    """What has to be the same when it was synced: the content, or the names in a directory."""
    if path.is_dir():
        names = {name: os.lstat(path / name).st_ino for name in os.listdir(path)}
        return ("directory", *sorted(names.items()))
    return ("file", path.read_bytes())


@dataclass
class Disk:
    """What is surely on the disk: the state of each file and directory when it was last synced."""

    home: Path
    synced: dict[int, State] = field(default_factory=dict)
    missing: list[list[str]] = field(default_factory=list)
    """What was not on the disk at each switch."""
    open_ends: bool = False
    """Whether something of the home was renamed since it was synced."""

    def record(self, monkeypatch: pytest.MonkeyPatch) -> None:
        fsync, replace = os.fsync, os.replace

        def synced(descriptor: int) -> None:
            fsync(descriptor)
            path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
            self.synced[path.stat().st_ino] = state_of(path)
            if path == self.home:
                self.open_ends = False

        def replaced(source: Path, target: Path) -> None:
            if Path(target) == self.home / CURRENT:
                named = self.home / RELEASES / Path(os.readlink(source)).name
                self.missing.append([str(path) for path in self.not_synced(named)])
                self.open_ends = True
            replace(source, target)

        monkeypatch.setattr(os, "fsync", synced)
        monkeypatch.setattr(os, "replace", replaced)

    def not_synced(self, named: Path) -> list[Path]:
        """What a release depends on and is not on the disk as it is."""
        places = [named, *named.rglob("*"), named.parent]
        lost = [path for path in places if self.synced.get(path.stat().st_ino) != state_of(path)]
        in_home = dict(self.synced.get(self.home.stat().st_ino, ())[1:])
        if in_home.get(RELEASES) != named.parent.stat().st_ino:
            lost.append(self.home)
        return lost


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    found = Disk(tmp_path / "home")
    found.record(monkeypatch)
    return found


def write(folder: Path, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.csv").write_text(f"番号,名称\n1,{name}\n2,{name}館\n")


def test_all_is_on_the_disk_before_it_is_served(
    run: Run, tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "MOST_CHANGED", 100.0)
    folder = tmp_path / "in"
    write(folder, "a", "b")
    assert run("keys", "new")[0] == 0
    for names in ((), ("c",), ("d", "e")):
        write(folder, *names)
        assert run("publish", folder)[0] == 0
        assert not disk.open_ends
    assert run("remove", "d")[0] == 0
    assert run("rollback")[0] == 0
    assert disk.missing == [[]] * 5
    served = release.current(tmp_path / "home")
    assert served is not None and served.manifest["store"]["layers"] == 1


def skip_files(path: Path) -> bool:
    return path.is_dir()


def skip_directories(path: Path) -> bool:
    return path.is_file()


@pytest.mark.parametrize("synced", [skip_files, skip_directories])
def test_what_is_not_synced_is_found(
    run: Run,
    tmp_path: Path,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
    synced: Callable[[Path], bool],
) -> None:
    fsync = os.fsync

    def forgetful(descriptor: int) -> None:
        if synced(Path(os.readlink(f"/proc/self/fd/{descriptor}"))):
            fsync(descriptor)

    monkeypatch.setattr(os, "fsync", forgetful)
    write(tmp_path / "in", "a")
    assert run("publish", tmp_path / "in")[0] == 0
    assert len(disk.missing[0]) > 5
