"""Containers: what is found in zip and gzip files, what they are called, what is refused."""

import gzip
import io
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from loader.model import FindingLog, Package, Resource
from loader.source import archives, discover
from loader.source.archives import Unpacker
from loader.source.kinds import media_type_of
from loader.table import open_table, zip_files

CSV = "番号,名称\n1,見本公園\n"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def zipped(*members: tuple[Any, str | bytes]) -> bytes:
    """A zip file; members are named by text or by ZipInfo."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def lay(path: Path, content: bytes) -> Path:
    """Write a file."""
    path.write_bytes(content)
    return path


def found(path: Path) -> tuple[list[Package], list[tuple[str, str, Any]]]:
    """The packages below a path and the findings, said in both languages."""
    discovery = discover([path])
    short = []
    for group in discovery.findings.groups():
        for finding in group.examples:
            assert all(finding.text(word) and finding.advice(word) for word in ("ja", "en"))
            short.append((finding.code, finding.file, finding.value))
    return discovery.packages, short


def told(package: Package) -> list[tuple[str, str, str]]:
    """Of each resource its name, how messages name it, and its first row's text."""
    short = []
    for resource in package.resources:
        table = open_table(resource, FindingLog())
        assert table is not None
        first = next(table.batches())
        short.append((resource.name, resource.label, first.columns[1][0]))
    return short


def test_a_zip_with_one_table(tmp_path: Path) -> None:
    path = lay(
        tmp_path / "施設.zip", zipped(("data/", ""), ("data/a.csv", CSV), ("読んで.pdf", "x"))
    )
    packages, findings = found(tmp_path)
    assert [(package.name, package.title) for package in packages] == [("施設", {"ja": "施設"})]
    assert told(packages[0]) == [("施設", "施設.zip", "見本公園")]
    assert packages[0].resources[0].file == path
    assert findings == []


def test_a_zip_with_several_tables(tmp_path: Path) -> None:
    lay(tmp_path / "x.zip", zipped(("b.csv", CSV), ("a/c.tsv", CSV.replace(",", "\t"))))
    packages, findings = found(tmp_path)
    assert told(packages[0]) == [
        ("x-c", "x.zip [a/c.tsv]", "見本公園"),
        ("x-b", "x.zip [b.csv]", "見本公園"),
    ]
    assert packages[0].resources[0].part == (("member", "a/c.tsv"),)
    assert findings == []


def test_gzip(tmp_path: Path) -> None:
    lay(tmp_path / "aed.csv.gz", gzip.compress(CSV.encode("cp932")))
    lay(tmp_path / "backup.tar.gz", gzip.compress(b"x"))
    packages, findings = found(tmp_path)
    assert [package.name for package in packages] == ["aed"]
    assert told(packages[0]) == [("aed", "aed.csv.gz", "見本公園")]
    assert findings == [("source.unsupported", "backup.tar.gz", None)]


def workbook() -> bytes:
    """A workbook with two sheets to read and a hidden one."""
    book = openpyxl.Workbook()
    for name in ("公園", "広場", "控え"):
        book.create_sheet(name).append(["番号", "名称"])
        book[name].append([1, f"見本{name}"])
    book["控え"].sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_sheets(tmp_path: Path) -> None:
    lay(tmp_path / "施設.xlsx", workbook())
    packages, findings = found(tmp_path)
    assert told(packages[0]) == [
        ("施設-公園", "施設.xlsx [公園]", "見本公園"),
        ("施設-広場", "施設.xlsx [広場]", "見本広場"),
    ]
    assert findings == [("source.hidden-sheet", "施設.xlsx", "控え")]


def test_sheets_and_containers_in_containers(tmp_path: Path) -> None:
    inner = zipped(("a.csv", CSV))
    lay(tmp_path / "x.zip", zipped(("i.zip", inner), ("b.csv.gz", gzip.compress(CSV.encode()))))
    lay(tmp_path / "y.zip", zipped(("s.xlsx", workbook())))
    packages, _ = found(tmp_path)
    assert [label for _, label, _ in told(packages[0])] == [
        "x.zip [b.csv.gz/b.csv]",
        "x.zip [i.zip/a.csv]",
    ]
    assert [label for _, label, _ in told(packages[1])] == ["y.zip [公園]", "y.zip [広場]"]


DESCRIPTOR = """
name: parks
title: 見本公園一覧
resources:
  - path: data/a.csv
    title: 公園
"""


@pytest.mark.parametrize("folder", ["", "parks-main/"])
def test_a_descriptor_inside_is_respected(tmp_path: Path, folder: str) -> None:
    members = [("datapackage.yaml", DESCRIPTOR), ("data/a.csv", CSV), ("data/b.csv", CSV)]
    lay(tmp_path / "x.zip", zipped(*((folder + name, text) for name, text in members)))
    packages, findings = found(tmp_path)
    assert [(package.name, package.stated) for package in packages] == [("parks", True)]
    assert told(packages[0]) == [("a", f"x.zip [{folder}data/a.csv]", "見本公園")]
    assert packages[0].resources[0].title == {"ja": "公園"}
    assert findings == []


