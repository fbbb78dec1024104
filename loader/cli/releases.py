"""``tsunagu serve``."""

import argparse
import os
import sys

from rich.console import Console

from loader import release
from loader.cli.words import Words
from loader.config import find_home, read_config
from loader.errors import ReleaseError


def serve(options: argparse.Namespace, words: Words, console: Console) -> int:
    """Serve the current release: this process becomes the server (``python -m endpoint``)."""
    home = find_home(options.home)
    config = read_config(home, options.base_iri)
    if release.current(home) is None:
        raise ReleaseError("serve.nothing", home=home)
    console.print(
        words("serve.start", host=options.host, port=options.port, base=config.policy.base),
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    command = [sys.executable, "-m", "endpoint", "--home", str(home.resolve())]
    command += ["--host", options.host, "--port", str(options.port), "--lang", words.language]
    if options.base_iri:
        command += ["--base-iri", config.policy.base]
    os.execv(sys.executable, command)
