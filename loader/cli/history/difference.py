"""``tsunagu diff``: what differs between two releases."""

import argparse
import json
import sys

from rich.console import Console

from loader import release
from loader.cli.history.document import difference_json
from loader.cli.history.page import difference_page
from loader.cli.history.text import difference_text
from loader.cli.words import Words
from loader.config import find_home
from loader.errors import ReleaseError, UsageError
from loader.history.changes import dataset_changes
from loader.history.difference import Difference, written_between
from loader.history.links import BrokenLinks
from loader.history.patch import changed_files, patch_lines
from loader.release import Release, find, releases


def diff(options: argparse.Namespace, words: Words, _: Console) -> int:
    """Tell what differs; with ``--exit-code`` return 1 where anything does."""
    old, new = _asked(options)
    if options.format == "rdf-patch":
        sys.stdout.flush()
        sys.stdout.buffer.writelines(patch_lines(old, new))
        sys.stdout.buffer.flush()
        differs = bool(changed_files(old, new))
    else:
        found = _difference(old, new, options.examples)
        sys.stdout.write(_written(found, options.format, words))
        differs = found.differs
    return int(options.exit_code and differs)


def _difference(old: Release, new: Release, most: int) -> Difference:
    broken = BrokenLinks(new.store, new.base_iri, most)
    changes = list(dataset_changes(old, new, most, broken.look))
    return Difference(old, new, changes, *written_between(old, new))


def _written(found: Difference, format_name: str, words: Words) -> str:
    if format_name == "json":
        return json.dumps(difference_json(found), ensure_ascii=False, indent=1) + "\n"
    return (difference_page if format_name == "html" else difference_text)(found, words)


def _asked(options: argparse.Namespace) -> tuple[Release, Release]:
    """Return the releases that are named; else the one before the current, and the current."""
    home = find_home(options.home)
    new = _named(options, options.new) if options.new else release.current(home)
    if new is None:
        raise ReleaseError("diff.nothing", home=home)
    if options.old:
        return _named(options, options.old), new
    earlier = [found for found in releases(home) if found.id < new.id]
    if not earlier:
        raise ReleaseError("diff.no-earlier", release=new.id)
    return earlier[-1], new


def _named(options: argparse.Namespace, identifier: str) -> Release:
    found = find(find_home(options.home), identifier)
    if found is None:
        raise UsageError("diff.unknown", release=identifier)
    return found
