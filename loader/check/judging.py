"""Judges a file by the checklist of its kind: each item met, not met, not applicable, not judged.

The rules are named in checklists.toml. Where only a person can tell, an item is not judged.
"""

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from loader.check.checklists import Item, Judged, Mark, Status, checklist
from loader.check.documents import Document, read_document
from loader.check.forms import CHECKLISTS, REAL_TIME, Form, Kind, form_of
from loader.encoding import find_codec
from loader.model import FindingLog, Package, Resource, Severity
from vocab import authorities, licences

Codes = Mapping[str, Severity]

NO_CODES: Codes = {}
UTF_8 = frozenset({"utf-8", "utf-8-sig"})
AT_ONCE = frozenset({"UPDATE_CONT", "HOURLY"})
"""Update frequencies (EU authority table) of what the guide calls real-time data."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to judge, with all that was found about the files of its dataset."""

    package: Package
    resource: Resource
    found: Mapping[str, Codes]
    """Codes of findings by file."""
    form: Form
    document: Document | None
    earlier: list[Judged] = field(default_factory=list)
    """What has been judged of it so far."""

    @property
    def codes(self) -> Codes:
        """The codes of what was found in the file, and whether a descriptor is there."""
        found = self.found.get(self.resource.label, NO_CODES)
        return found if self.package.stated else {**found, "descriptor.absent": Severity.INFO}


Rule = Callable[[File, Item], Status]


def found_in(findings: FindingLog) -> dict[str, dict[str, Severity]]:
    """Return the codes of findings and their severities, by file."""
    found: dict[str, dict[str, Severity]] = {}
    for group in findings.groups():
        first = group.examples[0]
        found.setdefault(first.file, {})[first.code] = first.severity
    return found


def file_of(package: Package, resource: Resource, found: Mapping[str, Codes]) -> File:
    """Return a file as it is judged; a document is looked into."""
    form = form_of(resource.media_type)
    is_here = form.kind is Kind.DOCUMENT and not resource.is_elsewhere
    document = read_document(resource.path, resource.media_type) if is_here else None
    return File(package, resource, found, form, document)


def judge(file: File) -> Sequence[Judged]:
    """Return all items that a file of its kind has, judged."""
    for item in _items(file):
        status = RULES[item.judge](file, item)
        against = sorted(item.codes & file.codes.keys()) if status is Status.NOT_MET else ()
        file.earlier.append(Judged(item, status, tuple(against)))
    return file.earlier


def _items(file: File) -> Iterator[Item]:
    table = CHECKLISTS.get(file.form.kind)
    yield from checklist(table) if table else ()
    if is_real_time(file.package):
        yield from checklist(REAL_TIME)
    yield from checklist("star")


def is_real_time(package: Package) -> bool:
    """Whether a package is real-time data: it says that it changes every hour or all the time."""
    frequency = authorities.frequency(package.frequency) if package.frequency else None
    return frequency is not None and frequency.rpartition("/")[2] in AT_ONCE


def _status(met: bool | None) -> Status:
    if met is None:
        return Status.NOT_JUDGED
    return Status.MET if met else Status.NOT_MET


def _open_format(file: File, item: Item) -> Status:
    """The guide: where several formats are offered, one of them is enough."""
    own, path = file.form.level, file.resource.file
    forms = [
        form_of(other.media_type).level
        for other in file.package.resources
        if other.file != path and other.file.stem == path.stem
    ]
    levels = [level for level in (own, *forms) if level is not None]
    return _status(max(levels) >= 2 if levels else None)


def _findings(file: File, item: Item) -> Status:
    return _status(not item.codes & file.codes.keys())


def _encoding_stated(file: File, item: Item) -> Status:
    """The encoding of a data package is UTF-8 where it states none (Data Resource, encoding)."""
    if not file.form.is_text:
        return Status.NOT_APPLICABLE
    if (item.codes - {"descriptor.absent"}) & file.codes.keys():
        return Status.NOT_MET
    return _status(file.package.stated or _begins_with_mark(file.resource))


def _begins_with_mark(resource: Resource) -> bool:
    try:
        with resource.path.open("rb") as stream:
            return stream.read(3).startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE))
    except OSError:
        return False


def _encoding_utf8(file: File, item: Item) -> Status:
    if not file.form.is_text:
        return Status.NOT_APPLICABLE
    stated = file.resource.encoding
    other = stated is not None and find_codec(stated) not in UTF_8
    return _status(not other and not item.codes & file.codes.keys())


def _metadata(file: File, item: Item) -> Status:
    return _status(file.package.stated)


def _rdf(file: File, item: Item) -> Status:
    return _status(file.form.kind is Kind.GRAPH)


def _structure(file: File, item: Item) -> Status:
    return _status(file.document.headings if file.document else None)


def _layout(file: File, item: Item) -> Status:
    document = file.document
    return _status(None if document is None or document.layout is None else not document.layout)


def _tables_attached(file: File, item: Item) -> Status:
    if file.document is None or file.document.tables is None:
        return Status.NOT_JUDGED
    if not file.document.tables:
        return Status.NOT_APPLICABLE
    tables = [one for one in file.package.resources if form_of(one.media_type).kind is Kind.TABLE]
    return _status(bool(tables) and all(_is_fit(file, table) for table in tables))


def _is_fit(file: File, table: Resource) -> bool:
    """Whether a table meets the items that table 9-3 requires."""
    other = File(file.package, table, file.found, form_of(table.media_type), document=None)
    required = [item for item in checklist("9-3") if item.mark in (Mark.LEVEL_2, Mark.GRADE_1)]
    return all(RULES[item.judge](other, item) is Status.MET for item in required)


def _charset_stated(file: File, item: Item) -> Status:
    if not file.form.is_text:
        return Status.NOT_APPLICABLE
    document = file.document
    if document and file.resource.encoding:
        return Status.MET
    return _status(document.charset is not None if document else None)


def _charset_utf8(file: File, item: Item) -> Status:
    if not file.form.is_text:
        return Status.NOT_APPLICABLE
    return _status(file.document.is_utf8 if file.document else None)


def _vector(file: File, item: Item) -> Status:
    return _status(not file.form.is_raster)


def _access_stated(file: File, item: Item) -> Status:
    address = file.resource.url or file.package.homepage
    return _status(bool(address and (file.resource.fields or file.resource.description)))


def _own_list(file: File, item: Item) -> Status:
    required = [one for one in file.earlier if one.item.mark in (Mark.LEVEL_2, Mark.GRADE_1)]
    own = [one for one in required if not one.item.id.startswith(REAL_TIME)]
    if not own:
        return Status.NOT_APPLICABLE
    return _status(not any(one.is_open for one in own))


def _by_people(file: File, item: Item) -> Status:
    return Status.NOT_JUDGED


def _licence(file: File, item: Item) -> Status:
    licence = file.package.licence
    return _status(bool(licence and licences.is_open(licence)))


RULES: dict[str, Rule] = {
    "open-format": _open_format,
    "findings": _findings,
    "encoding-stated": _encoding_stated,
    "encoding-utf8": _encoding_utf8,
    "metadata": _metadata,
    "rdf": _rdf,
    "structure": _structure,
    "layout": _layout,
    "tables-attached": _tables_attached,
    "charset-stated": _charset_stated,
    "charset-utf8": _charset_utf8,
    "vector": _vector,
    "access-stated": _access_stated,
    "own-list": _own_list,
    "by-people": _by_people,
    "licence": _licence,
}