def test_a_descriptor_inside_without_a_name_or_that_is_broken(tmp_path: Path) -> None:
    text = "resources: [{path: a.csv}]"
    lay(tmp_path / "x.zip", zipped(("datapackage.yaml", text), ("a.csv", CSV)))
    lay(tmp_path / "y.zip", zipped(("datapackage.yaml", "name: ["), ("a.csv", CSV)))
    packages, findings = found(tmp_path)
    assert [package.name for package in packages] == ["x"]
    assert [code for code, *_ in findings] == ["descriptor.unreadable"]


def test_a_descriptor_names_containers_and_workbooks(tmp_path: Path) -> None:
    lay(tmp_path / "x.zip", zipped(("a.csv", CSV), ("b.csv", CSV)))
    lay(tmp_path / "s.xlsx", workbook())
    lay(tmp_path / "bad.zip", b"PK")
    text = (
        "name: p\nresources: [{path: x.zip, name: x}, {path: bad.zip}, "
        "{path: s.xlsx, name: s, dialect: {sheetName: 控え}},"
        "{path: s.xlsx, name: t, dialect: {sheetNumber: 2}}]"
    )
    (tmp_path / "datapackage.yaml").write_text(text, encoding="utf-8")
    packages, findings = found(tmp_path)
    assert told(packages[0]) == [
        ("x-a", "x.zip [a.csv]", "見本公園"),
        ("x-b", "x.zip [b.csv]", "見本公園"),
        ("s", "s.xlsx [控え]", "見本控え"),
        ("t", "s.xlsx [2]", "見本公園"),
    ]
    assert findings == [("source.damaged-archive", "bad.zip", None)]


def test_names_in_cp932(tmp_path: Path) -> None:
    content = zipped(("xxxxxx.csv", CSV), ("b.csv", CSV))
    lay(tmp_path / "x.zip", content.replace(b"xxxxxx", "施設表".encode("cp932")))
    lay(tmp_path / "y.zip", content.replace(b"xxxxxx", "施設".encode()))
    packages, _ = found(tmp_path)
    members = [resource.member for package in packages for resource in package.resources]
    assert members == ["b.csv", "施設表.csv", "b.csv", "施設.csv"]


def test_a_shapefile_stays_whole(tmp_path: Path) -> None:
    members = [(f"町/A31.{suffix}", "x") for suffix in ("shp", "dbf", "shx", "prj")]
    lay(tmp_path / "x.zip", zipped(*members))
    packages, findings = found(tmp_path)
    (resource,) = packages[0].resources
    assert (resource.media_type, resource.label) == ("application/vnd.shp", "x.zip")
    beside = {path.suffix for path in resource.path.parent.iterdir()}
    assert beside == {".shp", ".dbf", ".shx", ".prj"}
    assert findings == []


