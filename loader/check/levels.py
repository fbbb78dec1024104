"""The technical level (the guide's table 8-1) and the stars (5stardata.info) of a file as it came.

They follow from the items of the checklists (9.3.6): all marked ◎ give level 2, ◎ and ○ level 3
grade 1, all of them grade 2. The checklist of documents has no ○, so there is no grade 1 for them.
An item that is not judged does not count as met. Level 4 is RDF, which is what a publish makes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loader.check.checklists import WORDS, Judged, Mark, Status
from loader.check.documents import Document
from loader.check.forms import Form, Kind
from loader.check.judging import Codes, File, file_of, found_in, judge
from loader.model import FindingLog, Package, Resource, Severity
from vocab import licences

STEPS = ((Mark.LEVEL_2, 2, 0), (Mark.GRADE_1, 3, 1), (Mark.GRADE_2, 3, 2))
"""What the items of a mark lead to: level and grade."""

_READING = frozenset({"source", "table", "geo", "graph"})
"""The areas of findings whose violations say that a file cannot be used as what it is."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A file with its items judged, level 0 to 4, grade (0 where the level has none), stars 0 to 5.

    ``open`` are the items that stand between the file and the next grade or the first star;
    ``reasons`` the codes of the findings that speak against them.
    """

    package: Package
    resource: Resource
    form: Form
    items: tuple[Judged, ...]
    document: Document | None
    level: int
    grade: int
    stars: int
    readable: bool
    open: tuple[Judged, ...]
    reasons: tuple[str, ...]

    @property
    def step(self) -> str:
        """Level and grade as one word: ``2``, ``3-1``."""
        return f"{self.level}-{self.grade}" if self.grade else str(self.level)

    def reason(self, language: str) -> str:
        """Say why the file has this level and these stars."""
        codes = (f"level.{self.step}", f"stars.{self.stars}")
        return _joined((WORDS.text(code, language) for code in codes), language)

    def next_step(self, language: str) -> str:
        """Say what to do to rise."""
        if not self.readable:
            return WORDS.text("next.readable", language)
        todo = [judged.item.advice(language) for judged in self.open]
        if not todo:
            todo = [WORDS.text("next.link" if self.level == 4 else "next.publish", language)]
        return _joined(dict.fromkeys(todo), language)


def assess_files(
    package: Package, resources: Sequence[Resource], findings: FindingLog
) -> list[Assessment]:
    """Judge files of a package by what was found about them."""
    found = found_in(findings)
    return [_assess(package, resource, found) for resource in resources]


def assess(package: Package, label: str, findings: FindingLog) -> Assessment:
    """Judge the file of a package that messages call so."""
    named = (resource for resource in package.resources if resource.label == label)
    resource = next(named, Resource(name=label, path=Path(label)))
    return _assess(package, resource, found_in(findings))


def _assess(package: Package, resource: Resource, found: Mapping[str, Codes]) -> Assessment:
    file = file_of(package, resource, found)
    items = tuple(judge(file))
    unreadable = _violations(file)
    level, grade, open_ = _level(file.form, items)
    if unreadable:
        level, grade, open_ = 0, 0, ()
    closed = [one for one in items if one.item.mark is Mark.STAR and one.is_open]
    stars = 0 if closed else 1 if unreadable else _stars(file.form, items)
    codes = [*unreadable, *(code for one in open_ for code in _codes(one))]
    return Assessment(
        package=package,
        resource=resource,
        form=file.form,
        items=items,
        document=file.document,
        level=level,
        grade=grade,
        stars=stars,
        readable=not unreadable,
        open=(*open_, *closed),
        reasons=(*sorted(set(codes)), *(_licence_reason(package) for _ in closed)),
    )


def _violations(file: File) -> list[str]:
    """Return the findings that say that the file cannot be used as what it is."""
    return [
        code
        for code, severity in file.codes.items()
        if severity is Severity.VIOLATION and code.split(".")[0] in _READING
    ]


def _level(form: Form, items: Sequence[Judged]) -> tuple[int, int, tuple[Judged, ...]]:
    """Return level, grade and the items that stand between the file and the next one."""
    if form.kind is Kind.GRAPH:
        return 4, 0, ()
    level, grade = form.level or 0, 0
    for mark, next_level, next_grade in STEPS:
        own = [one for one in items if one.item.mark is mark]
        held = tuple(one for one in own if one.is_open)
        if held:
            return level, grade, held
        if own:
            level, grade = next_level, next_grade
    return level, grade, ()


def _stars(form: Form, items: Sequence[Judged]) -> int:
    if form.kind is Kind.GRAPH:
        return 4
    is_open = any(one.item.mark is Mark.LEVEL_2 and one.status is Status.MET for one in items)
    return 3 if is_open else 1 + (form.level or 0)


def _codes(judged: Judged) -> Sequence[str]:
    """Return the findings against an item; its number where no finding is what speaks."""
    return judged.codes or (judged.item.id,)


def _licence_reason(package: Package) -> str:
    """Return why a package has no star: it needs a licence that is known to be open."""
    if not package.licence:
        return "descriptor.licence-missing"
    unknown = licences.is_open(package.licence) is None
    return "descriptor.licence-unknown" if unknown else "descriptor.licence-closed"


def _joined(sentences: Iterable[str], language: str) -> str:
    return ("" if language == "ja" else " ").join(sentences)
