"""Value functions called in queries give what their examples say, and never an error."""

import pytest
from pyoxigraph import Literal, NamedNode, Store

from loader.functions import Example, Function, Gives
from loader.functions.sparql import LONGEST_ARGUMENT, XSD, custom_functions, sparql_functions

CUSTOM = custom_functions()
CASES = [
    pytest.param(function, example, id=f"{function.name}({', '.join(example.arguments)})")
    for function in sparql_functions()
    for example in function.examples
]
DATE = "https://w3id.org/tsunagu/function#date"


def called(iri: str, *arguments: str) -> object:
    written = ", ".join(str(Literal(argument)) for argument in arguments)
    query = f"SELECT (<{iri}>({written}) AS ?found) {{}}"
    return next(iter(Store().query(query, custom_functions=CUSTOM)))["found"]


@pytest.mark.parametrize(("function", "example"), CASES)
def test_example(function: Function, example: Example) -> None:
    found = called(function.iri, *example.arguments)
    if not example.gives:
        assert found is None
    elif function.gives == Gives.IRI:
        assert found == NamedNode(str(example.gives))
    else:
        datatype = NamedNode(XSD + (function.datatype or "string"))
        written = str(example.gives).replace("24:00:00", "00:00:00")  # the same value, canonical
        assert found == Literal(written, datatype=datatype)


def test_a_typed_result_can_be_compared() -> None:
    query = f'ASK {{ FILTER(<{DATE}>("令和5年4月1日") > "2023-03-31"^^<{XSD}date>) }}'
    assert bool(Store().query(query, custom_functions=CUSTOM))


@pytest.mark.parametrize(
    "arguments", ['"2021-07-07", "x"', "", "?unbound", "BNODE()", f'"{"1" * LONGEST_ARGUMENT}1"']
)
def test_what_cannot_be_called_is_unbound(arguments: str) -> None:
    query = f"SELECT (<{DATE}>({arguments}) AS ?found) {{}}"
    assert next(iter(Store().query(query, custom_functions=CUSTOM)))["found"] is None


def test_an_iri_is_taken_as_its_text() -> None:
    iri = "https://w3id.org/tsunagu/function#percentDecode"
    query = f"SELECT (<{iri}>(<http://example.jp/%E4%B8%AD>) AS ?found) {{}}"
    found = next(iter(Store().query(query, custom_functions=CUSTOM)))["found"]
    assert found == Literal("http://example.jp/中")


def test_functions_that_open_files_or_give_several_are_not_offered() -> None:
    names = {function.name for function in sparql_functions()}
    assert {"date", "address", "addressPart", "romaji", "quantity"} <= names
    assert names.isdisjoint({"planeWkt", "pointInDatum", "thingIri", "split", "equal"})
