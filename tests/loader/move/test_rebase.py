"""A site moves to another base IRI: the same data, nothing lost, and what was known leads on."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from endpoint.app import create_app
from endpoint.settings import Settings
from endpoint.state import EXTENSION
from loader import release
from loader.links.ledger import read_ledger
from loader.move.bases import is_public, rebased
from loader.release import Release
from tests.loader.conftest import Run

CITY = Path(__file__).parents[3] / "data" / "tsunagu-city"
OLD, NEW, NEXT = "https://old.example.jp/", "https://data.example.jp/lod/", "https://x.example.jp/"
SAME = "<http://www.w3.org/2002/07/owl#sameAs>"


def current(home: Path) -> Release:
    found = release.current(home)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lists of a city, an RDF file with IRIs of the base, and a table that speaks of it."""
    folder = tmp_path_factory.mktemp("data") / "in"
    shutil.copytree(CITY / "aed", folder / "aed")
    shutil.copytree(CITY / "evacuation-space", folder / "evacuation-space")
    (folder / "own.csv").write_text(f"番号,説明\n1,「<{OLD}id/x>」と{OLD}\n")
    text = '<urn:a> <urn:p> <file.csv>, "<x>", "y"@en, [] .\n'
    (folder / "graph.ttl").write_text(text)
    return folder


@pytest.fixture
def home(run: Run, tmp_path: Path, data: Path) -> Path:
    code, _, err = run("publish", data, "--base-iri", OLD)
    assert code == 0, err
    return tmp_path / "home"


def test_it_is_what_publishing_under_the_new_base_gives(
    run: Run, home: Path, data: Path, tmp_path: Path
) -> None:
    before = current(home)
    code, _, err = run("rebase", NEW)
    assert code == 0, err
    assert f'base_iri = "{NEW}"' in err
    moved = current(home)
    assert (moved.base_iri, moved.earlier_bases) == (NEW, [OLD])
    assert run("publish", data, "--base-iri", NEW, "--home", tmp_path / "fresh")[0] == 0
    fresh = current(tmp_path / "fresh")
    for pattern in ("dumps/*", "catalog.*", "*.nq", "links/*", "packages/*", "reports/*"):
        for path in sorted(fresh.path.glob(pattern)):
            assert (moved.path / path.relative_to(fresh.path)).read_bytes() == path.read_bytes()
    for path in fresh.path.glob("about/*"):
        shown = [activity_free(one.path / "about" / path.name) for one in (moved, fresh)]
        assert shown[0] == shown[1]
    assert run("verify")[0] == 0
    assert run("rollback")[0] == 0
    assert current(home).id == before.id


