"""Which version of a municipality's code a dataset means: that of its day."""

from vocab.area_history import BEGINNING, area_history

_FIRST_DAY = {4: "-01-01", 7: "-01"}


def version_of(code: str, date: str) -> str:
    """Return e-Stat's dated IRI of a five-digit code on a day, month or year since 1970-04-01.

    Nothing where the code was not valid then, and where the day is not known.
    """
    day = date[:10] + _FIRST_DAY.get(len(date), "")
    found = area_history().at(code, day) if day >= BEGINNING else None
    return found.iri if found else ""
