"""A release is built aside, verified, switched to in one step, and nothing half is ever seen."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from loader import release
from loader.build import ReleaseBuilder, exclusive, new_identifier, switch
from loader.build.durable import BUILDING
from loader.errors import ReleaseError
from loader.release import Release

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
LINE = '<http://e/{0}> <http://e/p> "{0}" <http://e/graph/dataset/{0}> .\n'


def build(home: Path, *names: str, keep: Release | None = None) -> Release:
    with ReleaseBuilder(home) as builder:
        for name in names:
            spool = builder.spool(name)
            spool.add([LINE.format(name)])
            dump = builder.write_dump(name, spool)
            builder.write_about(name, [LINE.format(f"about-{name}")])
            builder.write_json("reports", name, {"dataset": name})
            builder.write_json("packages", name, {"name": name})
            source = home / "source.csv"
            source.write_text("a\n1\n")
            builder.copy_source(name, "source.csv", source)
            builder.datasets[name] = {"files": {"source.csv": {}}, "dump": dump.sha256}
        if keep:
            for name in keep.datasets:
                builder.keep(keep, name)
        builder.write_graph("catalog", [LINE.format("catalog")])
        builder.write_file("catalog.ttl", b"# catalog\n")
        quads = builder.fill()
        identifier = new_identifier(home, NOW, "0123456789abcdef")
        return builder.finish(identifier, {"quads": quads, "base_iri": "http://e/"})


def test_a_release_holds_what_was_written(tmp_path: Path) -> None:
    made = build(tmp_path, "a", "b")
    assert made.manifest["quads"] == 5
    assert made.dump("a").read_text() == LINE.format("a")
    assert made.report("b") == {"dataset": "b"}
    assert made.catalog("ttl").read_bytes() == b"# catalog\n"
    assert made.base_iri == "http://e/"
    assert made.store.is_dir()
    source = made.source("a", "source.csv")
    assert source is not None and source.read_text() == "a\n1\n"
    assert made.source("a", "../../manifest.json") is None
    assert made.source("unknown", "source.csv") is None
    assert list(release.verify(made)) == []
    assert not (tmp_path / BUILDING).exists()


def test_verify_names_what_is_damaged(tmp_path: Path) -> None:
    made = build(tmp_path, "a", "b")
    made.dump("a").write_text("x" * made.dump("a").stat().st_size)
    made.catalog("ttl").write_text("short")
    (made.path / "reports" / "b.json").unlink()
    assert sorted(release.verify(made)) == ["catalog.ttl", "dumps/a.nq", "reports/b.json"]


def test_switch_and_list(tmp_path: Path) -> None:
    assert release.current(tmp_path) is None
    assert release.releases(tmp_path) == []
    first = build(tmp_path, "a")
    switch(tmp_path, first)
    assert release.current(tmp_path) == first
    second = build(tmp_path, "b", keep=first)
    switch(tmp_path, second)
    assert release.current(tmp_path) == second
    assert release.releases(tmp_path) == [first, second]
    assert second.manifest["quads"] == 5
    assert second.dump("a").stat().st_ino == first.dump("a").stat().st_ino


def test_identifiers_sort_after_those_before_whatever_the_clock_says(tmp_path: Path) -> None:
    made = []
    for _ in range(3):
        one = build(tmp_path, "a")
        switch(tmp_path, one)
        made.append(one.id)
    assert made == sorted(made) and len(set(made)) == 3
    earlier = datetime(2020, 1, 1, tzinfo=UTC)
    assert new_identifier(tmp_path, earlier, "f" * 64) > made[-1]


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    made = build(tmp_path, "a")
    switch(tmp_path, made)
    with pytest.raises(RuntimeError), ReleaseBuilder(tmp_path) as builder:
        builder.write_file("catalog.ttl", b"")
        raise RuntimeError
    assert release.releases(tmp_path) == [made]
    assert not (tmp_path / BUILDING).exists()
    assert release.current(tmp_path) == made


def test_one_publish_at_a_time(tmp_path: Path) -> None:
    with exclusive(tmp_path), pytest.raises(ReleaseError) as caught, exclusive(tmp_path):
        pass
    assert caught.value.code == "release.busy"
    with exclusive(tmp_path):
        pass


def test_a_home_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReleaseError) as caught, exclusive(tmp_path / "file" / "home"):
        pass
    assert caught.value.code == "release.not-writable"


def test_unreadable_and_newer_releases_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "releases" / "x"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{")
    with pytest.raises(ReleaseError) as caught:
        _ = Release(folder).manifest
    assert caught.value.code == "release.unreadable"
    (folder / "manifest.json").write_text(json.dumps({"layout": 99}))
    with pytest.raises(ReleaseError) as caught:
        _ = Release(folder).manifest
    assert caught.value.code == "release.newer-layout"
    (tmp_path / "current").write_text("not a link")
    with pytest.raises(ReleaseError) as caught:
        release.current(tmp_path)
    assert caught.value.code == "release.unreadable"
