"""SPARQL 1.1 Graph Store HTTP Protocol at ``/gsp``: whole graphs, to read and to write.

A graph is named by ``?graph=``, ``?default`` (4.2), or by the address itself, below ``/gsp/``
(4.1). Reading is for everybody; writing is for holders of keys, where it is on (docs/writing.md).
"""

import base64
import uuid
from typing import Any

from flask import Blueprint, Response, request

from endpoint.errors import BadRequest, NotFound, PreconditionFailed, UnsupportedMedia
from endpoint.evaluation.task import Task
from endpoint.links import GRAPH_STORE
from endpoint.replies import acceptable, etag
from endpoint.sparql.answering import asking, respond
from endpoint.sparql.protocol import decode, require_iri
from endpoint.sparql.writing import nothing, write, writing_key
from endpoint.state import policy, public_base, release, site
from vocab.formats import WRITABLE, Format, find

blueprint = Blueprint("graph_store", __name__)

_DEFAULT = ""
"""Stands for the default graph."""
_MULTIPART = "multipart/form-data"
_OFFERED = ", ".join(format_.media_type for format_ in WRITABLE)
_METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE"]
_IS_THERE = "ASK { GRAPH ?graph { ?s ?p ?o } }"
_NAMED = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }"
_OF_DEFAULT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@blueprint.route(f"/{GRAPH_STORE}", methods=_METHODS)
@blueprint.route(f"/{GRAPH_STORE}/<path:local>", methods=_METHODS)
def graph_store(local: str | None = None) -> Response:
    """Read or write a graph."""
    graph = _graph(local)
    if request.method in ("GET", "HEAD"):
        return _read(_required(graph))
    key = writing_key()
    if request.method == "POST" and graph is None:
        return _create(key)
    asked: dict[str, Any] = {"kind": request.method.lower(), "graph": _required(graph)}
    asked |= {"base": _here(), "documents": []}
    asked |= _conditions(asked["graph"])
    if request.method != "DELETE":
        asked["documents"] = _documents()
    found = write(key, asked)["found"]
    if request.method == "DELETE":
        return _deleted(asked["graph"], found)
    created = not found and asked["graph"] != _DEFAULT
    return nothing(201 if created else 204)


def _create(key: Any) -> Response:
    """POST to the store itself makes a graph with a name of ours (5.5)."""
    graph = f"{policy().base}{GRAPH_STORE}/{uuid.uuid4()}"
    write(key, {"kind": "post", "graph": graph, "base": _here(), "documents": _documents()})
    response = nothing(201)
    response.headers["Location"] = graph
    response.autocorrect_location_header = False
    return response


def _conditions(graph: str) -> dict[str, Any]:
    """On what the request depends (RFC 9110, 13.1.1 and 13.1.2); raises PreconditionFailed."""
    found: dict[str, Any] = {}
    if request.if_match.star_tag or request.if_none_match.star_tag:
        found["there"] = bool(request.if_match.star_tag)
    elif "If-None-Match" in request.headers:
        raise PreconditionFailed("write.condition")
    elif "If-Match" in request.headers:
        tags = (_tag_of(graph, format_) for format_ in WRITABLE)
        if not any(map(request.if_match.contains_weak, tags)):
            raise PreconditionFailed("write.changed")
        found["unchanged_since"] = release().id
    return found


def _tag_of(graph: str, format_: Format) -> str:
    return etag("graph", graph, format_.name)


def _deleted(graph: str, found: bool) -> Response:
    if not found and graph != _DEFAULT:
        raise NotFound("graph.unknown", graph=graph)
    return nothing()


def _here() -> str:
    return f"{public_base()}{GRAPH_STORE}"


def _graph(local: str | None) -> str | None:
    """The graph that is asked for; None where the request names none."""
    parameters = decode(request.query_string)
    named, default = parameters.get("graph", []), "default" in parameters
    if len(named) + default + (local is not None) > 1:
        raise BadRequest("graph.one")
    if local is not None:
        return policy().from_path(f"{GRAPH_STORE}/{local}")
    if default:
        return _DEFAULT
    for iri in named:
        require_iri(iri)
    return named[0] if named else None


def _required(graph: str | None) -> str:
    if graph is None:
        raise BadRequest("graph.one")
    return graph


def _read(graph: str) -> Response:
    """A graph of the release; one of which nothing is said is not there (5.2)."""
    format_ = acceptable(WRITABLE)
    if graph != _DEFAULT and not _is_there(graph):
        raise NotFound("graph.unknown", graph=graph)
    tag = _tag_of(graph, format_)
    if request.if_none_match.contains_weak(tag):
        return _tagged(Response(status=304), tag)
    task = Task(
        _NAMED if graph else _OF_DEFAULT,
        graph_format=format_.name,
        union=False,
        substitutions={"graph": graph} if graph else {},
        unnamed=f"{policy().base}.well-known/genid/written/",
    )
    place = asking(request, site(), None, is_page=False)
    answer = site().workers.queries.run(release(), task, place)
    return _tagged(respond(answer, format_), tag)


def _tagged(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _is_there(graph: str) -> bool:
    task = Task(_IS_THERE, substitutions={"graph": graph})
    answer = site().workers.pages.run(release(), task)
    return b"true" in answer.read()


def _documents() -> list[dict[str, str]]:
    """What the request brings: its body, or all parts of a form."""
    if request.mimetype == _MULTIPART:
        parts = [part for name in request.files for part in request.files.getlist(name)]
        if not parts:
            raise UnsupportedMedia("graph.media-type", given=_MULTIPART, offered=_OFFERED)
        return [_document(part.mimetype, part.stream.read()) for part in parts]
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("protocol.encoding")
    return [_document(request.mimetype, request.get_data())]


def _document(media_type: str, content: bytes) -> dict[str, str]:
    return {"format": _format(media_type).name, "content": base64.b64encode(content).decode()}


def _format(media_type: str) -> Format:
    # Without a type it is RDF/XML (5.1, as it was written in 2013).
    format_ = find(media_type or "application/rdf+xml")
    if format_ not in WRITABLE:
        raise UnsupportedMedia("graph.media-type", given=media_type or "-", offered=_OFFERED)
    assert format_ is not None
    return format_
