"""What was found between two datasets: kept in the release, found anew only where one changed.

``links/<dataset>.pairs`` has a line for each pair of a thing of the dataset and one of a dataset
whose name sorts after its own.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from loader.hard_links import carry
from loader.links.blocks import complete, lines_of, read_header, read_thing, write_outline
from loader.links.names import Likeness
from loader.links.rules import Match, compare
from loader.links.things import Role, Thing

AT_ONCE = 40_000
"""Things of changed datasets that are held in memory; all things are read once for each so many."""

FOLDER = "links"


@dataclass(frozen=True, slots=True)
class End:
    """One of the two things of a pair, as people are told of it."""

    dataset: str
    iri: str
    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things of two datasets, the first of the dataset that sorts first, and their match."""

    first: End
    second: End
    match: Match


def find_pairs(
    folder: Path,
    earlier: Path | None,
    unchanged: Iterable[str],
    names: Sequence[str],
    always: bool = False,
) -> None:
    """Write what linking keeps of a release into ``folder``, the release that is being built.

    ``names`` are all datasets of it; ``unchanged`` those whose dumps are those of ``earlier``,
    from where their files are taken. Things are read where two datasets have some, or ``always``.
    """
    (folder / FOLDER).mkdir(exist_ok=True)
    carried = _outlines(folder, earlier, set(unchanged), names)
    kept = frozenset(carried - _completed(folder, names, 1 if always else 2))
    changed = frozenset(names) - kept
    for indexed in _slices(folder, sorted(changed)):
        _look_for(folder, indexed, names, changed)
    for name in names:
        _write_pairs(folder, earlier if name in kept else None, name, kept)


def _outlines(
    folder: Path, earlier: Path | None, unchanged: set[str], names: Sequence[str]
) -> set[str]:
    """Write the file of each dataset; return the names of those that were carried over."""
    carried = set()
    for name in names:
        target = things_file(folder, name)
        old = things_file(earlier, name) if earlier and name in unchanged else None
        if old and read_header(old):
            carry(old, target)
            carried.add(name)
        else:
            write_outline(_dump(folder, name), target)
    return carried


def _completed(folder: Path, names: Sequence[str], least: int) -> set[str]:
    """Read the things of datasets where so many have some; return whose were not read before."""
    headers = {name: read_header(things_file(folder, name)) for name in names}
    linkable = [name for name, header in headers.items() if header and header.linkable]
    if len(linkable) < least:
        return set()
    missing = {name for name in linkable if (header := headers[name]) and not header.complete}
    for name in sorted(missing):
        complete(_dump(folder, name), things_file(folder, name))
    return missing


def _dump(folder: Path, name: str) -> Path:
    return folder / "dumps" / f"{name}.nq"


def things_file(folder: Path, name: str) -> Path:
    """Return where what is compared of a dataset lies in a release."""
    return folder / FOLDER / f"{name}.things"


def pairs_file(folder: Path, name: str) -> Path:
    """Return where what was found between a dataset and those after it lies in a release."""
    return folder / FOLDER / f"{name}.pairs"


@dataclass(slots=True)
class _Indexed:
    """A thing of a changed dataset, read from its line when it is first compared."""

    dataset: str
    line: str
    _thing: Thing | None = None

    @property
    def thing(self) -> Thing:
        if self._thing is None:
            self._thing = read_thing(self.line)
        return self._thing


_Index = dict[str, list[_Indexed]]


def _slices(folder: Path, changed: Iterable[str]) -> Iterator[_Index]:
    """Give the things of changed datasets by their keys, so many at once."""
    index: _Index = defaultdict(list)
    number = 0
    for name in changed:
        for keys, line in lines_of(things_file(folder, name)):
            indexed = _Indexed(name, line)
            for key in keys:
                index[key].append(indexed)
            number += 1
            if number % AT_ONCE == 0:
                yield index
                index = defaultdict(list)
    if index:
        yield index


def _look_for(folder: Path, index: _Index, names: Sequence[str], changed: frozenset[str]) -> None:
    """Compare the things of an index with those of all datasets, and note what is found.

    Where both datasets changed, each is indexed once: only one of the two times counts.
    """
    for name in names:
        found: dict[str, list[str]] = defaultdict(list)
        for keys, line in lines_of(things_file(folder, name)):
            if index.keys().isdisjoint(keys):
                continue
            hits = [hit for key in keys for hit in index.get(key, ())]
            others = {id(hit): hit for hit in hits if _counts(hit.dataset, name, changed)}
            thing = read_thing(line) if others else None
            for other in others.values():
                if thing and (pair := _pair(name, thing, other)):
                    found[pair.first.dataset].append(_line(pair))
        for first, lines in found.items():
            with _draft(folder, first).open("a") as stream:
                stream.writelines(lines)


def _counts(indexed: str, read: str, changed: frozenset[str]) -> bool:
    return indexed != read and (read not in changed or indexed < read)


def _pair(name: str, thing: Thing, other: _Indexed) -> Pair | None:
    ends = sorted([(name, thing), (other.dataset, other.thing)], key=lambda end: end[0])
    (_, one), (_, two) = ends
    match = compare(one, two)
    first, second = (End(place, it.iri, it.role, it.name) for place, it in ends)
    return Pair(first, second, match) if match else None


def _draft(folder: Path, name: str) -> Path:
    return folder / FOLDER / f"{name}.new"


def _write_pairs(folder: Path, earlier: Path | None, name: str, kept: frozenset[str]) -> None:
    """Write the pairs of a dataset: those of before between datasets that stayed, and the new."""
    target, draft = pairs_file(folder, name), _draft(folder, name)
    before = pairs_file(earlier, name) if earlier else None
    old = before.read_text().splitlines(keepends=True) if before else []
    stay = [line for line in old if json.loads(line)[0] in kept]
    new = draft.read_text().splitlines(keepends=True) if draft.exists() else []
    draft.unlink(missing_ok=True)
    if before and not new and len(stay) == len(old):
        carry(before, target)
    else:
        target.write_text("".join(sorted(stay + new)))


def _line(pair: Pair) -> str:
    first, second, match = pair.first, pair.second, pair.match
    metres = None if math.isnan(match.metres) else round(match.metres)
    told = [second.dataset, first.iri, second.iri, match.rule, metres, match.likeness]
    ends = [first.role, second.role, first.name, second.name]
    return json.dumps([*told, *ends], separators=(",", ":")) + "\n"


def read_pairs(folder: Path, name: str) -> Iterator[Pair]:
    """Read the pairs of a dataset with those after it, ordered by these."""
    with pairs_file(folder, name).open() as stream:
        for line in stream:
            other, one, two, rule, metres, likeness, role, role2, label, label2 = json.loads(line)
            match = Match(
                rule,
                math.nan if metres is None else metres,
                Likeness(likeness) if likeness else None,
            )
            yield Pair(
                End(name, one, Role(role), label), End(other, two, Role(role2), label2), match
            )
