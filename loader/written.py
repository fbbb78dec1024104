"""What was written over the web, as a file of the release that every later release carries over.

``written.nq`` has the statements of all graphs that no publish makes, the default graph included,
as canonical lines; ``written`` in the manifest says how many (docs/releases.md).
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from loader.build.store import count_lines
from loader.release import WRITTEN, sha256

KEY = "written"
"""The key of the manifest."""


def with_written(
    manifest: Mapping[str, Any], folder: Path, requests: int | None = None
) -> dict[str, Any]:
    """Return the manifest of a release, in ``folder``, that tells what is written in it.

    ``requests`` is how many made the release, where it is one that was made by writing.
    """
    path = folder / WRITTEN
    over = manifest.get(KEY, {}).get("over", manifest["fingerprint"])
    kept = {key: value for key, value in manifest.items() if key != KEY}
    there = path.is_file()
    if not there and requests is None:
        return kept
    told: dict[str, Any] = {"over": over, "quads": count_lines(path) if there else 0}
    if requests is not None:
        told["requests"] = requests
    content = f"{over} {sha256(path) if there else ''}"
    return {**kept, "fingerprint": hashlib.sha256(content.encode()).hexdigest(), KEY: told}
