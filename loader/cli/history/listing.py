"""``tsunagu releases``: lists, pins and prunes; ``tsunagu rollback``."""

import argparse
import json
import sys
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from loader import release
from loader.build import exclusive, switch
from loader.cli.render import print_plain, result_console
from loader.cli.words import Words
from loader.clock import now
from loader.config import Retention, find_home, read_config
from loader.errors import ReleaseError, UsageError
from loader.release import Release
from loader.retention import is_by_writing, pin, pins, prune, size, to_prune

STATES = ("current", "pinned", "written")
COLUMNS = ("id", "created", "datasets", "quads", "bytes", "own_bytes", "state")


def releases(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Do what is asked with the releases of the home."""
    needs_one = options.action in ("pin", "unpin")
    if needs_one != (options.id is not None):
        raise UsageError("releases.usage", action=options.action)
    return ACTIONS[options.action](options, words, console)


def _list(options: argparse.Namespace, words: Words, console: Console) -> int:
    home = find_home(options.home)
    current, pinned = release.current(home), pins(home)
    entries = [_entry(item, current, item.id in pinned) for item in release.releases(home)]
    if options.format == "json":
        _write_json(entries)
    elif entries:
        _print_entries(entries, words)
    else:
        print_plain(console, words("releases.none", home=home))
    return 0


def _entry(item: Release, current: Release | None, pinned: bool) -> dict[str, object]:
    total, own = size(item)
    return {
        "id": item.id,
        "current": current is not None and item.id == current.id,
        "pinned": pinned,
        "written": is_by_writing(item),
        "created": item.manifest["created"],
        "datasets": len(item.datasets),
        "quads": item.manifest["quads"],
        "bytes": total,
        "own_bytes": own,
        "base_iri": item.base_iri,
    }


def _print_entries(entries: list[dict[str, object]], words: Words) -> None:
    table = Table(caption=words("releases.more"))
    for name in COLUMNS:
        table.add_column(words(f"releases.{name}"), overflow="fold")
    for entry in entries:
        states = [words(f"releases.{name}") for name in STATES if entry[name]]
        cells = [f"{entry[name]:,}" for name in COLUMNS[2:-1]]
        table.add_row(str(entry["id"]), str(entry["created"]), *cells, ", ".join(states))
    result_console().print(table)


def _pin(options: argparse.Namespace, words: Words, console: Console) -> int:
    home, pinned = find_home(options.home), options.action == "pin"
    with exclusive(home):
        pin(home, options.id, pinned)
    code = "releases.pin-done" if pinned else "releases.unpin-done"
    print_plain(console, words(code, release=options.id))
    return 0


def _prune(options: argparse.Namespace, words: Words, console: Console) -> int:
    home = find_home(options.home)
    rules = read_config(home).retention
    if options.keep is not None or options.keep_days is not None:
        rules = replace(rules, keep=options.keep, days=options.keep_days)
    if rules == Retention():
        raise UsageError("releases.no-rules")
    with exclusive(home):
        found = to_prune(home, rules, now())
        if options.dry_run:
            done = [(item, False) for item in found]
        else:
            done = list(prune(home, found, now()))
    if options.format == "json":
        _write_json([{"id": item.id, "removed": removed} for item, removed in done])
        return 0
    kept = "releases.would-prune" if options.dry_run else "releases.in-use"
    for item, removed in done:
        code = "releases.pruned" if removed else kept
        print_plain(result_console(), words(code, release=item.id))
    if not done:
        print_plain(console, words("releases.nothing-to-prune"))
    return 0


def _write_json(content: object) -> None:
    json.dump(content, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


ACTIONS = {"list": _list, "pin": _pin, "unpin": _pin, "prune": _prune}


def rollback(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Serve an earlier release again: the one that is named, else the one before the current."""
    home = find_home(options.home)
    with exclusive(home):
        target = _target(release.releases(home), release.current(home), options.id)
        damaged = next(release.misfits(target), None)
        if damaged is not None:
            raise ReleaseError("release.damaged", release=target.id, file=damaged)
        switch(home, target)
    print_plain(console, words("rollback.done", release=target.id))
    return 0


def _target(known: list[Release], current: Release | None, asked: str | None) -> Release:
    if asked is not None:
        found = [item for item in known if item.id == asked]
        if not found:
            raise ReleaseError("rollback.unknown", release=asked)
        return found[0]
    earlier = [item for item in known if current and item.id < current.id]
    if not earlier:
        raise ReleaseError("rollback.none")
    return earlier[-1]
