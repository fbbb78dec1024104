"""Splits a Japanese address into the parts of ic:住所型 (IMI core vocabulary 2.4.1).

Without a table of towns, three numbers after a town are taken for 丁目, 番地 and 号, two for 番地
and 号. The canonical notation writes numbers in Arabic digits with hyphens and the numbers within
names of towns in kanji, and leaves 大字 and 字 out, so that 中央一丁目一番地一号 and 中央１－１－１
are one (Open Data Guide, part 9.1).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from loader.functions.address_areas import Hint, hint_of, read_area
from loader.functions.numerals import NUMERAL, digits_to_kanji, from_kanji

LONGEST = 500
"""Characters of an address that are read; none is so long."""

_POSTAL = re.compile(r"^(?:〒\s*([0-9]{3})-?([0-9]{4})|([0-9]{3})-([0-9]{4})(?=\s|\D))\s*")
_DASHES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501", "-")
)
_NUMBER = f"(?:[0-9]|{NUMERAL})"
_LINK = "[-ー\u30ceの之\u4e3f]"
_LONG_VOWEL = re.compile(f"(?<={_NUMBER})ー(?={_NUMBER})")
_WITH_UNIT = re.compile(f"{NUMERAL}++(?=丁目|番地|番{_NUMBER}++号|号$)")
_LINKED = re.compile(f"{NUMERAL}++(?={_LINK}(?:[0-9]|{NUMERAL}++(?:$|[ 番号]|{_LINK}[0-9])))")
_AFTER_NUMBER = re.compile(f"(?<=[0-9])({_LINK}|番地?の?)({NUMERAL}++)(?=$|[ 号])")
_BETWEEN = re.compile("(?<=[0-9])[\u30ceの之\u4e3f](?=[0-9])")

_IN_NAMES = "条|線|地割|区|町|部|組|番町|番丁|丁(?!目)|号線|号地"
_TOWN = re.compile(
    rf"(?:[^0-9]|(?<=[東西南北])[0-9]++号(?=[0-9])|(?<=第)[0-9]++(?!番|丁目|-)|[0-9]++(?:{_IN_NAMES}))*+"
)
_STREET = re.compile(
    r"^.*(?:[上下][るル]|[東西]入[るル]?)(?:[東西南北]側)?(?:[0-9]+丁目(?=[^0-9]))?"
)
_CHOME = re.compile(r"([0-9]++)丁目\s*+")
_STEM = re.compile(r"(?<=[^字])([甲乙丙丁戊己庚辛壬癸]|[イロハニホヘト])$|^([甲乙丙丁東西南北])$")
_PIECE = re.compile(
    r"([0-9]++)(?!階|[FfＦ]|号室|号棟|棟|戸)(番地|番|号)?(?:の(?=[0-9])|-(?=[0-9])|\s(?=[0-9]+号))?"
)
_MARKS = re.compile(r"^大?字|(?<=[^文十大])大?字(?=.)")
_ROOM = re.compile(
    r"(?:地下|B)?[0-9]+(?:階|F|号室)(?:[-、,・~ ]*(?:地下|B)?[0-9]+(?:階|F|号室))*$|[0-9]{3,4}$"
)
_BUILDING_NUMBER = re.compile(r"(?:[0-9]+|[A-Z])号?棟$")
_CARE_OF = re.compile(r"(?:内|気付|方|私書箱\S*)$")


@dataclass(slots=True)
class Address:
    """The parts of an address; each is empty where the address does not have it.

    ``several`` says that the name of its municipality is that of several, and ``rest`` is what
    follows the numbers, as the canonical notation writes it.
    """

    several: bool = False
    rest: str = ""
    parts: dict[str, str] = field(default_factory=dict)

    def part(self, name: str) -> str:
        """Return a part by its name in ic:住所型, or ``通り名``."""
        return self.parts.get(name, "")

    @property
    def canonical(self) -> str:
        """The canonical notation."""
        area = "".join(self.part(name) for name in ("都道府県", "郡", "市区町村", "区"))
        block = self.part("番地補足") + self.part("番地")
        written = "-".join(filter(None, (self.part("丁目"), block, self.part("号"))))
        if self.part("丁目") and not block:
            written += "丁目"
        whole = f"{area}{self.part('通り名')}{self.part('町名')}{written}"
        return f"{whole} {self.rest}".strip()


NAMES = (
    *("郵便番号", "都道府県", "都道府県コード", "市区町村コード", "郡", "市区町村", "区"),
    *("通り名", "町名", "丁目", "番地補足", "番地", "号"),
    *("ビル名", "ビル番号", "部屋番号", "方書"),
)
"""The parts that an address may have: terms of ic:住所型, and 郡 and 通り名."""


@lru_cache(maxsize=4096)
def split_address(text: str, area: str = "") -> Address:
    """Split an address; ``area`` says where it lies if it does not (a code or a name)."""
    plain = _plain(text[:LONGEST])
    address = Address()
    postal = _POSTAL.match(plain)
    if postal:
        address.parts["郵便番号"] = "".join(filter(None, postal.groups()))
        plain = plain[postal.end() :]
    local = _read_head(address, plain, hint_of(area))
    _read_local(address, _arabic(local))
    address.parts = {name: value for name, value in address.parts.items() if value}
    return address


def _plain(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return " ".join(normal.strip(" \t\r\n\"'“”「」").split())


def _arabic(text: str) -> str:
    """Write the numbers of block and house in Arabic digits with hyphens; leave names alone."""
    dashed = _LONG_VOWEL.sub("-", text)
    numbered = _LINKED.sub(_digits, _WITH_UNIT.sub(_digits, dashed))
    followed = numbered
    for _ in range(3):
        followed = _AFTER_NUMBER.sub(lambda m: m[1] + str(from_kanji(m[2])), followed)
    return _BETWEEN.sub("-", followed)


def _digits(match: re.Match[str]) -> str:
    return str(from_kanji(match.group()))


def _read_head(address: Address, text: str, hint: Hint) -> str:
    """Read prefecture, county, city and ward; return what follows them."""
    area = read_area(text, hint)
    address.several = area.several
    found = area.municipality
    address.parts["都道府県"] = area.prefecture
    if found:
        address.parts |= {
            "都道府県コード": found.code5[:2],
            "市区町村コード": found.code,
            "郡": found.county if found.county.endswith("郡") else "",
            "市区町村": found.city,
            "区": found.ward,
        }
    return area.rest


def _read_local(address: Address, text: str) -> None:
    """Read street, town, numbers and building."""
    street = _STREET.match(text) if address.part("市区町村") == "京都市" else None
    if street:
        address.parts["通り名"] = digits_to_kanji(street.group())
        text = text[street.end() :]
    town = _TOWN.match(text)
    assert town is not None
    name, rest = town.group(), text[town.end() :]
    if not rest and " " in name:
        name, _, rest = name.partition(" ")
    elif rest:
        name, rest = _read_numbers(address, name, rest)
    address.parts["町名"] = digits_to_kanji(_MARKS.sub("", "".join(name.split())))
    _read_building(address, rest.strip(" 、,・-"))


def _read_numbers(address: Address, name: str, rest: str) -> tuple[str, str]:
    """Read the numbers after the name of a town; return the name and what follows them."""
    chome = _CHOME.match(rest)
    if chome:
        address.parts["丁目"] = chome[1].lstrip("0")
        rest = rest[chome.end() :]
        if rest[:1] == "字":
            rest = rest[1:]
    stem = _STEM.search(rest[:1] if chome else name)
    if stem and rest[chome is not None :][:1].isdigit():
        address.parts["番地補足"] = stem.group()
        name, rest = (name, rest[1:]) if chome else (name[: stem.start()], rest)
    pieces, end = _pieces(rest)
    _assign(address, pieces, explicit=chome is not None)
    return name, rest[end:]


def _pieces(rest: str) -> tuple[list[tuple[str, str]], int]:
    """Return the numbers at the beginning, each with its unit, and where they end."""
    pieces: list[tuple[str, str]] = []
    end = 0
    while len(pieces) < 4 and (found := _PIECE.match(rest, end)):
        pieces.append((found[1].lstrip("0") or "0", found[2] or ""))
        end = found.end()
        if found[2] == "号" or found.group()[-1] not in "-の地番 ":
            break
    return pieces, end


def _assign(address: Address, pieces: Sequence[tuple[str, str]], explicit: bool) -> None:
    """Say which number is which: 丁目 only where three stand without units."""
    numbers = [number for number, _ in pieces]
    units = {unit for _, unit in pieces[:1]}
    if len(numbers) >= 3 and not explicit and units == {""}:
        address.parts["丁目"] = numbers.pop(0)
    address.parts["番地"] = numbers[0] if numbers else ""
    address.parts["号"] = "-".join(numbers[1:])


def _read_building(address: Address, rest: str) -> None:
    address.rest = rest
    bare = rest.strip("()")
    if _CARE_OF.search(bare):
        address.parts["方書"] = bare
        return
    for name, pattern in (("部屋番号", _ROOM), ("ビル番号", _BUILDING_NUMBER)):
        found = pattern.search(bare)
        if found:
            address.parts[name] = found.group()
            bare = bare[: found.start()].rstrip(" -、,")
    address.parts["ビル名"] = bare
