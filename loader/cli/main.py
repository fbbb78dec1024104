"""The command ``tsunagu``: reads the arguments, runs a command, says errors, gives an exit code.

Results go to standard output, everything else to standard error. Exit codes: 0 all well, 1 some
data was refused, 2 nothing could be done, 64 usage, 70 a defect of the program, 130 interrupted.
"""

import argparse
import errno
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from types import FrameType

from rich.console import Console

from loader.cli.parser import build_parser
from loader.cli.words import Words
from loader.errors import TsunaguError
from vocab.language import LANGUAGES, choose_language

Command = Callable[[argparse.Namespace, Words, Console], int]

RUN = {
    "publish": "loader.cli.publish:publish",
    "remove": "loader.cli.publish:remove",
    "map": "loader.cli.inspect:map_",
    "check": "loader.cli.inspect:check",
    "validate": "loader.cli.validation:validate",
    "fix": "loader.cli.fix:fix",
    "diff": "loader.cli.history.difference:diff",
    "releases": "loader.cli.history.listing:releases",
    "rollback": "loader.cli.history.listing:rollback",
    "serve": "loader.cli.releases:serve",
    "keys": "loader.cli.proof:keys",
    "verify": "loader.cli.proof:verify_release",
    "export": "loader.cli.move:export_",
    "import": "loader.cli.move:import_",
    "rebase": "loader.cli.move:rebase",
    "codes": "loader.cli.codes:codes",
    "identifiers": "loader.cli.identifiers:identifiers",
    "links": "loader.cli.links:links",
    "mapping": "loader.cli.mapping:mapping",
    "shapes": "loader.cli.shapes:shapes",
}
"""Where each command is; it is imported when it is asked for, which is most of a short run."""

DEFECT = 70
INTERRUPTED = 130

GRACE = 30
"""Seconds that a command which was stopped has to clear up; the next one clears what is left."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``tsunagu`` with the arguments; return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    words = Words(choose_language(_asked_language(arguments)))
    console = Console(stderr=True)
    try:
        _interrupt_on_signals()
        options = build_parser(words).parse_args(arguments)
        return _command(options.command)(options, words, console)
    except TsunaguError as error:
        return _say(console, words.error(error), error.exit_code)
    except KeyboardInterrupt:
        signal.alarm(0)
        return _say(console, words("cli.interrupted"), INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has left (``| head``); there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(console, _system_error(words, error), TsunaguError.exit_code)
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback to users
        return _defect(console, words, error)


def _command(name: str) -> Command:
    module, _, function = RUN[name].partition(":")
    command: Command = getattr(importlib.import_module(module), function)
    return command


def _asked_language(arguments: Sequence[str]) -> str | None:
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            return arguments[position + 1]
        if argument.startswith("--lang=") and argument[7:] in LANGUAGES:
            return argument[7:]
    return None


def _interrupt_on_signals() -> None:
    def interrupt(_: int, __: FrameType | None) -> None:
        signal.alarm(GRACE)
        raise KeyboardInterrupt

    def leave(_: int, __: FrameType | None) -> None:
        os._exit(INTERRUPTED)

    signal.signal(signal.SIGALRM, leave)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)


def _say(console: Console, text: str, exit_code: int) -> int:
    console.print(
        f"tsunagu: {text}", style="bold red", highlight=False, markup=False, soft_wrap=True
    )
    return exit_code


def _system_error(words: Words, error: OSError) -> str:
    path = error.filename or ""
    # The store reports system errors as text, without an errno.
    if error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error):
        return words("system.disk-full", path=path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return words("system.not-permitted", path=path)
    return words("system.error", path=path, reason=error.strerror or error)


def _defect(console: Console, words: Words, error: Exception) -> int:
    if os.environ.get("TSUNAGU_DEBUG"):
        traceback.print_exception(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}:{place.lineno}"
    return _say(
        console, words("cli.defect", kind=type(error).__name__, text=error, where=where), DEFECT
    )
