"""The arguments of ``tsunagu diff``, ``tsunagu releases`` and ``tsunagu rollback``."""

import argparse
from pathlib import Path

from loader.cli.values import natural, rows
from loader.cli.words import Words

DIFF_FORMATS = ("text", "html", "json", "rdf-patch")
RELEASE_ACTIONS = ("list", "pin", "unpin", "prune")


def add_diff(parser: argparse.ArgumentParser, words: Words) -> None:
    """Which releases are compared, and how it is told."""
    parser.add_argument("old", nargs="?", metavar="A", help=words("help.diff-old"))
    parser.add_argument("new", nargs="?", metavar="B", help=words("help.diff-new"))
    parser.add_argument(
        "--examples", type=rows, default=10, metavar="N", help=words("help.diff-examples")
    )
    parser.add_argument("--exit-code", action="store_true", help=words("help.diff-exit-code"))
    _add_home(parser, words)
    _add_format(parser, words, *DIFF_FORMATS)


def add_releases(parser: argparse.ArgumentParser, words: Words) -> None:
    """What is done with the releases of a home."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=RELEASE_ACTIONS,
        default=RELEASE_ACTIONS[0],
        help=words("help.releases-action"),
    )
    parser.add_argument("id", nargs="?", metavar="ID", help=words("help.release-id"))
    parser.add_argument("--keep", type=natural, metavar="N", help=words("help.releases-keep"))
    parser.add_argument("--keep-days", type=natural, metavar="N", help=words("help.releases-days"))
    parser.add_argument("--dry-run", action="store_true", help=words("help.releases-dry-run"))
    _add_home(parser, words)
    _add_format(parser, words, "text", "json")


def add_rollback(parser: argparse.ArgumentParser, words: Words) -> None:
    """Which release is served again."""
    parser.add_argument("id", nargs="?", metavar="ID", help=words("help.release-id"))
    _add_home(parser, words)


def _add_home(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--home", type=Path, metavar="DIR", help=words("help.home"))


def _add_format(parser: argparse.ArgumentParser, words: Words, *formats: str) -> None:
    parser.add_argument("--format", choices=formats, default="text", help=words("help.format"))
