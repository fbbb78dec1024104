"""The arguments of ``tsunagu export``, ``tsunagu import`` and ``tsunagu rebase``."""

import argparse
from pathlib import Path

from loader.cli.proof_arguments import add_trust
from loader.cli.words import Words


def add_export(parser: argparse.ArgumentParser, words: Words) -> None:
    """Which release, and into which file."""
    parser.add_argument("id", nargs="?", metavar="ID", help=words("help.export-id"))
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE.tar[.gz]",
        help=words("help.export-output"),
    )
    _add_home(parser, words)


def add_import(parser: argparse.ArgumentParser, words: Words) -> None:
    """Which file, whom it is to be from, and whether it is served then."""
    parser.add_argument("file", type=Path, metavar="FILE", help=words("help.import-file"))
    add_trust(parser, words)
    parser.add_argument("--switch", action="store_true", help=words("help.import-switch"))
    _add_home(parser, words)


def add_rebase(parser: argparse.ArgumentParser, words: Words) -> None:
    """Where to."""
    parser.add_argument("base_iri", nargs="?", metavar="BASE_IRI", help=words("help.rebase-iri"))
    _add_home(parser, words)


def _add_home(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--home", type=Path, metavar="DIR", help=words("help.home"))
