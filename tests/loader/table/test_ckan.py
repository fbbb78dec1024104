"""Answers of a CKAN catalogue as a table: a row for each file of each package."""

import json
from pathlib import Path

import pytest

from loader.encoding import NotATableError
from loader.model import FindingLog, Resource
from loader.source.kinds import media_type_of
from loader.table.formats.ckan import HEADER, packages_of
from loader.table.formats.json_documents import open_document

AED = {
    "name": "aed",
    "organization": {"title": "見本市"},
    "tags": [{"name": "aed"}, "防災", {}],
    "resources": [{"id": "r1", "size": 12}, {"id": "r2", "format": ["CSV"]}],
}
PLAN = {"name": "plan", "resources": None}


def write(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    reader = open_document(Resource("c", path, media_type="application/json"), FindingLog())
    return [
        {name: cell for name, cell in zip(reader.header, row, strict=True) if cell}
        for row in reader.rows()
    ]


FIRST = {"name": "aed", "organization": "見本市", "tags": "aed;防災", "resource_id": "r1"}
SECOND = FIRST | {"resource_id": "r2", "resource_format": '["CSV"]'}


def test_package_search_and_package_show(tmp_path: Path) -> None:
    search = write(tmp_path / "search.json", {"result": {"results": [AED, "x", PLAN]}})
    assert media_type_of(search) == "application/json"
    assert packages_of(search) == "result.results.item"
    assert rows(search) == [FIRST | {"resource_size": "12"}, SECOND, {"name": "plan"}]
    show = write(tmp_path / "show.json", {"success": True, "result": AED})
    assert media_type_of(show) == "application/json"
    assert packages_of(show) == "result"
    assert rows(show) == [FIRST | {"resource_size": "12"}, SECOND]


def test_other_documents_stay_lists_of_records(tmp_path: Path) -> None:
    path = write(tmp_path / "list.json", [{"name": "a"}])
    assert packages_of(path) is None
    assert rows(path) == [{"name": "a"}]
    assert len(HEADER) == len(set(HEADER))


def test_a_damaged_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"result": {"results": [{"resources": [}', encoding="utf-8")
    with pytest.raises(NotATableError):
        rows(path)
    path.write_text("{", encoding="utf-8")
    assert packages_of(path) is None
