"""What is said of the files of a store, so that a copy of them can be verified.

They are the engine's own: a store that is made again from the same quads has other files.
"""

import json
from pathlib import Path
from typing import Any

from loader.hard_links import are_shared
from loader.release import STORE_ANEW, Release, sha256


def measure(store: Path, base: Release | None = None) -> dict[str, dict[str, Any]]:
    """Return ``bytes`` and ``sha256`` of each file of a store that nobody writes to any more.

    Of what it shares with the store of ``base`` is said what was said there.
    """
    known = base.store_files if base else {}
    return {
        path.name: known[path.name]
        if base and path.name in known and are_shared(base.store / path.name, path)
        else {"bytes": path.stat().st_size, "sha256": sha256(path)}
        for path in sorted(store.iterdir())
    }


def state(release: Release) -> None:
    """Write what is to be said of a store that was made anew, beside the manifest of the others."""
    content = {"files": measure(release.store)}
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (release.path / STORE_ANEW).write_text(text, encoding="utf-8")
