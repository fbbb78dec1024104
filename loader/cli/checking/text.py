"""The report of a check for the terminal: files in short, then findings, then totals."""

from rich.console import Console

from loader.check import Assessment
from loader.check.checklists import Judged, Status
from loader.cli.checking.report import CheckReport
from loader.cli.render import print_group, print_plain
from loader.cli.words import Words
from loader.report import CheckedFile

STARS = 5


def print_report(out: Console, report: CheckReport, words: Words) -> None:
    """Print it."""
    for file in report.files:
        _print_file(out, file, words)
    if report.entries:
        out.print(words("check.findings"), style="bold", markup=False, highlight=False)
    for entry in report.entries:
        print_group(out, entry.group, words)
    counts = report.counts
    print_plain(out, words("check.total", files=f"{len(report.files):,}"))
    print_plain(out, words("check.counts", **{key: f"{count:,}" for key, count in counts.items()}))


def _print_file(out: Console, file: CheckedFile, words: Words) -> None:
    judged, language = file.assessment, words.language
    out.print(shape(file, words), style="bold", markup=False, highlight=False, soft_wrap=True)
    print_plain(out, f"  {level(judged, words)}  {stars(judged)}  {judged.reason(language)}")
    for status in (Status.NOT_MET, Status.NOT_JUDGED):
        for item in (one for one in judged.items if one.status is status):
            print_plain(out, f"    {status_word(item, words)} {item_text(item, words)}")
    print_plain(out, f"  {met(judged, words)}")
    print_plain(out, f"  → {judged.next_step(language)}")
    out.print()


def shape(file: CheckedFile, words: Words) -> str:
    """Say which file it is, and how it was read."""
    table = file.table
    if table is None:
        return words("check.file", file=file.label, media_type=file.assessment.resource.media_type)
    return words(
        "check.table",
        file=file.label,
        rows=f"{table.rows:,}",
        columns=len(table.header),
        encoding=table.encoding or "-",
        mapping=table.mapping,
    )


def level(judged: Assessment, words: Words) -> str:
    """Say the technical level, with its grade."""
    code = "check.level-grade" if judged.grade else "check.level-alone"
    return words(code, level=judged.level, grade=judged.grade)


def stars(judged: Assessment) -> str:
    """Draw the stars."""
    return "★" * judged.stars + "☆" * (STARS - judged.stars)


def status_word(item: Judged, words: Words) -> str:
    """Say whether an item is met."""
    return words(f"item.{item.status.value}")


def item_text(item: Judged, words: Words) -> str:
    """Say an item with its number, mark, and the findings against it."""
    mark = f"{item.item.mark.value} " if item.item.mark.value else ""
    codes = f" [{', '.join(item.codes)}]" if item.codes else ""
    return f"{item.item.id} {mark}{item.item.text(words.language)}{codes}"


def met(judged: Assessment, words: Words) -> str:
    """Say how many items are met, of those that apply."""
    statuses = [item.status for item in judged.items]
    applying = len(statuses) - statuses.count(Status.NOT_APPLICABLE)
    return words("check.met", met=statuses.count(Status.MET), all=applying)