def link(name: str) -> zipfile.ZipInfo:
    """A member that is a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


UNSAFE = [
    (link("l.csv"), "source.archive-link"),
    ("../b.csv", "source.archive-unsafe-path"),
    ("a/../../b.csv", "source.archive-unsafe-path"),
    ("/etc/b.csv", "source.archive-unsafe-path"),
    ("C:/b.csv", "source.archive-unsafe-path"),
    ("a\\..\\..\\b.csv", "source.archive-unsafe-path"),
    ("b\n.csv", "source.archive-unsafe-path"),
]


@pytest.mark.parametrize(("name", "code"), UNSAFE, ids=range(len(UNSAFE)))
def test_members_that_are_not_written(tmp_path: Path, name: Any, code: str) -> None:
    lay(tmp_path / "x.zip", zipped((name, CSV), ("a.csv", CSV), ("__MACOSX/a.csv", "x")))
    packages, findings = found(tmp_path)
    assert [resource.path.name for resource in packages[0].resources] == ["a.csv"]
    member = getattr(name, "filename", name).replace("\\", "/")
    assert findings == [(code, "x.zip", member)]


def encrypted() -> bytes:
    """A zip file whose member says that it is encrypted."""
    content = bytearray(zipped(("a.csv", CSV)))
    for magic, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(magic) + place] |= 1
    return bytes(content)


def damaged() -> bytes:
    """A zip file whose member is not what its checksum says."""
    content = zipped(("a.csv", CSV * 50))
    middle = content.index(b"a.csv") + 12
    return content[:middle] + b"\xff\xff" + content[middle + 2 :]


def unknown_method() -> bytes:
    """A zip file packed by a method that nobody knows."""
    content = bytearray(zipped(("a.csv", CSV)))
    for magic, place in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        struct.pack_into("<H", content, content.index(magic) + place, 200)
    return bytes(content)


def nested(levels: int) -> bytes:
    """Zip files in zip files."""
    content = zipped(("a.csv", CSV))
    for level in range(levels - 1):
        content = zipped((f"{level}.zip", content))
    return content


REFUSED = [
    ("x.zip", encrypted(), "source.archive-encrypted"),
    ("x.zip", damaged(), "source.damaged-archive"),
    ("x.zip", unknown_method(), "source.damaged-archive"),
    ("x.zip", b"no zip at all", "source.damaged-archive"),
    ("x.zip", zipped(("a.csv", CSV))[:-9], "source.damaged-archive"),
    ("x.zip", nested(3), "source.archive-too-deep"),
    ("x.zip", zipped(("a.pdf", "x")), "source.archive-nothing"),
    ("x.zip", zipped(), "source.archive-nothing"),
    ("x.zip", zipped(("a" * 300 + ".csv", CSV)), "source.unreadable"),
    ("x.zip", zipped(("a.csv", bytes(1 << 20))), "source.archive-too-large"),
    ("x.csv.gz", gzip.compress(bytes(1 << 20)), "source.archive-too-large"),
    ("x.csv.gz", b"no gzip at all", "source.damaged-archive"),
    ("x.csv.gz", gzip.compress(CSV.encode())[:-9], "source.damaged-archive"),
]


@pytest.mark.parametrize(("name", "content", "code"), REFUSED, ids=range(len(REFUSED)))
def test_refusals(
    tmp_path: Path, name: str, content: bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "FREE_BYTES", 100_000)
    lay(tmp_path / name, content)
    packages, findings = found(tmp_path)
    assert packages == []
    assert findings == [(code, name, None)]


def test_all_containers_together_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 150)
    for name in ("a", "b", "c"):
        lay(tmp_path / f"{name}.zip", zipped(("t.csv", "x" * 60)))
    findings = FindingLog()
    unpacker = Unpacker(findings)
    folders = [unpacker.unpack(tmp_path / f"{name}.zip") for name in ("a", "b", "c")]
    assert [folder is not None for folder in folders] == [True, True, False]
    assert [group.examples[0].code for group in findings.groups()] == ["source.archive-too-large"]


def test_more_members_than_a_container_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_files, "MOST_MEMBERS", 2)
    lay(tmp_path / "x.zip", zipped(("a.csv", CSV), ("b.csv", CSV), ("c.csv", CSV)))
    assert found(tmp_path) == ([], [("source.damaged-archive", "x.zip", None)])


KINDS = [
    ("a.csv", b"", "text/csv"),
    ("a.XLSX", b"", XLSX),
    ("~$a.xlsx", b"", None),
    ("a.ndjson", b"", "application/x-ndjson"),
    ("a.kml", b"", "application/vnd.google-earth.kml+xml"),
    ("a.kmz", b"", "application/vnd.google-earth.kmz"),
    ("a.ttl.gz", b"", "application/gzip"),
    ("a.tar.gz", b"", None),
    ("a.pdf", b"", None),
    ("stops.txt", b"stop_id,stop_name\r\n1,x\r\n", "text/csv"),
    ("tabs.txt", b"a\tb\n", "text/tab-separated-values"),
    ("prose.txt", b"Hello, world. No table.\n", None),
    ("a.json", b'\xef\xbb\xbf[{"a": 1}]', "application/json"),
    ("a.json", b'{"fields": [{"id": "a"}], "records": [{"a": 1}]}', "application/json"),
    ("a.json", b'{"success": true, "result": {"records": [{}]}}', "application/json"),
    ("a.json", b'{"type": "FeatureCollection", "features": []}', "application/geo+json"),
    ("a.json", b'{"features": [{"type": "Feature"}]}', "application/geo+json"),
    ("a.json", b'{"type": "Topology", "objects": {}}', "application/topo+json"),
    ("a.json", b'{"name": "x", "scripts": {"a": [{"b": 1}]}}', None),
    ("a.json", b"[1, 2]", None),
    ("a.json", b"[" * 100_000, None),
    ("a.json", b"not json", None),
    ("aed-metadata.json", b'[{"a": 1}]', None),
    ("package-lock.json", b'[{"a": 1}]', None),
]


@pytest.mark.parametrize(("name", "content", "kind"), KINDS, ids=range(len(KINDS)))
def test_kinds(tmp_path: Path, name: str, content: bytes, kind: str | None) -> None:
    assert media_type_of(lay(tmp_path / name, content)) == kind


def test_what_cannot_be_opened_is_no_data(tmp_path: Path) -> None:
    assert media_type_of(tmp_path / "absent.json") is None
    assert media_type_of(tmp_path / "absent.txt") is None


def test_a_resource_tells_its_part() -> None:
    resource = Resource("x", Path("/t/1/a.xlsx"), container=Path("x.zip"), member="a.xlsx", sheet=2)
    assert (resource.file.name, resource.label) == ("x.zip", "x.zip [a.xlsx] [2]")
    assert resource.part == (("member", "a.xlsx"), ("sheet", "2"))
