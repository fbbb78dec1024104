"""Opens a JSON document as what it is: an answer of a CKAN catalogue, or a list of records."""

from loader.model import FindingLog, Resource
from loader.table.formats.ckan import open_packages, packages_of
from loader.table.formats.json_records import open_json, record_lists
from loader.table.reader import NamedRecords


def open_document(resource: Resource, findings: FindingLog) -> NamedRecords:
    """Open a document; raises NotATableError for one that is damaged, or has no records."""
    item = packages_of(resource.path) if resource.records is None else None
    if item is None:
        return open_json(resource, findings)
    record_lists(resource.path)
    return open_packages(resource, findings, item)
