"""Values of a descriptor that have a form of their own: dates, codes, addresses, licences.

One that cannot be used is left out with a warning: metadata is worth less than the data.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from loader.model import Finding, FindingLog
from vocab import licences
from vocab.identifiers import IdentifierError, corporate_number, municipality_code

_YEAR_MONTH = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_URL = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_IRI = re.compile(r"(https?://|urn:)[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True)
class Values:
    """Reads values of one descriptor; what is left out goes to the findings."""

    file: str
    content: Mapping[str, Any]
    findings: FindingLog

    def date(self, *keys: str) -> str | None:
        """Return the date that the first of the keys states (ISO 8601: day, time, month, year)."""
        for key in keys:
            if key in self.content:
                return self._date(key, self.content[key])
        return None

    def period(self, key: str) -> tuple[str, str] | None:
        """Return the first and the last day of a period: an object, ``start/end`` or a year."""
        stated = self.content.get(key)
        if stated is None:
            return None
        if isinstance(stated, str):
            start, _, end = stated.partition("/")
            return self._period(key, start, end or start)
        return self._period(key, stated.get("start", ""), stated.get("end", ""))

    def _period(self, key: str, start: str, end: str) -> tuple[str, str] | None:
        first = self._date(key, start) if start else ""
        last = self._date(key, end) if end else ""
        return None if first is None or last is None else (first, last)

    def _date(self, key: str, text: str) -> str | None:
        if is_date(text):
            return text
        self._leave_out(key, text)
        return None

    def area(self, key: str) -> str | None:
        """Return a 全国地方公共団体コード of six digits."""
        stated = self.content.get(key)
        if stated is None:
            return None
        try:
            return municipality_code(str(stated))
        except IdentifierError:
            self._leave_out(key, stated)
            return None

    def agent_id(self, key: str, stated: str | int | None) -> str | None:
        """Return what identifies an agent: an IRI, 法人番号 or 全国地方公共団体コード."""
        text = "" if stated is None else str(stated)
        if not text or _IRI.fullmatch(text):
            return text or None
        try:
            return corporate_number(text) if len(text) > 6 else municipality_code(text)
        except IdentifierError:
            self._leave_out(key, stated)
            return None

    def url(self, key: str) -> str | None:
        """Return a web address."""
        stated = self.content.get(key)
        if stated is None or _URL.fullmatch(stated):
            return stated
        self._leave_out(key, stated)
        return None

    def licence(self) -> str | None:
        """Return the IRI of the first licence that is stated."""
        stated = self.content.get("licenses", [])
        if len(stated) > 1:
            details = {"count": len(stated)}
            self.findings.add(Finding("descriptor.more-licences", self.file, details=details))
        return self._licence(stated[0]) if stated else None

    def _licence(self, stated: Mapping[str, Any]) -> str | None:
        address = stated.get("path") or stated.get("url")
        words = [stated.get(key) for key in ("name", "id", "type", "title")]
        texts = [word for word in (address, *words) if isinstance(word, str)]
        known = next(filter(None, map(licences.iri, texts)), None)
        if known or (address and _URL.fullmatch(address)):
            return known or str(address)
        value = " / ".join(texts)
        self.findings.add(Finding("descriptor.licence-unknown", self.file, value=value))
        return None

    def _leave_out(self, key: str, value: object) -> None:
        details = {"key": key}
        finding = Finding("descriptor.value-left-out", self.file, None, None, str(value), details)
        self.findings.add(finding)


def is_date(text: str) -> bool:
    """Whether a text is a year, month, day or time of ISO 8601, as DCAT wants dates."""
    if _YEAR_MONTH.fullmatch(text):
        return True
    try:
        if "T" in text:
            datetime.fromisoformat(text)
        else:
            date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) >= len("2024-04-01")
