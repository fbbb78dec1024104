"""What a column is about, judged by its header's words and confirmed by its cells.

Every table is judged so, whether a standard mapping recognises it or not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from loader.check.columns import Kind, kind_of
from loader.model import Batch, Field
from vocab.headers import normalize_header
from vocab.identifiers import area_codes, municipality_check_digit


class Subject(Enum):
    """What the cells of a column are, where it is something that has rules of its own."""

    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    AREA_CODE = "area code"
    CORPORATE_NUMBER = "corporate number"
    ISBN = "ISBN"
    ISSN = "ISSN"
    POSTAL_CODE = "postal code"
    TELEPHONE = "telephone"
    DAY = "day"
    LOCAL_NUMBER = "local number"


_HEADERS = {
    Subject.LATITUDE: r"(.*_)?緯度(\(.*\))?|(.*_)?lat(itude)?",
    Subject.LONGITUDE: r"(.*_)?経度(\(.*\))?|(.*_)?(lng|lon|long|longitude)",
    Subject.AREA_CODE: r"区コ-ド|.*(市区?町村|公共団体|自治体|団体|標準地域|行政区域)コ-ド(\(.*\))?"
    r"|lgcode|lg_code.*|city_?code|(pref|region)?code|cid",
    Subject.CORPORATE_NUMBER: r".*法人番号|corporate_?number",
    Subject.ISBN: r"isbn(-?1[03])?",
    Subject.ISSN: r"issn",
    Subject.POSTAL_CODE: r".*郵便番号(\(.*\))?|zip_?(code)?|post(al)?_?code",
    Subject.TELEPHONE: r".*(電話|fax|ファックス|ファクス|ファクシミリ)(番号)?(\(.*\))?|tel|phone"
    r"|(telephone|phone|fax)_?number",
    Subject.DAY: r".*(年月日|日付|期日|(開始|終了|開催|公開|更新|登録|許可|発生|指定)日)(\(.*\))?"
    r"|(.*_)?date",
    Subject.LOCAL_NUMBER: r"no\.?|№|id|番号|(通し|整理|管理|識別|登録|施設|資料)(番号|id|no\.?)",
}
"""Headers in their normal form (vocab.headers)."""

_PATTERNS = {subject: re.compile(pattern) for subject, pattern in _HEADERS.items()}

_CELLS = {
    Subject.LATITUDE: r"[^A-DF-MO-RT-VX-Za-z]*\d[^A-DF-MO-RT-VX-Za-z]*",
    Subject.LONGITUDE: r"[^A-DF-MO-RT-VX-Za-z]*\d[^A-DF-MO-RT-VX-Za-z]*",
    Subject.CORPORATE_NUMBER: r"T?\d[\d -]{8,}|\d\.\d+E\+?\d+",
    Subject.ISBN: r"[\d-]{9,16}[\dXx]|[\d-]{9,17}",
    Subject.ISSN: r"\d{4}-?\d{3}[\dXx]",
    Subject.POSTAL_CODE: r"〒?\d{3}.?\d{4}|\d{5,6}",
    Subject.TELEPHONE: r"\D{0,6}\d{1,5}\D{0,2}\d{1,4}\D{0,2}\d{3,4}.*",
    Subject.DAY: r".*\d.*",
    Subject.LOCAL_NUMBER: r".+",
}
_SHAPES = {subject: re.compile(pattern) for subject, pattern in _CELLS.items()}

LEAST = 0.5
"""A column is about what its header says where this share of its cells looks like it."""


def subject_of(header: str, cells: Sequence[str]) -> Subject | None:
    """Return what a column is about; None where neither its header nor its cells tell."""
    name = normalize_header(header)
    filled = {cell.strip() for cell in cells if cell.strip()}
    for subject, pattern in _PATTERNS.items():
        if pattern.fullmatch(name):
            return subject if _confirmed(subject, filled) else None
    return None


def is_called(header: str, subject: Subject) -> bool:
    """Whether a header alone says that a column is about something."""
    return _PATTERNS[subject].fullmatch(normalize_header(header)) is not None


def _confirmed(subject: Subject, cells: set[str]) -> bool:
    if subject is Subject.AREA_CODE:
        good = sum(map(looks_like_area_code, cells))
    else:
        good = sum(_SHAPES[subject].fullmatch(cell) is not None for cell in cells)
    return good > len(cells) * LEAST


def looks_like_area_code(cell: str) -> bool:
    """Whether a cell can be a municipality code: its check digit is right, or an area has it.

    A code of which a spreadsheet took the zero in front counts too.
    """
    if not (cell.isascii() and cell.isdigit() and 4 <= len(cell) <= 6):
        return False
    if len(cell) == 6:
        return municipality_check_digit(cell[:5]) == cell[5]
    return cell in area_codes() or f"0{cell}"[:5] in area_codes()


@dataclass(slots=True)
class Columns:
    """What is known of a table's columns; a column is judged as soon as it has cells."""

    file: str
    header: Sequence[str]
    fields: dict[str, Field] = field(default_factory=dict)
    kinds: list[Kind | None] = field(init=False)
    subjects: list[Subject | None] = field(init=False)

    def __post_init__(self) -> None:
        self.kinds = [None] * len(self.header)
        self.subjects = [None] * len(self.header)

    def judge(self, batch: Batch) -> Iterator[int]:
        """Judge the columns that had no cells until now; give those of numbers."""
        for index, cells in enumerate(batch.columns):
            if self.kinds[index] is not None:
                continue
            name = self.header[index]
            self.kinds[index] = kind_of(cells, self.fields.get(name))
            if self.kinds[index] is not None:
                self.subjects[index] = subject_of(name, cells)
            if self.kinds[index] is Kind.NUMBER:
                yield index

    def of(self, subject: Subject) -> int | None:
        """The first column about something."""
        return self.subjects.index(subject) if subject in self.subjects else None
