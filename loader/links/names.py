"""Names of facilities, compared: the same, the same with its owner before it, a part of it.

Names are compared in a *plain form*: width, kana (平仮名, small letters, long vowels), ヶ and ケ,
old kanji, numbers, blanks and marks are written one way. It is for comparing only.
"""

import os.path
import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from loader.functions.numerals import from_kanji
from vocab.municipalities import fold


class Likeness(StrEnum):
    """How two names are alike. ``FIRST_IN_SECOND``: the first is that of a part of the second."""

    SAME = "same"
    WITH_OWNER = "with-owner"
    FIRST_IN_SECOND = "first-in-second"
    SECOND_IN_FIRST = "second-in-first"


_OLD_KANJI = str.maketrans(
    "學會縣櫻應眞德圓鐵體醫藝寶瀨澁壽榮靜與萬彌龜豐嶽驛號舊條臺國廳關團區聲觀靈佛來將淨"
    "當發縱稻總續繪聽舘莊藏處變讀豫賴轉辨邊郞鄕釋錢鑛險雜顯飜驗鹽麥黑齒龍",
    "学会県桜応真徳円鉄体医芸宝瀬渋寿栄静与万弥亀豊岳駅号旧条台国庁関団区声観霊仏来将浄"
    "当発縦稲総続絵聴館荘蔵処変読予頼転弁辺郎郷釈銭鉱険雑顕翻験塩麦黒歯竜",
)
"""旧字体 and the 新字体 of each (当用漢字字体表, 1949); more are folded with names of places."""

_SMALL = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_NUMBERS = re.compile("[0-9]+")
_MARKS = re.compile(r"[\s・･,、。.'\"“”「」『』【】〔〕&＆/／|~〜～_\-‐‑–—―−ー]+")
_NUMERAL = re.compile("[〇一二三四五六七八九十]+")
_SHORTER = (
    ("高等学校", "高校"),
    ("コミユニテイセンタ", "コミセン"),
    ("屋内運動場", "体育館"),
    ("運動場", "グラウンド"),
    ("校庭", "グラウンド"),
    ("グランド", "グラウンド"),
    ("保育所", "保育園"),
    ("第", ""),
)
"""Words in plain form that stand for one another in names of facilities."""

_ABBREVIATED = {
    "(株)": "株式会社",
    "(有)": "有限会社",
    "(医)": "医療法人",
    "(福)": "社会福祉法人",
    "(学)": "学校法人",
    "(財)": "財団法人",
    "(社)": "社団法人",
}
_FORMER = re.compile(r"\(\s*(?:旧|元|もと|仮称|通称)[^()]*\)")
_BRACKETS = {ord("("): None, ord(")"): None}

_LEGAL = re.compile(
    "(?:特定|社会|特別)?医療法人(?:社団|財団)?|社会福祉法人|学校法人|宗教法人|特定非営利活動法人"
    "|NPO法人|(?:一般|公益)?(?:財団|社団)法人|(?:地方)?独立行政法人|国立大学法人|国家公務員共済組合連合会"
    "|株式会社|有限会社|合同会社|合資会社|合名会社"
)
_PARTS = re.compile(
    "(?:[0-9]*(?:体育館|グラウンド|プル|武道館|柔剣道場|柔道場|格技場|駐車場|校舎|講堂|ホル|会議室"
    "|集会室|和室|多目的室|図書室|食堂|公衆トイレ|公衆便所|トイレ|便所|手洗所|本館|別館|新館|旧館"
    "|[東西南北]館|[東西南北]棟|[0-9]+号?館|[0-9]+号?棟|[A-Z]棟|[0-9]+階|管理棟|管理事務所|管理事務室"
    "|事務所|事務室|玄関|正門|ロビ|受付|広場|多目的広場|敷地|構内|園庭|前庭|中庭|屋上|屋内|屋外|建物"
    "|以上))+"
)
"""What makes of the name of a facility that of a part of it, in plain form.

Branches (分館, 分室, 分校, 支所) lie elsewhere and are no parts.
"""

SIMILAR = 0.75
"""The part of their characters that similar names have in common (Ratcliff and Obershelp)."""

SHORTEST = 3
"""Characters of a name in plain form by which it can be known again in a longer one."""


@lru_cache(maxsize=65_536)
def plain(name: str) -> str:
    """Return a name in plain form; notes of former names are left out."""
    text = unicodedata.normalize("NFKC", name)
    for short, long in _ABBREVIATED.items():
        text = text.replace(short, long)
    text = _FORMER.sub("", text).translate(_BRACKETS).upper().translate(_OLD_KANJI)
    text = fold(_MARKS.sub("", text).translate(_HIRAGANA).translate(_SMALL))
    text = _NUMERAL.sub(lambda found: str(from_kanji(found.group())), text)
    for longer, shorter in _FOLDED:
        text = text.replace(longer, shorter)
    return text


_FOLDED = tuple((fold(longer), fold(shorter)) for longer, shorter in _SHORTER)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in plain form without municipality and founder (``core``), and who the founder is.

    ``founder`` is the level of government (都, 市, …), 国 or 私, where the name states it;
    ``former`` what it says that it was before, in plain form.
    """

    core: str
    founder: str = ""
    former: str = ""


@lru_cache(maxsize=65_536)
def split_name(name: str, prefecture: str, city: str) -> Name:
    """Split a name as written; prefecture and city are those that the thing lies in."""
    whole = plain(name)
    former = plain("".join(_FORMER.findall(unicodedata.normalize("NFKC", name))).strip("()"))
    found = _before(prefecture, city).match(whole)
    core = whole[found.end() :] if found else whole
    if found is None or len(core) < SHORTEST:
        return Name(whole, former=former)
    founded = max(found.start("founded"), found.start("level"))
    return Name(core, whole[founded - 1] if founded > 0 else "", former)


@lru_cache(maxsize=256)
def _before(prefecture: str, city: str) -> re.Pattern[str]:
    area = "".join(f"(?:{re.escape(plain(name))})?" for name in (prefecture, city))
    level = "[都道府県市区町村国私](?P<level>立)"
    stem = f"(?:{re.escape(plain(prefecture))})?{re.escape(plain(city)[:-1])}(?=[市区町村][民役営])"
    return re.compile(f"{area}(?P<founded>立)|{level}|{stem}|{area}(?![民役営])")


def compare_names(one: Name, other: Name) -> Likeness | None:
    """Tell how two names of one municipality are alike; None where they are not."""
    if _differ(one.founder, other.founder) or _differ(one.former, other.former):
        return None
    if one.core == other.core:
        return Likeness.SAME
    short, long = sorted((one.core, other.core), key=len)
    if len(short) < SHORTEST:
        return None
    if long.endswith(short) and _LEGAL.match(long[: -len(short)]):
        return Likeness.WITH_OWNER
    if long.startswith(short) and _PARTS.fullmatch(long[len(short) :]):
        return Likeness.FIRST_IN_SECOND if long is one.core else Likeness.SECOND_IN_FIRST
    return None


def similar(one: Name, other: Name) -> bool:
    """Whether two names are nearly alike, for people to look at; not where numbers differ.

    Two parts of one facility are not similar either.
    """
    if _NUMBERS.findall(one.core) != _NUMBERS.findall(other.core):
        return False
    stem = len(os.path.commonprefix([one.core, other.core]))
    if all(_PARTS.fullmatch(name.core[stem:]) for name in (one, other)):
        return False
    return SequenceMatcher(None, one.core, other.core).ratio() >= SIMILAR


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)
