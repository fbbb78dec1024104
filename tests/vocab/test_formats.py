"""The table of formats: every name, suffix and media type stands for one format."""

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from vocab.formats import EXCEL, GEOJSON, RDF_FORMATS, RESULT_FORMATS, Format, find

ALL = (*RDF_FORMATS, *RESULT_FORMATS)


@pytest.mark.parametrize("format_", ALL, ids=lambda format_: format_.name)
def test_a_format_is_found_by_all_its_names(format_: Format) -> None:
    for word in (format_.name, format_.suffix, *format_.media_types):
        assert find(word) is format_
        assert find(f" {word.upper()} ") is format_


def test_formats_of_tables_take_no_name_from_those_of_results() -> None:
    assert find("geojson") is find("application/geo+json") is GEOJSON
    assert find("csv-excel") is EXCEL
    assert find("text/csv") is find("csv") is not EXCEL


def test_names_suffixes_and_media_types_are_unique() -> None:
    for words in (
        [format_.name for format_ in ALL],
        [format_.suffix for format_ in ALL],
        [media_type for format_ in ALL for media_type in format_.media_types],
        [format_.iri for format_ in ALL],
    ):
        assert len(words) == len(set(words))


@pytest.mark.parametrize("format_", RDF_FORMATS, ids=lambda format_: format_.name)
def test_the_engine_agrees_about_rdf(format_: Format) -> None:
    engine = RdfFormat.from_media_type(format_.media_type)
    assert engine is not None
    assert engine == RdfFormat.from_extension(format_.suffix)
    assert engine.supports_datasets is format_.quads
    if format_.name != "jsonld":  # the engine's own IRI, not of https://www.w3.org/ns/formats/
        assert engine.iri == format_.iri


@pytest.mark.parametrize("format_", RESULT_FORMATS, ids=lambda format_: format_.name)
def test_the_engine_agrees_about_results(format_: Format) -> None:
    engine = QueryResultsFormat.from_media_type(format_.media_type)
    assert engine is not None
    assert engine.iri == format_.iri


@pytest.mark.parametrize("word", ["", "html", "application/octet-stream", "ttl;q=1"])
def test_what_is_no_format(word: str) -> None:
    assert find(word) is None
