"""How a description tells what is wrong with it: errors end its reading, warnings do not.

Metadata Vocabulary for Tabular Data (https://www.w3.org/TR/tabular-metadata/), 1 and 5: what
"MUST raise an error" is a MetadataError; what "MUST generate a warning" is a finding.
"""

from dataclasses import dataclass, replace

from loader.model import Finding, FindingLog

_SHOWN = 80
"""How many characters of a wrong value are shown."""


class MetadataError(Exception):
    """A description cannot be used: the code of a finding, the place in it, and the value."""

    def __init__(self, code: str, file: str, place: str, value: object = None) -> None:
        super().__init__(f"{code} {file} {place} {value!r}")
        shown = None if value is None else str(value)[:_SHOWN]
        self.finding = Finding(code, file, None, None, shown, {"key": place or "."})


@dataclass(frozen=True, slots=True)
class Scope:
    """What reading a part of a description needs: its base URL and language, and where it is."""

    file: str
    base: str
    language: str
    findings: FindingLog
    place: str = ""

    def at(self, key: str | int) -> "Scope":
        """Return the scope of a part, by its key or its number."""
        step = f"[{key}]" if isinstance(key, int) else f".{key}"
        return replace(self, place=(self.place + step).removeprefix("."))

    def warn(self, value: object, code: str = "csvw.value-ignored") -> None:
        """Report something of the description that is not used."""
        details = {"key": self.place or "."}
        self.findings.add(Finding(code, self.file, None, None, str(value)[:_SHOWN], details))

    def error(self, value: object = None, code: str = "csvw.invalid") -> MetadataError:
        """Return the error that something here makes the description unusable."""
        return MetadataError(code, self.file, self.place, value)
