"""``tsunagu mapping``: proposals run and lose nothing, trials and explanations tell the truth."""

import json
from pathlib import Path
from typing import Any

import pytest

from loader.cli.main import main
from loader.mapping.registry import standards
from loader.mapping.yarrrml import read_yarrrml

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"
CASES = sorted((ROOT / "tests" / "cases" / "proposals").glob("*.csv"))
WRITTEN = [table for table in CASES if table.with_suffix(".yaml").exists()]
"""Those that are no standard dataset, whose mapping may be changed."""

REAL = [
    *sorted((DATA / "01_codes").glob("*.csv")),
    *sorted((DATA / "02_municipal").glob("[!_]*/*.csv")),
    *sorted((DATA / "02_municipal").glob("*.*")),
    *sorted((DATA / "02_municipal").rglob("*.xlsx")),
    *sorted((DATA / "03_statistics").rglob("*.csv")),
    *sorted((DATA / "04_bibliographic").glob("*.[ct]sv")),
    *sorted((DATA / "05_geo").glob("*37*.geojson")),
    *sorted((DATA / "06_catalogue").glob("*.csv")),
    *sorted((DATA / "07_large").glob("*_2*.csv*")),
    *sorted((DATA / "09_gtfs_donan").glob("*.txt")),
]
NO_TABLES = {"kitakyushu-shi_test-cases.csv", "mhlw_severe-cases.csv"}
"""Files that hold a web page."""

LOST_LETTERS = {"population_202305_mojibake.csv"}

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSUNAGU_HOME", str(tmp_path / "home"))


def proposed(table: Path, folder: Path, *options: str) -> Path:
    """Let a mapping be proposed."""
    mapping = folder / "mapping.yaml"
    assert main(["mapping", "init", str(table), "-o", str(mapping), *options]) == 0
    return mapping


