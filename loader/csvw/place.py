"""Where descriptions and tables are: a folder that has a URL, and nothing outside of it.

A URL is only a name here: what it names is looked for in the folder and never fetched. Locating
metadata: Model for Tabular Data and Metadata (https://www.w3.org/TR/tabular-data-model/), 5.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from loader.csvw.problems import MetadataError

PATTERNS = ("{+url}-metadata.json", "csv-metadata.json")
"""Where a description of ``{+url}`` may be (5.3, default locations and site-wide location)."""

LARGEST = 4 << 20
"""Bytes of the largest description that is read."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, and the URL that it stands for (which ends in ``/``)."""

    folder: Path
    url: str

    def path(self, url: str) -> Path | None:
        """Return the file that a URL names, if there is one inside the folder.

        Of a foreign URL the last segment counts: published descriptions name their table by
        the address that it will have.
        """
        bare = url.partition("#")[0]
        if bare.startswith(self.url):
            relative = bare[len(self.url) :].partition("?")[0]
        else:
            relative = urlsplit(bare).path.rpartition("/")[2]
        return self._inside(unquote(relative))

    def _inside(self, relative: str) -> Path | None:
        if not relative or "\0" in relative:
            return None
        root = self.folder.resolve()
        path = self.folder / relative
        try:
            inside = path.resolve().is_relative_to(root) and path.is_file()
        except OSError:
            return None
        return path if inside else None

    def load(self, url: str) -> dict[str, Any]:
        """Read the JSON object at a URL; raises MetadataError where there is none."""
        path = self.path(url)
        if path is None:
            raise MetadataError("csvw.file-missing", url, ".", url)
        return read_json(path)

    def locate(
        self, table: str, linked: Sequence[str] = (), patterns: Sequence[str] = PATTERNS
    ) -> Iterator[str]:
        """Give the URLs of the descriptions that a table may have, in their order.

        ``linked`` are those of a Link header, relative to the table.
        """
        bare, _, query = table.partition("#")[0].partition("?")
        for address in linked:
            yield urljoin(table, address)
        for pattern in patterns:
            if "{+url}" in pattern and query:
                continue
            yield urljoin(table, pattern.replace("{+url}", bare))


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; raises MetadataError (csvw.unreadable) for anything else."""
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ValueError(f"> {LARGEST:,} bytes")
        content = json.loads(data.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise MetadataError("csvw.unreadable", path.name, ".", error) from error
    if not isinstance(content, dict):
        raise MetadataError("csvw.unreadable", path.name, ".", type(content).__name__)
    return content
