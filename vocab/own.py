"""Our own terms (``vocab/own.toml``) and the codes of findings, to be defined in RDF."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from vocab.language import Catalogue

_FOLDER = Path(__file__).parent
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")

KINDS = ("scheme", "concept", "class", "property")
"""What a term of ours can be."""


@cache
def own_terms() -> dict[str, dict[str, Any]]:
    """Our own terms by local name: ``kind``, ``ja``, ``en`` and, of a concept, its ``scheme``."""
    return tomllib.loads((_FOLDER / "own.toml").read_text(encoding="utf-8"))


def finding_codes() -> dict[str, dict[str, Any]]:
    """The codes of findings with their words (``vocab/findings``)."""
    return Catalogue(_FOLDER / "findings").entries


def without_values(text: str) -> str:
    """Return the text of a message that stands for every case: ``…`` for each placeholder."""
    return _PLACEHOLDER.sub("…", text.replace("{advice}", ""))
