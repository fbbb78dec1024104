"""Citations of datasets and releases: right in every format, whatever stands in the metadata."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient

from endpoint.site.citation import Citation, cite_dataset, cite_release
from endpoint.site.citation_formats import FORMATS, bibtex, datacite, text
from loader.release import Release
from tests.endpoint.example_release import BASE, FIRST

CITED = Citation(
    key="a-1",
    creator={"ja": "つなぐ市", "en": "Tsunagu City"},
    publisher={"ja": "つなぐ市", "en": "Tsunagu City"},
    title={"ja": "公共施設一覧", "en": "Public facilities"},
    year="2026",
    version=FIRST,
    iri=f"{BASE}dataset/施設",
    available="2026-11-21",
)

TEXT = {"type": "string", "minLength": 1}
NAME = {"type": "object", "required": ["name"], "properties": {"name": TEXT, "lang": TEXT}}
DATACITE_4 = {
    "type": "object",
    "required": ["creators", "titles", "publisher", "publicationYear", "types", "schemaVersion"],
    "additionalProperties": False,
    "properties": {
        "doi": {"type": "string", "pattern": "^10[.][0-9]{4,9}/[^\\s]+$"},
        "url": {"type": "string", "pattern": "^https?://[!-~]+$"},
        "types": {
            "required": ["resourceTypeGeneral"],
            "properties": {"resourceTypeGeneral": {"enum": ["Dataset", "Collection"]}},
        },
        "creators": {"type": "array", "minItems": 1, "items": NAME},
        "titles": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {
                "required": ["title"],
                "additionalProperties": False,
                "properties": {
                    "title": TEXT,
                    "lang": TEXT,
                    "titleType": {"const": "TranslatedTitle"},
                },
            },
        },
        "publisher": NAME,
        "publicationYear": {"type": "string", "pattern": "^[0-9]{4}$"},
        "subjects": {"type": "array", "uniqueItems": True, "items": {"required": ["subject"]}},
        "dates": {
            "type": "array",
            "items": {
                "properties": {
                    "date": {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"},
                    "dateType": {"enum": ["Issued", "Updated", "Available"]},
                }
            },
        },
        "language": TEXT,
        "alternateIdentifiers": {
            "type": "array",
            "items": {"required": ["alternateIdentifier", "alternateIdentifierType"]},
        },
        "relatedIdentifiers": {
            "type": "array",
            "items": {
                "required": ["relatedIdentifier", "relatedIdentifierType", "relationType"],
                "properties": {"relationType": {"enum": ["IsPartOf", "HasPart"]}},
            },
        },
        "formats": {"type": "array", "items": TEXT},
        "version": TEXT,
        "rightsList": {"type": "array", "items": {"required": ["rights", "rightsUri"]}},
        "descriptions": {
            "type": "array",
            "items": {"properties": {"descriptionType": {"const": "Abstract"}}},
        },
        "schemaVersion": {"const": "http://datacite.org/schema/kernel-4"},
    },
}
"""What DataCite's schema 4.6 demands, and of what it allows what we write."""

HOSTILE = {
    "braces": "{ 一覧 }} \\{",
    "tex": "50% & more_of #1 ~ ^ $x$ \\input{/etc/passwd}",
    "lines": "一行目\n二行目\t\r\n",
    "and": "Foo and Bar",
    "quotes": "\"'`@",
}


def balanced(entry: str) -> bool:
    """Whether braces pair as BibTeX counts them: it knows no escape."""
    depth = 0
    for character in entry:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_bibtex_stays_one_entry(app: Flask, words: str) -> None:
    cited = replace(CITED, title={"ja": words}, creator={"": words}, doi="10.99999/{a}}")
    with app.test_request_context("/"):
        entry = bibtex(cited)
    assert balanced(entry)
    fields = entry.splitlines()[1:-1]
    assert [line.split(" = ")[0].strip() for line in fields] == [
        "author", "title", "year", "version", "publisher", "howpublished", "note", "doi", "url",
    ]  # fmt: skip
    assert fields[1].startswith("  title = {{")
    assert "\\input" not in entry
    url = fields[-1]
    assert url == "  url = {https://doi.org/10.99999/%7Ba%7D%7D},"


