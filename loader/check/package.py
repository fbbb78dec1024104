"""Checks the metadata of a package against what the open data guide recommends (table 3-1)."""

from loader.check.licences import extra_condition, speaks_of_third_parties
from loader.descriptor import FILE_NAMES
from loader.model import Finding, FindingLog, Package
from vocab import licences

RECOMMENDED = {
    "title": {"ja": "題名", "en": "title"},
    "homepage": {"ja": "掲載ページのアドレス", "en": "address"},
    "publisher": {"ja": "公開する組織", "en": "organisation"},
    "creator": {"ja": "作成者", "en": "creator"},
    "keywords": {"ja": "タグ", "en": "tags"},
    "frequency": {"ja": "更新頻度", "en": "update frequency"},
    "issued": {"ja": "公開日", "en": "release date"},
    "modified": {"ja": "最終更新日", "en": "last update"},
    "languages": {"ja": "言語", "en": "language"},
}
"""Keys of a descriptor and their names in the guide; file size and format are measured."""


def check_package(package: Package, findings: FindingLog) -> None:
    """Report what the metadata lacks."""
    if not package.stated:
        findings.add(Finding("descriptor.absent", package.resources[0].file.name))
        return
    file = _descriptor(package)
    _check_licence(package, file, findings)
    missing = [key for key in RECOMMENDED if not _has(package, key)]
    if missing:
        names = {
            "ja": "、".join(RECOMMENDED[key]["ja"] for key in missing),
            "en": ", ".join(RECOMMENDED[key]["en"] for key in missing),
        }
        details = {"missing": names, "keys": ", ".join(missing)}
        findings.add(Finding("descriptor.metadata-missing", file, details=details))


def _check_licence(package: Package, file: str, findings: FindingLog) -> None:
    if not package.licence:
        findings.add(Finding("descriptor.licence-missing", file))
    elif licences.is_open(package.licence) is False:
        label = {language: licences.label(package.licence, language) for language in ("ja", "en")}
        findings.add(Finding("descriptor.licence-closed", file, details={"licence": label}))
    condition = extra_condition(package.descriptor)
    if condition:
        findings.add(Finding("descriptor.licence-conditions", file, value=condition))
    if package.licence and not speaks_of_third_parties(package.descriptor):
        findings.add(Finding("descriptor.third-party-rights", file))


def _has(package: Package, key: str) -> bool:
    read = {
        "publisher": package.publisher_name,
        "creator": package.creator,
        "frequency": package.frequency,
        "issued": package.issued,
        "modified": package.modified,
        "homepage": package.homepage,
    }
    return bool(read[key] if key in read else package.descriptor.get(key))


def _descriptor(package: Package) -> str:
    names = [name for name in FILE_NAMES if (package.folder / name).is_file()]
    return f"{package.folder.name}/{names[0]}" if names else package.folder.name
