"""``tsunagu export``, ``tsunagu import`` and ``tsunagu rebase``."""

import argparse
import sys

from rich.console import Console

from loader.cli.proof import trust, verdict_lines
from loader.cli.render import print_log
from loader.cli.words import Words
from loader.config import FILE, find_home, read_config
from loader.errors import ReleaseError
from loader.links.ledger import FILE as LEDGER
from loader.move.arrival import Arrival, receive
from loader.move.export import export
from loader.move.rebase import Rebase
from loader.proof.keys import FOLDER as KEYS
from loader.release import current, find
from loader.retention import PINS

_OF_THE_HOME = (FILE, LEDGER, PINS, KEYS)
"""What a home has beside its releases: no release tells it, and no signature is about it."""


def export_(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Write a release, the current one where none is named, into one file."""
    home = find_home(options.home)
    release = find(home, options.id) if options.id else current(home)
    if release is None and options.id:
        raise ReleaseError("rollback.unknown", release=options.id)
    if release is None:
        raise ReleaseError("serve.nothing", home=home)
    size = export(release, options.output)
    text = words("export.done", release=release.id, path=options.output, bytes=f"{size:,}")
    console.print(text, highlight=False, markup=False, soft_wrap=True)
    if apart := [name for name in _OF_THE_HOME if (home / name).exists()]:
        text = words("export.apart", names=", ".join(apart))
        console.print(text, highlight=False, markup=False, soft_wrap=True)
    return 0


def import_(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Take a release out of a file; 1 where it was tampered with, or is not by a known key."""
    home = find_home(options.home)
    config = read_config(home)
    arrival = receive(home, options.file, trust(options, home, config), options.switch)
    sys.stdout.write("".join(f"{line}\n" for line in verdict_lines(arrival.verdict, words)))
    text = words(_outcome(arrival, options.switch), release=arrival.verdict.release)
    console.print(text, highlight=False, markup=False, soft_wrap=True)
    return 0 if arrival.release else 1


def _outcome(arrival: Arrival, switched: bool) -> str:
    if arrival.release is None:
        return "import.refused"
    if switched:
        return "rollback.done"
    return "import.known" if arrival.known else "import.done"


def rebase(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Make a release under another base IRI, the configured one where none is given."""
    home = find_home(options.home)
    config = read_config(home, options.base_iri)
    task = Rebase(home, config)
    release = task.run()
    base = config.policy.base
    print_log(console, task.findings, words)
    texts = [words("rebase.done", release=release.id, base=base)]
    if read_config(home).policy.base != base:
        texts.append(words("rebase.configure", path=home / FILE, base=base))
    for text in texts:
        console.print(text, highlight=False, markup=False, soft_wrap=True)
    return 0
