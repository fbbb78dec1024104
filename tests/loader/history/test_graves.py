"""Whatever was published is there or has a tombstone, whatever happens to datasets and releases."""

import json
import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from loader.history.graves import Graveyard, to_remember
from loader.release import Release
from loader.tombstones import find_tombstone, names, tombstone_file, tombstones

BASE = "http://x/"
NAMES = ("a", "b")

locals_ = st.sets(st.sampled_from(["1", "1-1", "10", "1A", "2", "é", "3#part"]), max_size=6)
states = st.fixed_dictionaries({}, optional={name: locals_ for name in NAMES})
"""What a release has: the local parts of the things of each dataset."""
steps = st.lists(st.tuples(states, st.integers(0, 3)), min_size=1, max_size=6)
"""What is published, and how many releases are rolled back afterwards."""


def publish(
    home: Path, state: dict[str, set[str]], number: int, current: Release | None
) -> Release:
    """Write a release as a publish does, without a store."""
    folder = home / "releases" / f"R{number}"
    known = [Release(home / "releases" / f"R{earlier}") for earlier in range(number)]
    for name in ("dumps", "about"):
        (folder / name).mkdir(parents=True)
    for name, things in state.items():
        text = "".join(
            sorted(
                f'<{BASE}id/{name}/{thing}> <http://p> "{thing}" <{BASE}g> .\n' for thing in things
            )
        )
        dump = folder / "dumps" / f"{name}.nq"
        dump.write_text(text, encoding="utf-8")
        if current and name in current.datasets and current.dump(name).read_text("utf-8") == text:
            dump.unlink()
            os.link(current.dump(name), dump)
    Graveyard(folder, BASE, f"T{number}", to_remember(current, known)).fill(state)
    manifest = {"layout": 1, "base_iri": BASE, "datasets": dict.fromkeys(state, {}), "files": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return Release(folder)


@settings(deadline=None)
@given(steps)
def test_nothing_disappears(sequence: list[tuple[dict[str, set[str]], int]]) -> None:
    seen: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        current: Release | None = None
        for number, (state, back) in enumerate(sequence):
            current = publish(Path(folder), state, number, current)
            alive = {
                f"id/{name}/{thing.partition('#')[0]}"
                for name, things in state.items()
                for thing in things
            }
            for path in alive:
                assert find_tombstone(current, [path]) is None, path
                seen[path] = current.id
            for path in seen.keys() - alive:
                stone = find_tombstone(current, [path])
                assert stone is not None and stone.release == seen[path], path
            for name in names(current):
                found = [stone.key for stone in tombstones(tombstone_file(current, name))]
                assert found == sorted(set(found))
            current = Release(Path(folder) / "releases" / f"R{max(number - back, 0)}")


def test_what_did_not_change_is_carried_over(tmp_path: Path) -> None:
    first = publish(tmp_path, {"a": {"1", "2"}, "b": {"1"}}, 0, None)
    second = publish(tmp_path, {"a": {"1"}, "b": {"1"}}, 1, first)
    third = publish(tmp_path, {"a": {"1"}, "b": set()}, 2, second)
    assert tombstone_file(second, "a").samefile(tombstone_file(third, "a"))
    assert names(second) == ["a"] and names(third) == ["a", "b"]


def test_a_release_without_tombstones_is_followed_by_one_that_knows_all_before(
    tmp_path: Path,
) -> None:
    first = publish(tmp_path, {"a": {"1", "2"}}, 0, None)
    second = publish(tmp_path, {"a": {"1"}}, 1, first)
    tombstone_file(second, "a").unlink()
    (second.path / "tombstones").rmdir()
    third = publish(tmp_path, {"a": {"1"}}, 2, second)
    stone = find_tombstone(third, ["id/a/2"])
    assert stone is not None and (stone.release, stone.gone) == ("R0", "T2")


def test_a_large_file_is_searched_by_bisection(tmp_path: Path) -> None:
    things = {str(number) for number in range(3_000)}
    first = publish(tmp_path, {"a": things}, 0, None)
    second = publish(tmp_path, {"a": {"7"}}, 1, first)
    for number in range(3_000):
        stone = find_tombstone(second, [f"id/a/{number}"])
        assert (stone is None) == (number == 7)
        assert stone is None or stone.path == f"id/a/{number}"
    assert find_tombstone(second, ["id/a/", "id/a/30000", "zzz", ""]) is None
