"""The shapes that a publisher adds beside the data; they are used together with ours.

A descriptor names them (``shapes``); where it does not, or where there is none, ``shapes.ttl`` and
files ``….shacl.ttl`` beside the data are taken. What runs is SHACL Core alone: constraints in
SPARQL or JavaScript could keep a publish busy for ever. Ours can be added to, not changed.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph

from loader.descriptor.naming import SHAPES_FILE, SHAPES_SUFFIX
from loader.errors import ConfigurationError, TsunaguError
from loader.model import Finding, FindingLog, Package
from loader.validate import CompiledShapes
from loader.validate.rdf_files import read_as_nquads
from vocab.iris import OWN

MOST_BYTES = 1_000_000
"""How large a file of shapes may be."""

_OURS = f"{OWN}shape#"
_SH = "http://www.w3.org/ns/shacl#"
_REFUSED = frozenset(
    _SH + name
    for name in ("sparql", "select", "ask", "construct", "target", "rule", "js", "jsFunctionName")
    + ("validator", "nodeValidator", "propertyValidator", "expression")
)
"""What SHACL-SPARQL and the advanced features (SHACL-AF, SHACL-JS) are written with."""


def own_shapes(package: Package, findings: FindingLog) -> list[str]:
    """Return the texts (N-Triples) of a package's own shapes.

    What cannot be used is reported as a violation: nothing is published unvalidated.
    """
    found = (_text(path, findings) for path in _paths(package, findings))
    return [text for text in found if text is not None]


def own_shapes_files(package: Package) -> list[Path]:
    """Return the files of a package's own shapes."""
    return list(_paths(package, FindingLog()))


def own_shapes_digest(package: Package) -> str:
    """Return the SHA-256 of a package's own shapes: with other shapes it is another publish."""
    digest = hashlib.sha256()
    for path in _paths(package, FindingLog()):
        digest.update(path.read_bytes()[: MOST_BYTES + 1])
    return digest.hexdigest()


def _paths(package: Package, findings: FindingLog) -> Iterator[Path]:
    stated = package.descriptor.get("shapes")
    if stated is None:
        yield from _beside(package)
        return
    for name in [stated] if isinstance(stated, str) else stated:
        path = package.folder / name
        if not path.is_file():
            # A release keeps the files without the folders that they were in.
            path = package.folder / Path(name).name
        if path.resolve().is_relative_to(package.folder.resolve()) and path.is_file():
            yield path
        else:
            findings.add(Finding("descriptor.shapes-missing", package.folder.name, value=name))


def _beside(package: Package) -> list[Path]:
    """Return the shapes in the package's folder; of one file alone, those of its name."""
    names = {f"{resource.file.name.split('.')[0]}{SHAPES_SUFFIX}" for resource in package.resources}
    return [
        path
        for path in sorted(package.folder.glob("*.ttl"))
        if path.name == SHAPES_FILE
        or (path.name.endswith(SHAPES_SUFFIX) and (package.stated or path.name in names))
        if path.is_file() and not path.is_symlink()
    ]


def _text(path: Path, findings: FindingLog) -> str | None:
    """Return a file of shapes that can be used, or None with a finding."""
    try:
        if path.stat().st_size > MOST_BYTES:
            findings.add(Finding("shacl.shapes-large", path.name, details={"most": "1 MB"}))
            return None
        text = read_as_nquads(path)
        CompiledShapes([text])
    except (TsunaguError, OSError) as error:
        findings.add(_unusable(path, error))
        return None
    return None if _refused(path, text, findings) else text


def _unusable(path: Path, error: Exception) -> Finding:
    if isinstance(error, ConfigurationError) and error.code == "shapes.none":
        return Finding("shacl.shapes-none", path.name)
    reason = error.values.get("reason", "") if isinstance(error, TsunaguError) else error
    return Finding("shacl.shapes-unusable", path.name, details={"reason": str(reason)})


def _refused(path: Path, text: str, findings: FindingLog) -> bool:
    """Whether there is something in it that is not run, or that would change our shapes."""
    codes: dict[str, str] = {}
    for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS):
        if quad.predicate.value in _REFUSED:
            codes["shacl.shapes-not-core"] = "sh:" + quad.predicate.value.removeprefix(_SH)
        if isinstance(quad.subject, pyoxigraph.NamedNode) and quad.subject.value.startswith(_OURS):
            codes["shacl.shapes-ours"] = "tss:" + quad.subject.value.removeprefix(_OURS)
    for code, value in codes.items():
        findings.add(Finding(code, path.name, value=value))
    return bool(codes)
