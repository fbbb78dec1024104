"""A store that grows from an earlier one holds, quad for quad, what one built whole would."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from loader.build import ReleaseBuilder, growth, new_identifier, store_files, switch
from loader.build.difference import compare, differing, files_of
from loader.build.growth import base_of, grow
from loader.errors import ReleaseError
from loader.release import Release, current, sha256

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
XSD = "http://www.w3.org/2001/XMLSchema#"
VALUES = (
    *(f'"{text}"^^<{XSD}decimal>' for text in ("1", "1.0", "1.00", "01.5", "1.5")),
    *(f'"{text}"^^<{XSD}nonNegativeInteger>' for text in ("7", "07")),
    f'"7"^^<{XSD}integer>',
    f'"2026-11-21T04:00:00Z"^^<{XSD}dateTime>',
    f'"2026-11-21T04:00:00.0Z"^^<{XSD}dateTime>',
    '"text"',
    '"text"@ja',
    "<http://e/id/1>",
)
Lines = dict[str, set[str]]


def lines(chance: random.Random, graph: str, count: int) -> set[str]:
    """Lines of few things, so that the same quad is often written in several ways."""
    return {
        f"<http://e/id/{chance.randrange(6)}> <http://e/p{chance.randrange(3)}> "
        f"{chance.choice(VALUES)} <http://e/graph/{graph}> .\n"
        for _ in range(count)
    }


def publish(home: Path, dumps: Lines, about: Lines, changed: Iterable[str]) -> Release:
    """Make a release and serve it: what did not change is carried over."""
    served = current(home)
    with ReleaseBuilder(home) as builder:
        if served:
            builder.build_on(served, changed_bytes=0)
        for name in dumps:
            if served and name not in changed:
                builder.keep(served, name)
                continue
            spool = builder.spool(name)
            spool.add(sorted(dumps[name]))
            builder.write_dump(name, spool)
            builder.write_about(name, sorted(about[name]))
            builder.write_json("reports", name, {})
            builder.write_json("packages", name, {})
            source = home / "source"
            source.write_text("".join(sorted(dumps[name])))
            builder.copy_source(name, "source", source)
            builder.datasets[name] = {"files": {"source": {"bytes": 1}}}
        builder.write_graph("catalog", sorted(set().union(*about.values())))
        quads = builder.fill()
        identifier = new_identifier(home, NOW, "0123456789abcdef")
        release = builder.finish(identifier, {"quads": quads, "base_iri": "http://e/"})
    switch(home, release)
    return release


def quads_of(*files: Path) -> set[str]:
    """The quads of files as a store has them."""
    store = Store()
    for file in files:
        store.extend(parse(path=file, format=RdfFormat.N_QUADS))
    return set(map(str, store))


@pytest.mark.parametrize("seed", range(4))
def test_random_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(growth, "MOST_CHANGED", 5.0)
    chance = random.Random(seed)
    dumps: Lines = {name: lines(chance, f"dataset/{name}", 40) for name in "abc"}
    about: Lines = {name: lines(chance, "provenance", 9) for name in "abc"}
    publish(tmp_path, dumps, about, "abc")
    for _ in range(5):
        changed = set(chance.sample("abcde", chance.randrange(1, 4)))
        for name in changed:
            if name in dumps and chance.random() < 0.3 and len(dumps) > 1:
                del dumps[name], about[name]
            else:
                kept = [line for line in sorted(dumps.get(name, ())) if chance.random() < 0.7]
                dumps[name] = {*kept, *lines(chance, f"dataset/{name}", chance.randrange(1, 9))}
                about[name] = lines(chance, "provenance", 9) | lines(chance, "report", 3)
        release = publish(tmp_path, dumps, about, changed)
        assert release.manifest["store"]["layers"] == 1
        found = set(map(str, Store.read_only(str(release.store))))
        assert found == quads_of(*files_of(release.path))
        assert release.manifest["quads"] == len(found)
        for name in dumps:
            assert release.dump(name).read_text() == "".join(sorted(dumps[name]))


def test_the_same_lines_are_found_whatever_the_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(1)
    old, new = tmp_path / "old", tmp_path / "new"
    for block in (1, 50, 1000, 1 << 18):
        monkeypatch.setattr("loader.build.difference._BLOCK", block)
        one, other = ({f"{chance.randrange(400)}\n" for _ in range(300)} for _ in "ab")
        old.write_text("".join(sorted(one)))
        new.write_text("".join(sorted(other)))
        pieces = list(differing(old, new))
        assert {line.decode() for gone, _ in pieces for line in gone} == one - other
        assert {line.decode() for _, come in pieces for line in come} == other - one
        assert list(differing(old, old)) == []
        missing = tmp_path / "missing"
        assert {line.decode() for _, come in differing(missing, new) for line in come} == other


@pytest.fixture
def first(tmp_path: Path) -> Release:
    chance = random.Random(2)
    names = ["a", "b"]
    dumps = {name: lines(chance, f"dataset/{name}", 60) for name in names}
    return publish(tmp_path, dumps, {name: lines(chance, "about", 5) for name in names}, names)


def again(home: Path, changed: int) -> Release:
    """Publish with so many other lines in the dataset ``a``."""
    served = current(home)
    assert served is not None
    texts = {name: served.dump(name).read_text().splitlines(keepends=True) for name in "ab"}
    texts["a"] = texts["a"][changed:]
    about = {
        name: set((served.path / "about" / f"{name}.nq").read_text().splitlines(keepends=True))
        for name in "ab"
    }
    return publish(home, {name: set(text) for name, text in texts.items()}, about, ["a"])


def said(release: Release) -> dict[str, object]:
    """What the manifest says of how the store was built."""
    return {key: value for key, value in release.manifest["store"].items() if key != "files"}


def test_a_store_is_built_whole_where_much_changes(tmp_path: Path, first: Release) -> None:
    assert said(first) == {"engine": growth.ENGINE, "layers": 0}
    second = again(tmp_path, 2)
    assert said(second) == {"engine": growth.ENGINE, "base": first.id, "layers": 1}
    assert again(tmp_path, 30).manifest["store"]["layers"] == 0


def test_what_is_shared_is_not_read_again(
    tmp_path: Path, first: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def remember(path: Path) -> str:
        read.append(path)
        return sha256(path)

    monkeypatch.setattr(store_files, "sha256", remember)
    second = again(tmp_path, 2)
    shared = second.store_files.keys() - {path.name for path in read}
    assert {name for name in shared if name.endswith(".sst")}
    assert all((first.store / name).samefile(second.store / name) for name in shared)
    monkeypatch.undo()
    assert second.store_files == store_files.measure(second.store)


def test_layers_are_few(tmp_path: Path, first: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "MOST_CHANGED", 5.0)
    made = [first]
    layers = []
    for _ in range(6):
        made.append(again(tmp_path, 1))
        layers.append(made[-1].manifest["store"]["layers"])
        for path in sorted(made[-2].path.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        made[-2].path.rmdir()
    assert layers == [1, 2, 3, 4, 0, 1]


def test_a_store_of_another_engine_is_not_grown_from(tmp_path: Path, first: Release) -> None:
    assert base_of(first, 0) is not None
    first.manifest["store"] = {"engine": "pyoxigraph 0.1", "layers": 0}
    assert base_of(first, 0) is None
    del first.manifest["store"]
    assert base_of(first, 0) is None


def test_a_store_that_holds_more_than_its_dumps_is_built_whole(
    tmp_path: Path, first: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "MOST_CHANGED", 5.0)
    graph = "<http://e/graph/dataset/a>"
    store = Store(str(first.store))
    others = " ".join(f"<a:b> <a:c> <a:{number}> ." for number in range(100))
    store.update(f"INSERT DATA {{ GRAPH {graph} {{ {others} }} }}")
    store.flush()
    del store
    second = again(tmp_path, 1)
    assert second.manifest["store"]["layers"] == 0
    found = set(map(str, Store.read_only(str(second.store))))
    assert found == quads_of(*files_of(second.path))


def test_a_quad_that_does_not_arrive_stops_the_publish(
    tmp_path: Path, first: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "new"
    (new / "about").mkdir(parents=True)
    (new / "about" / "c.nq").write_text("<a:b> <a:c> <a:d> <http://e/graph/about> .\n")
    base = base_of(first, 0)
    found = compare(first.path, new, tmp_path / "aside", 1000)
    assert base is not None and found is not None
    monkeypatch.setattr(growth, "pieces", lambda dump: iter(()))
    with pytest.raises(ReleaseError) as caught:
        grow(base, tmp_path / "store", found)
    assert caught.value.code == "release.incomplete"
