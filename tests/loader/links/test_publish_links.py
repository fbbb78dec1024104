"""Publishing, deciding and publishing again, as a clerk would; and two real cities."""

import csv
import io
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from loader import release
from loader.cli.main import main

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
AED = "都道府県コード又は市区町村コード,NO,名称,住所,緯度,経度,設置位置\n"
PLACE = "都道府県コード又は市区町村コード,NO,名称,住所,緯度,経度\n"
SHELTER = PLACE.replace("経度", "経度,災害種別_洪水,災害種別_地震")
ROWS = {
    "aed": AED
    + "992011,1,つなぐ市民会館,つなぐ市仲町1-1,34.3000,134.0000,玄関\n"
    + "992011,2,つなぐ市民会館,つなぐ市仲町1-1,34.3000,134.0000,２階\n"
    + "992011,3,東小学校体育館,つなぐ市本町2-2,34.3100,134.0000,入口\n"
    + "992011,4,市立西小学校,つなぐ市浜町3,134.0200,34.3200,\n",
    "shelter": SHELTER
    + "992011,1,東小学校,つなぐ市本町2-2,34.3101,134.0001,1,1\n"
    + "992011,2,西小学校（旧 西分校）,つなぐ市浜町3-1,34.3200,134.0200,1,1\n"
    + "992011,3,市民会館別館,つなぐ市仲町1-1,,,1,1\n",
    "other": SHELTER.replace("都道府県コード又は", "")
    + "992011,11,西小学校,つなぐ市沖町9,34.3250,134.0200,1,1\n",
}


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A folder of the lists of a fictional city."""
    for name, rows in ROWS.items():
        folder = tmp_path / "city" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
        resource = {"name": name, "path": f"{name}.csv"}
        descriptor = {"name": name, "modified": "2026-04-01", "resources": [resource]}
        descriptor["license"] = "CC-BY-4.0"
        (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return tmp_path / "city"


@pytest.fixture
def home(city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    home = tmp_path / "home"
    publish(city, home)
    capsys.readouterr()
    return home


def publish(city: Path, home: Path) -> None:
    assert main(["publish", str(city), "--home", str(home), "--allow", "violation"]) in (0, 1)


def listed(home: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list:
    capsys.readouterr()
    assert main(["links", "--home", str(home), "--format", "json", *options]) == 0
    found: list = json.loads(capsys.readouterr().out)
    return found


def told(found: list) -> set[tuple[str, ...]]:
    return {
        (entry["status"], entry["rule"], entry["first_name"], entry["second_name"])
        for entry in found
    }


def statements(home: Path) -> set[tuple[str, str, str]]:
    current = release.current(home)
    assert current is not None
    lines = (current.path / "links.nq").read_text(encoding="utf-8").splitlines()
    terms = (line.split(" ")[:3] for line in lines)
    return {tuple(term.rpartition("/")[2].strip("<>") for term in three) for three in terms}  # type: ignore[misc]


def test_links_are_found_listed_and_in_the_release(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(listed(home, capsys)) == {
        ("published", "part-address", "東小学校体育館", "東小学校"),
        ("published", "name-block", "市立西小学校", "西小学校（旧 西分校）"),
        ("proposed", "name-far", "市立西小学校", "西小学校"),
        ("proposed", "name-far", "西小学校", "西小学校（旧 西分校）"),
    }
    assert statements(home) == {
        ("992011-3", "containedInPlace", "992011-1"),
        ("992011-4", "containedInPlace", "992011-2"),
    }


def test_the_manifest_counts_links_and_the_catalogue_describes_their_sets(home: Path) -> None:
    current = release.current(home)
    assert current is not None
    links = current.manifest["links"]
    assert (links["published"], links["proposed"], links["threshold"]) == (2, 2, 0.95)
    assert links["datasets"]["aed"] == {"datasets": 2}
    assert {"links.nq", "links/aed.things", "links/aed.pairs"} <= current.manifest["files"].keys()
    catalog = (current.path / "catalog.nq").read_text(encoding="utf-8")
    graph = "<http://localhost:8000/graph/links/aed/shelter/part-address>"
    assert f"{graph} <http://rdfs.org/ns/void#triples> " in catalog
    assert f"{graph} <http://rdfs.org/ns/void#objectsTarget> " in catalog


def test_what_is_decided_counts_from_the_next_publish_on(
    city: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = {(e["first_name"], e["rule"]): e["id"] for e in listed(home, capsys)}
    accepted = ids["西小学校", "name-far"]
    assert main(["links", "accept", accepted, "--home", str(home), "--note", "見た"]) == 0
    rejected = ids["東小学校体育館", "part-address"]
    assert main(["links", "reject", rejected, "--home", str(home)]) == 0
    assert ("992011-3", "containedInPlace", "992011-1") in statements(home)
    publish(city, home)
    assert statements(home) == {
        ("992011-4", "containedInPlace", "992011-2"),
        ("992011-11", "sameAs", "992011-2"),
    }
    publish(city, home)
    assert ("rejected", "part-address", "東小学校体育館", "東小学校") in told(listed(home, capsys))
    assert told(listed(home, capsys, "--status", "rejected")) == {
        ("rejected", "part-address", "東小学校体育館", "東小学校")
    }


def test_an_accepted_pair_stays_though_no_rule_finds_it_and_goes_with_its_things(
    city: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = "decision,first,second,relation\naccepted,{0}aed/992011-1,{0}shelter/992011-3,{1}\n"
    things = "http://localhost:8000/id/"
    (home / "links.csv").write_text(ledger.format(things, "second-in-first"), encoding="utf-8")
    publish(city, home)
    assert ("992011-3", "containedInPlace", "992011-1") in statements(home)
    assert ("published", "accepted", "つなぐ市民会館", "市民会館別館") in told(listed(home, capsys))
    assert main(["remove", "aed", "--home", str(home)]) == 0
    assert not any(one == "992011-1" for one, _, _ in statements(home))


def test_the_list_can_be_edited_and_become_the_ledger(
    city: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["links", "--home", str(home), "--format", "csv", "--status", "proposed"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out.removeprefix("\ufeff"))))
    rows[1][0] = "不採用"
    with (home / "links.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    publish(city, home)
    current = release.current(home)
    assert current is not None
    assert len(listed(home, capsys, "--status", "rejected")) == 1
    assert len(listed(home, capsys, "--status", "proposed")) == 1


def test_a_threshold_of_the_home_counts(city: Path, home: Path) -> None:
    (home / "tsunagu.toml").write_text("[links]\nthreshold = 0.7\n", encoding="utf-8")
    publish(city, home)
    assert ("992011-11", "sameAs", "992011-2") in statements(home)


@pytest.mark.parametrize("value", ["true", "1.5", '"high"', "-0.1"])
def test_a_threshold_that_is_none_is_refused(
    home: Path, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "tsunagu.toml").write_text(f"[links]\nthreshold = {value}\n", encoding="utf-8")
    assert main(["links", "--home", str(home), "--lang", "en"]) == 2
    assert "links.threshold" in capsys.readouterr().err


def test_a_broken_ledger_stops_the_publish_and_is_told(
    city: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = release.current(home)
    (home / "links.csv").write_text("x\n", encoding="utf-8")
    assert main(["publish", str(city), "--home", str(home), "--lang", "en"]) == 2
    assert "links.csv" in capsys.readouterr().err
    assert release.current(home) == before


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("form", ["text", "html"])
def test_people_are_told_in_their_language(
    home: Path, form: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["links", "--home", str(home), "--format", form, "--lang", language]) == 0
    out = capsys.readouterr().out
    assert "東小学校" in out or form == "text"
    assert "西小学校（旧 西分校）" in out
    assert {"ja": "候補", "en": "proposed"}[language] in out
    assert "links." not in out.replace("links.csv", "")


def test_a_page_shows_names_as_they_are_and_never_as_html(
    city: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = city / "aed" / "aed.csv"
    path.write_text(ROWS["aed"].replace("市立西小学校", "=<b>西小学校</b>"), encoding="utf-8")
    other = ROWS["shelter"].replace("西小学校（旧 西分校）", "=<b>西小学校</b>")
    (city / "shelter" / "shelter.csv").write_text(other, encoding="utf-8")
    publish(city, home)
    capsys.readouterr()
    assert main(["links", "--home", str(home), "--format", "html"]) == 0
    page = capsys.readouterr().out
    assert "&lt;b&gt;西小学校" in page
    assert "<b>" not in page
    assert main(["links", "--home", str(home), "--format", "csv"]) == 0
    assert ",'=<b>西小学校</b>," in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["accept"], 64, "which links"),
        (["accept", "00000000"], 2, "00000000"),
        (["list", "00000000"], 64, "what to do"),
        (["keep", "00000000"], 64, "keep"),
    ],
)
def test_what_cannot_be_done_is_said(
    home: Path, arguments: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["links", *arguments, "--home", str(home), "--lang", "en"]) == code
    assert says in capsys.readouterr().err
    assert not (home / "links.csv").exists()


def test_a_home_without_a_release_or_with_one_of_before_is_told(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["links", "--home", str(tmp_path / "none"), "--lang", "en"]) == 2
    current = release.current(home)
    assert current is not None
    manifest = {**current.manifest}
    del manifest["links"]
    (current.path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    capsys.readouterr()
    assert main(["links", "--home", str(home), "--lang", "en"]) == 2
    assert "no record of links" in capsys.readouterr().err


def test_a_release_of_before_is_linked_with_the_next_publish(city: Path, home: Path) -> None:
    current = release.current(home)
    assert current is not None
    expected = statements(home)
    shutil.rmtree(current.path / "links")
    (current.path / "links.nq").unlink()
    publish(city, home)
    assert release.current(home) != current
    assert statements(home) == expected


TAKAMATSU = ("aed_location", "evacuation_space", "nursery_school", "public_toilet")
SAPPORO = ("011002publicfacility", "011002hospital")
FOUND = {
    "takamatsu_372013": (TAKAMATSU, {"name-address": 186, "name-apart": 2, "name-block": 3}),
    "sapporo_011002": (SAPPORO, {"name-block": 9, "name-address": 1}),
}
"""Lists of a city, and how many links at least each rule finds (docs/links.md)."""


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the real files of ../shared/data")
@pytest.mark.parametrize("city", FOUND)
def test_real_lists_of_two_cities(
    city: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names, least = FOUND[city]
    paths = [str(SHARED / "02_municipal" / city / f"{name}.csv") for name in names]
    home = tmp_path / "home"
    assert main(["publish", *paths, "--home", str(home), "--allow", "violation"]) in (0, 1)
    counted = Counter(entry["rule"] for entry in listed(home, capsys, "--status", "published"))
    assert all(counted[rule] >= number for rule, number in least.items())
    assert sum(counted.values()) <= 1.1 * sum(least.values())
