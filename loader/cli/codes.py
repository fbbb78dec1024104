"""``tsunagu codes``: what a municipality code stood for, and what became of it."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable
from datetime import date, timedelta

from rich.console import Console
from rich.table import Table

from loader.cli.render import result_console
from loader.cli.words import Words
from loader.errors import UsageError
from vocab.area_history import BEGINNING, LAST_CHANGE, Version, area_history
from vocab.identifiers import IdentifierError, municipality_code

COLUMNS = (
    "版",
    "全国地方公共団体コード",
    "標準地域コード",
    "有効開始日",
    "有効終了日",
    "都道府県名",
    "郡・支庁・政令指定都市",
    "団体名",
    "団体名_かな",
    "変更の種別",
    "前の版",
    "次の版",
)
"""Header of the table of all versions; a version is named by its code and first day."""

_HEADER = (
    "codes.code",
    "codes.name",
    "codes.since",
    "codes.last",
    "codes.cause",
    "codes.before",
    "codes.after",
)


def codes(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Show the versions of codes, or of names; exit code 1 where there is none."""
    history = area_history()
    if options.all:
        return _write(history, options)
    if not options.code:
        raise UsageError("codes.nothing-asked")
    found = [version for text in options.code for version in _find(text)]
    if options.date:
        day = _day(options.date, words, console)
        found = [version for version in found if version.valid_on(day)]
    if not found:
        asked = ", ".join(options.code)
        console.print(words("codes.none", asked=asked, until=LAST_CHANGE), soft_wrap=True)
        return 1
    if options.at:
        day = _day(options.at, words, console)
        found = _unique(other for version in found for other in history.on(version, day))
    return _write(found, options, words)


def _find(text: str) -> list[Version]:
    """Return the versions of a code of four to six digits, or of those so named."""
    history = area_history()
    try:
        return list(history.versions(municipality_code(text)[:5]))
    except IdentifierError as error:
        if text[:1].isdecimal():
            raise UsageError("codes.no-code", value=text) from error
    return [version for version in history if text in (version.label, version.full_name)]


def _unique(versions: Iterable[Version]) -> list[Version]:
    return list({version.key: version for version in versions}.values())


def _day(text: str, words: Words, console: Console) -> str:
    """Read a date; of the time before all that is known, the first date stands for it."""
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError("codes.no-date", value=text) from error
    if day < BEGINNING:
        console.print(words("codes.too-early", value=day, first=BEGINNING), soft_wrap=True)
    return max(day, BEGINNING)


def _write(
    versions: Iterable[Version], options: argparse.Namespace, words: Words | None = None
) -> int:
    if options.format == "json":
        json.dump([_entry(version) for version in versions], sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    elif options.format == "csv" or words is None:
        writer = csv.writer(sys.stdout, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(_entry(version).values() for version in versions)
    else:
        _print(versions, words)
    return 0


def _entry(version: Version) -> dict[str, str]:
    values = (
        version.iri,
        version.full_code,
        version.code,
        version.since,
        last_day(version),
        version.prefecture,
        version.district,
        version.label,
        version.kana or version.district_kana,
        version.cause or "",
        " ".join(found.iri for found in version.predecessors),
        " ".join(found.iri for found in version.successors),
    )
    return dict(zip(COLUMNS, values, strict=True))


def last_day(version: Version) -> str:
    """The last day on which a version was valid; nothing where it still is."""
    if version.until is None:
        return ""
    return (date.fromisoformat(version.until) - timedelta(days=1)).isoformat()


def _print(versions: Iterable[Version], words: Words) -> None:
    table = Table()
    for message in _HEADER:
        table.add_column(words(message), overflow="fold")
    for version in versions:
        table.add_row(
            version.full_code,
            version.full_name,
            version.since,
            last_day(version),
            version.cause or "",
            _told(version.predecessors),
            _told(version.successors),
        )
    result_console().print(table)


def _told(versions: Iterable[Version]) -> str:
    return "\n".join(f"{version.full_code} {version.label}" for version in versions)
