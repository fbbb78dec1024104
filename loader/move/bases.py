"""The base IRIs that a site had before: what its things were called, and where they lead now.

A release says them in its manifest (``earlier_bases``, oldest first), and in the graph ``moved``
(``moved.nq``) ``owl:sameAs`` of each thing that was published under one. Both are carried over
from release to release for ever; the endpoint redirects by the first.
"""

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from loader.build import ReleaseBuilder
from loader.build.spool import LineSpool
from loader.hard_links import carry
from loader.release import EARLIER_BASES, WRITTEN, Release
from vocab.iris import IriPolicy
from vocab.namespaces import OWL

GRAPH = "moved"
FILE = f"{GRAPH}.nq"
_LINES_AT_ONCE = 20_000
_NAMED = ("id/", "dataset/")
"""Where things are that others may have linked to: below the base IRI."""


def is_public(base: str) -> bool:
    """Whether others can ever have known a base IRI: not one of this machine alone."""
    host = urlsplit(base).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")


def rebased(line: str, old: str, new: str) -> str:
    """Return a line of N-Quads with the IRIs that begin with ``old`` under ``new``.

    What stands in a literal is not touched: IRIs have no quotation marks, so that the first and
    the last of a line enclose it.
    """
    before, after = f"<{old}", f"<{new}"
    if '"' not in line:
        return line.replace(before, after)
    start, end = line.index('"'), line.rindex('"')
    head, tail = line[:start].replace(before, after), line[end:].replace(before, after)
    return head + line[start:end] + tail


def with_bases(
    manifest: Mapping[str, Any], builder: ReleaseBuilder, before: Release | None, policy: IriPolicy
) -> dict[str, Any]:
    """Write the graph ``moved`` of the release being built; return the manifest that tells of it.

    ``before`` is the release that is served. Where its base IRI is another, it becomes the last
    of the earlier ones, and each of its things is said to be the one of the same path here.
    """
    if before is None:
        return dict(manifest)
    _carry_written(builder, before, policy)
    moved = builder.folder / FILE
    if before.base_iri != policy.base:
        _write_moves(builder, before, policy)
    elif (before.path / FILE).is_file():
        carry(before.path / FILE, moved)
    earlier = dict.fromkeys([*before.earlier_bases, before.base_iri])
    kept = [base for base in earlier if base != policy.base and is_public(base)]
    named = {GRAPH: policy.system_graph(GRAPH)} if moved.is_file() else {}
    added = {EARLIER_BASES: kept} if kept else {}
    return {**manifest, **added, "graphs": {**manifest["graphs"], **named}}


def _carry_written(builder: ReleaseBuilder, before: Release, policy: IriPolicy) -> None:
    """Carry over what was written, under the base IRI of the release being built."""
    source, target = before.path / WRITTEN, builder.folder / WRITTEN
    if target.exists() or not source.is_file():
        return
    if before.base_iri == policy.base:
        carry(source, target)
        return
    spool = builder.aside("written")
    move_lines(source, lambda line: rebased(line, before.base_iri, policy.base), spool)
    spool.finish(target)


def _write_moves(builder: ReleaseBuilder, before: Release, policy: IriPolicy) -> None:
    spool = builder.aside(GRAPH)
    for lines in pieces(_moves(before, policy)):
        spool.add(lines)
    if spool.finish(builder.folder / FILE).lines == 0:
        (builder.folder / FILE).unlink()


def _moves(before: Release, policy: IriPolicy) -> Iterator[str]:
    old, same, graph = before.base_iri, OWL["sameAs"], policy.system_graph(GRAPH)
    if (before.path / FILE).is_file():
        for line in read_lines(before.path / FILE):
            subject, _, earlier, *_ = line.split(" ")
            now = subject.replace(f"<{old}", f"<{policy.base}", 1)
            if now != earlier:
                yield f"{now} <{same}> {earlier} <{graph}> .\n"
    for path in things(before) if is_public(old) else ():
        yield f"<{policy.base}{path}> <{same}> <{old}{path}> <{graph}> .\n"


def things(release: Release) -> Iterator[str]:
    """Give the paths, below the base IRI, of the datasets and of the things in their graphs."""
    for name in release.datasets:
        yield IriPolicy(release.base_iri).dataset(name).removeprefix(release.base_iri)
        last = ""
        for line in read_lines(release.dump(name)):
            subject = line[1 : line.index(">")]
            path = subject.removeprefix(release.base_iri)
            # Dumps are sorted, so that the lines of a thing follow each other.
            if subject not in (last, path) and path.startswith(_NAMED) and "#" not in path:
                yield path
            last = subject


def read_lines(path: Path) -> Iterator[str]:
    """Give the lines of a file of N-Quads."""
    with path.open(encoding="utf-8", newline="\n") as stream:
        yield from stream


def pieces(lines: Iterator[str]) -> Iterator[list[str]]:
    """Give lines some at a time."""
    while piece := list(islice(lines, _LINES_AT_ONCE)):
        yield piece


def move_lines(source: Path, change: Callable[[str], str], spool: LineSpool) -> None:
    """Give the lines of a file, changed, to a spool."""
    for lines in pieces(map(change, read_lines(source))):
        spool.add(lines)
