"""``tsunagu links``: the links and proposals of the release that is served, and decisions."""

import argparse
import csv
import io
import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from rich.console import Console
from rich.table import Table

from loader import release
from loader.build import exclusive
from loader.cli.checking.documents import safe
from loader.cli.checking.page import page
from loader.cli.links_arguments import ACCEPT, REJECT
from loader.cli.render import print_plain, result_console
from loader.cli.words import Words
from loader.config import find_home, read_config
from loader.errors import ReleaseError, SourceError, UsageError
from loader.links.ledger import COLUMNS, FILE, Decision, read_ledger, write_ledger
from loader.links.rules import ACCEPTED, rules
from loader.links.selection import Link, Status, select
from loader.release import Release

_TOLD = ("id", "status", "rule", "confidence", "metres", "first_dataset", "second_dataset")
_SHOWN = ("id", "confidence", "first_name", "second_name", "relation", "metres", "rule")
_DECISIONS = {ACCEPT: Decision.ACCEPTED, REJECT: Decision.REJECTED}


def links(options: argparse.Namespace, words: Words, console: Console) -> int:
    """List links and proposals, or decide on some."""
    home = find_home(options.home)
    config = read_config(home)
    current = release.current(home)
    if current is None:
        raise ReleaseError("serve.nothing", home=home)
    if "links" not in current.manifest:
        raise ReleaseError("links.none-yet", release=current.id)
    if options.action in _DECISIONS:
        return _decide(options, words, current)
    if options.ids:
        raise UsageError("links.what-with", ids=" ".join(options.ids))
    ledger = read_ledger(home, current.base_iri, current.earlier_bases)
    found = select(current.path, sorted(current.datasets), ledger, config.links_threshold)
    wanted = [link for link in found if options.status in (None, link.status.value)]
    _WRITERS[options.format](wanted, words)
    return 0


def _decide(options: argparse.Namespace, words: Words, current: Release) -> int:
    """Write decisions into the ledger; nothing is written where a pair is not known."""
    if not options.ids:
        raise UsageError("links.which", action=options.action)
    home, config = find_home(options.home), read_config(find_home(options.home))
    with exclusive(home):
        ledger = read_ledger(home, current.base_iri, current.earlier_bases)
        found = select(current.path, sorted(current.datasets), ledger, config.links_threshold)
        known = {link.id: link for link in found if link.id in options.ids}
        for asked in options.ids:
            if asked not in known:
                raise SourceError("links.unknown", id=asked)
        for link in known.values():
            entry = link.entry(_DECISIONS[options.action], options.note)
            ledger[entry.key] = entry
        write_ledger(home, ledger.values())
    print_plain(
        result_console(), words(f"linked.done-{options.action}", count=len(known), file=FILE)
    )
    return 0


def _entry(link: Link) -> dict[str, Any]:
    """Return a link as JSON has it, and CSV as a row that the ledger can be made of."""
    pair, entry = link.pair, link.entry(Decision.ACCEPTED)
    metres = None if math.isnan(pair.match.metres) else round(pair.match.metres)
    decided = {Status.REJECTED: Decision.REJECTED.value}.get(link.status, "")
    return {
        "decision": Decision.ACCEPTED.value if pair.match.rule == ACCEPTED else decided,
        **{name: str(getattr(entry, name)) for name in COLUMNS[1:]},
        "id": link.id,
        "status": link.status.value,
        "rule": pair.match.rule,
        "confidence": link.confidence,
        "metres": metres,
        "first_dataset": pair.first.dataset,
        "second_dataset": pair.second.dataset,
    }


def _write_json(found: Sequence[Link], words: Words) -> None:
    json.dump([_entry(link) for link in found], sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _write_csv(found: Sequence[Link], words: Words) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow((*COLUMNS, *_TOLD))
    for link in found:
        entry = _entry(link)
        writer.writerow([safe(entry[name]) for name in (*COLUMNS, *_TOLD)])
    sys.stdout.write("\ufeff" + text.getvalue())


def _write_text(found: Sequence[Link], words: Words) -> None:
    out = result_console()
    table = Table(title=words("links.title"), title_justify="left")
    for name in ("rule", "confidence", "published", "proposed", "meaning"):
        right = name in ("published", "proposed", "confidence")
        table.add_column(words(f"linked.{name}"), justify="right" if right else "left")
    for row in _by_rule(found, words):
        table.add_row(*row)
    out.print(table)
    proposed = [link for link in found if link.status is Status.PROPOSED]
    if proposed:
        out.print(_proposals(proposed, words))
        print_plain(out, words("links.decide", id=proposed[0].id))


def _by_rule(found: Iterable[Link], words: Words) -> list[list[str]]:
    counts = Counter((link.pair.match.rule, link.status) for link in found)
    used = [key for key in rules() if counts[key, Status.PUBLISHED] + counts[key, Status.PROPOSED]]
    return [
        [
            key,
            str(rules()[key].confidence),
            f"{counts[key, Status.PUBLISHED]:,}",
            f"{counts[key, Status.PROPOSED]:,}",
            rules()[key].text[words.language],
        ]
        for key in used
    ]


def _proposals(proposed: Sequence[Link], words: Words) -> Table:
    table = Table(title=words("links.proposals"), title_justify="left")
    for name in _SHOWN:
        table.add_column(words(f"linked.{name}"), overflow="fold")
    for link in proposed:
        table.add_row(*_cells(link, words))
    return table


def _cells(link: Link, words: Words) -> list[str]:
    entry = _entry(link)
    entry["relation"] = words(f"linked.is-{link.relation.value}")
    return ["–" if entry[name] is None else str(entry[name]) for name in _SHOWN]


def _write_html(found: Sequence[Link], words: Words) -> None:
    sections = [_section(found, status, words) for status in Status]
    sys.stdout.write(page(words("links.title"), [], sections, words))


def _section(found: Sequence[Link], status: Status, words: Words) -> str:
    heading = escape(words(f"linked.{status.value}"))
    rows = "".join(_row(link, words) for link in found if link.status is status)
    if not rows:
        return f"<section>\n<h2>{heading}</h2>\n<p>{escape(words('html.none'))}</p>\n</section>\n"
    names = "".join(f'<th scope="col">{escape(words(f"linked.{name}"))}</th>' for name in _SHOWN)
    return (
        f"<section>\n<h2>{heading}</h2>\n"
        f'<div class="scroll" role="region" tabindex="0" aria-label="{heading}">\n'
        f"<table><thead><tr>{names}</tr></thead><tbody>\n{rows}</tbody></table>\n</div>\n</section>\n"
    )


def _row(link: Link, words: Words) -> str:
    first, *rest = _cells(link, words)
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
    return f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>\n'


_WRITERS = {"text": _write_text, "json": _write_json, "csv": _write_csv, "html": _write_html}
