"""From requests to a release: all that are accepted become one, and it is served at once.

Nothing that is served changes before the last step, and what could not be finished is removed, as
with a publish (docs/releases.md).
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from filecmp import cmp
from pathlib import Path
from typing import Any

from loader import release as served
from loader.build import WRITING, ReleaseBuilder, exclusive, new_identifier, switch
from loader.build.durable import BUILDING
from loader.clock import now
from loader.config import read_config
from loader.errors import TsunaguError
from loader.model import FindingLog
from loader.proof.seal import open_sealer
from loader.release import WRITTEN, Release
from loader.retention import prune, to_prune
from loader.writing.evaluator import Evaluation
from loader.writing.request import Limits, Refused
from loader.written import with_written

LOG = "writes.jsonl"
"""The file of the home that gets a line for each request that was carried out."""

Answers = list[dict[str, Any]]


def write(home: Path, requests: Sequence[Mapping[str, Any]], limits: Limits) -> dict[str, Any]:
    """Carry requests out; return ``release``, which is served then, and ``answers`` in order.

    Where no release can be made, all requests are refused.
    """
    try:
        with exclusive(home, limits.wait_seconds, WRITING), ReleaseBuilder(home) as builder:
            return _write(builder, requests, limits)
    except Refused as refused:
        return _all(requests, refused)
    except (TsunaguError, OSError) as error:
        busy = getattr(error, "code", "") == "release.busy"
        code = "write.busy" if busy else "write.no-release"
        return _all(requests, Refused(code, reason=str(error)))


def _all(requests: Sequence[object], refused: Refused) -> dict[str, Any]:
    return {"release": None, "answers": [refused.answer for _ in requests]}


def _write(
    builder: ReleaseBuilder, requests: Sequence[Mapping[str, Any]], limits: Limits
) -> dict[str, Any]:
    current = served.current(builder.home)
    if current is None:
        raise Refused("release.none")
    folder = builder.home / BUILDING / "scratch"
    with Evaluation(current, folder, limits) as evaluation:
        answers = [evaluation.apply(request) for request in requests]
        accepted = [number for number, answer in enumerate(answers) if "error" not in answer]
        target = builder.folder / WRITTEN
        if accepted:
            evaluation.write(target)
    if not accepted or _is_same(current.path / WRITTEN, target):
        return {"release": current.id, "answers": answers}
    made = _release(builder, current, len(accepted))
    _log(builder.home, made, [requests[number] for number in accepted])
    return {"release": made.id, "answers": answers}


def _is_same(earlier: Path, path: Path) -> bool:
    """Whether nothing has changed; a file without lines is removed."""
    if path.stat().st_size == 0:
        path.unlink()
        return not earlier.exists()
    return earlier.exists() and cmp(earlier, path, shallow=False)


def _release(builder: ReleaseBuilder, current: Release, accepted: int) -> Release:
    """Make the release and switch to it."""
    home, started = builder.home, _moment(current)
    config = read_config(home)
    sealer = open_sealer(home, config)
    builder.carry_over(current, without=WRITTEN)
    builder.build_beside(current)
    manifest = {**current.manifest, "created": started.isoformat(timespec="seconds")}
    manifest = with_written(manifest, builder.folder, accepted)
    quads = builder.fill()
    identifier = new_identifier(home, started, manifest["fingerprint"])
    made = builder.finish(
        identifier,
        {**manifest, "quads": quads},
        lambda folder: sealer.seal(folder, FindingLog()),
    )
    switch(home, made)
    for _ in prune(home, to_prune(home, config.retention, started), started):
        pass
    return made


def _moment(current: Release) -> datetime:
    """The time of the release: not before that of the one that it follows."""
    return max(now(), datetime.fromisoformat(current.manifest["created"]).astimezone(UTC))


def _log(home: Path, made: Release, requests: Sequence[Mapping[str, Any]]) -> None:
    """Keep who has written what, when; not what the statements were: that is in the release."""
    with (home / LOG).open("a", encoding="utf-8") as stream:
        for request in requests:
            told = {
                key: request[key] for key in ("key", "kind", "graph", "sha256") if key in request
            }
            entry = {"time": made.manifest["created"], "release": made.id, **told}
            stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
