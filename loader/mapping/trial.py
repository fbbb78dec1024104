"""The first rows of a table mapped one by one, so that a person sees what each of them makes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from loader.csvw.tables import open_described
from loader.mapping import registry
from loader.mapping.context import Choice, context_of
from loader.mapping.csvw import Chosen, choose
from loader.mapping.plan import Plan, compile_plan
from loader.model import Batch, FindingLog, Package, Resource
from loader.table import Table, open_table
from vocab.iris import IriPolicy


@dataclass(frozen=True, slots=True)
class Opening:
    """A table and the mapping that publishing would choose for it."""

    package: Package
    table: Table
    chosen: Chosen

    @property
    def choice(self) -> Choice:
        """The mapping."""
        return self.chosen.choice


@dataclass(frozen=True, slots=True)
class RowTrial:
    """A row: its number in the file, its cells by header, its lines of N-Quads, its findings."""

    row: int
    cells: Sequence[tuple[str, str]]
    lines: Sequence[str]
    findings: FindingLog = field(default_factory=FindingLog)


@dataclass(frozen=True, slots=True)
class Trial:
    """What the first rows of a table make; ``unused`` are the columns the mapping does not name."""

    opening: Opening
    unused: Sequence[str]
    rows: Sequence[RowTrial]


def open_mapped(
    package: Package, resource: Resource, policy: IriPolicy, findings: FindingLog
) -> Opening | None:
    """Open a table as publishing does, and choose its mapping; None, with findings, for none."""
    described, known = None, registry.known_columns()
    if resource.description is None:
        table = open_table(resource, findings, known)
    else:
        described = open_described(resource, policy.file(package.name, ""), findings, known)
        table = described.table if described else None
    if table is None:
        return None
    context = context_of(package, table.resource, policy)
    return Opening(package, table, choose(table, described, package, context))


def try_rows(opening: Opening, count: int, findings: FindingLog) -> Trial:
    """Map the first ``count`` rows; raises ConfigurationError for an error in the mapping."""
    chosen, own = opening.chosen, FindingLog()
    plan = compile_plan(chosen.choice, chosen.header, chosen.context, own)
    columns = [finding.column for group in own.groups() for finding in group.examples]
    findings.extend(own)
    rows = list(islice(_rows(opening, plan, count), count))
    return Trial(opening, list(filter(None, columns)), rows)


def _rows(opening: Opening, plan: Plan, count: int) -> Iterator[RowTrial]:
    for whole in opening.table.batches(count):
        batch = opening.chosen.shape(whole)
        for number, row in enumerate(whole.rows):
            one = Batch([row], [[column[number]] for column in batch.columns])
            log = FindingLog()
            cells = [column[number] for column in whole.columns]
            lines = list(dict.fromkeys(plan.lines(one, log)))
            yield RowTrial(row, list(zip(opening.table.header, cells, strict=True)), lines, log)
