"""What differs between releases is told, asked about before much of it disappears, and pruned."""

import json
import os
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from loader import release
from loader.config import Retention
from loader.history.patch import PATTERNS
from loader.hold import hold
from loader.release import Release
from loader.retention import pins, prune, to_prune
from tests.loader.conftest import Run

ID = "http://localhost:8000/id/x/"


def write(folder: Path, name: str, things: dict[str, str], more: str = "") -> None:
    lines = [
        f'<{ID}{local}> <http://www.w3.org/2000/01/rdf-schema#label> "{label}"@ja .'
        for local, label in things.items()
    ]
    (folder / f"{name}.ttl").write_text("\n".join([*lines, more]) + "\n", encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    path.mkdir()
    return path


@pytest.fixture
def two(run: Run, folder: Path, tmp_path: Path) -> list[Release]:
    """Two releases: things were added, removed and changed, one dataset removed, a link broken."""
    link = f"<{ID}9> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <{ID}2>, <{ID}2#part> ."
    write(folder, "a", {"1": "一", "2": "二", "3": "三"}, f"<{ID}2#part> <http://p> 1 .")
    write(folder, "b", {"9": "九"}, link)
    write(folder, "c", {"7": "七"})
    assert run("publish", folder)[0] == 0
    write(folder, "a", {"1": "一", "3": "参", "4": "四"})
    write(folder, "d", {"8": "八"})
    (folder / "c.ttl").unlink()
    assert run("publish", folder)[0] == 0
    assert run("remove", "c")[0] == 0
    found = release.releases(tmp_path / "home")
    return [found[0], found[-1]]


def test_as_json(run: Run, two: list[Release]) -> None:
    code, out, _ = run("diff", two[0].id, two[1].id, "--format", "json")
    content = json.loads(out)
    assert (code, content["from"], content["to"]) == (0, two[0].id, two[1].id)
    a, b, c, d = content["datasets"]
    assert (a["state"], a["added"], a["removed"], a["changed"]) == ("changed", 1, 1, 1)
    assert (a["things_before"], a["things_after"], a["moved"]) == (3, 3, 0)
    assert a["predicates"] == {"http://www.w3.org/2000/01/rdf-schema#label": 1}
    (changed,) = a["examples"]["changed"]
    assert changed["values"] == [
        {
            "part": "",
            "predicate": "http://www.w3.org/2000/01/rdf-schema#label",
            "old": ['"三"@ja'],
            "new": ['"参"@ja'],
        }
    ]
    (broken,) = a["broken"]
    assert broken["iri"] == f"{ID}2" and len(broken["links"]) == 2
    assert b == {"name": "b", "state": "same"}
    assert (c["state"], c["removed"], d["state"], d["added"]) == ("removed", 1, "added", 1)
    assert content["broken_things"] == 1


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_as_text_and_as_a_page(run: Run, two: list[Release], lang: str) -> None:
    code, text, _ = run("diff", two[0].id, lang=lang)
    assert code == 0
    for line in (f"− {ID}2 二", f"+ {ID}4 四", 'rdfs:label: "三"@ja → "参"@ja'):
        assert line in text
    assert ("gone, and still pointed at" in text) == (lang == "en")
    _, html, _ = run("diff", two[0].id, "--format", "html", lang=lang)
    parser = Headings()
    parser.feed(html)
    assert parser.found == ["h1", "h2", "h3", "h3", "h3", "h3", "h3", "h2", "h2", "h3", "h2", "h3"]
    assert f'<html lang="{lang}">' in html and "<script" not in html


class Headings(HTMLParser):
    """Collects the headings of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("h1", "h2", "h3"):
            self.found.append(tag)


def test_the_patch_makes_one_release_of_the_other(run: Run, two: list[Release]) -> None:
    code, out, _ = run("diff", two[0].id, two[1].id, "--format", "rdf-patch", "--exit-code")
    assert code == 1
    head, previous, begin, *lines, end = out.splitlines(keepends=True)
    assert head == f"H id <http://localhost:8000/release/{two[1].id}> .\n"
    assert previous == f"H prev <http://localhost:8000/release/{two[0].id}> .\n"
    assert (begin, end) == ("TX .\n", "TC .\n")
    quads = statements(two[0])
    for line in lines:
        change, quad = line[:2], line[2:]
        assert change in ("A ", "D ")
        if change == "A ":
            quads.add(quad)
        else:
            quads.remove(quad)
    assert quads == statements(two[1])


def statements(of: Release) -> set[str]:
    files = [path for pattern in PATTERNS for path in of.path.glob(pattern)]
    return {line for path in files for line in path.read_text("utf-8").splitlines(keepends=True)}


def test_which_releases_are_compared(run: Run, folder: Path, tmp_path: Path) -> None:
    assert run("diff")[0] == 2
    write(folder, "a", {"1": "一"})
    run("publish", folder)
    code, _, err = run("diff")
    assert code == 2 and "no release before" in err
    write(folder, "a", {"1": "一", "2": "二"})
    run("publish", folder)
    first, second = (found.id for found in release.releases(tmp_path / "home"))
    assert run("diff")[1] == run("diff", first)[1] == run("diff", first, second)[1]
    assert run("diff", first, first, "--exit-code")[0] == 0
    assert run("diff", "--exit-code")[0] == 1
    assert run("diff", "nonsense")[0] == 64
    out = run("diff", "--examples", "1")[1]
    assert out.count(ID) == 1


def test_many_examples_are_cut_short(run: Run, folder: Path) -> None:
    write(folder, "a", {"1": "一"})
    run("publish", folder)
    write(folder, "a", {str(number): "長" * 200 for number in range(20)})
    run("publish", folder)
    out = run("diff", "--examples", "3")[1]
    assert "+ 16 more" in out and "長" * 100 not in out
    html = run("diff", "--examples", "3", "--format", "html")[1]
    assert "16 more" in html


def test_a_publish_asks_before_much_disappears(run: Run, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    everything = {str(number): f"見本{number}" for number in range(20)}
    write(folder, "a", everything)
    run("publish", folder)
    first = release.current(home)
    write(folder, "a", {local: everything[local] for local in list(everything)[:10]})
    for lang, word in (("en", "Of the 20 things of the dataset a, 10 (50 %)"), ("ja", "50 %")):
        code, _, err = run("publish", folder, lang=lang)
        assert (code, release.current(home)) == (2, first)
        assert word in err and "--accept" in err
    assert len(release.releases(home)) == 1
    code, out, _ = run("publish", folder, "--format", "json")
    told = json.loads(out)
    assert (code, told["refused"]) == (2, ["a"])
    assert [dataset["status"] for dataset in told["datasets"]] == ["ready"]
    assert "ready, not published" in run("publish", folder, lang="en")[1]
    (home / "tsunagu.toml").write_text("[publish]\nmost_removed_percent = 50\n")
    assert run("publish", folder, "--dry-run")[0] == 0
    (home / "tsunagu.toml").write_text("[publish]\nmost_removed_percent = 49.5\n")
    assert run("publish", folder, "--dry-run")[0] == 2
    code, out, err = run("publish", folder, "--accept", "--format", "json")
    changes = json.loads(out)["changes"]
    assert (code, [entry["removed"] for entry in changes]) == (0, [10])
    assert "a: +0 −10 ~0 (20 things → 10)" in err
    write(folder, "a", {"1": everything["1"], **{f"n{number}": "新" for number in range(9)}})
    assert run("publish", folder)[0] == 2
    assert run("remove", "a")[0] == 0


def test_a_few_things_may_always_disappear(run: Run, folder: Path) -> None:
    write(folder, "a", {str(number): "見本" for number in range(5)})
    run("publish", folder)
    write(folder, "a", {"4": "見本"})
    assert run("publish", folder)[0] == 0


def test_a_row_that_moves_is_no_change(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "aed.csv"
    rows = [f"992011,{number},見本{number}\n" for number in range(1, 5)]
    header = "都道府県コード又は市区町村コード,NO,名称\n"
    table.write_text(header + "".join(rows), encoding="utf-8")
    run("publish", table)
    table.write_text(header + "".join(reversed(rows)), encoding="utf-8")
    _, _, err = run("publish", table)
    assert "aed: +0 −0 ~0 (4 others only come from another row of the source)" in err
    assert run("diff", "--exit-code")[0] == 1


def publish_times(run: Run, folder: Path, times: int) -> list[str]:
    for number in range(times):
        write(folder, "a", {"1": f"第{number}"})
        run("publish", folder)
    return [entry["id"] for entry in json.loads(run("releases", "--format", "json")[1])]


def test_releases_are_pinned_and_pruned(run: Run, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    known = publish_times(run, folder, 4)
    assert run("releases", "pin", known[0])[0] == 0
    assert run("releases", "pin", "nonsense")[0] == 2
    for wrong in (("pin",), ("prune", known[0]), ("prune",)):
        assert run("releases", *wrong)[0] == 64
    code, out, _ = run("releases", "prune", "--keep", "2", "--dry-run")
    assert code == 0 and known[1] in out and known[0] not in out
    assert len(release.releases(home)) == 4
    reading = hold(Release(home / "releases" / known[1]))
    try:
        _, out, _ = run("releases", "prune", "--keep", "2", "--format", "json")
        assert json.loads(out) == [{"id": known[1], "removed": False}]
        assert "being read" in run("releases", "prune", "--keep", "2")[1]
    finally:
        os.close(reading)
    assert release.pruned(home, known[1]) is None
    assert known[1] in run("releases", "prune", "--keep", "2")[1]
    assert [found.id for found in release.releases(home)] == [known[0], *known[2:]]
    note = release.pruned(home, known[1])
    assert note is not None and note["datasets"] == ["a"]
    assert release.pruned(home, "../pins") is None
    entries = json.loads(run("releases", "--format", "json")[1])
    assert [entry["pinned"] for entry in entries] == [True, False, False]
    assert all(entry["bytes"] >= entry["own_bytes"] > 0 for entry in entries)
    out = run("releases")[1]
    assert "pinned" in out and "served" in out
    assert run("releases", "unpin", known[0])[0] == 0
    assert pins(home) == set()
    assert "no release to remove" in run("releases", "prune", "--keep", "5")[2]


def test_a_publish_prunes_as_configured(run: Run, folder: Path, tmp_path: Path) -> None:
    known = publish_times(run, folder, 2)
    (tmp_path / "home" / "tsunagu.toml").write_text("[releases]\nkeep = 2\n")
    write(folder, "a", {"1": "新"})
    _, _, err = run("publish", folder)
    assert f"Removed the old release {known[0]}" in err
    assert run("rollback")[0] == 0
    assert run("releases", "prune", "--keep", "1")[0] == 0
    assert len(release.releases(tmp_path / "home")) == 2


def test_days_and_numbers_both_keep(run: Run, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    publish_times(run, folder, 3)
    known = release.releases(home)
    later = datetime.now(UTC) + timedelta(days=10)
    assert to_prune(home, Retention(), later) == []
    assert to_prune(home, Retention(days=11), later) == []
    assert to_prune(home, Retention(days=9), later) == known[:2]
    assert to_prune(home, Retention(keep=2, days=9), later) == known[:1]
    assert to_prune(tmp_path / "none", Retention(keep=1), later) == []
    assert [done for _, done in prune(home, known[:1], later)] == [True]


def test_rollback_sees_that_files_are_there(run: Run, folder: Path, tmp_path: Path) -> None:
    first = publish_times(run, folder, 2)[0]
    (tmp_path / "home" / "releases" / first / "dumps" / "a.nq").unlink()
    code, _, err = run("rollback")
    assert code == 2 and "dumps/a.nq" in err


def test_rollback_sees_that_the_store_is_there(run: Run, folder: Path, tmp_path: Path) -> None:
    first = publish_times(run, folder, 2)[0]
    store = tmp_path / "home" / "releases" / first / "store"
    path = next(path for path in store.iterdir() if path.name.startswith("MANIFEST"))
    path.write_bytes(path.read_bytes()[:-1])
    code, _, err = run("rollback")
    assert code == 2 and f"store/{path.name}" in err
