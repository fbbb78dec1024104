"""Citations as text in the style of APA, as BibTeX and as DataCite JSON.

APA 7, 10.9 (data sets); BibTeX in UTF-8; DataCite Metadata Schema 4.6, in the JSON that DataCite
gives out (https://support.datacite.org/docs/datacite-content-resolver).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import Response

from endpoint.language import language, pick, say
from endpoint.links import as_uri
from endpoint.replies import tagged
from endpoint.site.citation import Citation
from vocab.formats import Format
from vocab.licences import label

BIBTEX = Format("bibtex", "BibTeX", ("application/x-bibtex",), "bib", "")
DATACITE = Format(
    "datacite", "DataCite JSON", ("application/vnd.datacite.datacite+json",), "json", ""
)
TEXT = Format("bibliography", "APA", ("text/x-bibliography",), "txt", "")
FORMATS = (BIBTEX, DATACITE, TEXT)

_TEX = {
    "\\": r"\textbackslash{}",
    # Not \{ and \}: BibTeX counts braces whether they are escaped or not.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_"},
}
_TO_ESCAPE = re.compile(r"[\\{}~^&%$#_]")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def text(citation: Citation) -> str:
    """Return the citation as a sentence, in the language of the request."""
    publisher, creator = pick(citation.publisher), pick(citation.creator)
    return say(
        "citation.apa",
        creator=_one_line(creator).removesuffix("."),
        year=citation.year,
        title=_one_line(pick(citation.title)),
        version=citation.version,
        kind=say("citation.sample" if citation.sample else "citation.data"),
        publisher="" if publisher == creator else f"{_one_line(publisher).removesuffix('.')}. ",
        url=_url(citation),
    )


def bibtex(citation: Citation) -> str:
    """Return an entry of BibTeX, in the language of the request."""
    fields = {
        "author": f"{{{_tex(pick(citation.creator))}}}",
        "title": f"{{{_tex(pick(citation.title))}}}",
        "year": citation.year,
        "version": _tex(citation.version),
        "publisher": _tex(pick(citation.publisher)),
        "howpublished": _tex(say("citation.sample" if citation.sample else "citation.data")),
        "note": _tex(say("citation.version", version=citation.version)),
        "doi": (citation.doi or "").translate({ord("{"): "%7B", ord("}"): "%7D"}),
        "url": _url(citation),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@misc{{{citation.key},\n{''.join(lines)}}}\n"


def _url(citation: Citation) -> str:
    return as_uri(f"https://doi.org/{citation.doi}" if citation.doi else citation.iri)


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _tex(words: str) -> str:
    return _TO_ESCAPE.sub(lambda match: _TEX[match.group()], _one_line(words))


def datacite(citation: Citation) -> dict[str, Any]:
    """Return the metadata in every language that there is, by the names of DataCite."""
    kind = {"resourceTypeGeneral": "Collection" if citation.collection else "Dataset"}
    found: dict[str, Any] = {
        "doi": citation.doi,
        "url": as_uri(citation.iri),
        "types": kind | {"resourceType": "Sample" if citation.sample else "Open data"},
        "creators": [_creator(citation)],
        "titles": _titles(citation.title),
        "publisher": _named(citation.publisher),
        "publicationYear": citation.year,
        "subjects": [{"subject": word} for word in dict.fromkeys(citation.keywords)],
        "dates": _dates(citation),
        "language": citation.language,
        "alternateIdentifiers": [
            {"alternateIdentifier": citation.iri, "alternateIdentifierType": "URL"}
        ],
        "relatedIdentifiers": [
            {"relatedIdentifier": iri, "relatedIdentifierType": "URL", "relationType": relation}
            for relation, iri in citation.related
        ],
        "formats": list(citation.formats),
        "version": citation.version,
        "rightsList": _rights(citation),
        "descriptions": [
            {"description": words, "descriptionType": "Abstract"} | _language(tag)
            for tag, words in citation.description.items()
        ],
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    return {key: value for key, value in found.items() if value}


def _language(tag: str) -> dict[str, str]:
    return {"lang": tag} if tag else {}


def _named(texts: Mapping[str, str]) -> dict[str, str]:
    tag, name = next(iter(texts.items()))
    return {"name": name} | _language(tag)


def _creator(citation: Citation) -> dict[str, str]:
    # Who else a descriptor names may be a person.
    kind = {"nameType": "Organizational"} if citation.creator == citation.publisher else {}
    return _named(citation.creator) | kind


def _titles(texts: Mapping[str, str]) -> list[dict[str, str]]:
    titles = [{"title": title} | _language(tag) for tag, title in texts.items()]
    return titles[:1] + [title | {"titleType": "TranslatedTitle"} for title in titles[1:]]


def _dates(citation: Citation) -> list[dict[str, str]]:
    stated = {
        "Issued": citation.issued,
        "Updated": citation.modified,
        "Available": citation.available,
    }
    return [
        {"date": date, "dateType": kind}
        for kind, date in stated.items()
        if date and _DATE.fullmatch(date)
    ]


def _rights(citation: Citation) -> list[dict[str, str]]:
    if not citation.licence:
        return []
    rights = {"rights": label(citation.licence, "en"), "rightsUri": as_uri(citation.licence)}
    return [rights | {"lang": "en"}]


def reply(citation: Citation, format_: Format) -> Response:
    """The citation in one of the formats; raises nothing."""
    if format_ is DATACITE:
        body = json.dumps(datacite(citation), ensure_ascii=False, indent=1) + "\n"
        media_type = DATACITE.media_type
    elif format_ is BIBTEX:
        body, media_type = bibtex(citation), f"{BIBTEX.media_type}; charset=utf-8"
    else:
        body, media_type = f"{text(citation)}\n", "text/plain; charset=utf-8"
    response = Response(body, content_type=media_type)
    if format_ is not DATACITE:
        response.headers["Content-Language"] = language()
        response.vary.add("Accept-Language")
    return tagged(response, "citation", format_.name, citation.version, language())
