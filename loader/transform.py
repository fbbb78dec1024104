"""One dataset through the stages: table → check → map → validate, batch of rows by batch.

What comes out is handed on in lines of N-Quads to a sink, so memory does not grow with the input.
``publish``, ``map``, ``check`` and ``validate`` all go this way.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from loader.check import TableChecker, check_package
from loader.csvw.tables import Described, open_described
from loader.identity.naming import Names
from loader.mapping import registry
from loader.mapping.columns import ColumnsOf
from loader.mapping.context import context_of
from loader.mapping.csvw import Chosen, choose
from loader.mapping.plan import Plan, compile_plan
from loader.mapping.workers import WORTH_PROCESSES, mapped
from loader.model import Batch, FindingLog, Package, Resource
from loader.progress import Progress
from loader.rdf import open_graph
from loader.table import Table, open_table
from vocab.iris import IriPolicy

if TYPE_CHECKING:
    # Only who validates pays for the engine.
    from loader.validate import Validator

Sink = Callable[[Sequence[str]], None]
BoundingBox = tuple[float, float, float, float]

ROWS_AT_ONCE = 500
"""As fast as larger batches, with less memory."""

_WKT = "#wktLiteral> "
_OTHER_CRS = '"<'
"""What a WKT literal begins with that is not in CRS84 (GeoSPARQL 1.1, 8.5.1.1)."""

_POSITION = re.compile(r"(-?\d+(?:\.\d+)?) (-?\d+(?:\.\d+)?)")


@dataclass(slots=True)
class TableResult:
    """What became of one table: how it was read, which mapping was chosen, how many rows it had."""

    resource: Resource
    header: tuple[str, ...]
    encoding: str
    delimiter: str
    mapping: str
    mapping_sha256: str
    generic: bool
    columns: ColumnsOf
    """Which columns feed which predicate of which part."""
    rows: int = 0


@dataclass(slots=True)
class Transformed:
    """What became of a dataset. ``lines`` counts before repetitions are removed."""

    package: Package
    tables: list[TableResult] = field(default_factory=list)
    graphs: list[Resource] = field(default_factory=list)
    """The files whose statements were taken as they are."""
    lines: int = 0
    classes: set[str] = field(default_factory=set)
    generic_columns: list[tuple[str, str]] = field(default_factory=list)
    bbox: BoundingBox | None = None
    """West, south, east, north of the shapes that were made, in degrees (CRS84)."""

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(table.rows for table in self.tables)

    @property
    def mapping(self) -> str:
        """The name of the mapping of the first table; ``rdf`` where there are graphs only."""
        if self.tables:
            return self.tables[0].mapping
        return "rdf" if self.graphs else "generic"


@dataclass(slots=True)
class Transformation:
    """Sends the tables of a package through the stages: lines to ``sink``, findings to the log."""

    package: Package
    policy: IriPolicy
    findings: FindingLog
    sink: Sink
    progress: Progress
    validator: "Validator | None" = None
    jobs: int = 1
    """How many processes map a large table."""
    checked: bool = True
    """Whether rows are checked against the guide's lists, too, which remembers them all."""
    _names: Names | None = field(default=None, init=False)

    def run(self) -> Transformed:
        """Do it, file by file."""
        result = Transformed(self.package)
        check_package(self.package, self.findings)
        self._names = Names.of(self.package, self.policy, self.findings)
        for resource in self.package.resources:
            if resource.is_table:
                self._table(resource, result)
            elif resource.is_graph:
                self._graph(resource, result)
        return result

    def _graph(self, resource: Resource, result: Transformed) -> None:
        graph = open_graph(resource, self.policy, self.package.name, self.findings)
        if graph is None:
            return
        result.graphs.append(resource)
        self.progress.start(resource.label, graph.size)
        for lines in graph.lines():
            self._send([lines], result)
            self.progress.advance_to(graph.bytes_read)
        result.classes.update(graph.classes)
        self.progress.finish()

    def _table(self, resource: Resource, result: Transformed) -> None:
        table, described = self._opened(resource)
        if table is None:
            return
        context = context_of(self.package, table.resource, self.policy)
        chosen = choose(table, described, self.package, context)
        plan, summary = self._plan(table, chosen, result)
        if self.validator is not None:
            self.validator.know_columns(table.resource.label, plan.columns)
            self.validator.cells.know_table(table.resource.label, partial(self._again, resource))
        standard = chosen.choice.lenient
        checker = self._checker(table, standard)
        self.progress.start(resource.label, table.size)
        again = partial(compile_plan, chosen.choice, chosen.header, chosen.context, FindingLog())
        jobs = self.jobs if table.size >= WORTH_PROCESSES else 1
        at_once = plan.rows_at_once(ROWS_AT_ONCE)
        rows = self._checked(table.batches(at_once), checker, chosen, summary)
        for _, runs in mapped(plan, again, rows, self.findings, jobs):
            self._send(runs, result, plan.has_shapes)
            self.progress.advance_to(table.bytes_read)
        if checker is not None:
            checker.finish()
        self.progress.finish()

    def _opened(self, resource: Resource) -> tuple[Table | None, Described | None]:
        if resource.description is None:
            return open_table(resource, self.findings, registry.known_columns()), None
        described = self._described(resource)
        return (described.table if described else None), described

    def _checker(self, table: Table, standard: bool) -> TableChecker | None:
        if not self.checked:
            return None
        return TableChecker(self.package, table.resource, table.header, self.findings, standard)

    def _checked(
        self,
        batches: Iterable[Batch],
        checker: TableChecker | None,
        chosen: Chosen,
        summary: TableResult,
    ) -> Iterator[Batch]:
        """Give the rows as the mapping wants them, after they were checked as they are."""
        for batch in batches:
            if checker is not None:
                checker.look(batch)
            summary.rows += len(batch)
            yield chosen.shape(batch)

    def _again(self, resource: Resource) -> Table | None:
        """Open a table once more, to look at cells; what is odd in it was told before."""
        silent = replace(self, findings=FindingLog())
        return silent._opened(resource)[0]

    def _described(self, resource: Resource) -> Described | None:
        """Open a table that has a W3C CSVW description."""
        url = self.policy.file(self.package.name, "")
        return open_described(resource, url, self.findings, registry.known_columns())

    def _plan(self, table: Table, chosen: Chosen, result: Transformed) -> tuple[Plan, TableResult]:
        resource, choice = table.resource, chosen.choice
        plan = compile_plan(choice, chosen.header, chosen.context, self.findings)
        result.classes.update(plan.classes)
        own = [*chosen.own, *plan.generic_columns]
        result.generic_columns.extend((column.name, column.iri) for column in own)
        summary = TableResult(
            resource,
            table.header,
            table.encoding,
            table.delimiter,
            choice.name,
            choice.sha256,
            choice.generic,
            plan.columns,
        )
        result.tables.append(summary)
        return plan, summary

    def _send(self, runs: list[list[str]], result: Transformed, has_shapes: bool = True) -> None:
        if self._names is not None:
            runs = [self._names.renamed(lines) for lines in runs]
        lines = list(chain.from_iterable(runs))
        result.lines += len(lines)
        if has_shapes and self.sink is not no_sink:
            result.bbox = _extended(result.bbox, lines)
        if self.validator is not None:
            self.validator.feed(*runs)
        self.sink(lines)


def no_sink(_: Sequence[str]) -> None:
    """A sink for those who only want the findings."""


def _extended(bbox: BoundingBox | None, lines: Sequence[str]) -> BoundingBox | None:
    shapes = [line for line in lines if _WKT in line]
    if not shapes:
        return bbox
    texts = [line.split('"', 2)[1] for line in shapes if _OTHER_CRS not in line]
    positions = _POSITION.findall("\n".join(texts))
    if not positions:
        return bbox
    xs = [float(x) for x, _ in positions]
    ys = [float(y) for _, y in positions]
    if bbox:
        xs += [bbox[0], bbox[2]]
        ys += [bbox[1], bbox[3]]
    return min(xs), min(ys), max(xs), max(ys)