def activity_free(path: Path) -> list[str]:
    """What a file says of a dataset but for times and the name of what made it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if "/activity/" not in line and "AtTime" not in line]


def test_every_thing_is_linked_to_what_it_was(run: Run, home: Path) -> None:
    assert run("rebase", NEW)[0] == 0
    lines = (current(home).path / "moved.nq").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(lines))
    graph = f"<{NEW}graph/moved>"
    path = "dataset/tsunagu-aed"
    assert f"<{NEW}{path}> {SAME} <{OLD}{path}> {graph} ." in lines
    pairs = [line.split(" ") for line in lines]
    assert all(
        now.removeprefix(f"<{NEW}") == then.removeprefix(f"<{OLD}") for now, _, then, *_ in pairs
    )
    aeds = [now for now, *_ in pairs if f"{NEW}id/aed/" in now]
    assert len(aeds) == 16
    assert current(home).manifest["graphs"]["moved"] == f"{NEW}graph/moved"


def test_later_publishes_and_moves_keep_what_was_said(run: Run, home: Path, data: Path) -> None:
    assert run("rebase", NEW)[0] == 0
    said = (current(home).path / "moved.nq").read_bytes()
    (home / "tsunagu.toml").write_text(f'base_iri = "{NEW}"')
    assert run("publish", CITY / "tourism")[0] == 0
    assert run("remove", "tsunagu-aed")[0] == 0
    assert (current(home).path / "moved.nq").read_bytes() == said
    assert current(home).earlier_bases == [OLD]
    (home / "tsunagu.toml").write_text(f'base_iri = "{NEXT}"')
    code, _, err = run("rebase")
    assert (code, "tsunagu.toml" in err) == (0, False)
    assert current(home).earlier_bases == [OLD, NEW]
    lines = (current(home).path / "moved.nq").read_text(encoding="utf-8").splitlines()
    then = {line.split(" ")[0]: set() for line in lines}  # type: ignore[var-annotated]
    for line in lines:
        then[line.split(" ")[0]].add(line.split(" ")[2])
    path = "dataset/tsunagu-evacuation-space>"
    assert then[f"<{NEXT}{path}"] == {f"<{OLD}{path}", f"<{NEW}{path}"}
    assert then[f"<{NEXT}dataset/tsunagu-tourism>"] == {f"<{NEW}dataset/tsunagu-tourism>"}
    assert then[f"<{NEXT}dataset/tsunagu-aed>"] == {f"<{OLD}dataset/tsunagu-aed>"}
    assert run("verify")[0] == 0


def test_going_back_to_an_earlier_base_links_nothing_to_itself(run: Run, home: Path) -> None:
    assert run("rebase", NEW)[0] == 0
    assert run("rebase", OLD)[0] == 0
    assert (current(home).base_iri, current(home).earlier_bases) == (OLD, [NEW])
    for line in (current(home).path / "moved.nq").read_text(encoding="utf-8").splitlines():
        now, _, then, *_ = line.split(" ")
        assert now != then and then.startswith(f"<{NEW}")


def test_a_publish_under_another_base_asks_for_a_move(run: Run, home: Path, data: Path) -> None:
    for folder in (data, CITY / "aed"):
        code, _, err = run("publish", folder, "--base-iri", NEW)
        assert (code, f"tsunagu rebase {NEW}" in err) == (2, True)
    assert current(home).base_iri == OLD


def test_addresses_of_this_machine_were_never_public(run: Run, tmp_path: Path) -> None:
    assert run("publish", CITY / "aed")[0] == 0
    assert run("rebase", NEW)[0] == 0
    moved = current(tmp_path / "home")
    assert (moved.earlier_bases, (moved.path / "moved.nq").exists()) == ([], False)


def test_what_was_tried_on_this_machine_is_published_anew(run: Run, tmp_path: Path) -> None:
    assert run("publish", CITY / "aed", CITY / "tourism")[0] == 0
    assert run("publish", CITY / "aed", "--base-iri", NEW)[0] == 2
    assert run("publish", CITY / "aed", CITY / "tourism", "--base-iri", NEW)[0] == 0
    made = current(tmp_path / "home")
    assert (made.base_iri, made.earlier_bases) == (NEW, [])


@pytest.mark.parametrize(
    ("base", "public"),
    [
        ("http://localhost:8000/", False),
        ("http://a.localhost/", False),
        ("http://127.0.0.1/", False),
        ("http://[::1]:80/", False),
        ("https://data.example.jp/", True),
        ("http://192.0.2.1/", True),
    ],
)
def test_what_is_public(base: str, public: bool) -> None:
    assert is_public(base) is public


@pytest.mark.parametrize(
    ("line", "moved"),
    [
        ("<a:o/s> <a:o/p> <a:o/o> <a:o/g> .\n", "<b:n/s> <b:n/p> <b:n/o> <b:n/g> .\n"),
        ('<a:o/s> <p> "<a:o/x>\\"<a:o/y>" <a:o/g> .', '<b:n/s> <p> "<a:o/x>\\"<a:o/y>" <b:n/g> .'),
        ('<s> <p> "1"^^<a:o/t> <g> .\n', '<s> <p> "1"^^<b:n/t> <g> .\n'),
        ('<s> <p> "<a:o/"@en <g> .\n', '<s> <p> "<a:o/"@en <g> .\n'),
        ("<a:other/s> <p> <x:a:o/> <g> .\n", "<a:other/s> <p> <x:a:o/> <g> .\n"),
    ],
)  # fmt: skip
def test_iris_move_and_literals_stay(line: str, moved: str) -> None:
    assert rebased(line, "a:o/", "b:n/") == moved


REFUSED: dict[str, Callable[[Run], tuple[int, str, str]]] = {
    "the same": lambda run: run("rebase", OLD),
    "no IRI": lambda run: run("rebase", "data.example.jp"),
    "nothing published": lambda run: run("rebase", NEW, "--home", "nowhere"),
}


@pytest.mark.parametrize("ask", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_moved_stays(
    run: Run,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    ask: Callable[[Run], tuple[int, str, str]],
) -> None:
    monkeypatch.chdir(home.parent)
    before = current(home).id
    assert ask(run)[0] == 2
    assert current(home).id == before


@pytest.mark.parametrize(
    ("iri", "base", "now"),
    [
        (f"{OLD}id/1", NEW, f"{NEW}id/1"),
        (f"{NEW}id/1", NEW, f"{NEW}id/1"),
        ("https://data.example.jp/id/1", NEW, f"{NEW}id/1"),
        (f"{NEW}id/1", "https://data.example.jp/", "https://data.example.jp/id/1"),
        ("https://elsewhere.example/id/1", NEW, "https://elsewhere.example/id/1"),
    ],
)
def test_decisions_on_links_move_along(tmp_path: Path, iri: str, base: str, now: str) -> None:
    other = "https://elsewhere.example/id/2"
    (tmp_path / "links.csv").write_text(f"decision,first,second\nrejected,{iri},{other}\n")
    [entry] = read_ledger(tmp_path, base, [OLD, NEW, "https://data.example.jp/"]).values()
    assert (entry.first, entry.second) == (now, other)


def test_what_is_gone_stays_known(run: Run, home: Path) -> None:
    (home / "tsunagu.toml").write_text(f'base_iri = "{OLD}"')
    assert run("remove", "tsunagu-aed")[0] == 0
    stones = current(home).path / "tombstones" / "tsunagu-aed.tsv"
    assert stones.stat().st_size
    assert run("rebase", NEW)[0] == 0
    moved = current(home)
    assert (moved.path / "tombstones" / stones.name).read_bytes() == stones.read_bytes()
    application = create_app(home, settings=Settings(page_seconds=20.0))
    client = application.test_client()
    [*_, path] = [line.split("\t")[0] for line in stones.read_text(encoding="utf-8").splitlines()]
    answers = [client.get(f"{base}{path.strip('<>')}") for base in (OLD, "/")]
    application.extensions[EXTENSION].workers.close()
    assert [answer.status_code for answer in answers] == [301, 410], path
