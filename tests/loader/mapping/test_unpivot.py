"""Columns of a wide table become rows: which columns, what each says, what stays as it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from loader.errors import ConfigurationError
from loader.mapping.context import Context
from loader.mapping.plan import compile_plan
from loader.mapping.registry import choose
from loader.mapping.unpivot import column_facts, long_table, read_unpivot
from loader.mapping.yaml_document import Document
from loader.model import Batch, FindingLog, Package, Resource, Unpivot
from vocab.iris import IriPolicy

POLICY = IriPolicy("https://data.example.jp/")
HEADER = ("日付", "駅", "定期", "IC", "備考")
STATIONS = Unpivot("券種", "人数", {"定期": {"card": "season"}, "IC": {}})
BATCH = Batch(
    [2, 3],
    [["2019-01-01", "2019-01-02"], ["架空", "架空"], ["10", " "], ["20", "21"], ["", "雨"]],
)


@pytest.mark.parametrize(
    ("pattern", "header", "facts"),
    [
        ("{station:digits}", "11001", {"station": "11001"}),
        ("{station:digits}", "１１００１", {"station": "11001"}),
        ("{station:digits}", "Date", None),
        ("{age}歳の{sex}", "0-4歳の男性", {"age": "0-4", "sex": "男性"}),
        ("第{n:digits}回(人)", "第2回（人）", {"n": "2"}),
        ("a.c", "abc", None),
        ("{x}", "y" * 300, {"x": "y" * 200}),
    ],
)
def test_a_pattern_finds_columns(pattern: str, header: str, facts: dict[str, str] | None) -> None:
    assert column_facts(Unpivot("n", "v", pattern=pattern), header) == facts


def test_a_column_that_a_schema_knows_stays_unless_it_is_listed() -> None:
    unpivot = Unpivot("n", "v", {"B": {"x": "1"}}, "{x}")
    assert column_facts(unpivot, "A", known=True) is None
    assert column_facts(unpivot, "B", known=True) == {"x": "1"}
    assert column_facts(Unpivot("n", "v"), "C") is None


def test_cells_become_rows_and_blank_ones_do_not() -> None:
    table = long_table(STATIONS, HEADER, {})
    assert table is not None
    assert table.header == ("日付", "駅", "備考", "card", "券種", "人数", "_column")
    (found,) = table.batches(BATCH)
    assert list(found.rows) == [2, 2, 3]
    assert [list(column) for column in found.columns] == [
        ["2019-01-01", "2019-01-01", "2019-01-02"],
        ["架空", "架空", "架空"],
        ["", "", "雨"],
        ["season", "", ""],
        ["定期", "IC", "IC"],
        ["10", "20", "21"],
        ["3", "4", "4"],
    ]


def test_columns_are_listed_by_their_canonical_names() -> None:
    table = long_table(STATIONS, ("date", "season ticket"), {"定期": "season ticket"})
    assert table is not None
    assert table.header[0] == "date"
    assert table.reshaped == {"season ticket", "card", "券種", "人数", "_column"}


def test_a_table_without_such_columns_has_no_long_form() -> None:
    assert long_table(STATIONS, ("日付", "駅"), {}) is None


def test_a_wide_table_comes_in_several_batches_and_rows_without_a_cell_in_none() -> None:
    header = ("id", *(str(number) for number in range(9000)))
    table = long_table(Unpivot("n", "v", pattern="{n:digits}"), header, {})
    assert table is not None
    batch = Batch([2], [["a"], *([""] if n % 9000 < 4000 else [str(n)] for n in range(9000))])
    found = list(table.batches(batch))
    assert [len(rows) for rows in found] == [4000, 1000]
    assert table.rows_at_once == 1


def context(path: Path) -> Context:
    return Context(
        POLICY, POLICY.graph("ridership"), "ridership", "sample", path.name, None, "139998"
    )


def lines(path: Path, unpivot: Unpivot, mapping: str | None = None) -> list[str]:
    resource = Resource("ridership", path, mapping=mapping, unpivot=unpivot)
    package = Package("ridership", path.parent, (resource,))
    choice = choose(resource, HEADER, package)
    plan = compile_plan(choice, HEADER, context(path), FindingLog())
    return plan.lines(BATCH, FindingLog())


def test_a_batch_is_smaller_where_columns_become_rows(tmp_path: Path) -> None:
    resource = Resource("ridership", tmp_path / "r.csv", unpivot=STATIONS)
    choice = choose(resource, HEADER, Package("ridership", tmp_path, (resource,)))
    plan = compile_plan(choice, HEADER, context(tmp_path / "r.csv"), FindingLog())
    assert plan.rows_at_once(10_000) == 1_500
    assert plan.rows_at_once(500) == 500
    plain = compile_plan(
        replace(choice, unpivot=None), HEADER, context(tmp_path / "r.csv"), FindingLog()
    )
    assert plain.rows_at_once(500) == 500


def test_the_generic_mapping_makes_a_thing_of_each_cell(tmp_path: Path) -> None:
    found = "".join(lines(tmp_path / "r.csv", STATIONS))
    about = "<https://data.example.jp/file/ridership/r.csv#cell=2,3>"
    term = "<https://data.example.jp/def/ridership#"
    assert f'{about} {term}人数> "10"' in found
    assert f'{about} {term}券種> "定期"' in found
    assert f'{about} {term}日付> "2019-01-01"' in found
    assert "#cell=3,3" not in found
    assert "#_column>" not in found


DOCUMENT = """
prefixes: {ex: "http://example.jp/"}
sources: {table: [table~csv]}
mappings:
  row:
    sources: table
    s: http://example.jp/day/$(日付)
    po:
      - [ex:note, $(備考)]
  cell:
    sources: table
    s: http://example.jp/day/$(日付)/$(_column)
    po:
      - [ex:count, $(人数)]
      - [ex:kind, $(券種)]
