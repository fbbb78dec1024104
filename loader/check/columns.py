"""What a column holds, judged by its first cells: numbers, dates or anything else."""

import re
from collections.abc import Sequence
from enum import Enum

from loader.model import Field
from vocab.headers import normalize_header
from vocab.identifiers import area_codes

MOST = 0.8
"""A column is of numbers, or of dates, where this share of its cells is."""

NUMBER = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?")
ANY_NUMBER = re.compile(r"約?[-+−－△▲]?[0-9０-９]+([,，][0-9０-９]{3})*([.．][0-9０-９]+)?")
"""A number in whatever way people write it, full-width digits and separators included."""

UNITS = (
    "円|千円|百万円|億円|人|名|件|個|台|本|冊|箇所|カ所|か所|ヶ所|世帯|戸|棟|室|席|床|回|点|校|頭|羽"
    "|歳|才|%|％|‰|m|ｍ|km|ｋｍ|㎞|cm|㎝|mm|㎜|㎡|m2|m²|ha|ａ|㎥|m3|kg|㎏|g|ｇ|t|ｔ|トン|kw|kwh|l|℃|度"
)
WITH_UNIT = re.compile(rf"({ANY_NUMBER.pattern})\s*(?P<unit>{UNITS})", re.IGNORECASE)
WITH_NOTE = re.compile(rf"({ANY_NUMBER.pattern})\s*[(（]?(?P<note>[*＊※†注]).*")

_ERAS = (
    "天正|文禄|慶長|元和|寛永|正保|慶安|承応|明暦|万治|寛文|延宝|天和|貞享|元禄|宝永|正徳|享保|元文|寛保"
    "|延享|寛延|宝暦|明和|安永|天明|寛政|享和|文化|文政|天保|弘化|嘉永|安政|万延|文久|元治|慶応"
    "|明治|大正|昭和|平成|令和"
)
"""Eras since 1573, from which on tables of events and of cultural properties date."""

_SHORT_ERA = r"(?<![A-Za-z0-9])[MTSHRＭＴＳＨＲ]\.?[0-9０-９]{1,2}[-./．年][0-9０-９]{1,2}"
ERA_YEAR = re.compile(rf"({_ERAS})\s*([0-9０-９]+|元)\s*年?|{_SHORT_ERA}")
WESTERN_YEAR = re.compile(r"(?<![0-9０-９])(1[6-9]|20|１[６-９]|２０)[0-9０-９]{2}(?![0-9０-９])")
DATE = re.compile(
    r"[0-9]{4}[-/.年][0-9]{1,2}([-/.月][0-9]{1,2}日?)?月?[^一-鿿]{0,12}|[0-9]{4}年度?"
    rf"|({_ERAS})\s*([0-9０-９]+|元)[0-9０-９年度月日頃上中下旬～~/.（）()\s-]*"
    rf"|{_SHORT_ERA}([-./．月][0-9０-９]{{1,2}}日?)?"
)

LEAST_VALUES = 10
"""A column with fewer different numbers may hold categories."""

LONGEST_NAME = 30
"""A longer header is a question or an explanation."""

_NO_MEASURE = re.compile(
    r"コ-ド|番号|^no\.?$|№|id$|code|緯度|経度|latitude|longitude|lat$|lng$|lon$|座標|住所|address|地点"
    "|年|月|日|時|曜|期|year|month|day|date|time|era|issued|郵便|電話|tel|fax|phone|zip|postal|階|識別"
    "|^列[0-9]+$|連番|順|sequence|identif|#property|version|ndc|jpno|isbn|issn|pid|url|割合|率|比|指数|倍|rate"
    "|ratio"
)
"""Normalised headers of columns whose digits measure nothing: codes, places, times, ratios."""

_COUNTS = re.compile(
    "数|件|人|者|児|男|女|歳|世帯|台|員|額|円|計|標高|population|male|man|count|number|total|capacity"
    "|household|restroom|num|elevation|altitude"
)
"""Normalised headers that say themselves what is counted."""

_FREE_TEXT = re.compile(
    "情報|備考|説明|摘要|特記|詳細|その他|内容|形態|note|descri|remark|detail|dimension|extent"
)
_UNIT_COLUMN = re.compile(r"(.*_)?(単位|通貨|unit|currency(_(type|code))?)")


class Kind(Enum):
    """What most cells of a column are."""

    NUMBER = "number"
    DATE = "date"
    OTHER = "other"


def kind_of(cells: Sequence[str], field: Field | None) -> Kind | None:
    """Return what a column holds, as its field states or its cells show; None if all are blank."""
    if field and field.type in ("number", "integer"):
        return Kind.NUMBER
    if field and field.type in ("date", "datetime"):
        return Kind.DATE
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return None
    enough = len(filled) * MOST
    if sum(map(is_number, filled)) >= enough:
        return Kind.NUMBER
    if sum(DATE.fullmatch(cell) is not None for cell in filled) >= enough:
        return Kind.DATE
    return Kind.OTHER


def is_number(cell: str) -> bool:
    """Whether a cell is a number, with whatever people add to it."""
    plain = NUMBER.fullmatch(cell) or ANY_NUMBER.fullmatch(cell)
    return bool(plain or WITH_UNIT.fullmatch(cell) or WITH_NOTE.fullmatch(cell))


def lacks_unit(header: str, cells: Sequence[str], field: Field | None) -> bool:
    """Whether a column of numbers says nowhere what they measure.

    Codes, coordinates, years and the like measure nothing; a header such as 件数 says it, and so
    does a unit in the cells.
    """
    if field and (field.unit or field.type == "string"):
        return False
    name = normalize_header(header)
    if "(" in name or len(name) > LONGEST_NAME or _NO_MEASURE.search(name) or _COUNTS.search(name):
        return False
    filled = {cell.strip() for cell in cells if cell.strip()}
    if len(filled) < LEAST_VALUES or any(map(_is_no_measure, filled)):
        return False
    return not area_codes().issuperset(cell[:5] for cell in filled)


def is_free_text(header: str) -> bool:
    """Whether a column is for words, whatever its first cells are (駐車場情報: 20台)."""
    return _FREE_TEXT.search(normalize_header(header)) is not None


def states_unit(header: str) -> bool:
    """Whether a column says the unit of others, row by row."""
    return _UNIT_COLUMN.fullmatch(normalize_header(header)) is not None


def _is_no_measure(cell: str) -> bool:
    """Whether a cell is a code (zero in front) or has its unit with it."""
    return (cell[0] == "0" and cell[1:2].isdigit()) or WITH_UNIT.fullmatch(cell) is not None
