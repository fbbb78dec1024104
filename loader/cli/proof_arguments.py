"""The arguments of ``tsunagu keys`` and ``tsunagu verify``."""

import argparse
from pathlib import Path

from loader.cli.words import Words

KEY_ACTIONS = ("new", "list", "retire")


def add_keys(parser: argparse.ArgumentParser, words: Words) -> None:
    """What is done with the keys of a home."""
    parser.add_argument("action", choices=KEY_ACTIONS, help=words("help.keys-action"))
    parser.add_argument("id", nargs="?", metavar="ID", help=words("help.keys-id"))
    _add_common(parser, words)


def add_verify(parser: argparse.ArgumentParser, words: Words) -> None:
    """What is verified, and by what."""
    parser.add_argument("copy", nargs="?", metavar="RELEASE", help=words("help.verify-release"))
    add_trust(parser, words)
    parser.add_argument("--no-store", action="store_true", help=words("help.verify-no-store"))
    _add_common(parser, words)


def add_trust(parser: argparse.ArgumentParser, words: Words) -> None:
    """Whom a copy is to be from."""
    parser.add_argument(
        "--key",
        action="append",
        type=Path,
        default=[],
        metavar="PUBLIC.pem",
        dest="keys",
        help=words("help.verify-key"),
    )
    parser.add_argument(
        "--tsa-certificate", type=Path, metavar="FILE", help=words("help.verify-tsa")
    )


def _add_common(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--home", type=Path, metavar="DIR", help=words("help.home"))
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help=words("help.format")
    )
