"""Repairs of the header: one line of names that are there, unique and typed in the usual way."""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from loader.check.headers import has_other_width, has_wrong_dash, is_spread
from loader.model import FindingLog
from loader.table.header import unique_names

_WIDE = re.compile("[Ａ-Ｚａ-ｚ０-９＿]|[\uff66-\uff9d][\uff66-\uff9f]*")
_DASH = re.compile("(?<=[ァ-ヺ])[-\u2010-\u2015\u2212\u2500\u2501\uff0d\uff70](?=[ァ-ヺ一-鿿]|$)")


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a column: as written, as it became, and the rules that made it so."""

    written: str
    name: str
    rules: tuple[str, ...]


def _narrow(name: str) -> str:
    if not has_other_width(name):
        return name
    return _WIDE.sub(lambda run: unicodedata.normalize("NFKC", run.group()), name)


def _with_long_vowel(name: str) -> str:
    return _DASH.sub("ー", name) if has_wrong_dash(name) else name


def _joined(name: str) -> str:
    return "".join(name.split()) if is_spread(name) else name


_CHOSEN: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("header-width", _narrow),
    ("header-dash", _with_long_vowel),
    ("header-spread", _joined),
)


def repaired_names(cells: Sequence[str], rules: Collection[str]) -> tuple[Name, ...]:
    """Return the names of the columns whose headers are ``cells``."""
    steps = [_steps(cell, rules) for cell in cells]
    names = unique_names([name for name, _ in steps], "", 1, FindingLog())
    found = zip(cells, names, steps, strict=True)
    return tuple(
        Name(cell, name, (*done, *_numbered(before, name))) for cell, name, (before, done) in found
    )


def _steps(cell: str, rules: Collection[str]) -> tuple[str, list[str]]:
    name = " ".join(cell.split())
    done = ["header-blank"] if name != cell else []
    for rule, repair in _CHOSEN:
        repaired = repair(name) if rule in rules else name
        if repaired != name:
            name = repaired
            done.append(rule)
    return name, done


def _numbered(before: str, name: str) -> tuple[str, ...]:
    if before == name:
        return ()
    return ("header-duplicate",) if before else ("header-empty",)
