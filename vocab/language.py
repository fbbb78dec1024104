"""Messages in Japanese and English, kept in one TOML catalogue per room."""

import os
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

LANGUAGES = ("ja", "en")
DEFAULT_LANGUAGE = "ja"


def choose_language(asked: str | None, environment: dict[str, str] | None = None) -> str:
    """Return the language to speak: what was asked for, else the locale's, else Japanese.

    ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` are read in that order (POSIX.1-2017, 8.2); the
    locales ``C`` and ``POSIX`` state no language.
    """
    if asked in LANGUAGES:
        return str(asked)
    variables = os.environ if environment is None else environment
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = variables.get(name, "")
        if locale:
            return "en" if locale.startswith("en") else DEFAULT_LANGUAGE
    return DEFAULT_LANGUAGE


class Catalogue:
    """The messages of one TOML file, or of all TOML files of a folder, by code.

    Each table of a file is a message: ``["table.empty"]`` with the keys ``ja`` and ``en`` (texts
    with ``{placeholders}``) and whatever else the room keeps with it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        """All messages, by code, in the order of the files."""
        files = sorted(self._path.glob("*.toml")) if self._path.is_dir() else [self._path]
        entries: dict[str, dict[str, Any]] = {}
        for file in files:
            entries.update(tomllib.loads(file.read_text(encoding="utf-8")))
        return entries

    def text(self, code: str, language: str, part: str = "", /, **values: object) -> str:
        """Return the text of ``code`` in ``language``; ``part`` names a further text of it.

        ``text("table.empty", "en", "do")`` reads the key ``do_en``. Raises KeyError for a code, or
        a placeholder, that does not exist.
        """
        key = f"{part}_{language}" if part else language
        return str(self.entries[code][key]).format(**values)