"""


def test_a_triples_map_that_names_a_long_column_is_made_for_each_cell(tmp_path: Path) -> None:
    document = tmp_path / "mapping.yaml"
    document.write_text(DOCUMENT, encoding="utf-8")
    found = lines(tmp_path / "r.csv", STATIONS, str(document))
    graph = "<https://data.example.jp/graph/dataset/ridership> ."
    assert sorted(line for line in found if "/def/" not in line and "terms/source" not in line) == [
        f'<http://example.jp/day/2019-01-01/3> <http://example.jp/count> "10" {graph}\n',
        f'<http://example.jp/day/2019-01-01/3> <http://example.jp/kind> "定期" {graph}\n',
        f'<http://example.jp/day/2019-01-01/4> <http://example.jp/count> "20" {graph}\n',
        f'<http://example.jp/day/2019-01-01/4> <http://example.jp/kind> "IC" {graph}\n',
        f'<http://example.jp/day/2019-01-02/4> <http://example.jp/count> "21" {graph}\n',
        f'<http://example.jp/day/2019-01-02/4> <http://example.jp/kind> "IC" {graph}\n',
        f'<http://example.jp/day/2019-01-02> <http://example.jp/note> "雨" {graph}\n',
    ]


def read(tmp_path: Path, text: str) -> Unpivot:
    path = tmp_path / "schema.yaml"
    path.write_text(text, encoding="utf-8")
    document = Document(path)
    assert document.root is not None
    return read_unpivot(document, document.root)


def test_an_unpivot_is_read_from_a_schema(tmp_path: Path) -> None:
    text = "name: n\nvalue: v\ncolumns:\n  NO: {age: 0-4}\npattern: '{x}'\n"
    assert read(tmp_path, text) == Unpivot("n", "v", {"NO": {"age": "0-4"}}, "{x}")


@pytest.mark.parametrize("text", ["name: n\n", "name: n\nvalue: v\ncolumns: [a]\n"])
def test_an_unpivot_that_is_malformed_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError):
        read(tmp_path, text)
