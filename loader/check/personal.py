"""Detectors of what is likely to be personal data (個人情報保護法; the guide's 3.6)."""

import re
from collections.abc import Sequence

from stdnum.exceptions import ValidationError
from stdnum.jp import in_ as _individual_number

from vocab.headers import normalize_header

TWELVE_DIGITS = re.compile(r"\n[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}(?=\n)")
MOBILE = re.compile(
    r"(?<![0-9A-Za-z/_.-])0[789]0[-ー－‐−–(（ ][0-9]{4}[-ー－‐−–)） ][0-9]{4}(?![0-9-])"
)
BARE_MOBILE = re.compile(r"0[789]0[0-9]{8}")
_NAME_HEADER = re.compile(
    r"(児童|生徒|園児|患者|申請者|申込者|届出者|受給者|対象者|世帯主|保護者|職員|会員|登録者|応募者"
    r"|本人|利用者|入居者|納税者|被保険者)?(の)?(氏名|お?名前|姓名)(\((漢字|姓名|本名)\))?"
)
_PRIVATE_HEADER = re.compile(
    r"(自宅|現|本人)?(の)?(住所|居所|居住地|電話(番号)?)|生年月日|本籍(地)?|(e-?)?メ-ル(アドレス)?"
)
_NAME = re.compile(r"[一-鿿々ヶ]{1,4}[ \u3000]?[一-鿿々ぁ-んァ-ヶー]{1,5}")
_NUMBER_HEADER = re.compile(".*(マイナンバ-|個人番号).*")
LEAST_NAMES = 0.7


def is_twelve_digits(cell: str) -> bool:
    """Whether a cell is a number of twelve digits, in groups of four or not."""
    return TWELVE_DIGITS.match(f"\n{cell.strip()}\n") is not None


def is_individual_number(cell: str) -> bool:
    """Whether a cell is a 個人番号 (My Number) with a right check digit (番号法施行令 8条)."""
    try:
        _individual_number.validate(re.sub("[ -]", "", cell.strip()))
    except ValidationError:
        return False
    return True


def speaks_of_individual_numbers(header: str) -> bool:
    """Whether a header says that 個人番号 are in the column."""
    return _NUMBER_HEADER.fullmatch(normalize_header(header)) is not None


def mobile_in(cell: str) -> bool:
    """Whether a cell has the number of a mobile telephone, written with hyphens."""
    return MOBILE.search(cell) is not None


def is_bare_mobile(cell: str) -> bool:
    """Whether a cell is the number of a mobile telephone without hyphens."""
    return BARE_MOBILE.fullmatch(cell.strip()) is not None


def name_column(header: Sequence[str]) -> int | None:
    """The column of names of persons, as its header says."""
    names = map(normalize_header, header)
    return next((at for at, name in enumerate(names) if _NAME_HEADER.fullmatch(name)), None)


def private_columns(header: Sequence[str]) -> list[str]:
    """The headers of what is private where it stands beside the name of a person."""
    return [name for name in header if _PRIVATE_HEADER.fullmatch(normalize_header(name))]


def are_names(cells: Sequence[str]) -> bool:
    """Whether most cells have the form of the name of a person."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    hits = sum(_NAME.fullmatch(cell) is not None for cell in filled)
    return bool(filled) and hits >= len(filled) * LEAST_NAMES
