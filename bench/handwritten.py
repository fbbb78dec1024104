"""What mapping is measured against: a loop over ``csv`` with f-strings, written for one table.

Makes the same lines as the mapping document does of the same table, with the same care for values:
Unicode forms, check digits, extent of coordinates, telephone numbers, times, escapes. It finds
nothing to report, knows no other table, and has the IRIs of its terms written into it.
"""

import argparse
import csv
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from vocab.identifiers import IdentifierError, area_iri, municipality_code
from vocab.iris import encode

BASE = "http://localhost:8000/"
GRAPH = f"<{BASE}graph/dataset/facilities> .\n"
SOURCE = f"<{BASE}file/facilities/facilities.csv#row="

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
DCTERMS = "<http://purl.org/dc/terms/"
SCHEMA = "<http://schema.org/"
GEO = "http://www.opengis.net/ont/geosparql#"
IC = "<http://imi.go.jp/ns/core/rdf#"
PHONE = "<http://xmlns.com/foaf/0.1/phone>"
XSD = "http://www.w3.org/2001/XMLSchema#"
DECIMAL = f"^^<{XSD}decimal>"
TIME = f"^^<{XSD}time>"
WKT = f"^^<{GEO}wktLiteral>"

ROWS_PER_WRITE = 200

_TO_ESCAPE = re.compile('[\x00-\x1f"\\\\\x7f\ufffe\uffff]')
_LETTERS = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]*)?")
_PLAIN_TELEPHONE = re.compile(r"0[1-9][0-9]{0,3}-[0-9]{1,4}-[0-9]{3,4}")
_TELEPHONE = re.compile(r"0(\d{1,4})-?(\d{1,4})-?(\d{2,4})")
_TIME = re.compile(r"(\d{1,2})(?::|時)(?:(\d{1,2})分?)?")


def literal(text: str) -> str:
    """Quote and escape."""
    if _TO_ESCAPE.search(text):
        text = _TO_ESCAPE.sub(_escaped, text)
    return f'"{text}"'


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    return _LETTERS.get(character) or f"\\u{ord(character):04X}"


def clean(text: str) -> str:
    """NFC, line feeds, trimmed."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text).strip()


def normal(text: str) -> str:
    """NFKC, white space as one space."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=4096)
def code_and_area(text: str) -> tuple[str, str | None]:
    """Return the six digits of a municipality code and the IRI of its area."""
    try:
        code = municipality_code(text)
    except IdentifierError:
        return "", None
    return code, area_iri(code)


def coordinates(latitude: str, longitude: str) -> tuple[str, str]:
    """Return the pair where it lies in Japan."""
    if not (latitude.isascii() and longitude.isascii()):
        latitude, longitude = normal(latitude), normal(longitude)
    if not (_DEGREES.fullmatch(latitude) and _DEGREES.fullmatch(longitude)):
        return "", ""
    if 20 <= float(latitude) <= 46 and 122 <= float(longitude) <= 154:
        return latitude, longitude
    return "", ""


def telephone(text: str) -> str:
    """Return the number as an IRI."""
    if _PLAIN_TELEPHONE.fullmatch(text):
        return f"tel:+81-{text[1:]}"
    plain = re.sub(r"[()]+", "-", "".join(unicodedata.normalize("NFKC", text).split()))
    return f"tel:+81-{plain[1:]}" if _TELEPHONE.fullmatch(plain) else ""


@lru_cache(maxsize=4096)
def time(text: str) -> str:
    """Return the time of day."""
    found = _TIME.fullmatch(normal(text))
    return f"{int(found[1]):02}:{int(found[2] or 0):02}:00" if found else ""


def declared(row: list[str], number: int) -> str:
    """Lines of bench/facility.yaml for a row."""
    code, no, name, kana, kind, address, latitude, longitude, phone, opens, closes, note = row
    six, area = code_and_area(code)
    no = normal(no)
    key = f"{six or 'facilities'}-{no}"
    s = f"<{BASE}id/facility/{key if key.replace('-', '').isalnum() else encode(key)}>"
    text = (
        f"{s} {TYPE} {SCHEMA}CivicStructure> {GRAPH}"
        f"{s} {DCTERMS}identifier> {literal(no)} {GRAPH}"
        f"{s} {DCTERMS}source> {SOURCE}{number}> {GRAPH}"
    )
    if area:
        text += f"{s} {DCTERMS}spatial> <{area}> {GRAPH}"
    return (
        text
        + _words(s, clean(name), normal(kana).translate(_HIRAGANA), clean(kind), clean(address))
        + _reach(s, telephone(phone), time(opens), time(closes), clean(note))
        + _coordinates(s, *coordinates(latitude, longitude))
    )


def _words(s: str, name: str, kana: str, kind: str, address: str) -> str:
    text = ""
    if name:
        text = f"{s} {LABEL} {literal(name)}@ja {GRAPH}"
    if kana:
        text += f"{s} {DCTERMS}alternative> {literal(kana)}@ja-Kana {GRAPH}"
    if kind:
        text += f"{s} {IC}種別> {literal(kind)} {GRAPH}"
    if address:
        text += f"{s} {SCHEMA}address> {literal(address)} {GRAPH}"
    return text


def _reach(s: str, tel: str, start: str, end: str, note: str) -> str:
    text = ""
    if tel:
        text = f"{s} {PHONE} <{tel}> {GRAPH}"
    if start:
        text += f'{s} {SCHEMA}opens> "{start}"{TIME} {GRAPH}'
    if end:
        text += f'{s} {SCHEMA}closes> "{end}"{TIME} {GRAPH}'
    if note:
        text += f"{s} {IC}備考> {literal(note)} {GRAPH}"
    return text


