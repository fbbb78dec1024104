"""Functions of text: trimming, Unicode forms, joining and splitting."""

import re
import unicodedata
from collections.abc import Sequence

from loader.functions.numbers import MISSING
from loader.functions.registry import Gives, ValueProblem, function

_SPACES = re.compile(r"\s+")
_SLUG = re.compile(r"[\s/]+")
_LINE_ENDS = re.compile("\r\n?")
_HIRAGANA = re.compile("[\u3041-\u3096\u309d\u309e]")
_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_NOT_IN_IRI = '\\s\x00-\x20<>"{}|\\\\^`\ud800-\udfff'
_URL = re.compile(rf"https?://[^{_NOT_IN_IRI}/?#]+[^{_NOT_IN_IRI}]*", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\+81[ -]?(?:\(0\))?|0)(\d{1,4})-?(\d{1,4})-?(\d{2,4})")
_PLAIN_NUMBER = re.compile(r"(?=[0-9-]{12,13}$)0[1-9][0-9]{0,3}-[0-9]{1,4}-[0-9]{3,4}")
_LENGTHS = {9, 10}
"""Digits of a number after its first 0 (総務省 電気通信番号計画: 10 in all, 11 of mobile ones)."""
_EXTENSION = re.compile(r"[(]?(?:内線|ext\.?|#)[:.]?(\d+)[)]?$", re.IGNORECASE)
_DASHES = re.compile("[\u2010-\u2015\u2212\u2500\u30fc~()]+")


def _text_column(values: Sequence[str]) -> Sequence[str] | None:
    joined = "".join(values)
    if "\r" in joined or not unicodedata.is_normalized("NFC", joined):
        return None
    return list(map(str.strip, values))


def _normalize_column(values: Sequence[str]) -> Sequence[str] | None:
    joined = "".join(values)
    plain = "  " not in joined and not re.search(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]", joined)
    if not plain or not unicodedata.is_normalized("NFKC", joined):
        return None
    return list(map(str.strip, values))


@function(
    "text",
    [
        (" 中央図書館\u3000", "中央図書館"),
        ("カ\u3099ス", "ガス"),
        ("一行目\r\n二行目", "一行目\n二行目"),
        (" ", ""),
    ],
    column=_text_column,
)
def text(value: str) -> str:
    """The text: Unicode NFC, trimmed, line breaks kept."""
    return _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", value)).strip()


@function(
    "normalize",
    [("Ｎｏ．１２", "No.12"), ("高松\u3000 一郎", "高松 一郎"), ("", "")],
    column=_normalize_column,
)
def normalize(value: str) -> str:
    """The text in one spelling: Unicode NFKC, trimmed, white space as one space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", value)).strip()


def _kana_column(values: Sequence[str]) -> Sequence[str] | None:
    return None if _HIRAGANA.search("".join(values)) else _normalize_column(values)


@function(
    "kana",
    [("ﾁｭｳｵｳﾄｼｮｶﾝ", "チュウオウトショカン"), ("ちゅうおう", "チュウオウ")],
    column=_kana_column,
)
def kana(value: str) -> str:
    """The reading in full-width katakana."""
    return normalize(value).translate(_TO_KATAKANA)


@function("slug", [("10.1000/ABC 12", "10.1000-abc-12"), ("Ａ　Ｂ", "a-b")])
def slug(value: str) -> str:
    """A word for an IRI: NFKC, lower case, white space and slashes as hyphens."""
    return _SLUG.sub("-", unicodedata.normalize("NFKC", value).strip().lower())


@function(
    "split",
    [("図書館、 公民館", "、", ("図書館", "公民館")), ("a||b||", "||", ("a", "b"))],
    many=True,
)
def split(value: str, separator: str) -> tuple[str, ...]:
    """The several values that a cell holds, trimmed."""
    pieces = value.split(separator) if separator else [value]
    return tuple(piece for piece in map(text, pieces) if piece)


@function(
    "concat",
    [
        ("鷹野市", "中央町1", "", "鷹野市中央町1"),
        ("doi", "10.1/2", "-", "doi-10.1/2"),
        ("doi", "", "-", ""),
    ],
)
def concat(value: str, value2: str, separator: str = "") -> str:
    """Both values joined, where both are there."""
    return f"{text(value)}{separator}{text(value2)}" if value and value2 else ""


@function("first", [("", "b", "c", "b"), ("", "", "")])
def first(
    value: str, value2: str = "", value3: str = "", value4: str = "", value5: str = ""
) -> str:
    """The first of the values that is there."""
    return value or value2 or value3 or value4 or value5


@function(
    "lookup",
    [("１", "1=小学校;2=中学校", "小学校"), ("3", "1=小学校;2=中学校", "", "!value.not-in-list")],
)
def lookup(value: str, table: str) -> str:
    """What a table (``a=b;c=d``) has for the value."""
    wanted = normalize(value)
    pairs = (pair.partition("=") for pair in table.split(";"))
    entries = {normalize(key): text(meaning) for key, _, meaning in pairs}
    if wanted and wanted not in entries:
        raise ValueProblem("value.not-in-list")
    return entries.get(wanted, "")


@function(
    "url",
    [
        (" https://example.jp/a?b=1 ", "https://example.jp/a?b=1"),
        ("www.example.jp", "", "!value.not-a-url"),
        ("なし", "", "!value.missing-symbol"),
    ],
    gives=Gives.IRI,
)
def url(value: str) -> str:
    """The address of a web page."""
    found = text(value)
    if found and not _URL.fullmatch(found):
        missing = normalize(found) in MISSING
        raise ValueProblem("value.missing-symbol" if missing else "value.not-a-url")
    return found


@function(
    "telephone",
    [
        ("099-999-1234", "tel:+81-99-999-1234"),
        ("０９９（９９９）１２３４", "tel:+81-99-999-1234"),
        ("099-999-1234(内線56)", "tel:+81-99-999-1234;ext=56"),
        ("099-999-12", "", "!value.not-a-telephone"),
        ("未定", "", "!value.not-a-telephone"),
        ("－", "", "!value.missing-symbol"),
    ],
    gives=Gives.IRI,
)
def telephone(value: str) -> str:
    """The telephone number as an IRI (RFC 3966), in the international form of Japan (+81)."""
    if _PLAIN_NUMBER.fullmatch(value):
        return f"tel:+81-{value[1:]}"
    plain = "".join(unicodedata.normalize("NFKC", value).split())
    if not plain:
        return ""
    if plain in MISSING:
        raise ValueProblem("value.missing-symbol")
    extension = _EXTENSION.search(plain)
    bare = plain[: extension.start()] if extension else plain
    dashed = _DASHES.sub("-", bare.replace("(0)", "")).strip("-")
    found = _NUMBER.fullmatch(dashed)
    if not found or len("".join(found.groups())) not in _LENGTHS:
        raise ValueProblem("value.not-a-telephone")
    national = dashed.removeprefix("+81").removeprefix("0").strip("-")
    return f"tel:+81-{national}" + (f";ext={extension.group(1)}" if extension else "")
