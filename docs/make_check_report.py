"""Writes docs/check-findings.md and docs/ja/check-findings.md: what the check finds in real files.

    .venv/bin/python docs/make_check_report.py [FOLDER]

FOLDER holds the files (without its folder 07_large, which takes minutes). What people thought of
findings when they had looked at the rows stands in tests/cases/check/judged.csv; what they missed
in tests/cases/check/missed.csv. A test compares the pages with what this gives, where the files
are at hand.
"""

import csv
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loader.model import FindingGroup, FindingLog
from loader.progress import Silence
from loader.report import LEVEL_CODES
from loader.source import discover
from loader.transform import Transformation, no_sink
from vocab.iris import IriPolicy

DOCS = Path(__file__).parent
PAGES = {"en": DOCS / "check-findings.md", "ja": DOCS / "ja" / "check-findings.md"}
CASES = DOCS.parent / "tests" / "cases" / "check"
FILES = DOCS.parents[1] / "shared" / "data"

LEFT_OUT = ("07_large",)
OF_EVERY_FILE = LEVEL_CODES | {"descriptor.absent"}
"""Findings that are no news: levels are told elsewhere, and no file has a descriptor."""

POLICY = IriPolicy("https://data.example.jp/")


Found = dict[str, list[FindingGroup]]
"""Groups of findings by the path of the file that they are about."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A group of findings that a person has looked at: ``right``, ``arguable`` or ``wrong``.

    ``told`` says whether the check tells it; a wrong one that was mended is not told any more.
    """

    file: str
    code: str
    row: str
    column: str
    told: bool
    verdict: str
    remark: str


def check(files: Path) -> Found:
    """Check all files."""
    places = [path for path in sorted(files.iterdir()) if path.is_dir()]
    discovered = discover([path for path in places if path.name not in LEFT_OUT], documents=True)
    found: Found = {}
    _take(found, discovered.findings, {})
    for package in discovered.packages:
        log = FindingLog()
        Transformation(package, POLICY, log, no_sink, Silence()).run()
        paths = {one.label: one.file.relative_to(files).as_posix() for one in package.resources}
        for path in paths.values():
            found.setdefault(path, [])
        _take(found, log, paths)
    return found


def _take(found: Found, log: FindingLog, paths: Mapping[str, str]) -> None:
    for group in log.groups():
        first = group.examples[0]
        if first.code not in OF_EVERY_FILE:
            found.setdefault(paths.get(first.file, first.file), []).append(group)


def judgements() -> list[Judged]:
    """Return what people thought of the findings that they looked at."""
    with (CASES / "judged.csv").open(encoding="utf-8", newline="") as text:
        return [
            Judged(**{**row, "told": row["told"] == "yes"})  # type: ignore[arg-type]
            for row in csv.DictReader(text)
        ]


def missed() -> list[dict[str, str]]:
    """Return what people saw in files that the check does not tell."""
    with (CASES / "missed.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


WORDS = {
    "en": {
        "introduction": """\
# What the check finds in real files

Written by `docs/make_check_report.py`. The files are open data as they were published. What each
code means stands in [findings.md](findings.md).
""",
        "precision": """\
## Is it right?

On 21 November 2026, {all} groups of findings (equal findings of one file and column) were compared
with the rows of the file, by one reader, a program that knows this one: **{right} are right,
{arguable} are arguable, {wrong} are wrong; counted strictly that is a precision of {strict} %, with
the arguable ones {wide} %.** The sample was drawn by code, two to four groups of each code that
occurs, so frequent codes weigh no more than rare ones. Not in these numbers are {mended} groups
that were wrong, or told twice, when the files were first read; the check was mended by these same
files, so on others it will be right less often. All judgements: `tests/cases/check/judged.csv`.
""",
        "arguable": "Arguable or wrong:\n",
        "missed": """\
## What is missed

The same reader looked through some twenty files that are known to be dirty. Not told are:
""",
        "table": "## Findings by file\n\nHow many of each code. Of every file it is told that it "
        "has no descriptor (`descriptor.absent`), which is left out here.\n",
        "head": "| file | findings |",
        "none": "none",
    },
    "ja": {
        "introduction": """\
# 検査が実際のファイルに見つけること

`docs/make_check_report.py` が書きました。ファイルは公開されたままのオープンデータです。
それぞれの符号の意味は [findings.md](findings.md) にあります。
""",
        "precision": """\
## 正しいか

2026年11月21日に、見つかったこと {all} 組(同じファイルの同じ列の同じ符号を1組とします)を、
ファイルの行と見比べました。見比べたのは、このプログラムを知る1つのプログラムです。
**正しいものが {right} 組、どちらとも言えるものが {arguable} 組、間違いが {wrong} 組でした。
厳しく数えた正しさ(適合率)は {strict} %、どちらとも言えるものを含めると {wide} %です。**
出てきた符号ごとに2〜4組を選んだので、多い符号も少ない符号も同じ重みです。初めに読んだときに間違いか
重なりだった {mended} 組は、この数に入れていません。検査は同じファイルで直したので、
ほかのファイルでは、これより正しさが下がるでしょう。
すべての判断は `tests/cases/check/judged.csv` にあります。
""",
        "arguable": "どちらとも言えるもの、間違いは次のとおりです。\n",
        "missed": """\
## 見つけられないこと

同じ人が、乱れの多いファイル20ほどに目を通しました。次のことは告げていません。
""",
        "table": "## ファイルごとの結果\n\n符号ごとの数です。どのファイルにも記述ファイルがないこと"
        "(`descriptor.absent`)は省きました。\n",
        "head": "| ファイル | 見つかったこと |",
        "none": "なし",
    },
}


def page(language: str, found: Found) -> str:
    """Return the page in a language."""
    words = WORDS[language]
    return "\n".join(
        [
            words["introduction"],
            _precision(words),
            words["missed"],
            *(f"- `{row['file']}`: {row[language]}" for row in missed()),
            "",
            words["table"],
            words["head"],
            "|---|---|",
            *(f"| {path} | {_codes(found[path]) or words['none']} |" for path in sorted(found)),
            "",
        ]
    )


def _precision(words: dict[str, str]) -> str:
    judged = judgements()
    told = [one for one in judged if one.told]
    count = Counter(one.verdict for one in told)
    right, arguable = count["right"], count["arguable"]
    text = words["precision"].format(
        all=len(told),
        right=right,
        arguable=arguable,
        wrong=count["wrong"],
        strict=f"{100 * right / len(told):.0f}",
        wide=f"{100 * (right + arguable) / len(told):.0f}",
        mended=len(judged) - len(told),
    )
    doubts = [
        f"- `{one.file}`, `{one.code}`: {one.remark}" for one in told if one.verdict != "right"
    ]
    return "\n".join([text, *([words["arguable"], *doubts, ""] if doubts else [])])


def _codes(groups: Sequence[FindingGroup]) -> str:
    counts: Counter[str] = Counter()
    for group in groups:
        counts[group.examples[0].code] += group.count
    return "<br>".join(f"`{code}` {count:,}" for code, count in sorted(counts.items()))


def main(arguments: Sequence[str]) -> None:
    """Write the pages."""
    files = Path(arguments[0]) if arguments else FILES
    found = check(files)
    for language, path in PAGES.items():
        path.write_text(page(language, found), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
