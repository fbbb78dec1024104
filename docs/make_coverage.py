"""Writes docs/coverage.md and docs/ja/coverage.md: what becomes of real municipal files.

    .venv/bin/python docs/make_coverage.py [FOLDER [DOCS]]

FOLDER holds the files that tests/cases/mappings/recognition.csv names; the pages are written below
DOCS. A cell counts as
represented where a line that its row gives is no longer given when the cell is emptied, or where
its text stands in a literal of the row all the same. A test compares the pages with what this
gives, where the files are at hand.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loader.functions.comparison import stated
from loader.functions.text import normalize
from loader.mapping.context import Choice
from loader.mapping.plan import Context, Plan, compile_plan, used_references
from loader.mapping.registry import GENERIC, choose
from loader.mapping.unpivot import long_table
from loader.model import Batch, FindingLog, Package, Resource
from loader.table import open_table
from vocab.headers import normalize_header
from vocab.iris import IriPolicy

DOCS = Path(__file__).parent
PAGES = {"en": "coverage.md", "ja": "ja/coverage.md"}
EXPECTED = DOCS.parent / "tests" / "cases" / "mappings" / "recognition.csv"
FILES = DOCS.parents[1] / "shared" / "data"
MEASURED = "02_municipal/"

POLICY = IriPolicy("https://data.example.jp/")
_SOURCE = re.compile(r"<([^>]*)> <http://purl\.org/dc/terms/source> <[^>]*#row=(\d+)>")
_LITERAL = re.compile(r'> "((?:[^"\\]|\\.)*)"')


@dataclass(slots=True)
class Measure:
    """What became of one file. ``lost`` counts cells by column and reason (code of a finding)."""

    file: str
    mapping: str
    rows: int = 0
    rows_with_thing: int = 0
    things: set[str] = field(default_factory=set)
    mapped_columns: int = 0
    columns: int = 0
    cells: int = 0
    without_value: int = 0
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def represented(self) -> int:
        """How many of the cells that say something are represented."""
        return self.cells - self.without_value - sum(self.lost.values())


def expectations() -> list[tuple[str, str, str]]:
    """Return file, title and expected dataset of each file that is looked at."""
    with EXPECTED.open(encoding="utf-8", newline="") as text:
        return [(row["file"], row["title"], row["dataset"]) for row in csv.DictReader(text)]


def measures(folder: Path) -> list[Measure]:
    """Measure every municipal file."""
    return [
        measure(folder / file, file, title)
        for file, title, _ in expectations()
        if file.startswith(MEASURED)
    ]


def measure(path: Path, file: str, title: str = "") -> Measure:
    """Measure one file."""
    kind = "tab-separated-values" if path.suffix in {".tsv", ".txt"} else "csv"
    resource = Resource(path.stem, path, media_type=f"text/{kind}")
    titles = {"ja": title} if title else {}
    package = Package(path.stem.lower(), path.parent, (resource,), title=titles)
    table = open_table(resource, FindingLog())
    if table is None:
        raise FileNotFoundError(path)
    choice = choose(resource, table.header, package)
    plan = compile_plan(choice, table.header, _context(package), FindingLog())
    mapped = mapped_columns(choice, table.header)
    found = Measure(file, choice.name, mapped_columns=len(mapped), columns=len(table.header))
    for batch in table.batches():
        _measure_batch(plan, batch, table.header, mapped, found)
    return found


def _context(package: Package) -> Context:
    name = package.name
    row = POLICY.row(name, "f.csv", "")
    return Context(POLICY, POLICY.graph(name), name, name, "f.csv", row, "131016")


def mapped_columns(choice: Choice, header: Sequence[str]) -> list[int]:
    """Return the numbers of the columns that the mapping speaks of."""
    names = {reference.name for reference in used_references(choice.mapping)}
    words = {normalize_header(choice.aliases.get(name, name)) for name in names}
    long = long_table(choice.unpivot, header, choice.aliases) if choice.unpivot else None
    wide = long.unpivoted if long else frozenset()
    return [
        number
        for number, name in enumerate(header)
        if name and (name in wide or normalize_header(name) in words)
    ]


def _measure_batch(
    plan: Plan, batch: Batch, header: Sequence[str], mapped: Sequence[int], found: Measure
) -> None:
    rows = [_row(batch, index) for index in range(len(batch))]
    lines = [set(plan.lines(row, FindingLog())) for row in rows]
    _count_things(lines, found)
    for column in mapped:
        without = set(plan.lines(_emptied(batch, column), FindingLog()))
        for row, whole in zip(rows, lines, strict=True):
            cell = row.columns[column][0]
            if not cell.strip():
                continue
            found.cells += 1
            if whole <= without and _is_lost(plan, row, column, whole):
                if stated(cell):
                    found.lost[header[column], _reason(plan, row, header[column])] += 1
                else:
                    found.without_value += 1


def _count_things(lines: Sequence[set[str]], found: Measure) -> None:
    for whole in lines:
        things = {match[1] for line in whole if (match := _SOURCE.match(line))}
        found.things |= things or {line.split(">", 1)[0] for line in whole}
        found.rows_with_thing += bool(whole)
    found.rows += len(lines)


def _row(batch: Batch, index: int) -> Batch:
    return Batch([batch.rows[index]], [[column[index]] for column in batch.columns])


def _emptied(batch: Batch, column: int) -> Batch:
    columns = list(batch.columns)
    columns[column] = [""] * len(batch)
    return Batch(batch.rows, columns)


def _is_lost(plan: Plan, row: Batch, column: int, whole: set[str]) -> bool:
    """Whether a cell that seems lost is so, for equal rows give the same lines."""
    if not whole <= set(plan.lines(_emptied(row, column), FindingLog())):
        return False
    text = normalize(row.columns[column][0])
    literals = {found[1] for line in whole if (found := _LITERAL.search(line))}
    return text not in map(normalize, literals)


def _reason(plan: Plan, row: Batch, column: str) -> str:
    log = FindingLog()
    plan.lines(row, log)
    codes = [(group.examples[0].column, group.examples[0].code) for group in log.groups()]
    own = sorted(code for name, code in codes if name == column)
    of_row = sorted(code for name, code in codes if name is None)
    return next(iter(own + of_row), "-")


WORDS = {
    "en": {
        "introduction": """\
