"""The table of the structures of statistics (``vocab/cubes.toml``) and the names in it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def cubes() -> dict[str, dict[str, Any]]:
    """The tables ``codelists``, ``components`` and ``structures``, by name."""
    path = Path(__file__).parent / "cubes.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def cube_terms() -> frozenset[str]:
    """The terms of our own that the structures define: code lists, codes, structures, slices."""
    tables = cubes()
    names = {code[0] for entry in tables["codelists"].values() for code in entry["codes"]}
    names |= {*tables["codelists"], *tables["structures"]}
    names |= {f"{name}-slice" for name, entry in tables["structures"].items() if "slice" in entry}
    return frozenset(name for name in names if ":" not in name)
