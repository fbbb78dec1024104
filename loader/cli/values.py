"""How the values of arguments are read."""

from pathlib import Path

import pyoxigraph

from loader.config import Kind, RemoteSource

MOST_JOBS = 256
MOST_ROWS = 1_000


def place(text: str) -> Path | RemoteSource:
    """Return what a person names: a path, or an address to fetch from."""
    return RemoteSource(Kind.HTTP, text) if "://" in text else Path(text)


def count(text: str) -> int:
    """Read a number of processes; argparse says so where it is none."""
    number = int(text)
    if not 1 <= number <= MOST_JOBS:
        raise ValueError(text)
    return number


def rows(text: str) -> int:
    """Read a number of rows; argparse says so where it is none."""
    number = int(text)
    if not 1 <= number <= MOST_ROWS:
        raise ValueError(text)
    return number


def natural(text: str) -> int:
    """Read a number above zero; argparse says so where it is none."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def iri(text: str) -> str:
    """Read an IRI; argparse says so where it is none."""
    return pyoxigraph.NamedNode(text).value
