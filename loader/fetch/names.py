"""What a fetched file is called: its name decides how it is read, and is part of IRIs of rows."""

from email.message import Message
from pathlib import PurePosixPath

from loader.descriptor.naming import file_name, safe_file_name
from loader.descriptor.resources import MEDIA_TYPES

_DATA = (*MEDIA_TYPES, ".txt")
_MORE_SUFFIXES = {"application/csv": ".csv", "text/x-csv": ".csv", "text/xml": ".xml"}


def name_from(url: str, disposition: str, media_type: str) -> str:
    """Return the name of what was fetched.

    The address's own name counts where it has a suffix of data, since it stays the same; else
    the name that the server states (RFC 6266); else a suffix is added for the media type.
    """
    own = file_name(url)
    if PurePosixPath(own).suffix.lower() in _DATA:
        return own
    stated = safe_file_name(_stated(disposition))
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
