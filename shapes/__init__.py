"""SHACL shapes, one Turtle file per class of thing, and the way to them."""

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

_FOLDER = Path(__file__).parent
_CATALOG = ("agent", "catalog", "catalog-parts", "dataset", "distribution")


def names() -> list[str]:
    """The names of all files of shapes, in order."""
    return _known()


def texts(names: Collection[str] | None = None) -> list[str]:
    """The texts (Turtle) of the files that are named, else of all; KeyError for an unknown name."""
    known = _known()
    return [_text(name, known) for name in (known if names is None else sorted(names))]


def for_catalog() -> list[str]:
    """The shapes for the catalogue's graph."""
    return texts(_CATALOG)


def without() -> Mapping[str, Mapping[str, str]]:
    """Why no shape is about a class, by its IRI and by language (``ja``, ``en``)."""
    with (_FOLDER / "without.toml").open("rb") as stream:
        return tomllib.load(stream)


def _text(name: str, known: Collection[str]) -> str:
    if name not in known:
        raise KeyError(name)
    return (_FOLDER / f"{name}.ttl").read_text(encoding="utf-8")


def _known() -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob("*.ttl"))
