"""Finds out how the bytes of a table are to be read as text, over the whole file.

What is stated counts only as far as the bytes agree. Order of trust: byte order mark, UTF-8 (text
in another encoding is practically never valid UTF-8), then what is stated, CP932, EUC-JP;
ISO-2022-JP is known by its escape sequences. Memory does not grow with the file.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loader.model import Finding

CHUNK = 1 << 20
"""Bytes read at a time."""

LONGEST_LINE = 16 << 20
"""Bytes between two line breaks."""

IANA_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp932": "Windows-31J",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP",
}
"""The codecs that are read, and their names in the IANA registry of character sets."""

_NAMES = {
    **{name: name for name in IANA_NAMES},
    **{name.lower(): codec for codec, name in reversed(IANA_NAMES.items())},
    **dict.fromkeys(("utf8", "utf-8n", "us-ascii", "ascii", "unicode"), "utf-8"),
    **dict.fromkeys(
        ("shift_jis", "shift-jis", "shiftjis", "sjis", "ms932", "ms_kanji", "ms-kanji", "x-sjis")
        + ("csshiftjis", "windows31j", "sjis-win", "cp-932", "932"),
        "cp932",
    ),
    **dict.fromkeys(("eucjp", "euc_jp", "ujis", "x-euc-jp", "eucjp-win"), "euc_jp"),
    **dict.fromkeys(("jis", "iso2022jp", "iso_2022_jp"), "iso2022_jp"),
    **dict.fromkeys(("utf16", "utf-16le", "utf-16be", "utf-16-le", "utf-16-be"), "utf-16"),
}

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

_MAGIC = {
    b"PK\x03\x04": "ZIP, XLSX, DOCX",
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "XLS, DOC",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
}

_NOT_CP932 = re.compile("[\x80\uf8f0-\uf8f3]")
"""What Python's codec makes of the bytes 80, A0, FD, FE and FF, which stand for nothing."""

_LOST = "\ufffd".encode()
_JAPANESE_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
_HALF_WIDTH_KANA = range(0xFF61, 0xFFA0)


class NotATableError(Exception):
    """A file holds no table; ``finding`` says why."""

    def __init__(self, code: str, path: Path, row: int | None = None, **details: object) -> None:
        super().__init__(code)
        self.finding = Finding(code, path.name, row=row, details=details)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is read: Python's codec, and whether lost characters (U+FFFD) may be in it."""

    codec: str
    may_have_lost: bool
    ascii_only: bool = False

    @property
    def name(self) -> str:
        """The name in the IANA registry of character sets."""
        return IANA_NAMES[self.codec]


@dataclass(slots=True)
class _Survey:
    """What the bytes of a file tell: nothing is decoded twice for it."""

    utf8: bool = True
    ascii: bool = True
    nul: bool = False
    escapes: bool = False
    lost: bool = False


def find_codec(name: str) -> str | None:
    """Return the codec that a stated encoding means, or None for one that is not read here."""
    return _NAMES.get(name.strip().lower())