def answer(capsys: Capture, *arguments: str) -> tuple[int, Any]:
    """Run a command with ``--format json``; return its exit code and what it printed."""
    capsys.readouterr()
    code = main([*arguments, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("table", WRITTEN, ids=lambda path: path.stem)
def test_a_proposal(table: Path, tmp_path: Path) -> None:
    text = proposed(table, tmp_path, "--lang", "en").read_text(encoding="utf-8")
    modeline, _, rest = text.partition("\n")
    assert modeline.endswith("/loader/mapping/yarrrml.schema.json")
    again = f"tsunagu mapping init {table.name} -o - --lang en | tail -n +2 > {table.stem}.yaml"
    expected = table.with_suffix(".yaml").read_text(encoding="utf-8")
    assert rest == expected, f"if the standards' mappings have changed: {again}"


@pytest.mark.parametrize("table", CASES, ids=lambda path: path.stem)
def test_a_proposal_loses_no_cell(table: Path, tmp_path: Path, capsys: Capture) -> None:
    mapping = proposed(table, tmp_path, "--lang", "ja")
    code, told = answer(
        capsys, "mapping", "test", str(table), "--mapping", str(mapping), "--rows", "100"
    )
    assert (code, [found["unused_columns"] for found in told["tables"]]) == (0, [[]])
    lost = [found["code"] for found in told["findings"] if found["severity"] == "warning"]
    assert [code for code in lost if not code.startswith("table.")] == []


@pytest.mark.parametrize("table", REAL, ids=lambda path: path.name)
def test_proposals_for_real_tables_run_and_name_every_column(
    table: Path, tmp_path: Path, capsys: Capture
) -> None:
    if table.name in NO_TABLES:
        assert main(["mapping", "init", str(table), "-o", str(tmp_path / "x.yaml")]) == 2
        return
    mapping = proposed(table, tmp_path)
    code, told = answer(capsys, "mapping", "test", str(table), "--mapping", str(mapping))
    assert code == (1 if table.name in LOST_LETTERS else 0)
    assert [found["unused_columns"] for found in told["tables"]] == [[]]
    assert all(row["triples"] for found in told["tables"] for row in found["rows"])


def test_real_tables_are_there_or_not() -> None:
    if not DATA.is_dir():
        pytest.skip(f"the real data of {DATA} is not there")
    assert len(REAL) > 80


def test_a_standard_dataset_is_mapped_as_such(tmp_path: Path) -> None:
    table = CASES[0].parent / "places.csv"
    text = proposed(table, tmp_path, "--lang", "en").read_text(encoding="utf-8")
    assert "the standard dataset place" in text
    assert "- &code [tsf:code, $(全国地方公共団体コード)]" in text
    assert "p: def/$(_dataset)#独自の注意" in text


def test_a_file_that_is_there_stays(tmp_path: Path, capsys: Capture) -> None:
    table = tmp_path / "table.csv"
    table.write_text("id,name\n1,a\n", encoding="utf-8")
    assert main(["mapping", "init", str(table), "--lang", "en"]) == 0
    mapping = tmp_path / "mapping.yaml"
    before = mapping.read_bytes()
    assert main(["mapping", "init", str(table), "--lang", "en"]) == 64
    assert "is there already" in capsys.readouterr().err
    assert mapping.read_bytes() == before


def test_a_proposal_to_standard_output(tmp_path: Path, capsys: Capture) -> None:
    table = tmp_path / "table.csv"
    table.write_text("id,name\n1,a\n", encoding="utf-8")
    arguments = ["mapping", "init", str(table), "-o", "-", "--dataset-name", "mine"]
    assert main(arguments) == 0
    mapping = tmp_path / "copy.yaml"
    mapping.write_text(capsys.readouterr().out, encoding="utf-8")
    assert [found.name for found in read_yarrrml(mapping).triples_maps] == ["thing", "name"]
    assert "[tsf:kind, mine]" in mapping.read_text(encoding="utf-8")
    assert not (tmp_path / "mapping.yaml").exists()


def test_of_a_package_the_first_table_is_taken(tmp_path: Path, capsys: Capture) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"id,{name}\n1,x\n", encoding="utf-8")
    assert main(["mapping", "init", str(tmp_path), "--lang", "en"]) == 0
    assert "has 2 tables; this is a mapping for the first, a.csv" in capsys.readouterr().err
    assert "$(a)" in (tmp_path / "mapping.yaml").read_text(encoding="utf-8")


def test_what_is_no_table(tmp_path: Path, capsys: Capture) -> None:
    graph = tmp_path / "graph.ttl"
    graph.write_text("<http://example.com/a> a <http://example.com/B> .\n", encoding="utf-8")
    for action in ("init", "test", "explain"):
        assert main(["mapping", action, str(graph), "--lang", "en"]) == 2
        assert "no table" in capsys.readouterr().err


def test_a_trial_shows_cells_beside_triples(tmp_path: Path, capsys: Capture) -> None:
    table = CASES[0].parent / "shops.csv"
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "prefixes: {schema: http://schema.org/, xsd: http://www.w3.org/2001/XMLSchema#}\n"
        "mappings:\n"
        "  shop:\n"
        "    s: http://example.com/shop/$(店番)\n"
        "    po:\n"
        "      - [schema:name, $(店名), ja~lang]\n",
        encoding="utf-8",
    )
    arguments = ["mapping", "test", str(table), "--mapping", str(mapping), "--rows", "1"]
    assert main([*arguments, "--lang", "en"]) == 0
    text = capsys.readouterr().out
    assert "#   店名: 見本書店\n" in text
    assert '<http://example.com/shop/A-01> schema:name "見本書店"@ja ' in text
    assert "@prefix schema: <http://schema.org/> ." in text
    assert "Columns that the mapping does not use" in text
    code, told = answer(capsys, *arguments)
    [made] = told["tables"]
    assert (code, made["mapping"], made["rows"][0]["row"]) == (0, "mapping", 2)
    assert made["rows"][0]["cells"]["店名"] == "見本書店"
    assert "店番" not in made["unused_columns"]
    assert "席数" in made["unused_columns"]
    assert 'schema:name "見本書店"@ja' in made["rows"][0]["turtle"]


def test_a_mistake_in_a_mapping_names_its_line(tmp_path: Path, capsys: Capture) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "prefixes: {schema: http://schema.org/}\n"
        "mappings:\n"
        "  shop:\n"
        "    s: http://example.com/$(店番)\n"
        "    po:\n"
        "      - [schema:name, $(店舗名)]\n",
        encoding="utf-8",
    )
    table = CASES[0].parent / "shops.csv"
    arguments = ["mapping", "test", str(table), "--lang", "en"]
    assert main([*arguments, "--mapping", str(mapping)]) == 2
    assert "mapping.yaml:6: the table has no column “店舗名”" in capsys.readouterr().err
    assert main([*arguments, "--mapping", str(tmp_path / "none.yaml")]) == 2
    assert "There is no" in capsys.readouterr().err
    assert main([*arguments, "--rows", "0"]) == 64


