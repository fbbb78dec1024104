"""What a fetched file is called: its name decides how it is read, and is part of IRIs of rows."""

import re
import unicodedata
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from loader.descriptor.resources import MEDIA_TYPES

DEFAULT = "data"
LONGEST = 100
"""Characters of a name."""

_UNSAFE = re.compile(r"[^\w.()\[\]+~ -]+")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
_MORE_SUFFIXES = {
    "application/csv": ".csv",
    "application/json": ".json",
    "application/n-quads": ".nq",
    "application/n-triples": ".nt",
    "application/rdf+xml": ".rdf",
    "application/trig": ".trig",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
}


def name_of(url: str) -> str:
    """Return the file name that an address ends with; it has a suffix only where that has."""
    return _safe(unquote(PurePosixPath(urlsplit(url).path).name)) or DEFAULT


def name_from(url: str, disposition: str, media_type: str) -> str:
    """Return the name of what was fetched.

    The address's own name counts where it has a suffix, since it does not change from one time
    to the next; else the name that the server states (RFC 6266); else a suffix is added for the
    media type.
    """
    own = name_of(url)
    if _SUFFIX.fullmatch(PurePosixPath(own).suffix):
        return own
    stated = _safe(_stated(disposition))
    if stated and PurePosixPath(stated).suffix:
        return stated
    return own + _suffix(media_type)


def media_type_of(header: str) -> str:
    """Return the media type of a Content-Type header, without parameters, in lower case."""
    return header.partition(";")[0].strip().lower()


def _suffix(media_type: str) -> str:
    known = {value: suffix for suffix, value in reversed(MEDIA_TYPES.items())} | _MORE_SUFFIXES
    return known.get(media_type, "")


def _stated(disposition: str) -> str:
    message = Message()
    message["Content-Disposition"] = disposition
    return (message.get_filename() or "").replace("\\", "/").rpartition("/")[2]


def _safe(name: str) -> str:
    normal = unicodedata.normalize("NFC", name)
    kept = _UNSAFE.sub("_", normal).strip().lstrip("._")
    stem, dot, suffix = kept.rpartition(".")
    return kept if len(kept) <= LONGEST else (stem or suffix)[: LONGEST - 10] + dot + suffix[:9]
