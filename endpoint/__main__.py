"""``python -m endpoint``: what ``tsunagu serve`` becomes."""

import argparse
import sys
from functools import partial
from pathlib import Path

from endpoint.language import MESSAGES
from endpoint.serve import Options, serve
from loader.errors import TsunaguError
from vocab.language import LANGUAGES, choose_language


def main(arguments: list[str] | None = None) -> int:
    """Serve; return the exit code (docs/endpoint.md)."""
    options = _parser().parse_args(arguments)
    said = Options(options.base_iri, options.workers, options.access_log)
    tell = partial(_tell, choose_language(options.lang))
    try:
        serve(options.home, options.host, options.port, said, tell)
    except TsunaguError as error:
        tell(error)
        return error.exit_code
    return 0


def _tell(language: str, error: TsunaguError) -> None:
    text = MESSAGES.text(error.code, language, **error.values)
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    about = MESSAGES.text("serve.help", choose_language(None))
    parser = argparse.ArgumentParser("python -m endpoint", description=about)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--base-iri")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--access-log")
    parser.add_argument("--lang", choices=LANGUAGES)
    return parser


if __name__ == "__main__":
    sys.exit(main())
