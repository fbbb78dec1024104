"""Shapefiles and what lies beside them."""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely

from loader.describe import _files as published_files
from loader.encoding import NotATableError
from loader.geo import reading
from loader.geo.reading import SETTINGS, read_features
from loader.geo.shapefile import dbf_codec, parts
from loader.geo.worker import work
from loader.model import FindingLog, Resource

JGD2011 = "http://www.opengis.net/def/crs/EPSG/0/6668"
BOWTIE = "POLYGON((139 35,140 36,140 35,139 36,139 35))"
UNKNOWN_DATUM = (
    'GEOGCS["mine",DATUM["mine",SPHEROID["Bessel_1841",6377397.155,299.1528128]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
REPAIRED = (
    "MULTIPOLYGON(((139.5 35.5,140 36,140 35,139.5 35.5)),((139 35,139 36,139.5 35.5,139 35)))"
)


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(reading, "_written", lambda folder, _: work(folder))


def write(
    path: Path, shape: str = "POINT(139.7 35.6)", crs: str = "EPSG:6668", encoding: str = "UTF-8"
) -> Path:
    """Write a Shapefile of one feature with name, number and date."""
    geometry = shapely.from_wkt(shape)
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array([geometry])),
        [
            np.array(["中央公園（見本）"], dtype=object),
            np.array([120]),
            np.array(["2024-04-01"], dtype="datetime64[D]"),
        ],
        ["名称", "定員", "設置日"],
        geometry_type=geometry.geom_type,
        crs=crs,
        encoding=encoding,
        driver="ESRI Shapefile",
    )
    return path


def read(path: Path) -> tuple[list[str], list[list[str]], dict[str, Any], str]:
    log = FindingLog()
    features = read_features(Resource("input", path), log)
    codes = {group.examples[0].code: group.examples[0].value for group in log.groups()}
    return list(features.header), list(features.rows()), codes, features.encoding


ATTRIBUTES = ["中央公園（見本）", "120", "2024-04-01"]


@pytest.mark.parametrize(
    ("options", "missing", "cells", "codes", "encoding"),
    [
        ({}, (), ["35.6", "139.7", "POINT(139.7 35.6)", JGD2011], {}, "UTF-8"),
        (
            {"encoding": "CP932"},
            (".cpg",),
            ["35.6", "139.7", "POINT(139.7 35.6)", JGD2011],
            {"table.encoding-inferred": None},
            "Windows-31J",
        ),
        (
            {"encoding": "CP932"},
            (),
            ["35.6", "139.7", "POINT(139.7 35.6)", JGD2011],
            {},
            "Windows-31J",
        ),
        ({}, (".cpg",), ["35.6", "139.7", "POINT(139.7 35.6)", JGD2011], {}, "UTF-8"),
        (
            {},
            (".prj",),
            ["35.6", "139.7", "POINT(139.7 35.6)", JGD2011],
            {"geo.crs-missing": "JGD2011"},
            "UTF-8",
        ),
        (
            {"shape": "POINT(-10000 -40000)", "crs": "EPSG:6677"},
            (),
            [
                *("35.63940898", "139.72291335", "POINT(139.72291335 35.63940898)"),
                "http://www.opengis.net/def/crs/EPSG/0/6677",
            ],
            {},
            "UTF-8",
        ),
        (
            {"shape": "POINT(-10000 -40000)", "crs": "EPSG:6677"},
            (".prj",),
            ["", ""],
            {"geo.crs-missing": "JGD2011", "geo.not-on-earth": "-10000 -40000"},
            "UTF-8",
        ),
        (
            {"crs": UNKNOWN_DATUM},
            (),
            ["35.6", "139.7", "POINT(139.7 35.6)", ""],
            {"geo.crs-approximate": "GCS_mine"},
            "UTF-8",
        ),
        ({"shape": BOWTIE}, (), [REPAIRED, JGD2011], {"geo.repaired": "139.5 35.5"}, "UTF-8"),
    ],
)
def test_a_shapefile(
    tmp_path: Path,
    options: dict[str, str],
    missing: Sequence[str],
    cells: list[str],
    codes: dict[str, Any],
    encoding: str,
) -> None:
    path = write(tmp_path / "見本.shp", **options)
    for suffix in missing:
        path.with_suffix(suffix).unlink()
    header, rows, found, read_as = read(path)
    assert header[:3] == ["名称", "定員", "設置日"]
    assert rows == [ATTRIBUTES + cells]
    assert found == codes
    assert read_as == encoding


def test_shapes_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "a.shp")
    for suffix in (".dbf", ".shx", ".cpg"):
        path.with_suffix(suffix).unlink()
    header, rows, codes, _ = read(path)
    assert header == ["緯度", "経度", "geometry", "geometry_crs"]
    assert rows == [["35.6", "139.7", "POINT(139.7 35.6)", JGD2011]]
    assert list(codes) == ["geo.no-attributes", "geo.no-index"]
    assert sorted(other.name for other in tmp_path.iterdir()) == ["a.prj", "a.shp"]


def test_a_damaged_shapefile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    path.write_bytes(struct.pack(">i", 9994) + bytes(60))
    with pytest.raises(NotATableError) as refused:
        read(path)
    assert refused.value.finding.code == "geo.unreadable"
    assert "/" not in str(refused.value.finding.details["reason"])


def test_parts_in_capitals_count_and_links_out_of_the_folder_do_not(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.dbf").touch()
    (inside / "a.shp").touch()
    (inside / "a.SHX").touch()
    (inside / "a.dbf").symlink_to(tmp_path / "secret.dbf")
    assert parts(inside / "a.shp") == {".shx": inside / "a.SHX"}


def test_an_unknown_code_page_is_found_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.shp", encoding="CP932")
    path.with_suffix(".cpg").write_text("KLINGON")
    assert dbf_codec(path) == ("cp932", False)


def test_all_of_a_shapefile_is_published(tmp_path: Path) -> None:
    path = write(tmp_path / "a.shp")
    resource = Resource("a", path, media_type="application/vnd.shp")
    assert [(file.name, media_type) for file, media_type in published_files(resource)] == [
        ("a.shp", "application/vnd.shp"),
        ("a.cpg", "text/plain"),
        ("a.dbf", "application/vnd.dbf"),
        ("a.prj", "text/plain"),
        ("a.shx", "application/vnd.shx"),
    ]


def test_of_what_was_unpacked_the_container_is_published(tmp_path: Path) -> None:
    container = tmp_path / "a.zip"
    resource = Resource("a", tmp_path / "in" / "a.shp", container=container, member="a.shp")
    assert list(published_files(resource)) == [(container, "application/zip")]