def find_encoding(path: Path, stated: str | None = None) -> Encoding:
    """Return the encoding of a file; raises NotATableError for what is no text."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    _refuse_others(path, head)
    _refuse_endless_lines(path)
    for mark, codec in _BOMS.items():
        if head.startswith(mark):
            return _by_mark(path, codec)
    survey = _survey(path)
    if survey.nul:
        raise NotATableError("table.binary", path, kind="NUL")
    codec = _choose(path, survey, find_codec(stated or ""))
    return Encoding(codec, survey.lost, survey.ascii and codec == "utf-8")


def _refuse_others(path: Path, head: bytes) -> None:
    if not head:
        raise NotATableError("source.empty-file", path)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            raise NotATableError("table.binary", path, kind=kind)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    page = start.startswith((b"<!doctype html", b"<html"))
    if page or (start.startswith(b"<?xml") and b"<html" in start):
        raise NotATableError("table.html-page", path)


def _refuse_endless_lines(path: Path) -> None:
    """Refuse what would have to be held in memory as one line."""
    length = 0
    for chunk in _chunks(path):
        length = 0 if b"\n" in chunk or b"\r" in chunk else length + len(chunk)
        if length > LONGEST_LINE:
            raise NotATableError("table.too-wide", path, limit=f"{LONGEST_LINE:,} bytes")


def _by_mark(path: Path, codec: str) -> Encoding:
    good = _good_bytes(path, codec)
    if good is not None:
        raise NotATableError("table.undecodable", path, _line(path, good), near=IANA_NAMES[codec])
    return Encoding(codec, may_have_lost=True)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _survey(path: Path) -> _Survey:
    survey = _Survey()
    decoder = codecs.getincrementaldecoder("utf-8")()
    end = b""
    for chunk in _chunks(path):
        survey.ascii = survey.ascii and chunk.isascii()
        survey.nul = survey.nul or b"\0" in chunk
        survey.escapes = survey.escapes or b"\x1b$" in end + chunk
        survey.lost = survey.lost or _LOST in end + chunk
        survey.utf8 = survey.utf8 and _decodes(decoder, chunk)
        end = (end + chunk)[-2:]
    survey.utf8 = survey.utf8 and _decodes(decoder, b"", final=True)
    return survey


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        text = decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return text.isascii() or not _NOT_CP932.search(text)


def _choose(path: Path, survey: _Survey, stated: str | None) -> str:
    if survey.escapes and survey.ascii and _good_bytes(path, "iso2022_jp") is None:
        return "iso2022_jp"
    if survey.utf8:
        return "utf-8"
    legacy = [codec for codec in (stated, "cp932", "euc_jp") if codec in ("cp932", "euc_jp")]
    good = {codec: _good_bytes(path, codec) for codec in legacy}
    whole = [codec for codec, bytes_ in good.items() if bytes_ is None]
    if not whole:
        best = max(good, key=lambda codec: good[codec] or 0)
        line = _line(path, good[best] or 0)
        raise NotATableError("table.undecodable", path, line, near=IANA_NAMES[best])
    _refuse_mixture(path)
    return min(whole, key=lambda codec: _half_width_share(path, codec))


def _refuse_mixture(path: Path) -> None:
    """Refuse a file, readable in an older encoding, that has lines which can only be UTF-8."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if len(_JAPANESE_UTF8.findall(line)) > 1 and _is_utf8(line):
                raise NotATableError("table.mixed-encodings", path, number)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _good_bytes(path: Path, codec: str) -> int | None:
    """Return how many bytes can be read with ``codec``, or None where all can."""
    decoder = codecs.getincrementaldecoder(codec)()
    done = 0
    for chunk in _chunks(path):
        if not _decodes(decoder, chunk):
            return done + _good_part(chunk, codec)
        done += len(chunk)
    return None if _decodes(decoder, b"", final=True) else done


def _good_part(chunk: bytes, codec: str) -> int:
    try:
        text = chunk.decode(codec)
    except UnicodeDecodeError as error:
        return error.start
    odd = _NOT_CP932.search(text)
    return len(text[: odd.start()].encode(codec)) if odd else 0


def _line(path: Path, position: int) -> int:
    """Return the number of the line in which a byte stands."""
    lines, left = 1, position
    for chunk in _chunks(path):
        lines += chunk[:left].count(b"\n")
        left -= len(chunk)
        if left <= 0:
            break
    return lines


def _half_width_share(path: Path, codec: str) -> float:
    """Return the share of half-width kana: what EUC-JP looks like when read as CP932."""
    text = next(iter(_chunks(path))).decode(codec, "ignore")
    wide = [character for character in text if not character.isascii()]
    half = sum(1 for character in wide if ord(character) in _HALF_WIDTH_KANA)
    return round(half / max(1, len(wide)), 1)