def _coordinates(s: str, north: str, east: str) -> str:
    if not north:
        return ""
    return (
        f'{s} {SCHEMA}latitude> "{north}"{DECIMAL} {GRAPH}'
        f'{s} {SCHEMA}longitude> "{east}"{DECIMAL} {GRAPH}'
    )


def standard(row: list[str], number: int) -> str:
    """Lines of mappings/public-facility for a row: about 36."""
    code, no, name, kana, kind, address, latitude, longitude, phone, opens, closes, note = row
    six, area = code_and_area(code)
    no = normal(no)
    key = f"{six or 'facilities'}-{no}"
    thing = f"<{BASE}id/facility/{key if key.replace('-', '').isalnum() else encode(key)}"
    s = f"{thing}>"
    text = (
        f"{s} {TYPE} {IC}施設型> {GRAPH}"
        f"{s} {TYPE} {SCHEMA}Place> {GRAPH}"
        f"{s} {DCTERMS}identifier> {literal(no)} {GRAPH}"
        f"{s} {DCTERMS}source> {SOURCE}{number}> {GRAPH}"
    )
    if area:
        text += f"{s} {DCTERMS}spatial> <{area}> {GRAPH}"
    text += _name(s, thing, clean(name), normal(kana).translate(_HIRAGANA))
    text += _address(s, thing, clean(address), six)
    text += _place(s, thing, *coordinates(latitude, longitude))
    text += _contact(s, thing, phone)
    text += _hours(s, thing, time(opens), time(closes))
    if kind := clean(kind):
        text += f"{s} {IC}種別> {literal(kind)} {GRAPH}"
    if note := clean(note):
        text += f"{s} {IC}備考> {literal(note)} {GRAPH}"
    return text


def _name(s: str, thing: str, name: str, kana: str) -> str:
    part = f"{thing}#name>"
    text = f"{s} {IC}名称> {part} {GRAPH}{part} {TYPE} {IC}名称型> {GRAPH}"
    if name:
        quoted = literal(name)
        text += f"{s} {LABEL} {quoted}@ja {GRAPH}{part} {IC}表記> {quoted} {GRAPH}"
    if kana:
        text += f"{part} {IC}カナ表記> {literal(kana)} {GRAPH}"
    return text if name or kana else ""


def _address(s: str, thing: str, address: str, six: str) -> str:
    part, code = f"{thing}#address>", f"{thing}#municipality-code>"
    text = f"{s} {IC}住所> {part} {GRAPH}{part} {TYPE} {IC}住所型> {GRAPH}"
    if address:
        text += f"{part} {IC}表記> {literal(address)} {GRAPH}"
    if six:
        text += (
            f"{part} {IC}市区町村コード> {code} {GRAPH}"
            f"{code} {TYPE} {IC}コード型> {GRAPH}"
            f"{code} {IC}識別値> {literal(six)} {GRAPH}"
        )
    return text if address or six else ""


def _place(s: str, thing: str, north: str, east: str) -> str:
    if not north:
        return ""
    part, geometry = f"{thing}#coordinates>", f"{thing}#geometry>"
    return _coordinates(s, north, east) + (
        f"{s} {IC}地理座標> {part} {GRAPH}"
        f"{part} {TYPE} {IC}座標型> {GRAPH}"
        f'{part} {IC}緯度> "{north}" {GRAPH}'
        f'{part} {IC}経度> "{east}" {GRAPH}'
        f"{s} <{GEO}hasGeometry> {geometry} {GRAPH}"
        f"{geometry} {TYPE} <{GEO}Geometry> {GRAPH}"
        f'{geometry} <{GEO}asWKT> "POINT({east} {north})"{WKT} {GRAPH}'
    )


def _contact(s: str, thing: str, phone: str) -> str:
    plain = normal(phone)
    if not plain:
        return ""
    part = f"{thing}#contact>"
    text = (
        f"{s} {IC}連絡先> {part} {GRAPH}"
        f"{part} {TYPE} {IC}連絡先型> {GRAPH}"
        f"{part} {IC}電話番号> {literal(plain)} {GRAPH}"
    )
    tel = telephone(phone)
    return f"{text}{s} {PHONE} <{tel}> {GRAPH}" if tel else text


def _hours(s: str, thing: str, start: str, end: str) -> str:
    part = f"{thing}#hours>"
    text = f"{s} {IC}利用可能時間> {part} {GRAPH}{part} {TYPE} {IC}定期スケジュール型> {GRAPH}"
    if start:
        text += f'{part} {IC}開始時間> "{start}"{TIME} {GRAPH}'
    if end:
        text += f'{part} {IC}終了時間> "{end}"{TIME} {GRAPH}'
    return text if start or end else ""


WRITERS: dict[str, Callable[[list[str], int], str]] = {"declared": declared, "standard": standard}


def texts(table: Path, write_row: Callable[[list[str], int], str]) -> Iterator[str]:
    """Give the lines of the whole table, some hundred rows at a time."""
    with table.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        pending: list[str] = []
        for number, row in enumerate(rows, start=2):
            pending.append(write_row(row, number))
            if len(pending) == ROWS_PER_WRITE:
                yield "".join(pending)
                pending.clear()
        yield "".join(pending)


def main() -> None:
    """Write the lines of a table to standard output."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("table", type=Path)
    options.add_argument("--mapping", choices=sorted(WRITERS), default="declared")
    asked = options.parse_args()
    for text in texts(asked.table, WRITERS[asked.mapping]):
        sys.stdout.buffer.write(text.encode())


if __name__ == "__main__":
    main()
