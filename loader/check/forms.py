"""What kind of file a media type is, and the level that its format alone allows.

The guide's tables 9-1 and 10-1 to 10-4: level 0 PDF and images, 1 formats of one vendor, 2 open
formats, 4 RDF.
"""

from dataclasses import dataclass
from enum import StrEnum

from loader.media_types import GRAPH_MEDIA_TYPES, TABLE_MEDIA_TYPES


class Kind(StrEnum):
    """Which checklist a file has."""

    TABLE = "table"
    GEOGRAPHIC = "geographic"
    DOCUMENT = "document"
    GRAPH = "graph"


CHECKLISTS = {Kind.TABLE: "9-3", Kind.DOCUMENT: "9-4", Kind.GEOGRAPHIC: "9-5"}
REAL_TIME = "9-6"


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file, and the level that its format alone allows; None where it is not known."""

    kind: Kind
    level: int | None
    is_text: bool = False
    """Whether it is text of some encoding, which is to be stated."""
    is_raster: bool = False


_GEOGRAPHIC = frozenset(
    {
        "application/geo+json",
        "application/topo+json",
        "application/vnd.google-earth.kml+xml",
        "application/gml+xml",
    }
)
_OPEN_DOCUMENTS = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.presentation",
        "application/epub+zip",
    }
)
_TEXT_DOCUMENTS = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "application/xml",
        "text/xml",
        "text/plain",
        "text/markdown",
    }
)
_OF_ONE_VENDOR = frozenset(
    {"application/msword", "application/vnd.ms-powerpoint", "application/rtf", "text/rtf"}
)

_FORMS = {
    **dict.fromkeys(TABLE_MEDIA_TYPES, Form(Kind.TABLE, 2)),
    **dict.fromkeys(("text/csv", "text/tab-separated-values"), Form(Kind.TABLE, 2, is_text=True)),
    "application/vnd.ms-excel": Form(Kind.TABLE, 1),
    **dict.fromkeys(_GEOGRAPHIC, Form(Kind.GEOGRAPHIC, 2)),
    "application/vnd.shp": Form(Kind.GEOGRAPHIC, 1),
    "image/tiff; application=geotiff": Form(Kind.GEOGRAPHIC, 2, is_raster=True),
    **dict.fromkeys(GRAPH_MEDIA_TYPES, Form(Kind.GRAPH, 4)),
    **dict.fromkeys(_OPEN_DOCUMENTS, Form(Kind.DOCUMENT, 2)),
    **dict.fromkeys(_TEXT_DOCUMENTS, Form(Kind.DOCUMENT, 2, is_text=True)),
    **dict.fromkeys(_OF_ONE_VENDOR, Form(Kind.DOCUMENT, 1)),
    "application/pdf": Form(Kind.DOCUMENT, 0),
}


def form_of(media_type: str) -> Form:
    """Return what is known of a media type; whatever is not known is a document."""
    if media_type in _FORMS:
        return _FORMS[media_type]
    is_image = media_type.startswith(("image/", "audio/", "video/"))
    return Form(Kind.DOCUMENT, 0 if is_image else None)
