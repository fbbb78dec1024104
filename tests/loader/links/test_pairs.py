"""What a publish of some datasets finds is what a publish of all of them would."""

import random
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from loader.links import Links, blocks, find_pairs, pairs
from loader.links.pairs import FOLDER
from vocab.iris import IriPolicy
from vocab.lines import iri, line, literal
from vocab.namespaces import DCTERMS, IC, RDF, RDFS, SCHEMA, XSD

POLICY = IriPolicy("https://data.example.jp/")
NAMES = ["東小学校", "西小学校", "市民会館", "市民会館別館", "中央公園", "第一保育所", "体育館"]
TOWNS = ["仲町", "本町", "浜町"]


def dump(name: str, rows: Iterable[tuple[str, str, str]]) -> str:
    """The dump of a dataset of facilities: local name, name, address."""
    graph, lines = iri(POLICY.graph(name)), set()
    for local, label, address in rows:
        thing = POLICY.thing("facility", f"{name}-{local}")
        for subject, predicate, term in (
            (thing, RDF["type"], iri(IC["施設型"])),
            (thing, RDFS["label"], literal(label, "ja")),
            (thing, DCTERMS["spatial"], iri("http://data.e-stat.go.jp/lod/sac/C37201")),
            (thing, IC["住所"], iri(f"{thing}#address")),
            (f"{thing}#address", IC["表記"], literal(address)),
            (thing, SCHEMA["latitude"], literal("34.34", datatype=XSD["decimal"])),
            (thing, SCHEMA["longitude"], literal("134.05", datatype=XSD["decimal"])),
        ):
            lines.add(line(iri(subject), iri(predicate), term, graph))
    return "".join(sorted(lines))


def rows(seed: int) -> list[tuple[str, str, str]]:
    """Rows of a fictional list: the same names and towns again and again."""
    chance = random.Random(seed)
    return [
        (
            str(number),
            chance.choice(NAMES) + chance.choice(["", "", "（体育館）"]),
            f"高松市{chance.choice(TOWNS)}{chance.randint(1, 3)}-{chance.randint(1, 2)}",
        )
        for number in range(12)
    ]


def release(folder: Path, datasets: Mapping[str, int]) -> Path:
    """Write a release with a dump for each dataset, made from a seed."""
    (folder / "dumps").mkdir(parents=True)
    for name, seed in datasets.items():
        (folder / "dumps" / f"{name}.nq").write_text(dump(name, rows(seed)), encoding="utf-8")
    return folder


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((folder / FOLDER).iterdir())}


BEFORE = {"aed": 1, "facilities": 2, "shelters": 3, "toilets": 4}
AFTER = {
    "nothing changed": BEFORE,
    "one changed": {**BEFORE, "facilities": 20},
    "two changed": {**BEFORE, "aed": 10, "toilets": 40},
    "one new": {**BEFORE, "bikes": 5},
    "one gone": {name: seed for name, seed in BEFORE.items() if name != "shelters"},
    "one gone, one new, one changed": {"aed": 1, "facilities": 9, "toilets": 4, "zoo": 7},
}


@pytest.mark.parametrize("case", AFTER)
@pytest.mark.parametrize("at_once", [5, 40_000])
def test_going_on_from_a_release_finds_what_starting_anew_does(
    case: str, at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairs, "AT_ONCE", at_once)
    after = AFTER[case]
    earlier = release(tmp_path / "earlier", BEFORE)
    find_pairs(earlier, None, [], sorted(BEFORE))
    going_on = release(tmp_path / "going-on", after)
    unchanged = [name for name in after if BEFORE.get(name) == after[name]]
    find_pairs(going_on, earlier, unchanged, sorted(after))
    anew = release(tmp_path / "anew", after)
    find_pairs(anew, None, [], sorted(after))
    assert files(going_on) == files(anew)
    assert any(text for name, text in files(anew).items() if name.endswith(".pairs"))


def test_what_did_not_change_is_not_written_again(tmp_path: Path) -> None:
    earlier = release(tmp_path / "earlier", BEFORE)
    find_pairs(earlier, None, [], sorted(BEFORE))
    now = release(tmp_path / "now", BEFORE)
    find_pairs(now, earlier, BEFORE, sorted(BEFORE))
    for name in files(earlier):
        assert (now / FOLDER / name).samefile(earlier / FOLDER / name)


def test_things_are_read_when_there_is_something_to_compare_them_with(tmp_path: Path) -> None:
    alone = release(tmp_path / "alone", {"aed": 1})
    find_pairs(alone, None, [], ["aed"])
    outline = files(alone)["aed.things"]
    assert outline.count("\n") == 1
    both = release(tmp_path / "both", {"aed": 1, "facilities": 2})
    find_pairs(both, alone, ["aed"], ["aed", "facilities"])
    anew = release(tmp_path / "anew", {"aed": 1, "facilities": 2})
    find_pairs(anew, None, [], ["aed", "facilities"])
    assert files(both) == files(anew)
    assert files(both)["aed.pairs"]
    assert files(alone)["aed.things"] == outline
    again = release(tmp_path / "again", {"aed": 1})
    find_pairs(again, None, [], ["aed"], always=True)
    assert files(again)["aed.things"] == files(both)["aed.things"]


def test_files_of_another_version_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = release(tmp_path / "earlier", BEFORE)
    find_pairs(earlier, None, [], sorted(BEFORE))
    monkeypatch.setattr(blocks, "VERSION", blocks.VERSION + 1)
    now = release(tmp_path / "now", BEFORE)
    find_pairs(now, earlier, BEFORE, sorted(BEFORE))
    assert not (now / FOLDER / "aed.things").samefile(earlier / FOLDER / "aed.things")


def test_a_key_that_very_many_things_share_is_not_compared_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MOST", 3)
    folder = tmp_path / "release"
    (folder / "dumps").mkdir(parents=True)
    same = [(str(number), "皿池", "高松市仲町1-1") for number in range(5)]
    for name in ("one", "two"):
        (folder / "dumps" / f"{name}.nq").write_text(dump(name, same), encoding="utf-8")
    find_pairs(folder, None, [], ["one", "two"])
    assert files(folder)["one.pairs"] == ""


def test_things_with_equal_matches_are_only_proposed(tmp_path: Path) -> None:
    folder = tmp_path / "release"
    (folder / "dumps").mkdir(parents=True)
    lists = {
        "one": [("1", "東小学校", "高松市仲町1-1"), ("2", "西小学校", "高松市本町2-2")],
        "two": [
            ("1", "東小学校", "高松市仲町1-1"),
            ("2", "東小学校", "高松市仲町1-1"),
            ("3", "西小学校", "高松市本町2-2"),
        ],
    }
    for name, facilities in lists.items():
        (folder / "dumps" / f"{name}.nq").write_text(dump(name, facilities), encoding="utf-8")
    find_pairs(folder, None, [], ["one", "two"])
    links = Links(folder, POLICY, {"one": "2024-01-01", "two": ""})
    lines = list(links.lines({}, 0.95))
    assert lines == [
        "<https://data.example.jp/id/facility/one-2> <http://schema.org/sameAs>"
        " <https://data.example.jp/id/facility/two-3>"
        " <https://data.example.jp/graph/links/one/two/name-address> .\n",
        "<http://data.e-stat.go.jp/lod/sac/C37201> <http://purl.org/dc/terms/hasVersion>"
        " <http://data.e-stat.go.jp/lod/sac/C37201-20060110>"
        " <https://data.example.jp/graph/links/one/municipality> .\n",
    ]
    assert links.statuses == {"published": 1, "proposed": 2}
