"""What is done to each column of a table, decided by its survey."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from loader.check.columns import Kind
from loader.check.subjects import Subject
from loader.fix.cells import EVERYWHERE, PADDING, CellRule
from loader.fix.codes import CODES, WIDTH, zero_rule
from loader.fix.dates import DATES, Western, has_western
from loader.fix.evidence import Evidence
from loader.fix.numbers import number_rules
from loader.fix.survey import Survey

MEMO = 10_000
"""How many different cells of a column are remembered with what becomes of them."""

_ROUNDS = 3
"""One repair can make another possible: a number is seen once the blanks around it are gone."""

Repaired = tuple[str, str]
"""A cell as it became, and the names of the rules."""


@dataclass(slots=True)
class ColumnPlan:
    """The repairs of one column."""

    name: str
    rules: tuple[CellRule, ...]
    unit: str | None = None
    western: Western | None = None
    """What the Western dates of a new column beside this one are read with."""
    _memo: dict[str, Repaired | None] = field(default_factory=dict)

    def repairs(self, cells: Sequence[str]) -> dict[str, Repaired]:
        """Return what becomes of the cells that are not right."""
        text = "\n".join(cells)
        if not any(rule.hint(text) for rule in self.rules):
            return {}
        found: dict[str, Repaired] = {}
        for cell in set(cells):
            repaired = self._repaired(cell) if cell else None
            if repaired is not None:
                found[cell] = repaired
        return found

    def _repaired(self, cell: str) -> Repaired | None:
        if cell not in self._memo:
            if len(self._memo) >= MEMO:
                self._memo.clear()
            self._memo[cell] = _followed(self.rules, cell)
        return self._memo[cell]


def _followed(rules: Sequence[CellRule], cell: str) -> Repaired | None:
    after, done = cell, dict[str, None]()
    for _ in range(_ROUNDS):
        before = after
        for rule in rules:
            repaired = rule.repair(after)
            if repaired != after:
                after = repaired
                done[rule.name] = None
        if after == before:
            break
    return (after, " ".join(done)) if after != cell else None


def column_plans(survey: Survey, rules: Collection[str]) -> list[ColumnPlan]:
    """Return the plans of all columns, those without a name in the source included."""
    names = survey.header
    labels = _label_columns(survey)
    plans = []
    for index, name in enumerate(names):
        found = _rules(survey, index, index in labels)
        plan = ColumnPlan(name, tuple(rule for rule in found if rule.name in rules))
        plan.unit = survey.evidence[index].unit if "unit" in rules else None
        if _needs_western(survey, index, names) and "western-year" in rules:
            plan.western = Western()
        plans.append(plan)
    return plans


def _label_columns(survey: Survey) -> range:
    """The columns before the first of numbers, whose blanks in front may tell a hierarchy."""
    kinds = survey.columns.kinds
    return range(kinds.index(Kind.NUMBER) if Kind.NUMBER in kinds else 0)


def _rules(survey: Survey, index: int, is_label: bool) -> tuple[CellRule, ...]:
    kind, subject = survey.columns.kinds[index], survey.columns.subjects[index]
    evidence = survey.evidence[index]
    everywhere: tuple[CellRule, ...] = EVERYWHERE
    if is_label and evidence.is_indented:
        everywhere = tuple(rule for rule in EVERYWHERE if rule is not PADDING)
    return (*everywhere, *_own_rules(survey, index, kind, subject, evidence))


def _own_rules(
    survey: Survey, index: int, kind: Kind | None, subject: Subject | None, evidence: Evidence
) -> tuple[CellRule, ...]:
    if subject is Subject.AREA_CODE:
        zero = zero_rule(evidence.areas)
        return (WIDTH, zero) if zero else (WIDTH,)
    if subject in CODES and subject not in (Subject.LATITUDE, Subject.LONGITUDE):
        return (WIDTH,)
    if kind is Kind.DATE or subject is Subject.DAY:
        return (DATES,)
    if kind is Kind.NUMBER:
        return number_rules(survey.header[index], evidence.unit)
    return ()


def _needs_western(survey: Survey, index: int, names: Sequence[str]) -> bool:
    if not survey.evidence[index].has_eras:
        return False
    return not has_western(names[index], names)
