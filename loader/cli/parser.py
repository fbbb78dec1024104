"""The arguments of ``tsunagu`` and its commands. Later versions add to them and change none."""

import argparse
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

from loader.cli.history.arguments import add_diff, add_releases, add_rollback
from loader.cli.links_arguments import add_links
from loader.cli.move_arguments import add_export, add_import, add_rebase
from loader.cli.proof_arguments import add_keys, add_verify
from loader.cli.values import count, iri, place, rows
from loader.cli.words import MESSAGES, Words
from loader.errors import UsageError
from loader.fix.rules import CHOSEN
from vocab.language import LANGUAGES

MAP_FORMATS = ("nquads", "ntriples", "turtle", "trig", "jsonld")

Add = Callable[[argparse.ArgumentParser, Words], None]


class Parser(argparse.ArgumentParser):
    """An argument parser that raises UsageError instead of leaving the program."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with argparse's message and the usage line."""
        raise UsageError("cli.usage", message=message, usage=self.format_usage().strip())


def build_parser(words: Words) -> argparse.ArgumentParser:
    """Return the parser of the whole command line, its help in the language of ``words``."""
    _translate_argparse(words)
    parser = Parser(prog="tsunagu", description=words("help.tsunagu"), epilog=words("help.exit"))
    _add_language(parser, words)
    parser.add_argument(
        "--version",
        action="version",
        version=f"tsunagu {version('tsunagu')}",
        help=words("help.version"),
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", title=words("help.commands")
    )
    for name, add in COMMANDS.items():
        command = commands.add_parser(
            name, help=words(f"help.{name}"), description=words(f"help.{name}.more")
        )
        add(command, words)
        _add_language(command, words)
    return parser


def _translate_argparse(words: Words) -> None:
    # argparse looks its own texts up in its module global ``_`` (gettext) when it speaks.
    texts = {
        entry["en"]: entry[words.language]
        for code, entry in MESSAGES.entries.items()
        if code.startswith("argparse.")
    }
    setattr(argparse, "_", lambda text: texts.get(text, text))  # noqa: B010


