"""What a release says of itself: the manifest, and the graphs of the house about its datasets.

``dumps/<dataset>.nq`` is a dataset's own graph; ``about/<dataset>.nq`` what the graphs provenance,
vocabulary and report say of it; ``packages/<dataset>.json`` what the catalogue is made from, so
that a dataset which is only carried over is catalogued as before. See docs/releases.md.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from loader.build import ReleaseBuilder
from loader.build.spool import Dump
from loader.catalog import catalog_documents, catalog_lines
from loader.clock import now
from loader.config import Config
from loader.descriptor.resources import MEDIA_TYPES
from loader.geo.formats import SHAPEFILE
from loader.geo.shapefile import PARTS, parts
from loader.linking import Linked
from loader.model import Field, Package, Resource
from loader.outcome import Result
from loader.provenance import Run, provenance_lines
from loader.published import Published, PublishedFile, Site
from loader.release import sha256
from loader.report import report_json
from loader.transform import Transformed
from loader.validate import Validator
from loader.validate.own_shapes import own_shapes_digest, own_shapes_files
from loader.vocabulary import function_lines, scheme_lines, vocabulary_lines
from vocab.iris import IriPolicy
from vocab.namespaces import own_vocabulary_lines
from vocab.structures import structure_lines

SOFTWARE = "tsunagu"
HOUSE_GRAPHS = ("catalog", "provenance", "vocabulary", "report")


def describe_dataset(
    builder: ReleaseBuilder,
    policy: IriPolicy,
    started: datetime,
    transformed: Transformed,
    dump: Dump,
    result: Result,
    validator: Validator,
) -> None:
    """Write all that a release keeps of a dataset beside its dump, and its manifest entry."""
    package = transformed.package
    published = _published(builder, transformed, dump)
    fingerprint = _fingerprint(published, policy, package)
    run = Run(
        started=started,
        ended=now(),
        version=version(SOFTWARE),
        mapping_name=transformed.mapping,
        mapping_sha256=transformed.tables[0].mapping_sha256 if transformed.tables else "",
        fingerprint=fingerprint[:16],
    )
    builder.write_about(
        package.name,
        [
            *provenance_lines(policy, published, run),
            *vocabulary_lines(
                policy, package, transformed.generic_columns, sorted(transformed.classes)
            ),
            *validator.report_lines(
                policy.system_graph("report"),
                policy.report(package.name),
                policy.graph(package.name),
            ),
        ],
    )
    builder.write_json("packages", package.name, _as_json(published))
    builder.write_json(
        "reports", package.name, report_json(result, transformed, validator.summary())
    )
    builder.datasets[package.name] = {
        "title": package.title,
        "description": package.description,
        "publisher": package.publisher_name,
        "keywords": package.keywords,
        "licence": package.licence,
        "issued": package.issued,
        "modified": package.modified,
        "sample": package.sample,
        "mapping": published.mapping,
        "graph": policy.graph(package.name),
        "rows": result.rows,
        "triples": result.triples,
        "findings": result.findings.counts(),
        "conforms": result.conforms,
        "files": {file.name: _file_entry(file) for file in published.files},
        "dump": f"dumps/{package.name}.nq",
        "fingerprint": fingerprint,
    }


def describe_site(
    builder: ReleaseBuilder, config: Config, started: datetime, linked: Linked
) -> dict[str, Any]:
    """Write the catalogue and the house's own vocabulary; return the manifest's site part."""
    policy = config.policy
    site = Site(
        title=config.title,
        description=config.description,
        publisher_name=config.publisher_name,
        publisher_id=config.publisher_id,
        homepage=config.homepage,
    )
    packages = sorted((builder.folder / "packages").glob("*.json"))
    published = [read_published(json.loads(path.read_bytes())) for path in packages]
    lines = catalog_lines(policy, site, published, linked.linksets)
    builder.write_graph("catalog", lines)
    vocabulary = policy.system_graph("vocabulary")
    builder.write_graph(
        "vocabulary",
        [
            *own_vocabulary_lines(vocabulary),
            *structure_lines(vocabulary),
            *function_lines(vocabulary),
            *scheme_lines(vocabulary),
        ],
    )
    for suffix, content in catalog_documents(lines).items():
        builder.write_file(f"catalog.{suffix}", content)
    fingerprints = sorted(entry["fingerprint"] for entry in builder.datasets.values())
    everything = "".join([*fingerprints, *lines, linked.sha256])
    return {
        "created": started.isoformat(timespec="seconds"),
        "software": {"name": SOFTWARE, "version": version(SOFTWARE)},
        "base_iri": policy.base,
        "title": config.title,
        "description": config.description,
        "publisher": config.publisher_name,
        "graphs": {name: policy.system_graph(name) for name in HOUSE_GRAPHS},
        "links": linked.manifest(config.links_threshold),
        "fingerprint": hashlib.sha256(everything.encode()).hexdigest(),
    }


def _published(builder: ReleaseBuilder, transformed: Transformed, dump: Dump) -> Published:
    package = transformed.package
    encodings = {table.resource.path: table.encoding for table in transformed.tables}
    files = {
        path.name: (path, resource, media_type)
        for resource in package.resources
        if not resource.is_elsewhere
        for path, media_type in _files(resource)
    }
    for name, (path, _, _) in files.items():
        builder.copy_source(package.name, name, path)
    for path in own_shapes_files(package):
        builder.copy_source(package.name, path.name, path)
    return Published(
        package=package,
        rows=transformed.rows,
        triples=dump.lines,
        mapping=transformed.mapping,
        files=[
            PublishedFile(
                name=name,
                media_type=media_type,
                bytes=path.stat().st_size,
                sha256=sha256(path),
                encoding=encodings.get(path) or None,
                url=resource.url,
            )
            for name, (path, resource, media_type) in files.items()
        ],
        dump_bytes=dump.bytes,
        dump_sha256=dump.sha256,
        bbox=transformed.bbox,
        classes=sorted(transformed.classes),
    )


def _files(resource: Resource) -> Iterator[tuple[Path, str]]:
    """Give the files of a resource that are published, and their media types.

    Of what was unpacked it is the container, of a Shapefile all that belongs to it.
    """
    if resource.container:
        yield resource.container, MEDIA_TYPES[resource.container.suffix.lower()]
        return
    yield resource.path, resource.media_type
    if resource.media_type == SHAPEFILE.media_type:
        for suffix, part in parts(resource.path).items():
            yield part, PARTS[suffix]


def _file_entry(file: PublishedFile) -> dict[str, Any]:
    entry = asdict(file)
    del entry["name"]
    return entry


def _fingerprint(published: Published, policy: IriPolicy, package: Package) -> str:
    content = {**_as_json(published), "base": policy.base, "version": version(SOFTWARE)}
    content["shapes"] = own_shapes_digest(package)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _as_json(published: Published) -> dict[str, Any]:
    content = asdict(published)
    content["package"]["folder"] = ""
    for resource in content["package"]["resources"]:
        resource["path"] = (resource["container"] or resource["path"]).name
        resource["container"] = None
        resource["mapping"] = None
    as_json: dict[str, Any] = json.loads(json.dumps(content, default=_name))
    return as_json


def _name(path: object) -> str:
    """Return a path as its name: where the folder lies says nothing of the dataset."""
    return path.name if isinstance(path, Path) else str(path)


def read_published(content: Mapping[str, Any]) -> Published:
    package = dict(content["package"])
    package["folder"] = Path()
    package["resources"] = tuple(_resource(resource) for resource in package["resources"])
    for key in ("keywords", "themes", "languages", "temporal"):
        package[key] = tuple(package[key]) if package[key] is not None else None
    values = {**content, "package": Package(**package)}
    values["files"] = [PublishedFile(**file) for file in content["files"]]
    values["bbox"] = tuple(content["bbox"]) if content["bbox"] else None
    return Published(**values)


def _resource(content: Mapping[str, Any]) -> Resource:
    fields = tuple(Field(**field) for field in content["fields"])
    return Resource(
        **{
            **content,
            "path": Path(content["path"]),
            "fields": fields,
            "primary_key": tuple(content["primary_key"]),
        }
    )
