"""Reads a Containerfile (https://docs.docker.com/reference/dockerfile/), as far as ours goes."""

import re
from dataclasses import dataclass
from pathlib import Path

_NAMES = re.compile(
    "FROM|WORKDIR|ENV|COPY|RUN|VOLUME|USER|EXPOSE|STOPSIGNAL|HEALTHCHECK|ENTRYPOINT|CMD"
)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One line: what it does, with what."""

    name: str
    rest: str


def read(path: Path) -> list[list[Instruction]]:
    """The stages, each from its FROM on; ValueError for what is no instruction that we use."""
    stages: list[list[Instruction]] = []
    for line in path.read_text(encoding="utf-8").replace("\\\n", "").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.partition(" ")
        if not _NAMES.fullmatch(name):
            raise ValueError(line)
        if name == "FROM":
            stages.append([])
        stages[-1].append(Instruction(name, rest.strip()))
    return stages
