"""What a publish need not do again: datasets that are made from the same as last time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loader.build import ReleaseBuilder
from loader.inputs import Inputs
from loader.model import Package, Severity
from loader.outcome import Options, Result, Status
from loader.release import Release


@dataclass(frozen=True, slots=True)
class Work:
    """A dataset to publish, and the release that may have it already."""

    package: Package
    inputs: Inputs
    current: Release | None
    full: bool = False

    @property
    def earlier(self) -> Mapping[str, Any] | None:
        """What the current release says of the dataset."""
        return self.current.datasets.get(self.package.name) if self.current else None

    def is_done(self, options: Options) -> bool:
        """Whether the release has it as it would be made again, and it may be published so."""
        earlier = self.earlier
        if earlier is None or self.full or earlier.get("inputs") != self.inputs.digest:
            return False
        return options.allow_violations or not earlier["findings"][Severity.VIOLATION]

    def compare(self, result: Result, builder: ReleaseBuilder) -> None:
        """Keep what the release has instead, where what was made is held back or the same."""
        name, earlier = self.package.name, self.earlier
        result.previous_stays = result.status is Status.HELD_BACK and earlier is not None
        if result.status is Status.HELD_BACK:
            builder.drop(name)
        elif self.current and earlier and _same(earlier, builder.datasets[name]):
            builder.keep(self.current, name)
            builder.datasets[name] = {**earlier, "inputs": self.inputs.digest}
            result.status = Status.UNCHANGED


def carry_over(current: Release, result: Result, builder: ReleaseBuilder) -> None:
    """Carry a dataset over, and tell of it what was told when it was made."""
    entry = current.datasets[result.name]
    builder.keep(current, result.name)
    result.status = Status.UNCHANGED
    result.rows, result.triples = entry["rows"], entry["triples"]
    result.conforms = entry["conforms"]
    result.report = current.report(result.name)


def _same(earlier: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return bool(earlier["fingerprint"] == now["fingerprint"])
