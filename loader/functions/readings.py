"""Functions of readings: hiragana, katakana (``ja-Hrkt``) and romaji (``ja-Latn``).

Romaji: ローマ字のつづり方 as passports and street signs have it (修正ヘボン式, long vowels without
a mark: 外務省ヘボン式ローマ字綴方表 and 国土地理院 地名等の英語表記規程).
"""

import re

from loader.functions.registry import ValueProblem, function
from loader.functions.text import kana, normalize

_TO_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}

_ROWS = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "s": "サ*スセソ",
    "t": "タ**テト",
    "n": "ナニヌネノ",
    "h": "ハヒ*ヘホ",
    "m": "マミムメモ",
    "y": "ヤ*ユ*ヨ",
    "r": "ラリルレロ",
    "w": "ワ****",
    "g": "ガギグゲゴ",
    "z": "ザ*ズゼゾ",
    "d": "ダ**デド",
    "b": "バビブベボ",
    "p": "パピプペポ",
}
_SINGLE = {
    kana_: consonant + vowel
    for consonant, row in _ROWS.items()
    for kana_, vowel in zip(row, "aiueo", strict=True)
    if kana_ != "*"
}
_SINGLE |= {"シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu"}
_SINGLE |= {"ヲ": "o", "ヴ": "vu", "ヰ": "i", "ヱ": "e", "ヵ": "ka", "ヶ": "ga"}
_SINGLE |= {
    small: _SINGLE[great]
    for small, great in zip("ァィゥェォャュョヮ", "アイウエオヤユヨワ", strict=True)
}
_HEADS = {"シ": "sh", "チ": "ch", "ジ": "j", "ヂ": "j"} | {
    kana_: _SINGLE[kana_][0] for kana_ in "キニヒミリギビピ"
}
_PAIRS = {
    head + small: consonant + vowel
    for head, consonant in _HEADS.items()
    for small, vowel in zip(
        "ャュョェ",
        ("a", "u", "o", "e") if consonant in {"sh", "ch", "j"} else ("ya", "yu", "yo", "ye"),
        strict=True,
    )
}
_PAIRS |= {"ティ": "ti", "ディ": "di", "トゥ": "tu", "ドゥ": "du", "デュ": "dyu", "ファ": "fa"}
_PAIRS |= {"フィ": "fi", "フェ": "fe", "フォ": "fo", "ウィ": "wi", "ウェ": "we", "ウォ": "wo"}
_PAIRS |= {"ヴァ": "va", "ヴィ": "vi", "ヴェ": "ve", "ヴォ": "vo", "ツァ": "tsa", "ツォ": "tso"}

_LONG = re.compile("oo|ou|uu")
_LABIAL = re.compile("n(?=[bmp])")
_DOUBLED = re.compile("ッ(?=([a-z]))")
_PLAIN = re.compile(r"[\x20-\x7e]")


@function("hiragana", [("チュウオウトショカン", "ちゅうおうとしょかん"), ("ﾀｶﾉ", "たかの")])
def hiragana(value: str) -> str:
    """The reading in hiragana."""
    return normalize(value).translate(_TO_HIRAGANA)


@function(
    "romaji",
    [
        ("たかの", "Takano"),
        ("チュウオウ トショカン", "Chuo Toshokan"),
        ("サッポロ", "Sapporo"),
        ("ほっちぇ", "Hotche"),
        ("しんばし", "Shimbashi"),
        ("スーパー", "Supa"),
        ("中央", "", "!value.not-latin"),
    ],
)
def romaji(value: str) -> str:
    """The reading in Latin letters (Hepburn, long vowels unmarked, capitalised; ``ja-Latn``)."""
    reading = kana(value).replace("ー", "").replace("・", " ")
    words = [_romanised(word) for word in reading.split()]
    if any(word is None for word in words):
        raise ValueProblem("value.not-latin")
    return " ".join(word[:1].upper() + word[1:] for word in words if word)


def _romanised(word: str) -> str | None:
    written, at = [], 0
    while at < len(word):
        pair, single = word[at : at + 2], word[at]
        syllable = _PAIRS.get(pair) or _syllable(single)
        if syllable is None:
            return None
        written.append(syllable)
        at += 2 if pair in _PAIRS else 1
    joined = _DOUBLED.sub(lambda match: "t" if match[1] == "c" else match[1], "".join(written))
    latin = _LABIAL.sub("m", joined.replace("ッ", "t"))
    return _LONG.sub(lambda match: match.group()[0], latin)


def _syllable(character: str) -> str | None:
    if character in {"ン", "ッ"}:
        return "n" if character == "ン" else "ッ"
    return _SINGLE.get(character) or (character if _PLAIN.fullmatch(character) else None)
