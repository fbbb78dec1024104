"""The arguments of ``tsunagu links``."""

import argparse
from pathlib import Path

from loader.cli.words import Words

ACCEPT, REJECT, LIST = "accept", "reject", "list"
FORMATS = ("text", "json", "csv", "html")


def add_links(parser: argparse.ArgumentParser, words: Words) -> None:
    """What is listed or decided."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=(LIST, ACCEPT, REJECT),
        default=LIST,
        help=words("help.links-action"),
    )
    parser.add_argument("ids", nargs="*", metavar="ID", help=words("help.links-id"))
    parser.add_argument("--note", default="", metavar="TEXT", help=words("help.links-note"))
    parser.add_argument(
        "--status",
        choices=("published", "proposed", "rejected"),
        help=words("help.links-status"),
    )
    parser.add_argument("--home", type=Path, metavar="DIR", help=words("help.home"))
    parser.add_argument("--format", choices=FORMATS, default="text", help=words("help.format"))
