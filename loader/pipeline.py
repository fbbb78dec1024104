"""From a folder of open data to a release: the whole way on one screen.

source → (table → check → map → validate) → release. A dataset that would be made from the same as
last time (loader/inputs.py) is carried over. One with a violation is held back and its last
published version stays; nothing that is served changes before the last step.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from loader import release as served
from loader.build import ReleaseBuilder, exclusive, new_identifier, switch
from loader.clock import now
from loader.config import Config, RemoteSource
from loader.describe import describe_dataset, describe_site
from loader.errors import ConfigurationError, SourceError
from loader.fetch import Fetcher
from loader.history.changes import EXAMPLES, DatasetChanges
from loader.history.graves import Graveyard, to_remember
from loader.history.links import BrokenLinks
from loader.identity.moves import moves
from loader.inputs import inputs_of
from loader.linking import link_release
from loader.model import Package
from loader.move.bases import is_public, with_bases
from loader.outcome import Options, Outcome, Result
from loader.progress import Progress
from loader.proof.seal import Sealer, open_sealer
from loader.release import Release
from loader.retention import prune, to_prune
from loader.source import Discovery, discover
from loader.transform import Transformation
from loader.unchanged import Work, carry_over
from loader.validate import Feed, Validator
from loader.validate.own_shapes import own_shapes
from loader.written import with_written
from shapes import texts

LINES_AT_ONCE = 20_000

Tell = Callable[[Sequence[DatasetChanges]], None]
"""Is told what differs from the release that is served, before anything is switched."""


def _silent(_: Sequence[DatasetChanges]) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Publish:
    """One publish: of paths and of sources elsewhere, beside what the home already holds."""

    home: Path
    config: Config
    options: Options
    progress: Progress
    started: datetime = field(default_factory=now)
    tell: Tell = _silent
    _sealer: Sealer = field(init=False, repr=False)
    _moves: dict[str, Mapping[str, str]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        # A key that cannot sign is told before the work begins, not after it.
        self._sealer = open_sealer(self.home, self.config)

    def run(self, places: Sequence[Path | RemoteSource]) -> Outcome:
        """Do it. Raises a TsunaguError where nothing could be done; nothing has changed then."""
        with Fetcher(self.home, self.config.fetch, self.progress) as fetcher:
            return self._publish(discover(places, fetcher))

    def _publish(self, discovery: Discovery) -> Outcome:
        outcome = Outcome(findings=discovery.findings)
        with exclusive(self.home), ReleaseBuilder(self.home) as builder:
            current = self._current({package.name for package in discovery.packages})
            for work in self._works(discovery.packages, builder, current):
                outcome.results.append(self._dataset(work, builder))
            outcome.decide(self.options)
            if outcome.publishes:
                keep_others(builder, current)
                self._release(builder, current, outcome)
        outcome.settle()
        return outcome

    def remove(self, names: Sequence[str]) -> Outcome:
        """Make a release without the named datasets."""
        self.options = replace(self.options, accept=True)
        outcome = Outcome()
        with exclusive(self.home), ReleaseBuilder(self.home) as builder:
            current = self._current(set())
            known = current.datasets if current else {}
            for name in names:
                if name not in known:
                    raise SourceError("remove.unknown", name=name, known=", ".join(known) or "-")
            if current:
                builder.build_on(current, changed_bytes=0)
            keep_others(builder, current, without=names)
            self._release(builder, current, outcome)
        return outcome

    def _remember(self, builder: ReleaseBuilder, current: Release | None, outcome: Outcome) -> None:
        """Keep a tombstone of what is gone, and see what differs."""
        yard = Graveyard(
            builder.folder,
            self.config.policy.base,
            _time(self.started),
            to_remember(current, served.releases(self.home)),
            self._moves,
        )
        most = 100.0 if self.options.accept else self.config.most_removed_percent
        outcome.compare(yard.fill(builder.datasets), most)

    def _find_broken_links(self, builder: ReleaseBuilder, outcome: Outcome) -> None:
        base = self.config.policy.base
        links = BrokenLinks(builder.folder / "store", base, EXAMPLES)
        for changes in outcome.changes:
            if changes.gone:
                links.look_at_graves(changes, builder.folder, base, _time(self.started))

    def _current(self, names: set[str]) -> Release | None:
        """Return the release to build on: None where all of it is replaced under a new base IRI.

        Not where others may know the earlier one: what it named must go on to answer.
        """
        current, base = served.current(self.home), self.config.policy.base
        if current is None or current.base_iri == base:
            return current
        if is_public(current.base_iri) or set(current.datasets) - names:
            raise ConfigurationError("config.base-changed", old=current.base_iri, new=base)
        return None

    def _works(
        self, packages: Sequence[Package], builder: ReleaseBuilder, current: Release | None
    ) -> list[Work]:
        """Find out what has to be done; let the store grow from the current one where it may."""
        full, policy = self.options.full, self.config.policy
        works = [Work(found, inputs_of(found, policy), current, full) for found in packages]
        if current and not full:
            changed = (work.inputs.bytes for work in works if not work.is_done(self.options))
            builder.build_on(current, sum(changed))
        return works

    def _dataset(self, work: Work, builder: ReleaseBuilder) -> Result:
        begun = time.monotonic()
        package, current = work.package, work.current
        result = Result(package.name, title=package.title)
        if current and work.is_done(self.options):
            carry_over(current, result, builder)
        else:
            self._make(package, result, builder)
            builder.datasets[package.name]["inputs"] = work.inputs.digest
            work.compare(result, builder)
        result.seconds = time.monotonic() - begun
        return result

    def _make(self, package: Package, result: Result, builder: ReleaseBuilder) -> None:
        """Check, map and validate a dataset."""
        validator = Validator([*texts(), *own_shapes(package, result.findings)], result.findings)
        spool = builder.spool(package.name)
        transformed = Transformation(
            package,
            self.config.policy,
            result.findings,
            spool.add,
            self.progress,
            validator,
            self.options.jobs,
        ).run()
        dump = builder.write_dump(package.name, spool)
        result.conforms = validator.finish(lambda feed: _feed(dump.path, feed))
        result.rows, result.triples = transformed.rows, dump.lines
        describe_dataset(
            builder, self.config.policy, self.started, transformed, dump, result, validator
        )
        result.settle(
            self.options,
            any(resource.is_table or resource.is_graph for resource in package.resources),
        )
        self._moves[package.name] = moves(package)

    def _release(self, builder: ReleaseBuilder, current: Release | None, outcome: Outcome) -> None:
        builder.begin_store()
        linked = link_release(builder, current, self.config)
        manifest = describe_site(builder, self.config, self.started, linked)
        before = served.current(self.home)
        manifest = with_bases(manifest, builder, before, self.config.policy)
        manifest = with_written(manifest, builder.folder)
        outcome.release = current
        if current and builder.same_as(current):
            return
        self._remember(builder, current, outcome)
        if not outcome.publishes:
            self.tell(outcome.changes)
            return
        self.progress.stage("progress.store")
        quads = builder.fill()
        self._find_broken_links(builder, outcome)
        self.tell(outcome.changes)
        if self.options.dry_run:
            return
        identifier = new_identifier(self.home, self.started, manifest["fingerprint"])
        outcome.release = builder.finish(
            identifier,
            {**manifest, "quads": quads},
            lambda folder: self._sealer.seal(folder, outcome.findings),
        )
        switch(self.home, outcome.release)
        outcome.switched = True
        found = to_prune(self.home, self.config.retention, self.started)
        outcome.pruned = [old for old, done in prune(self.home, found, self.started) if done]


def keep_others(
    builder: ReleaseBuilder, current: Release | None, without: Sequence[str] = ()
) -> None:
    """Carry over what the home already holds and this publish does not replace."""
    for name in current.datasets if current else ():
        if current and name not in builder.datasets and name not in without:
            builder.keep(current, name)


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _feed(path: Path, feed: Feed) -> None:
    """Feed the lines of a dump, some at a time."""
    with path.open(encoding="utf-8", newline="\n") as stream:
        while lines := list(islice(stream, LINES_AT_ONCE)):
            feed(lines)
