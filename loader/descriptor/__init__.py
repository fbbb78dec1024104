"""Reads a descriptor: a Tabular Data Package (v1 and v2) with a few keys of ours.

docs/descriptor.md explains the keys, loader/descriptor/schema.json is the law. A descriptor with a
violation gives no package, so nothing goes out under wrong metadata; a value that only cannot be
used (a date that is none) is left out with a warning.

https://specs.frictionlessdata.io/tabular-data-package/, https://datapackage.org/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loader.descriptor.document import Document, DocumentError, read_document
from loader.descriptor.naming import RESERVED, slug
from loader.descriptor.resources import Resources
from loader.descriptor.schema import unknown_keys, wrong_values
from loader.descriptor.values import Values
from loader.model import Finding, FindingLog, Package, Severity

FILE_NAMES = ("datapackage.json", "datapackage.yaml", "datapackage.yml")
"""Names of descriptors, in the order of preference."""

DEFAULT_LANGUAGE = "ja"


def read_package(path: Path, findings: FindingLog, address: str | None = None) -> Package | None:
    """Return the package that a descriptor describes, or None with a violation in the log.

    ``address`` is where the descriptor was fetched from; its files are fetched from there too.
    """
    file = f"{path.parent.name}/{path.name}"
    own = FindingLog()
    package = _read(path, file, own, address)
    findings.extend(own)
    return None if own.count(Severity.VIOLATION) else package


def _read(path: Path, file: str, findings: FindingLog, address: str | None) -> Package | None:
    try:
        document = read_document(path)
    except DocumentError as error:
        code = "descriptor.unreadable" if error.line else "descriptor.unusable"
        details = {"reason": error.reason, "line": error.line, "position": error.column}
        findings.add(Finding(code, file, error.line, details=details))
        return None
    except OSError as error:
        details = {"reason": error.strerror or str(error)}
        findings.add(Finding("source.unreadable", file, details=details))
        return None
    findings.extend(list(wrong_values(document, file)))
    if findings.count(Severity.VIOLATION):
        return None
    findings.extend(list(unknown_keys(document, file)))
    return _Reader(path.parent, file, document, findings, address).package()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns a descriptor that follows the schema into a package."""

    folder: Path
    file: str
    document: Document
    findings: FindingLog
    address: str | None

    def package(self) -> Package:
        """Return the package."""
        content: Mapping[str, Any] = self.document.value
        values = Values(self.file, content, self.findings)
        publisher = _agent(content, "publisher")
        name = self._name(content.get("name"))
        return Package(
            name=name,
            folder=self.folder,
            resources=Resources(self.folder, self.file, self.findings, self.address).read(
                content["resources"]
            ),
            title=_text(content.get("title")) or {DEFAULT_LANGUAGE: name},
            description=_text(content.get("description")),
            publisher_name=_text(publisher.get("name") or publisher.get("title")),
            publisher_id=values.agent_id("publisher.id", publisher.get("id")),
            creator=_one_text(_agent(content, "creator")),
            licence=values.licence(),
            attribution=content.get("attribution"),
            keywords=tuple(content.get("keywords", ())),
            themes=tuple(content.get("themes", ())),
            frequency=content.get("frequency") or content.get("accrualPeriodicity"),
            issued=values.date("issued", "created"),
            modified=values.date("modified", "last_updated"),
            homepage=values.url("homepage"),
            languages=tuple(content.get("languages", (DEFAULT_LANGUAGE,))),
            spatial=values.area("spatial"),
            temporal=values.period("temporal"),
            scope=content.get("identifierScope"),
            sample=content.get("sample", False),
            stated=True,
            descriptor=content,
        )

    def _name(self, stated: str | None) -> str:
        name = slug(stated or self.folder.resolve().name)
        row = self.document.lines.get(("name",))
        if not name or name in RESERVED:
            code = "descriptor.name-unusable"
            self.findings.add(Finding(code, self.file, row, value=stated or name))
        elif stated and name != stated:
            code, details = "descriptor.name-changed", {"name": name}
            self.findings.add(Finding(code, self.file, row, value=stated, details=details))
        return name


def _agent(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return publisher or creator as an object; else the contributor who had that role."""
    stated = content.get(key)
    if stated is None:
        return _contributor(content.get("contributors", ()), key)
    if isinstance(stated, Mapping) and "name" in stated:
        return stated
    return {"name": stated}


def _contributor(contributors: Sequence[Mapping[str, Any]], key: str) -> Mapping[str, Any]:
    roles = {"publisher": ("publisher",), "creator": ("author", "creator")}[key]
    return next((agent for agent in contributors if agent.get("role") in roles), {})


def _text(stated: str | Mapping[str, str] | None) -> dict[str, str]:
    """Return a text by language; one without a language is taken as Japanese."""
    if stated is None:
        return {}
    return {DEFAULT_LANGUAGE: stated} if isinstance(stated, str) else dict(stated)


def _one_text(agent: Mapping[str, Any]) -> str | None:
    texts = _text(agent.get("name") or agent.get("title"))
    return texts.get(DEFAULT_LANGUAGE) or next(iter(texts.values()), None)
