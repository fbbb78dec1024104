"""Detectors of what a descriptor says of rights beside the licence (the guide, part II)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_KEYS = ("title", "description", "attribution", "licenses", "rights")

_CONDITIONS = re.compile(
    r"(営利|商用)[^。]{0,12}(禁|不可|できません|認めません|限ります|除く)"
    r"|(無断)[^。]{0,12}(転載|複製|使用|利用)[^。]{0,12}(禁|お断り|できません)"
    r"|(改変|加工|再配布|二次利用)[^。]{0,10}(禁止|不可|できません|認めません)"
    r"|(許可|許諾|承諾|承認|申請)[^。]{0,8}(が必要|を得て|を受けて|の上で)"
    r"|事前[^。]{0,10}(連絡|相談|申請|申し出)"
    r"|(非営利|研究|個人)[^。]{0,8}(目的|利用)[^。]{0,6}(に限|のみ)"
    r"|non-?commercial (use )?only|not for commercial|prior (written )?(permission|consent)"
    r"|permission (is )?required|no (derivatives|modification)",
    re.IGNORECASE,
)
_FREE = re.compile("(許可|許諾|承諾|申請)[^。]{0,8}(不要|必要ありません|必要はありません|なし)")
_THIRD_PARTIES = re.compile("第三者|他者の(著作|権利)|third[- ]part", re.IGNORECASE)


def extra_condition(descriptor: Mapping[str, Any]) -> str | None:
    """Return the words that set a condition which open licences do not know, if there are any."""
    for text in _texts(descriptor):
        for sentence in re.split("[。\n]", text):
            found = _CONDITIONS.search(sentence)
            if found and not _FREE.search(sentence):
                return sentence.strip()
    return None


def speaks_of_third_parties(descriptor: Mapping[str, Any]) -> bool:
    """Whether it is said whether others have rights in parts of the data."""
    return any(_THIRD_PARTIES.search(text) for text in _texts(descriptor))


def _texts(descriptor: Mapping[str, Any]) -> Iterator[str]:
    for key in _KEYS:
        if key in descriptor:
            yield from _strings(descriptor[key])


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
