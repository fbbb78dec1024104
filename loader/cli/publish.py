"""``tsunagu publish`` and ``tsunagu remove``."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from loader.cli.history.text import summary
from loader.cli.render import (
    outcome_json,
    print_findings,
    print_outcome,
    print_plain,
    result_console,
)
from loader.cli.words import Words
from loader.config import FILE, Config, RemoteSource, find_home, read_config
from loader.errors import ConfigurationError, UsageError
from loader.history.changes import DatasetChanges
from loader.outcome import Options, Outcome
from loader.pipeline import Publish, Tell
from loader.progress import TerminalProgress


def publish(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Publish what lies at the paths; return 0, 1 or 2 as the outcome says."""
    home = find_home(options.home)
    config = read_config(home, options.base_iri)
    rules = Options(
        options.strict,
        options.allow == "violation",
        options.dry_run,
        options.jobs,
        options.full,
        options.accept,
    )
    places = _places(options, home, config)
    with TerminalProgress(console, words).shown() as progress:
        work = Publish(home, config, rules, progress, tell=_teller(console, words))
        outcome = work.run(places)
    _report(outcome, options, words)
    _close(outcome, rules, words, console, home, config)
    return outcome.exit_code


def _places(
    options: argparse.Namespace, home: Path, config: Config
) -> Sequence[Path | RemoteSource]:
    """Return what is to be published: what is named, else every source of the configuration."""
    if not options.paths and not options.sources:
        if not config.sources:
            raise UsageError("config.no-sources", path=home / FILE)
        return config.sources
    known = {source.name: source for source in config.sources}
    for name in options.sources:
        if name not in known:
            names = ", ".join(known) or "-"
            raise ConfigurationError(
                "config.source-unknown", path=home / FILE, name=name, known=names
            )
    return [*options.paths, *(known[name] for name in dict.fromkeys(options.sources))]


def remove(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Make a release without the named datasets."""
    home = find_home(options.home)
    config = read_config(home)
    with TerminalProgress(console, words).shown() as progress:
        work = Publish(home, config, Options(), progress, tell=_teller(console, words))
        outcome = work.remove(options.datasets)
    _close(outcome, Options(), words, console, home, config)
    return 0


def _teller(console: Console, words: Words) -> Tell:
    """Return what says in short what differs, before anything is switched."""

    def tell(changes: Sequence[DatasetChanges]) -> None:
        if changes:
            print_plain(console, words("diff.before"))
        for found in changes:
            print_plain(console, f"  {summary(found, words)}")
        if broken := sum(found.broken_things for found in changes):
            print_plain(console, "  " + words("diff.broken-some", count=f"{broken:,}"))

    return tell


def _report(outcome: Outcome, options: argparse.Namespace, words: Words) -> None:
    if options.format == "json":
        json.dump(outcome_json(outcome), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return
    out = result_console()
    print_findings(out, outcome, words)
    print_outcome(out, outcome, words)


def _close(
    outcome: Outcome,
    rules: Options,
    words: Words,
    console: Console,
    home: Path,
    config: Config,
) -> None:
    """Say what is served now, and what to do next."""
    release = outcome.release.id if outcome.release else "-"
    for changes in outcome.shrunk:
        percent = f"{changes.percent_gone:.0f}"
        values = {"name": changes.name, "gone": f"{changes.gone:,}", "percent": percent}
        print_plain(console, words("publish.shrunk", before=f"{changes.before:,}", **values))
    if outcome.shrunk:
        code = "publish.refused"
    elif not outcome.publishes:
        code = "publish.strict" if rules.strict else "publish.nothing"
    elif rules.dry_run:
        code = "publish.dry-run"
    elif not outcome.switched:
        code = "publish.unchanged"
    else:
        code = "publish.done"
    for old in outcome.pruned:
        print_plain(console, words("releases.pruned", release=old.id))
    most = f"{config.most_removed_percent:g}"
    text = words(code, release=release, home=home, base=config.policy.base, most=most)
    print_plain(console, text)