def test_texts_in_both_languages(app: Flask) -> None:
    url = f"{BASE}dataset/%E6%96%BD%E8%A8%AD"
    with app.test_request_context("/?lang=en"):
        english = text(CITED)
    with app.test_request_context("/?lang=ja"):
        japanese = text(replace(CITED, publisher={"ja": "例県"}, sample=True))
    assert english == (
        f"Tsunagu City. (2026). Public facilities (Version {FIRST}) [Data set]. {url}"
    )
    assert japanese == (f"つなぐ市 (2026). 公共施設一覧 (版 {FIRST}) [サンプルデータ]. 例県. {url}")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"doi": "10.99999/sample", "licence": "https://creativecommons.org/licenses/by/4.0/"},
        {"issued": "2026-04-01", "modified": "来年", "keywords": ["a", "a", "b"]},
        {"creator": {"": "佐藤"}, "collection": True, "related": [("HasPart", BASE)]},
        {"description": {"ja": "説明", "en": "x"}, "formats": ["text/csv"], "language": "ja"},
    ],
)
def test_datacite_has_what_is_mandatory(app: Flask, changes: dict[str, Any]) -> None:
    with app.test_request_context("/"):
        found = datacite(replace(CITED, **changes))
    jsonschema.validate(found, DATACITE_4)
    assert ("doi" in found) == ("doi" in changes)
    assert ("nameType" in found["creators"][0]) == ("creator" not in changes)


def test_a_release_and_its_datasets_are_cited(app: Flask, home: Path) -> None:
    release = Release(home / "releases" / FIRST)
    whole = cite_release(release)
    with app.test_request_context("/"):
        for cited in (whole, *(cite_dataset(release, name) for name in release.datasets)):
            jsonschema.validate(datacite(cited), DATACITE_4)
            assert balanced(bibtex(cited))
    assert ("HasPart", f"{BASE}dataset/aed") in whole.related
    assert whole.iri == f"{BASE}release/{FIRST}"
    assert cite_dataset(release, "facilities").sample


def test_the_doi_and_the_creator_are_the_descriptor_s(tmp_path: Path) -> None:
    folder = tmp_path / FIRST
    (folder / "packages").mkdir(parents=True)
    entry = {"title": {"ja": "表"}, "publisher": {}, "files": {"a.csv": {"media_type": "text/csv"}}}
    manifest = {"layout": 1, "base_iri": BASE, "datasets": {"表": entry, "b": entry}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    for name, stated in (("表", "doi:10.99999/Sample"), ("b", "urn:x")):
        package = {"creator": "佐藤", "descriptor": {"id": stated}, "languages": ["ja"]}
        (folder / "packages" / f"{name}.json").write_text(json.dumps({"package": package}))
    first, second = (cite_dataset(Release(folder), name) for name in ("表", "b"))
    assert (first.doi, second.doi) == ("10.99999/sample", None)
    assert first.creator == {"": "佐藤"}
    assert first.publisher == {"ja": BASE}
    assert (first.key, first.year, first.available) == (f"dataset-{FIRST}", "2026", "2026-11-21")
    assert first.formats == ["text/csv"]


@pytest.mark.parametrize("path", ["/dataset/facilities", f"/release/{FIRST}"])
def test_they_are_downloaded_and_negotiated(client: FlaskClient, path: str) -> None:
    for format_ in FORMATS:
        by_suffix = client.get(f"{path}/citation.{format_.suffix}")
        by_accept = client.get(path, headers={"Accept": format_.media_type})
        assert (by_suffix.status_code, by_accept.status_code) == (200, 200)
        assert by_suffix.data == by_accept.data
        assert "Accept" in by_accept.headers["Vary"]
    shown = client.get(f"{path}?lang=en", headers={"Accept": "text/html"}).text
    assert "How to cite" in shown
    assert f'href="{path}/citation.bib?lang=en"' in shown
    plain = client.get(path, headers={"Accept": "*/*"})
    assert plain.mimetype == "text/turtle"


@pytest.mark.parametrize(
    "path",
    [
        "/dataset/nothing/citation.bib",
        "/dataset/aed/citation.doc",
        "/release/nothing/citation.json",
        f"/release/{FIRST}/citation.ris",
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
