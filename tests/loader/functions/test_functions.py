"""Every value function gives what its examples and docs/functions.md say."""

from pathlib import Path

import pytest

from loader.functions import FUNCTIONS, Example, Function, ValueProblem
from loader.functions.registry import nearest, parameter_name
from loader.model import FINDINGS

ROOT = Path(__file__).parents[3]
CASES = [
    pytest.param(function, example, id=f"{function.name}({', '.join(example.arguments)})")
    for function in FUNCTIONS.values()
    for example in function.examples
]


@pytest.mark.parametrize(("function", "example"), CASES)
def test_example(function: Function, example: Example) -> None:
    problem = None
    try:
        gives = function.body(*example.arguments)
    except ValueProblem as error:
        gives, problem = error.gives, error.code
    assert (gives, problem) == (example.gives, example.problem)
    assert problem is None or problem in FINDINGS.entries


@pytest.mark.parametrize(
    "function", [pytest.param(f, id=f.name) for f in FUNCTIONS.values() if f.column]
)
@pytest.mark.parametrize(
    "values",
    [["a ", " b", "", "庭"], ["カ\u3099", "x"], ["Ａ　b", "c  d"], ["a\r\nb"], ["a\tb"], ["a  b"]],
)
def test_a_whole_column_gives_the_same_as_each_value(function: Function, values: list[str]) -> None:
    assert function.column is not None
    together = function.column(values)
    assert together is None or list(together) == [function.body(value) for value in values]


@pytest.mark.parametrize(
    ("name", "value", "gives"),
    [
        ("date", "20210707", "2021-07-07"),
        ("date", "2021-07-07T00:00:00", "2021-07-07"),
        ("date", "2021年7月7日(水)", "2021-07-07"),
        ("date", "昭和 64 年 1 月 7 日", "1989-01-07"),
        ("date", "h31.4.30", "2019-04-30"),
        ("date", "", ""),
        ("year", "Ｒ３", "2021"),
        ("year", "不明", ""),
        ("yearMonth", "平成元年1月", "1989-01"),
        ("time", "", ""),
        ("time", "9時", "09:00:00"),
        ("time", "午前0時5分", "00:05:00"),
        ("decimal", "-0.0", "0"),
        ("decimal", "+.5", "0.5"),
        ("decimal", "", ""),
        ("integer", "12.0", "12"),
        ("boolean", "", ""),
        ("telephone", "", ""),
        ("telephone", "+81-99-999-1234", "tel:+81-99-999-1234"),
        ("telephone", "0999991234", "tel:+81-999991234"),
        ("municipalityCode", "\u3000", ""),
        ("areaIri", "", ""),
        ("lookup", "", ""),
        ("url", "", ""),
    ],
)
def test_value(name: str, value: str, gives: str) -> None:
    function = next(found for found in FUNCTIONS.values() if found.name == name)
    arguments = [value, "a=b"] if name == "lookup" else [value]
    assert function.body(*arguments) == gives


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("date", "2021年2月30日", "value.not-a-date"),
        ("date", "－", "value.missing-symbol"),
        ("time", "…", "value.missing-symbol"),
        ("time", "25:00", "value.not-a-time"),
        ("time", "9:75", "value.not-a-time"),
        ("integer", "1.5", "value.not-a-number"),
        ("integer", "***", "value.missing-symbol"),
        ("integer", "1,23", "value.not-a-number"),
    ],
)
def test_problem(name: str, value: str, code: str) -> None:
    function = next(found for found in FUNCTIONS.values() if found.name == name)
    with pytest.raises(ValueProblem) as raised:
        function.body(value)
    assert raised.value.code == code
    assert raised.value.gives == ""


def test_a_split_without_separator_is_the_value() -> None:
    split = next(found for found in FUNCTIONS.values() if found.name == "split")
    assert split.body("a b", "") == ("a b",)


def test_parameters_are_known_by_iri_by_name_and_by_their_older_names() -> None:
    equal = next(found for found in FUNCTIONS.values() if found.name == "equal")
    assert parameter_name(equal, "https://w3id.org/imec/idlab/function#str1") == "str1"
    assert parameter_name(equal, "http://users.ugent.be/x/grel.ttl#valueParameter2") == "str2"
    assert parameter_name(equal, "str3") is None


def test_the_nearest_word() -> None:
    assert nearest("tsf:dtae", ["tsf:date", "tsf:time"]) == "tsf:date"
    assert nearest("zzz", ["tsf:date"]) == "-"


@pytest.mark.parametrize("page", ["docs/functions.md", "docs/ja/functions.md"])
@pytest.mark.parametrize("function", [pytest.param(f, id=f.name) for f in FUNCTIONS.values()])
def test_every_function_is_documented(function: Function, page: str) -> None:
    rows = (ROOT / page).read_text(encoding="utf-8").splitlines()
    row = next((row for row in rows if row.startswith(f"| `{function.name}` |")), "")
    assert row, f"{function.name} is not in {page}"
    for parameter in function.parameters:
        assert f"`{parameter}`" in row
