"""The process that reads one geographic file with GDAL: ``python -m loader.geo.worker FOLDER``.

``FOLDER/task.json`` says what to read; ``rows.jsonl``, ``findings.jsonl`` and at the end
``result.json`` are written beside it (loader/geo/layers.py). The environment that the parent gives
(loader/geo/reading.py) keeps GDAL to five drivers and off the network.
"""

import contextlib
import json
import resource
import sys
import warnings
from pathlib import Path
from typing import Any

from loader.geo.formats import FORMATS
from loader.geo.layers import Conversion

MEMORY = 4 << 30
DISK = 16 << 30
"""Bytes of address space, and of one file that is written."""


def work(folder: Path) -> dict[str, Any]:
    """Do the task of a folder; an error of GDAL becomes part of the result."""
    task = json.loads((folder / "task.json").read_text())
    format_ = next(known for known in FORMATS if known.name == task["format"])
    with (
        (folder / "rows.jsonl").open("w", encoding="utf-8", errors="replace") as rows,
        (folder / "findings.jsonl").open("w", encoding="utf-8", errors="replace") as findings,
    ):
        path, codec, names = Path(task["path"]), task["codec"], task["names"]
        conversion = Conversion(path, format_, codec, names, rows, findings)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # GDAL's say nothing that is not looked at here
                return conversion.run()
        except (RuntimeError, ValueError, MemoryError) as error:
            return {"error": str(error) or type(error).__name__}


def main(arguments: list[str]) -> None:
    """Bound the process, do the task, write the result."""
    with contextlib.suppress(ValueError, OSError):  # macOS has no RLIMIT_AS that can be set
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, DISK))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    (folder,) = map(Path, arguments)
    result = json.dumps(work(folder))
    (folder / "result.json").write_text(result)


if __name__ == "__main__":
    main(sys.argv[1:])
