"""``tsunagu releases``, ``tsunagu rollback`` and ``tsunagu serve``."""

import argparse
import json
import os
import sys

from rich.console import Console
from rich.table import Table

from loader import release
from loader.build import exclusive, switch
from loader.cli.render import result_console
from loader.cli.words import Words
from loader.config import find_home, read_config
from loader.errors import ReleaseError
from loader.release import Release


def list_(options: argparse.Namespace, words: Words, console: Console) -> int:
    """List the releases of the home, oldest first."""
    home = find_home(options.home)
    current = release.current(home)
    entries = [_entry(item, current) for item in release.releases(home)]
    if options.format == "json":
        json.dump(entries, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    elif entries:
        _print_entries(entries, words)
    else:
        console.print(words("releases.none", home=home), markup=False, soft_wrap=True)
    return 0


def _entry(item: Release, current: Release | None) -> dict[str, object]:
    return {
        "id": item.id,
        "current": current is not None and item.id == current.id,
        "created": item.manifest["created"],
        "datasets": len(item.datasets),
        "quads": item.manifest["quads"],
        "base_iri": item.base_iri,
    }


def _print_entries(entries: list[dict[str, object]], words: Words) -> None:
    table = Table()
    for name in ("id", "created", "datasets", "quads", "current"):
        table.add_column(words(f"releases.{name}"), overflow="fold")
    for entry in entries:
        mark = words("releases.served") if entry["current"] else ""
        cells = (entry["id"], entry["created"], entry["datasets"], entry["quads"], mark)
        table.add_row(*map(str, cells))
    result_console().print(table)


def rollback(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Serve an earlier release again: the one that is named, else the one before the current."""
    home = find_home(options.home)
    with exclusive(home):
        target = _target(release.releases(home), release.current(home), options.id)
        damaged = next(release.verify(target), None)
        if damaged is not None:
            raise ReleaseError("release.damaged", release=target.id, file=damaged)
        switch(home, target)
    console.print(words("rollback.done", release=target.id), markup=False, soft_wrap=True)
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


def serve(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Serve the current release: this process becomes the server (``python -m endpoint``)."""
    home = find_home(options.home)
    config = read_config(home, options.base_iri)
    if release.current(home) is None:
        raise ReleaseError("serve.nothing", home=home)
    console.print(
        words("serve.start", host=options.host, port=options.port, base=config.policy.base),
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    command = [sys.executable, "-m", "endpoint", "--home", str(home.resolve())]
    command += ["--host", options.host, "--port", str(options.port), "--lang", words.language]
    if options.base_iri:
        command += ["--base-iri", config.policy.base]
    os.execv(sys.executable, command)
