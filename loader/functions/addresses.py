"""Functions of addresses: parts of ic:住所型 and the canonical notation (address_grammar.py)."""

import re
import unicodedata

from loader.functions.address_areas import stated_municipality
from loader.functions.address_grammar import NAMES, Address, split_address
from loader.functions.identifiers import area_iri
from loader.functions.numbers import MISSING
from loader.functions.registry import Gives, ValueProblem, function

_POSTAL_CODE = re.compile("〒?([0-9]{3})[^0-9]?([0-9]{4})")
_AREA_PROBLEM = "!value.address-area"


def _split(value: str, area: str) -> Address:
    if _is_missing(value):
        raise ValueProblem("value.missing-symbol")
    return split_address(value, area)


def _is_missing(value: str) -> bool:
    return unicodedata.normalize("NFKC", value).strip() in MISSING


@function(
    "address",
    [
        ("東京都千代田区紀尾井町１丁目３番地", "", "東京都千代田区紀尾井町1-3"),
        ("千代田区紀尾井町一の三", "", "東京都千代田区紀尾井町1-3"),
        ("中央１ー２　つなぐビル３階", "東京都江戸川区", "東京都江戸川区中央1-2 つなぐビル3階"),
        ("上京区小川通今出川下る針屋町370", "", "京都府京都市上京区小川通今出川下る針屋町370"),
        ("岩手県岩手郡岩手町大字川口第13地割16", "", "岩手県岩手郡岩手町川口第十三地割16"),
        ("北区中央1-2", "", "北区中央1-2", "!value.address-ambiguous"),
        ("中央1-2", "", "中央1-2", _AREA_PROBLEM),
    ],
)
def address(value: str, area: str = "") -> str:
    """The address in canonical notation: prefecture to house number in one spelling.

    ``area`` (code or name of a prefecture or municipality) says where an address lies that does
    not say so itself.
    """
    found = _split(value, area) if value.strip() else Address()
    canonical = found.canonical
    if found.several:
        raise ValueProblem("value.address-ambiguous", gives=canonical)
    if canonical and not found.part("市区町村"):
        raise ValueProblem("value.address-area", gives=canonical)
    return canonical


@function(
    "addressPart",
    [
        ("札幌市中央区北１条西２丁目", "町名", "", "北一条西"),
        ("札幌市中央区北１条西２丁目", "丁目", "", "2"),
        ("高松市番町一丁目8番15号", "市区町村コード", "", "372013"),
        ("高松市番町一丁目8番15号", "番地", "", "8"),
        ("高松市番町一丁目8番15号", "号", "", "15"),
        ("紀尾井町1-3 つなぐビル19階", "ビル名", "131016", "つなぐビル"),
        ("紀尾井町1-3 つなぐビル19階", "部屋番号", "131016", "19階"),
        ("紀尾井町1-3", "街", "", "", "!value.unknown-choice"),
    ],
)
def address_part(value: str, part: str, area: str = "") -> str:
    """A part of the address: 郵便番号, 都道府県, 都道府県コード, 市区町村コード, 郡, 市区町村, \
区, 通り名, 町名, 丁目, 番地補足, 番地, 号, ビル名, ビル番号, 部屋番号 or 方書."""
    if part not in NAMES:
        raise ValueProblem("value.unknown-choice", value=part)
    return split_address(value, area).part(part) if not _is_missing(value) else ""


@function(
    "addressAreaIri",
    [
        ("高松市番町1-8", "370002", "http://data.e-stat.go.jp/lod/sac/C37201"),
        ("東京都北区王子1-1", "", "http://data.e-stat.go.jp/lod/sac/C13117"),
        ("番町1-8", "372013", "http://data.e-stat.go.jp/lod/sac/C37201"),
        ("北区中央1-2", "", ""),
    ],
    gives=Gives.IRI,
)
def address_area_iri(value: str, area: str = "") -> str:
    """The municipality that an address states beyond doubt, else the area with the code ``area``, \
as e-Stat names them."""
    stated = stated_municipality(value)
    return area_iri(stated.code if stated else area)


@function(
    "postalCode",
    [
        ("〒100-8914", "1008914"),
        ("１００８９１４", "1008914"),
        ("100-89", "", "!value.not-a-postal-code"),
    ],
)
def postal_code(value: str) -> str:
    """The postal code, seven digits (ic:郵便番号)."""
    plain = "".join(unicodedata.normalize("NFKC", value).split())
    if plain in MISSING:
        raise ValueProblem("value.missing-symbol")
    found = _POSTAL_CODE.fullmatch(plain)
    if plain and not found:
        raise ValueProblem("value.not-a-postal-code")
    return "".join(found.groups()) if found else ""