def _add_language(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument(
        "--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=words("help.lang")
    )


def _add_home(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--home", type=Path, metavar="DIR", help=words("help.home"))


def _add_base(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--base-iri", metavar="IRI", help=words("help.base-iri"))


def _add_format(parser: argparse.ArgumentParser, words: Words, *formats: str) -> None:
    parser.add_argument("--format", choices=formats, default="text", help=words("help.format"))


def _add_fail_on(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument(
        "--fail-on",
        choices=("violation", "warning", "info"),
        default="violation",
        help=words("help.fail-on"),
    )


def _add_paths(parser: argparse.ArgumentParser, words: Words, nargs: str = "+") -> None:
    parser.add_argument("paths", type=place, nargs=nargs, metavar="PATH", help=words("help.paths"))


def _add_jobs(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("--jobs", type=count, default=1, metavar="N", help=words("help.jobs"))


def _publish(parser: argparse.ArgumentParser, words: Words) -> None:
    _add_paths(parser, words, "*")
    parser.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="NAME",
        dest="sources",
        help=words("help.source"),
    )
    _add_home(parser, words)
    _add_base(parser, words)
    _add_jobs(parser, words)
    parser.add_argument("--dry-run", action="store_true", help=words("help.dry-run"))
    parser.add_argument("--full", action="store_true", help=words("help.full"))
    parser.add_argument("--accept", action="store_true", help=words("help.accept"))
    rules = parser.add_mutually_exclusive_group()
    rules.add_argument("--strict", action="store_true", help=words("help.strict"))
    rules.add_argument("--allow", choices=["violation"], help=words("help.allow"))
    _add_format(parser, words, "text", "json")


def _map(parser: argparse.ArgumentParser, words: Words) -> None:
    _add_paths(parser, words, "*")
    parser.add_argument("--mapping", type=Path, metavar="FILE", help=words("help.mapping-document"))
    parser.add_argument("--minimal", action="store_true", help=words("help.minimal"))
    parser.add_argument("--to", choices=MAP_FORMATS, default="nquads", help=words("help.to"))
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help=words("help.output"))
    _add_home(parser, words)
    _add_base(parser, words)
    _add_jobs(parser, words)


def _check(parser: argparse.ArgumentParser, words: Words) -> None:
    _add_paths(parser, words)
    _add_format(parser, words, "text", "json", "html", "sarif", "csv")
    _add_fail_on(parser, words)
    _add_home(parser, words)
    _add_base(parser, words)
    _add_jobs(parser, words)


def _validate(parser: argparse.ArgumentParser, words: Words) -> None:
    _add_paths(parser, words)
    parser.add_argument(
        "--shapes",
        type=Path,
        nargs="+",
        metavar="FILE",
        default=[],
        help=words("help.shapes-files"),
    )
    parser.add_argument("--graph", type=iri, metavar="IRI", help=words("help.graph"))
    _add_format(parser, words, "text", "json", "html", "sarif", "csv", "turtle")
    _add_fail_on(parser, words)
    _add_home(parser, words)
    _add_base(parser, words)
    _add_jobs(parser, words)


def _fix(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("path", type=Path, metavar="FILE", help=words("help.fix-file"))
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", required=True, help=words("help.fix-output")
    )
    for option, target in (("rule", "rules"), ("skip", "skipped")):
        parser.add_argument(
            f"--{option}",
            action="append",
            choices=list(CHOSEN),
            default=[],
            metavar="RULE",
            dest=target,
            help=words(f"help.fix-{option}"),
        )
    _add_format(parser, words, "text", "json")


def _remove(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("datasets", nargs="+", metavar="DATASET", help=words("help.dataset"))
    _add_home(parser, words)


def _codes(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("code", nargs="*", metavar="CODE", help=words("help.code"))
    parser.add_argument("--date", metavar="DATE", help=words("help.code-date"))
    parser.add_argument("--at", metavar="DATE", help=words("help.code-at"))
    parser.add_argument("--all", action="store_true", help=words("help.code-all"))
    _add_format(parser, words, "text", "json", "csv")


def _identifiers(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("values", nargs="+", metavar="VALUE", help=words("help.identifier-value"))
    parser.add_argument("--date", metavar="DATE", help=words("help.identifier-date"))
    _add_home(parser, words)
    _add_format(parser, words, "text", "json")


def _serve(parser: argparse.ArgumentParser, words: Words) -> None:
    _add_home(parser, words)
    parser.add_argument("--host", default="127.0.0.1", help=words("help.host"))
    parser.add_argument("--port", type=int, default=8000, help=words("help.port"))
    parser.add_argument("--workers", type=count, metavar="N", help=words("help.workers"))
    parser.add_argument("--access-log", metavar="FILE", help=words("help.access-log"))
    _add_base(parser, words)


def _add_actions(
    parser: argparse.ArgumentParser, words: Words, command: str, known: Mapping[str, Add]
) -> None:
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="ACTION", title=words("help.mapping-actions")
    )
    for name, add in known.items():
        text = words(f"help.{command}-{name}")
        action = actions.add_parser(name, help=text, description=text)
        add(action, words)
        _add_language(action, words)


def _mapping(parser: argparse.ArgumentParser, words: Words) -> None:
    _add_actions(parser, words, "mapping", MAPPING_ACTIONS)


def _shapes(parser: argparse.ArgumentParser, words: Words) -> None:
    _add_actions(parser, words, "shapes", {"infer": _shapes_infer, "list": lambda _, __: None})


def _shapes_infer(parser: argparse.ArgumentParser, words: Words) -> None:
    _add_paths(parser, words, "*")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help=words("help.output"))
    _add_home(parser, words)
    _add_base(parser, words)


def _add_table(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("table", type=Path, metavar="FILE", help=words("help.table"))


def _mapping_init(parser: argparse.ArgumentParser, words: Words) -> None:
    _add_table(parser, words)
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=words("help.mapping-output")
    )
    parser.add_argument("--dataset-name", metavar="NAME", help=words("help.dataset-name"))


def _mapping_test(parser: argparse.ArgumentParser, words: Words) -> None:
    _add_table(parser, words)
    parser.add_argument("--mapping", type=Path, metavar="FILE", help=words("help.mapping-document"))
    parser.add_argument("--rows", type=rows, default=3, metavar="N", help=words("help.rows"))
    _add_home(parser, words)
    _add_base(parser, words)
    _add_format(parser, words, "text", "json")


def _mapping_explain(parser: argparse.ArgumentParser, words: Words) -> None:
    _add_table(parser, words)
    _add_format(parser, words, "text", "json")


def _mapping_list(parser: argparse.ArgumentParser, words: Words) -> None:
    _add_format(parser, words, "text", "json")


MAPPING_ACTIONS: dict[str, Add] = {
    "init": _mapping_init,
    "test": _mapping_test,
    "explain": _mapping_explain,
    "list": _mapping_list,
}


COMMANDS: dict[str, Add] = {
    "publish": _publish,
    "map": _map,
    "check": _check,
    "validate": _validate,
    "fix": _fix,
    "remove": _remove,
    "releases": add_releases,
    "diff": add_diff,
    "rollback": add_rollback,
    "serve": _serve,
    "keys": add_keys,
    "verify": add_verify,
    "export": add_export,
    "import": add_import,
    "rebase": add_rebase,
    "codes": _codes,
    "identifiers": _identifiers,
    "links": add_links,
    "mapping": _mapping,
    "shapes": _shapes,
}
