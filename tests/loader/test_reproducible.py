"""The same input gives the same bytes: elsewhere, in another time zone, by more processes."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph
import pytest
from pyld import jsonld

from loader import release
from loader.clock import now
from loader.errors import ConfigurationError
from loader.release import Release
from tests.loader.conftest import Run

ROOT = Path(__file__).parents[2]
_TAG = re.compile('(?<=")@[A-Za-z-]+(?= )')
NOON = "1795262400"
GRAPHS = {
    "parts.ttl": '<a> <http://example.jp/p> [ <urn:q> "\\u0007\\u007F\\uFFFE", [] ] .',
    "list.trig": "<http://example.jp/g> { <b> <http://example.jp/p> (1 1.50 _:x) }",
    "labels.nq": '_:b <http://example.jp/p> _:a .\n_:a <http://example.jp/p> "x"@ja-JP .\n',
    "nested.jsonld": '{"@id": "c", "http://example.jp/p": [{"http://example.jp/q": "1"}, {}]}',
}


DESCRIPTION = """{"@context": "http://www.w3.org/ns/csvw", "url": "described.csv",
    "tableSchema": {"columns": [{"titles": "番号"}, {"titles": "名称"}], "primaryKey": []}}"""


@dataclass(frozen=True)
class Place:
    """Where and under which circumstances a publish runs."""

    folder: str
    home: str
    environment: dict[str, str]
    umask: int = 0o022
    arguments: list[str] = field(default_factory=list)
    reverse: bool = False
    mtime: int = 1_600_000_000


HERE = Place("in", "home", {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"})
THERE = Place(
    "よそ の場所/よそ",
    "other",
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "77", "HOME": "/nowhere"},
    umask=0o077,
    arguments=["--jobs", "2", "--lang", "en"],
    reverse=True,
    mtime=1_000_000_000,
)


def lay_out(folder: Path, place: Place) -> list[Path]:
    """Write the same input, file by file in one order or the other."""
    folder.mkdir(parents=True)
    (folder / "big.csv").write_text(
        "番号,名称,数\n"
        + "".join(f"{n},{'見本の施設のたいへん長い名称' * 9} {n},{n * 7}\n" for n in range(12_000))
    )
    with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("parks.csv"), "番号,名称\n1,見本公園\n")
    (folder / "bridges").mkdir()
    (folder / "bridges" / "described.csv").write_text("番号,名称\n1,見本橋\n", encoding="utf-8")
    (folder / "bridges" / "described.csv-metadata.json").write_text(DESCRIPTION)
    writes = list(GRAPHS.items())
    for name, text in reversed(writes) if place.reverse else writes:
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "data" / "tsunagu-city", folder / "city")
    shutil.copytree(ROOT / "data" / "deposit", folder / "deposit")
    for path in folder.rglob("*"):
        os.utime(path, (place.mtime, place.mtime))
    return sorted(folder.iterdir(), reverse=place.reverse)


def publish(folder: Path, place: Place, epoch: str | None) -> Release:
    paths = lay_out(folder / place.folder, place)
    home = folder / place.home
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **place.environment}
    environment |= {"SOURCE_DATE_EPOCH": epoch} if epoch else {}
    done = subprocess.run(
        [sys.executable, "-m", "loader.cli", "publish", *paths, "--home", home, *place.arguments],
        cwd=folder / place.folder,
        env=environment,
        umask=place.umask,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    made = release.current(home)
    assert made is not None
    return made


def files(made: Release) -> dict[str, bytes]:
    """All files outside the store, whose files the engine names and fills as it likes.

    What the manifest says of those is left out, too.
    """
    found = {
        str(path.relative_to(made.path)): path.read_bytes()
        for path in sorted(made.path.rglob("*"))
        if path.is_file() and path.parent.name != "store"
    }
    manifest = json.loads(found["manifest.json"])
    assert manifest["store"].pop("files")
    return {**found, "manifest.json": json.dumps(manifest).encode()}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(tmp_path_factory.mktemp("here"), HERE, NOON)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(tmp_path_factory.mktemp("there"), THERE, NOON)


def test_every_file_is_the_same_with_a_stated_time(here: Release, there: Release) -> None:
    assert here.id == there.id
    assert here.manifest["created"] == "2026-11-21T12:00:00+00:00"
    assert files(here) == files(there)


def test_without_one_only_times_differ(here: Release, tmp_path: Path) -> None:
    mine, theirs = files(here), files(publish(tmp_path, THERE, None))
    assert mine.keys() == theirs.keys()
    changed = {name for name in mine if mine[name] != theirs[name]}
    assert changed == {"manifest.json", *(name for name in mine if name.startswith("about/"))}
    for name in changed - {"manifest.json"}:
        differ = set(mine[name].splitlines()) ^ set(theirs[name].splitlines())
        assert differ
        assert all(b"AtTime> " in line for line in differ)
    first, second = json.loads(mine["manifest.json"]), json.loads(theirs["manifest.json"])
    assert {key for key in first if first[key] != second[key]} == {"created", "files", "id"}


def test_dumps_are_what_rdfc_1_0_makes_of_them(here: Release) -> None:
    dumps = sorted((here.path / "dumps").glob("*.nq"))
    assert len(dumps) == 14
    for dump in dumps:
        graph = pyoxigraph.Dataset(pyoxigraph.parse(path=dump, format=pyoxigraph.RdfFormat.N_QUADS))
        graph.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        lines = dump.read_text(encoding="utf-8").splitlines(keepends=True)
        assert lines == sorted(lines)
        # The engine writes language tags in lower case (RDF 1.1 Concepts, 3.3).
        lowered = {_TAG.sub(lambda tag: tag.group().lower(), line) for line in lines}
        assert {f"{quad} .\n" for quad in graph} == lowered
        terms = {type(term) for quad in graph for term in (quad.subject, quad.object)}
        assert pyoxigraph.BlankNode not in terms


@pytest.mark.parametrize("name", ["nested", "labels", "list", "tsunagu-tourism"])
def test_dumps_are_canonical_to_another_implementation(here: Release, name: str) -> None:
    text = here.dump(name).read_text(encoding="utf-8")
    options = {"inputFormat": "application/n-quads", "format": "application/n-quads"}
    assert jsonld.normalize(text, {**options, "algorithm": "URDNA2015"}) == text


@pytest.mark.parametrize("stated", ["yesterday", "-1", "1.5", " 1", "999999999999"])
def test_a_time_that_is_none_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stated: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", stated)
    with pytest.raises(ConfigurationError) as raised:
        now()
    assert raised.value.code == "config.source-date-epoch"
    code, _, messages = run("publish", ROOT / "data" / "deposit")
    assert code == 2
    assert stated in messages
    assert not (tmp_path / "home").exists()