FACILITY = "NO,名称,所在地_全国地方公共団体コード,住所,緯度,経度,電話番号,独自の列\n"
ROW = "1,見本館,372013,架空市1,34.1,134.1,099-999-1234,x\n"


@pytest.mark.parametrize(
    ("name", "header", "mapping", "why"),
    [
        ("公共施設一覧", FACILITY, "public-facility", "has “公共施設” in it"),
        ("list", FACILITY, "place", "more than of any other"),
        ("list", "a,b,c,d,e,f,g,h\n", "generic", "No standard dataset has a score of 0.4"),
    ],
)
def test_an_explanation(
    name: str, header: str, mapping: str, why: str, tmp_path: Path, capsys: Capture
) -> None:
    table = tmp_path / f"{name}.csv"
    table.write_text(header + ROW, encoding="utf-8")
    code, told = answer(capsys, "mapping", "explain", str(table), "--lang", "en")
    [made] = told["tables"]
    assert (code, made["mapping"]) == (0, mapping)
    assert why in made["why"]
    if mapping != "generic":
        assert made["columns"]["名称"] == "名称"
        assert made["unknown_columns"] == ["独自の列"]
    assert main(["mapping", "explain", str(table), "--lang", "ja"]) == 0
    text = capsys.readouterr().out
    assert mapping in text
    assert ("独自の列" in text) == (mapping != "generic")


def test_rivals_say_why_they_lost(tmp_path: Path, capsys: Capture) -> None:
    table = tmp_path / "公共施設一覧.csv"
    table.write_text(FACILITY + ROW, encoding="utf-8")
    _, told = answer(capsys, "mapping", "explain", str(table), "--lang", "en")
    rivals = {found["mapping"]: found["why"] for found in told["tables"][0]["rivals"]}
    assert rivals["place"] == "it is taken only where no other standard fits"
    assert len(rivals) == 3


@pytest.mark.parametrize(
    ("stated", "why"),
    [("mapping: aed", "says to use this mapping"), ("mapping: generic", "says to use")],
)
def test_a_stated_mapping_is_explained(
    stated: str, why: str, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "t.csv").write_text(FACILITY + ROW, encoding="utf-8")
    (tmp_path / "datapackage.yaml").write_text(
        f"name: t\nresources:\n  - path: t.csv\n    {stated}\n", encoding="utf-8"
    )
    _, told = answer(capsys, "mapping", "explain", str(tmp_path), "--lang", "en")
    assert why in told["tables"][0]["why"]


def test_a_described_table_is_explained_and_tried(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "t.csv").write_text("id,name\n1,a\n", encoding="utf-8")
    (tmp_path / "t.csv-metadata.json").write_text(
        '{"@context": "http://www.w3.org/ns/csvw", "url": "t.csv", "tableSchema": {"columns": '
        '[{"titles": "id"}, {"titles": "name", "propertyUrl": "http://schema.org/name"}]}}',
        encoding="utf-8",
    )
    table = str(tmp_path / "t.csv")
    _, told = answer(capsys, "mapping", "explain", table, "--lang", "en")
    assert "CSVW" in told["tables"][0]["why"]
    code, told = answer(capsys, "mapping", "test", table)
    assert code == 0
    assert 'schema:name "a"' in told["tables"][0]["rows"][0]["turtle"]


def test_the_list_of_standards(capsys: Capture) -> None:
    _, told = answer(capsys, "mapping", "list")
    assert [found["name"] for found in told] == [found.name for found in standards()]
    assert all(found["columns"] for found in told)
    assert main(["mapping", "list", "--lang", "ja"]) == 0
    assert "公共施設一覧" in capsys.readouterr().out


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("action", ["init", "test", "explain", "list"])
def test_help_of_each_action(action: str, lang: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as left:
        main(["mapping", action, "--help", "--lang", lang])
    assert left.value.code == 0
    assert f"tsunagu mapping {action}" in capsys.readouterr().out
