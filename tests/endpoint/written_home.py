"""A small home that is published as anybody would, with writing switched on."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from loader.config import read_config
from loader.outcome import Options
from loader.pipeline import Publish
from loader.progress import Silence

KEY = "sesame"
READER = "simsim"
"""A key that may not write."""
_CSV = "ID,名称\n1,見本市民図書館\n2,見本集会所\n"


def publish_home(
    home: Path, base: str = "http://data.example/", settings: Mapping[str, object] | None = None
) -> Path:
    """Publish a table into a home; ``settings`` are more of ``[serve]``."""
    keys = "".join(
        f'[[serve.keys]]\nname = "{name}"\nsha256 = "{hashlib.sha256(key.encode()).hexdigest()}"\n'
        f"write = {may}\n"
        for name, key, may in (("writer", KEY, "true"), ("reader", READER, "false"))
    )
    more = "".join(f"{name} = {value}\n" for name, value in (settings or {}).items())
    (home / "tsunagu.toml").write_text(
        f'base_iri = "{base}"\n[serve]\nwrite = true\nquery_workers = 1\n{more}{keys}'
    )
    publish(home)
    return home


def publish(home: Path, csv: str = _CSV) -> None:
    """Publish the table."""
    folder = home / "source"
    folder.mkdir(exist_ok=True)
    (folder / "facilities.csv").write_text(csv, encoding="utf-8")
    Publish(home, read_config(home), Options(), Silence()).run([folder])