# What becomes of real files

Written by `docs/make_coverage.py`. The files are open data of municipalities, as they were
published: titles above the header, English headers, both editions, columns missing and added.

A cell of a column that the mapping speaks of is **represented** where a statement made of its row
goes away when the cell is emptied, or where its text stands in a literal of the row all the same.
A cell that holds a sign for no value (`－`, `なし`) and gives nothing is counted apart. The columns
that the mapping does not speak of are not counted: they are kept whole, by the generic mapping.
""",
        "summary": """\
**{recognised} of {files} files are recognised. {with_thing} of {rows} rows become {things} things.
{represented} of {cells} cells are represented: {share} %.** {without} cells hold a sign for no
value. `generic` are tables that are no list of a kind known here; their rows are things. There are
fewer things than rows where two rows have the same number or name, and more where a row is of
several.
""",
        "head": "| file | mapping | rows | things | columns known | cells | no value | lost |",
        "lost_title": "## Cells that are lost\n",
        "lost_head": "| file | column | why | cells |",
        "nothing_lost": "None.",
    },
    "ja": {
        "introduction": """\
# 実際のファイルはどうなるか

`docs/make_coverage.py` が書きました。ファイルは自治体が公開したままのオープンデータです。
見出しの上に題名があるもの、英語の見出し、新旧の版、列の足りないものや増えたものがあります。

対応付けに出てくる列のセルを空にしたとき、その行から作られた文のどれかがなくなるか、同じ文字列が行の
リテラルにあれば、そのセルは**表されている**と数えます。値がないことを表す記号(`－`、`なし`)で何も
生まないセルは別に数えます。対応付けに出てこない列は、汎用の対応付けですべて残るので、数えません。
""",
        "summary": """\
**{files} のファイルのうち {recognised} が判別され、
{rows} 行のうち {with_thing} 行が {things} のものになります。
{cells} のセルのうち {represented}({share} %)が表されています。**
値がないことを表すセルは {without} です。
`generic` は、知っている種類の一覧ではない表で、行がそのままものになります。
番号や名前の同じ行があればものの数は行の数より少なく、一行にいくつものものがあれば多くなります。
""",
        "head": "| ファイル | 対応付け | 行 | もの | 知っている列 | セル | 値なし | 失われたセル |",
        "lost_title": "## 失われたセル\n",
        "lost_head": "| ファイル | 列 | 理由 | セル |",
        "nothing_lost": "ありません。",
    },
}


# --- the page -----------------------------------------------------------------------------------


def page(language: str, measured: Sequence[Measure]) -> str:
    """Return the whole page in a language."""
    words = WORDS[language]
    parts = [words["introduction"], _summary(words, measured), _table(words, measured)]
    return "\n".join([*parts, _losses(words, measured)])


def _summary(words: dict[str, str], measured: Sequence[Measure]) -> str:
    cells = sum(found.cells - found.without_value for found in measured)
    represented = sum(found.represented for found in measured)
    return words["summary"].format(
        files=len(measured),
        recognised=sum(found.mapping != GENERIC for found in measured),
        rows=sum(found.rows for found in measured),
        with_thing=sum(found.rows_with_thing for found in measured),
        things=sum(len(found.things) for found in measured),
        cells=cells,
        without=sum(found.without_value for found in measured),
        represented=represented,
        share=f"{_hundredths(represented, cells) / 100:.2f}",
    )


def _hundredths(part: int, whole: int) -> int:
    """Return a share in hundredths of a percent, rounded down: 100 % is nothing but all."""
    return 10_000 * part // whole if whole else 10_000


def _table(words: dict[str, str], measured: Sequence[Measure]) -> str:
    rows = [
        f"| {found.file.removeprefix(MEASURED)} | `{found.mapping}` | {found.rows}"
        f" | {len(found.things)} | {found.mapped_columns} / {found.columns}"
        f" | {found.cells - found.without_value} | {found.without_value}"
        f" | {sum(found.lost.values())} |"
        for found in measured
    ]
    return "\n".join([words["head"], "|---|---|---:|---:|---:|---:|---:|---:|", *rows, ""])


def _losses(words: dict[str, str], measured: Sequence[Measure]) -> str:
    rows = [
        f"| {found.file.removeprefix(MEASURED)} | {' '.join(column.split())} | {reason} | {count} |"
        for found in measured
        for (column, reason), count in sorted(found.lost.items())
    ]
    body = [words["lost_head"], "|---|---|---|---:|", *rows] if rows else [words["nothing_lost"]]
    return "\n".join([words["lost_title"], *body, ""])


def main(arguments: Sequence[str]) -> None:
    """Write the pages."""
    files, docs = [*map(Path, arguments), *(FILES, DOCS)[len(arguments) :]]
    measured = measures(files)
    for language, path in PAGES.items():
        (docs / path).write_text(page(language, measured), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
