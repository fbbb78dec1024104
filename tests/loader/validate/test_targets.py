"""Text that no shape is about is known as such; every kind of target is found."""

import pytest
from pyoxigraph import RdfFormat, parse

from loader.validate.targets import Targets

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
THING = f"<http://e/1> {TYPE} <http://e/C> <http://e/g> .\n"
OTHER = f"<http://e/1> {TYPE} <http://e/Other> <http://e/g> .\n"
STATEMENT = "<http://e/1> <http://e/p> <http://e/C> <http://e/g> .\n"
SUBCLASS = "<http://e/D> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/C> .\n"
CLASS_TARGET = "[] sh:targetClass e:C ."


@pytest.mark.parametrize(
    ("shapes", "text", "expected"),
    [
        (CLASS_TARGET, THING, True),
        (CLASS_TARGET, OTHER, False),
        (CLASS_TARGET, STATEMENT, False),
        (CLASS_TARGET, OTHER + SUBCLASS, True),
        ("e:C a rdfs:Class, sh:NodeShape .", THING, True),
        ("e:C a rdfs:Class, sh:NodeShape .", OTHER, False),
        ("[] sh:targetSubjectsOf e:p .", STATEMENT, True),
        ("[] sh:targetObjectsOf e:p .", STATEMENT, True),
        ("[] sh:targetObjectsOf e:p .", THING, False),
        ("[] sh:targetNode e:absent .", OTHER, True),
        ("[] a sh:NodeShape .", THING, False),
    ],
)
def test_targets(shapes: str, text: str, expected: bool) -> None:
    triples = [quad.triple for quad in parse(PREFIXES + shapes, format=RdfFormat.TURTLE)]
    assert Targets(triples).may_be_in(text) is expected
