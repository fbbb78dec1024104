"""Anything that is given to the check ends with findings or one clear error, soon."""

import csv
import gzip
import io
import json
import re
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loader.errors import TsunaguError
from loader.model import FindingLog
from loader.progress import Silence
from loader.source import discover
from loader.transform import Transformation, no_sink
from vocab.iris import IriPolicy

POLICY = IriPolicy("https://data.example.jp/")
SHARED = Path(__file__).parents[3].parent / "shared" / "data"

MOST_MEMORY = 60_000_000
"""Bytes that Python may hold more than before while a file of a few kilobytes is checked."""

SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".ndjson", ".geojson", ".xlsx", ".xls", ".ods")
ARCHIVES = (".zip", ".csv.gz", ".pdf", ".docx", ".ttl", ".nt", ".xml", ".html", ".kml")

ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "cp932",
    "euc_jp",
    "iso2022_jp",
    "utf-16",
    "utf-16-le",
    "latin-1",
)

WORDS = re.split(
    r"\|",
    "NO|名称|住所|緯度|経度|電話番号|郵便番号|市区町村コード|法人番号|年月日|人口（人）|備考|氏名"
    "|ISBN|#property|#LINK|地区|年度|合計|計|単位|西暦|和暦|列1",
)
CELLS = re.split(
    r"\|",
    "|1|-1.5|1,234|１２|12人|3※|#REF!|4.01E+12|1-Jan|1月2日|令和5年4月1日|H30.6.5|2024-02-30"
    "|45017|34.34|134.04|0|９９９|北緯34度|342024|372013|37201|1100|087-839-2011|90-1234-5678"
    "|100-8914|090-1234-5678|123456789018|=1+1|見本館|全　国|小計|※注|縺ゅ＞縺|???|9:00?17:00"
    "|〓|\ufffd|\ue000|\u200b|\u202e|\x00|\x07|<br>|ｶﾅ|a\nb|a\r\nb|\"|'|\t| x |978-4-00-310101-8",
)
"""What detectors look for, and some that disturbs readers."""

COMMON = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check(place: Path) -> list[FindingLog]:
    """The findings about what is there; all of them are said in both languages."""
    discovered = discover([place], documents=True)
    logs = [discovered.findings]
    for package in discovered.packages:
        log = FindingLog()
        Transformation(package, POLICY, log, no_sink, Silence()).run()
        logs.append(log)
    for log in logs:
        for group in log.groups():
            assert all(group.examples[0].text(language) for language in ("ja", "en"))
            assert len(group.examples) <= group.count
    return logs


@contextmanager
def little_memory() -> Iterator[None]:
    """Fails where much more memory is taken, even for a moment."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def ends_well(folder: Path, name: str, content: bytes) -> None:
    """Check a file that has this content."""
    path = folder / name
    path.write_bytes(content)
    try:
        with little_memory():
            assert sum(1 for log in check(path) for _ in log.groups()) > 0
    except TsunaguError as error:
        assert error.code and str(error)
    finally:
        path.unlink()


@settings(COMMON, max_examples=120)
@given(content=st.binary(max_size=3000), suffix=st.sampled_from(SUFFIXES + ARCHIVES))
def test_bytes(tmp_path: Path, content: bytes, suffix: str) -> None:
    ends_well(tmp_path, f"x{suffix}", content)


@settings(COMMON, max_examples=120)
@given(
    text=st.text(max_size=2000),
    encoding=st.sampled_from(ENCODINGS),
    suffix=st.sampled_from((".csv", ".txt", ".tsv", ".json", ".ndjson")),
)
def test_texts(tmp_path: Path, text: str, encoding: str, suffix: str) -> None:
    ends_well(tmp_path, f"x{suffix}", text.encode(encoding, "replace"))


_CELL = st.sampled_from(CELLS) | st.text(max_size=12)
_ROW = st.lists(_CELL, max_size=8)


@settings(COMMON, max_examples=250)
@given(
    titles=st.lists(_ROW, max_size=2),
    header=st.lists(st.sampled_from(WORDS) | st.text(max_size=6), min_size=1, max_size=8),
    rows=st.lists(_ROW, max_size=12),
    delimiter=st.sampled_from(",\t;|"),
    ends=st.sampled_from(("\n", "\r\n", "\r")),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONE)),
    encoding=st.sampled_from(ENCODINGS),
)
def test_tables(
    tmp_path: Path,
    titles: list[list[str]],
    header: list[str],
    rows: list[list[str]],
    delimiter: str,
    ends: str,
    quoting: Literal[0, 1, 3],
    encoding: str,
) -> None:
    """Tables of all dialects, with what detectors look for and what they do not."""
    records = [*titles, header, *rows]
    text = io.StringIO()
    if quoting == csv.QUOTE_NONE:
        text.writelines(delimiter.join(record) + ends for record in records)
    else:
        csv.writer(text, delimiter=delimiter, lineterminator=ends, quoting=quoting).writerows(
            records
        )
    ends_well(tmp_path, "x.csv", text.getvalue().encode(encoding, "replace"))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(CELLS),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=25,
)


@settings(COMMON, max_examples=120)
@given(value=_VALUES, suffix=st.sampled_from((".json", ".ndjson", ".geojson")))
def test_json(tmp_path: Path, value: object, suffix: str) -> None:
    ends_well(tmp_path, f"x{suffix}", json.dumps(value).encode())


@settings(COMMON, max_examples=40)
@given(
    content=st.binary(max_size=500), names=st.lists(st.text(min_size=1, max_size=12), max_size=3)
)
def test_packed(tmp_path: Path, content: bytes, names: list[str]) -> None:
    ends_well(tmp_path, "x.csv.gz", gzip.compress(content))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(zipfile.ZipInfo(f"{number}{name}.csv"), content)
    ends_well(tmp_path, "x.zip", packed.getvalue())


@settings(COMMON, max_examples=80)
@given(value=_VALUES, key=st.sampled_from(("name", "resources", "licenses", "title", "publisher")))
def test_descriptors(tmp_path: Path, value: object, key: str) -> None:
    (tmp_path / "table.csv").write_text("名称,住所\n見本館,本町\n", encoding="utf-8")
    descriptor = {"name": "x", "resources": [{"path": "table.csv"}], key: value}
    ends_well(tmp_path, "datapackage.json", json.dumps(descriptor).encode())


def _cut(content: bytes) -> Iterator[bytes]:
    """The beginning of a file, its middle alone, and the file with a piece left out."""
    third = len(content) // 3
    yield content[: third + 1]
    yield content[third : 2 * third]
    yield content[:third] + content[third + 7 :]


SMALL = 300_000
"""Bytes of the files that are also cut in pieces."""


def _files() -> list[Path]:
    return sorted(
        path for path in SHARED.rglob("*") if path.is_file() and "07_large" not in str(path)
    )


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files of ../shared/data are not here")
@pytest.mark.parametrize("path", _files(), ids=lambda path: path.name)
def test_real_files_whole_and_cut(path: Path, tmp_path: Path) -> None:
    content = path.read_bytes()
    pieces = [content, *_cut(content)] if len(content) <= SMALL else [content[: SMALL * 5]]
    for number, piece in enumerate(pieces):
        try:
            (tmp_path / path.name).write_bytes(piece)
            assert check(tmp_path / path.name), number
        except TsunaguError as error:
            assert error.code and str(error)
