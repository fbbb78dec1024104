"""A publish killed at any moment: what is served stays whole, the next publish cleans up."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store

from loader import release
from loader.build.durable import BUILDING, UNSERVED, discard
from loader.build.store_files import measure
from loader.release import MANIFEST, RELEASES, Release
from tests.loader.crash.publisher import CALLS

ROOT = Path(__file__).parents[3]
KILLS = 200
SEED = 20261121
NAMING = tuple(name for name in CALLS if name != "fsync")
KEPT = 3
"""How many releases are kept, so that a long test does not fill the disk."""


@dataclass
class Publisher:
    """A process that publishes into a home, and is killed while it does.

    Each order publishes something else, in turns with a store that grows and one built whole.
    """

    folder: Path
    home: Path
    process: subprocess.Popen[str]
    orders: int = 0
    answers: list[dict[str, Any]] = field(default_factory=list)

    def order(self, **how: Any) -> dict[str, Any]:
        """Publish something new and look at what is served then."""
        self.orders += 1
        before = release.current(self.home)
        rows = "".join(f"{number},見本館{number + self.orders}\n" for number in range(1, 20))
        (self.folder / "changing.csv").write_text("番号,名称\n" + rows)
        arguments = ["publish", str(self.folder), "--home", str(self.home), "--lang", "en"]
        order = {"arguments": arguments, "grow": self.orders % 2 == 0, **how}
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        self.answers.append(answer)
        self.look(before)
        return answer

    def look(self, before: Release | None) -> None:
        """See that what is served is whole, and that nothing half is among the releases."""
        served = release.current(self.home)
        assert served is not None or before is None
        if served is not None:
            require_whole(served)
        seen = sorted((self.home / RELEASES).glob("*"))
        for path in seen:
            assert (path / MANIFEST).is_file(), f"{path} is half a release"
            if served is None or path.name > served.id:
                require_whole(Release(path))
        for path in seen[:-KEPT]:
            if served is None or path.name != served.id:
                assert discard(self.home, Release(path))


def require_whole(found: Release) -> None:
    """See that a release has all that its manifest says, and as many quads."""
    assert list(release.verify(found)) == []
    assert measure(found.store) == found.store_files
    assert len(Store.read_only(str(found.store))) == found.manifest["quads"]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: who is killed loses nothing that was written."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


@pytest.fixture
def publisher(place: Path) -> Iterator[Publisher]:
    folder = place / "in"
    shutil.copytree(ROOT / "data" / "tsunagu-city" / "aed", folder / "aed")
    command = [sys.executable, "-m", "tests.loader.crash.publisher", str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        yield Publisher(folder, place / "home", process)
        assert process.stdin is not None
        process.stdin.close()


def require_clean(publisher: Publisher) -> None:
    """See that the next publish succeeds and leaves nothing of those before it."""
    assert publisher.order()["code"] == 0
    home = publisher.home
    left = {path.name for path in home.iterdir()}
    assert not left & {BUILDING, UNSERVED, f".{release.CURRENT}"}
    served = release.current(home)
    assert served is not None and served == release.releases(home)[-1]


def test_killed_at_random_moments(publisher: Publisher) -> None:
    chance = random.Random(SEED)
    whole = [publisher.order()["seconds"] for _ in range(4)]
    for _ in range(KILLS):
        publisher.order(seconds=chance.uniform(0, 1.1 * max(whole)))
    killed = [answer for answer in publisher.answers if answer["code"] == -signal.SIGKILL]
    assert len(killed) > KILLS / 4
    assert {answer["code"] for answer in publisher.answers} <= {0, -signal.SIGKILL}
    require_clean(publisher)


@pytest.mark.parametrize("grow", [False, True], ids=["whole", "grown"])
def test_killed_at_every_call(publisher: Publisher, grow: bool) -> None:
    how = {"grow": grow, "calls": CALLS if grow else NAMING}
    publisher.order(**how)
    calls = publisher.order(**how)["calls"]
    number = 1
    while (answer := publisher.order(call=number, **how))["code"] != 0:
        assert answer["code"] == -signal.SIGKILL
        assert answer["calls"] == number - 1
        number += 1
    assert number > calls / 2 > 20
    require_clean(publisher)


def test_killed_in_the_first_publish(publisher: Publisher) -> None:
    number = 1
    while publisher.order(call=number)["code"] != 0:
        served = release.current(publisher.home)
        if served is not None:
            shutil.rmtree(publisher.home)
        number += 7
    require_clean(publisher)
