"""Watches the positions of a table: latitude and longitude, and the municipality they are in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from loader.check.codes import area_code_problem
from loader.check.subjects import Columns, Subject
from loader.functions.places import position
from loader.model import Batch, Finding
from vocab.area_points import distance_from
from vocab.headers import normalize_header

_LATITUDE = re.compile(r"(?:2[0-9]|3[0-9]|4[0-5])\.[0-9]{1,15}")
_LONGITUDE = re.compile(r"1(?:2[2-9]|3[0-9]|4[0-9]|5[0-3])\.[0-9]{1,15}")
_LATITUDES = re.compile(rf"(?:(?:{_LATITUDE.pattern})?\n)*")
_LONGITUDES = re.compile(rf"(?:(?:{_LONGITUDE.pattern})?\n)*")
"""Columns in which every cell is blank or in Japan: most batches need no other look."""

_DATUM = re.compile("測地系|測地基準|座標系|座標参照|datum|crs|srid|epsg|wgs|jgd|tokyo97")
_PLAIN_CODE = re.compile("[0-9]{5,6}")


def problem_of(latitude: str, longitude: str) -> str | None:
    """Return the code of what is wrong with a pair of coordinates."""
    problem = position(latitude, longitude).problem
    return None if problem == "value.missing-symbol" else problem


def states_datum(text: str) -> bool:
    """Whether a header or a description names a geodetic datum."""
    return _DATUM.search(normalize_header(text)) is not None


@dataclass(slots=True)
class CoordinateWatch:
    """Reports positions that are wrong, and a table that does not state their datum.

    ``area`` is the code of the area that the whole table is about, where no column has one;
    ``datum_stated`` says that the datum is known from elsewhere.
    """

    columns: Columns
    area: str = ""
    datum_stated: bool = False
    _seen: bool = field(default=False, init=False)

    def look(self, batch: Batch) -> Iterator[Finding]:
        """Check the next rows."""
        north = self.columns.of(Subject.LATITUDE)
        east = self.columns.of(Subject.LONGITUDE)
        if north is None or east is None:
            return
        self._seen = True
        norths, easts = batch.columns[north], batch.columns[east]
        good = _all_good(norths, easts)
        if not good:
            yield from self._problems(batch.rows, norths, easts)
        yield from self._far(batch, norths, easts, good)

    def finish(self) -> Iterator[Finding]:
        """Report a datum that is stated nowhere."""
        stated = self.datum_stated or any(map(states_datum, self.columns.header))
        if self._seen and not stated:
            yield Finding("check.datum-missing", self.columns.file)

    def _problems(
        self, rows: Sequence[int], norths: Sequence[str], easts: Sequence[str]
    ) -> Iterator[Finding]:
        for row, latitude, longitude in zip(rows, norths, easts, strict=True):
            if _LATITUDE.fullmatch(latitude) and _LONGITUDE.fullmatch(longitude):
                continue
            code = problem_of(latitude, longitude)
            if code is not None:
                value = f"{latitude}, {longitude}"
                yield Finding(code, self.columns.file, row, self._column, value)

    @property
    def _column(self) -> str:
        return self.columns.header[self.columns.subjects.index(Subject.LATITUDE)]

    def _far(
        self, batch: Batch, norths: Sequence[str], easts: Sequence[str], good: bool
    ) -> Iterator[Finding]:
        at = self.columns.of(Subject.AREA_CODE)
        codes = batch.columns[at] if at is not None else [self.area] * len(batch)
        if not any(map(_five, set(codes))) or (good and _surely_near(set(codes), norths, easts)):
            return
        for row, code, latitude, longitude in zip(batch.rows, codes, norths, easts, strict=True):
            found = distance_of(code, latitude, longitude)
            if found is not None:
                details = {"distance": f"{found:.0f}", "area": code.strip()}
                value = f"{latitude}, {longitude}"
                yield Finding(
                    "check.coordinates-far", self.columns.file, row, self._column, value, details
                )


def distance_of(code: str, latitude: str, longitude: str) -> float | None:
    """Return how many kilometres too far from a municipality a position lies, if it does.

    Nothing is said of positions and codes that are wrong by themselves.
    """
    five = _five(code)
    if not five:
        return None
    found = position(latitude, longitude)
    if not found.north or found.problem == "value.coordinates-swapped":
        return None
    return distance_from(five, float(found.north), float(found.east))


@lru_cache(4096)
def _five(code: str) -> str:
    plain = code.strip()
    usable = _PLAIN_CODE.fullmatch(plain) and area_code_problem(plain) is None
    return plain[:5] if usable else ""


def _all_good(norths: Sequence[str], easts: Sequence[str]) -> bool:
    latitudes, longitudes = "\n".join(norths) + "\n", "\n".join(easts) + "\n"
    in_japan = _LATITUDES.fullmatch(latitudes) and _LONGITUDES.fullmatch(longitudes)
    return bool(in_japan) and list(map(bool, norths)) == list(map(bool, easts))


def _surely_near(codes: set[str], norths: Sequence[str], easts: Sequence[str]) -> bool:
    """Whether the corners of the rows' extent are near enough to each municipality."""
    latitudes, longitudes = list(filter(None, norths)), list(filter(None, easts))
    if not latitudes:
        return True
    south, north = min(latitudes, key=float), max(latitudes, key=float)
    west, east = min(longitudes, key=float), max(longitudes, key=float)
    return all(
        distance_of(code, latitude, longitude) is None
        for code in codes
        for latitude in (south, north)
        for longitude in (west, east)
    )
