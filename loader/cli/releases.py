"""``tsunagu serve``."""

import argparse
import ipaddress
import os
import sys
from pathlib import Path

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
    if not _is_loopback(options.host):
        print(words("serve.open", host=options.host), file=sys.stderr)
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
    if options.workers:
        command += ["--workers", str(options.workers)]
    if options.access_log:
        # "-" is standard output; all else is looked up here, and not in the home
        log = options.access_log
        command += ["--access-log", log if log == "-" else str(Path(log).absolute())]
    os.execv(sys.executable, command)


def _is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
