"""Formats told by the outermost object of JSON, also of hostile documents."""

from pathlib import Path

import pytest

from loader.encoding import NotATableError
from loader.geo.formats import GEOJSON, TOPOJSON, GeoFormat, detect

DEEP = 200_000
CASES = {
    "type-first": ('{"type": "Feature", "properties": {}}', GEOJSON),
    "type-last": ('{"features": [{"type": "Nothing"}], "type": "FeatureCollection"}', GEOJSON),
    "byte-order-mark": ('\ufeff{"type": "Topology"}', TOPOJSON),
    "type-of-a-part-only": ('{"properties": {"type": "Feature"}}', None),
    "another-type": ('{"type": "Person"}', None),
    "type-is-an-object": ('{"type": {"type": "Feature"}}', None),
    "too-deep": ('{"a": ' + "[" * DEEP + "]" * DEEP + ', "type": "Feature"}', None),
    "broken-off": ('{"a": ', None),
}


@pytest.mark.parametrize("name", CASES)
def test_formats(name: str, tmp_path: Path) -> None:
    text, expected = CASES[name]
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    found: GeoFormat | None = detect(path)
    assert found == expected


@pytest.mark.parametrize("digits", [2_000, 70_000, 100_000])
def test_a_number_that_no_parser_survives_is_refused(digits: int, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": ' + "1" * digits + ', "type": "Feature"}', encoding="utf-8")
    with pytest.raises(NotATableError) as refused:
        detect(path)
    assert refused.value.finding.code == "table.number-too-long"
