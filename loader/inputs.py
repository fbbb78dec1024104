"""Everything that the result of a dataset depends on, as one hash: the same, the same result.

The bytes of its files, what is said of it, mapping, ledgers and shapes, the IRI policy, and the
program: its code and data, and the versions of what it is built on.
"""

import hashlib
import json
import platform
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from loader.csvw.place import Place, read_json
from loader.csvw.problems import MetadataError
from loader.geo.formats import SHAPEFILE
from loader.geo.shapefile import parts
from loader.model import Package, Resource
from loader.release import sha256
from loader.validate.own_shapes import own_shapes_digest
from vocab.iris import IriPolicy

_ROOT = Path(__file__).parent.parent
_PARTS = ("loader", "vocab", "shapes", "mappings")
_NOWHERE = "https://example.invalid/"
_LOADED = ("tableSchema", "dialect")
"""Properties of a CSVW description that may name a file (Metadata Vocabulary, 5.3 and 5.9)."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The hash of all that a dataset is made from, and the size of its files in bytes."""

    digest: str
    bytes: int


def inputs_of(package: Package, policy: IriPolicy) -> Inputs:
    """Read all files that a dataset is made from."""
    files = [path for resource in package.resources for path in files_of(resource)]
    content = {
        "package": json.loads(json.dumps(asdict(package), default=_name, sort_keys=True)),
        "mappings": [Path(found.mapping or "").name for found in package.resources],
        "files": [(path.name, sha256(path)) for path in files],
        "shapes": own_shapes_digest(package),
        "policy": asdict(policy),
        "software": software_digest(),
    }
    content["package"]["folder"] = ""
    for resource in content["package"]["resources"]:
        resource["mapping"] = None
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Inputs(digest, sum(path.stat().st_size for path in files))


def _name(path: object) -> str:
    """Return a path as its name: where the folder lies, or was unpacked to, changes nothing."""
    return path.name if isinstance(path, Path) else str(path)


def files_of(resource: Resource) -> Iterator[Path]:
    """Give the files that are read for a resource, its mapping and its ledger among them."""
    stated = [resource.path, resource.container, resource.description]
    stated.append(Path(resource.mapping) if resource.mapping else None)
    stated.append(resource.identifiers.ledger if resource.identifiers else None)
    yield from (path for path in stated if path is not None and path.is_file())
    if resource.media_type == SHAPEFILE.media_type:
        yield from parts(resource.path).values()
    if resource.description is not None:
        yield from _described_by(resource.description)


def _described_by(description: Path) -> Iterator[Path]:
    """Give the files of schemas and dialects that a CSVW description names."""
    place = Place(description.parent, _NOWHERE)
    try:
        named = list(_named(read_json(description)))
    except MetadataError:
        return
    yield from filter(None, map(place.path, named))


def _named(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        yield from (content[key] for key in _LOADED if isinstance(content.get(key), str))
        content = list(content.values())
    if isinstance(content, list):
        for item in content:
            yield from _named(item)


@cache
def software_digest() -> str:
    """Return the hash of the program: its files, and the versions of what it is built on."""
    digest = hashlib.sha256(json.dumps([platform.python_version(), *_versions()]).encode())
    for part in _PARTS:
        for path in sorted((_ROOT / part).rglob("*")):
            if path.is_file() and path.parent.name != "__pycache__":
                digest.update(f"{path.relative_to(_ROOT)}\n{sha256(path)}\n".encode())
    return digest.hexdigest()


def _versions() -> Iterator[str]:
    for requirement in sorted(requires("tsunagu") or ()):
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        if "extra ==" not in requirement:
            try:
                yield f"{name} {version(name)}"
            except PackageNotFoundError:
                yield f"{name} -"
