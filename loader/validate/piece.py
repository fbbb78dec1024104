"""Looks through some lines together: what their things look like, and what must go to the engine.

Statements are taken in runs of one predicate, as a mapping makes them: that costs a third of what
statements one by one do. Where it is known of which columns a run was made (loader/runs.py), lines
are not looked at at all, and what a row looks like is found at once.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import compress, repeat
from typing import cast

from loader.runs import Columns, Run
from loader.validate.echoes import Echo, Place
from loader.validate.index import Glance, pairs_of
from loader.validate.kinds import UNSURE, Kinds, all_end
from loader.validate.reach import SUBCLASS
from loader.validate.rows import Rows
from loader.validate.screen import Screen, Sorted

_GRAPH = re.compile(r' <[^<>" ]*> \.\n')


@dataclass(slots=True)
class Piece:
    """Some lines that are looked through together."""

    screen: Screen
    _looks: dict[str, int] = field(default_factory=dict)
    _runs: list[tuple[Sequence[str], Sequence[str]]] = field(default_factory=list)
    """Lines, and the thing that each is about."""
    _rows: list[Rows] = field(default_factory=list)
    _scattered: set[str] = field(default_factory=set)
    """The things that are not only in one row."""
    _linked: list[str] = field(default_factory=list)
    """Lines that lead to other things."""
    _graph: str = ""
    _clear: bool = True
    """Whether all can be told: statements are of one graph, and none is about subclasses."""

    def take(self, runs: Iterable[Sequence[str]]) -> None:
        """Take lines of canonical N-Quads; at once where a run has one predicate."""
        groups: dict[tuple[object, ...], Rows] = {}
        others = [run for run in runs if run and not self._columns(run, groups)]
        for rows in groups.values():
            if rows.runs:
                self._look_at_rows(rows)
        for run in others:
            self._take(run)

    def _columns(self, run: Sequence[str], groups: dict[tuple[object, ...], Rows]) -> bool:
        """Take a run by the columns it was made of; whether that can be."""
        columns = run.columns if isinstance(run, Run) else None
        if columns is None or columns.predicate == SUBCLASS:
            return False
        self._graph = self._graph or _graph_of(run[0])
        suffix, mark, part = columns.suffix[:-1].partition("#")
        key = (id(columns.subjects), columns.head, suffix)
        rows = groups.get(key)
        if rows is None:
            things = [f"{columns.head}{s}{suffix}" if s else "" for s in columns.subjects]
            rows = groups[key] = Rows(things if _are_iris("".join(things)) else [])
        if not (rows.things and columns.after.endswith(self._graph)):
            return False
        if not self.screen.reads(columns.predicate):
            return True
        present = columns.present() if len(run) < len(rows.things) else None
        numbers = self._numbers_of_rows(columns, rows.things, present)
        if numbers is None:
            return False
        numbers = self._parts(part, numbers) if part else numbers
        rows.take(run, columns, part, present, numbers)
        return True

    def _numbers_of_rows(
        self, columns: Columns, things: Sequence[str], present: Sequence[bool] | None
    ) -> int | list[int] | None:
        """The number of all statements, or of each row; None where lines must be looked at."""
        kinds = self.screen.kinds.get(columns.predicate)
        if kinds is None:
            return self.screen.numbers.of(columns.predicate)
        if columns.predicate in self.screen.edges:
            return self._own_edge(columns, things, present, kinds)
        if columns.objects is None:
            return kinds.of(columns.before + columns.after)
        there = columns.objects if present is None else list(compress(columns.objects, present))
        numbers = kinds.of_all(there, columns.before, columns.after)
        if isinstance(numbers, int) or present is None:
            return numbers
        each = iter(numbers)
        return [next(each) if one else 0 for one in present]

    def _own_edge(
        self,
        columns: Columns,
        things: Sequence[str],
        present: Sequence[bool] | None,
        kinds: Kinds,
    ) -> int | None:
        """The number of statements from each thing to a part of it; None for others."""
        own = columns.objects is columns.subjects and columns.before == columns.head
        if not own or kinds.looks:
            return None
        row = present.index(True) if present else 0
        rest = columns.rest(row)
        number = self._edge(things[row], columns.predicate, rest, kinds.of(rest))
        return None if number == UNSURE else number

    def _parts(self, part: str, numbers: int | list[int]) -> int | list[int]:
        """The numbers of statements about a part of things."""
        if isinstance(numbers, int):
            return self._part(part, numbers)
        known = {number: self._part(part, number) if number else 0 for number in set(numbers)}
        return [known[number] for number in numbers]

    def _look_at_rows(self, rows: Rows) -> None:
        """Find what the things of rows look like."""
        self._rows.append(rows)
        looks = self.screen.looks_of(rows)
        if not all(looks) or not self._looks.keys().isdisjoint(rows.things):
            for thing, look, key in zip(rows.things, looks, rows.keys(), strict=True):
                before = self._looks.get(thing)
                if look and before:
                    self._scattered.add(thing)
                    self._looks[thing] = self.screen.after(before, rows.statements(key))
                elif look:
                    self._looks[thing] = look
        else:
            self._looks.update(zip(rows.things, looks, strict=True))

    def _take(self, lines: Sequence[str]) -> None:
        """Take lines; at once where they are a run of one predicate."""
        self._graph = self._graph or _graph_of(lines[0])
        if self._run(lines):
            return
        runs: dict[object, list[str]] = defaultdict(list)
        for line in lines:
            subject, predicate, rest = line.split(" ", 2)
            mark = rest.rpartition('"')[2] if rest[0] == '"' else rest[:2]
            runs[subject.partition("#")[2], predicate, mark].append(line)
        self._clear = self._clear and all([self._run(run) for run in runs.values()])

    def _run(self, lines: Sequence[str]) -> bool:
        """Take lines that have one predicate, part and graph; whether they do."""
        subject, predicate, rest = lines[0].split(" ", 2)
        _, mark, part = subject.partition("#")
        cut = f"{mark}{part or '>'} {predicate} " if subject[0] == "<" else f" {predicate} "
        things, cuts, rests = zip(*map(str.partition, lines, repeat(cut)), strict=True)
        names = "".join(things)
        alike = cuts.count(cut) == len(lines) and not (" " in names or "#" in names)
        if not alike or not all_end(lines, self._graph):
            return False
        self._clear = self._clear and predicate != SUBCLASS
        if self.screen.reads(predicate):
            numbers = self._numbers(predicate, lines, things, rests)
            self._look(predicate, part, things, numbers if subject[0] == "<" else UNSURE)
            self._runs.append((lines, things))
        return True

    def _numbers(
        self, predicate: str, lines: Sequence[str], things: Sequence[str], rests: Sequence[str]
    ) -> int | list[int]:
        """The number of all these statements, or of each."""
        kinds = self.screen.kinds.get(predicate)
        if kinds is None:
            return self.screen.numbers.of(predicate)
        if predicate not in self.screen.edges:
            return kinds.of_rests(rests)
        parts = {
            rest[len(thing) :] if rest.startswith(thing) else ""
            for thing, rest in zip(things, rests, strict=True)
        }
        if len(parts) == 1 and "" not in parts and not kinds.looks:
            return self._edge(things[0], predicate, rests[0], kinds.of(rests[0]))
        numbers = [
            self._edge(thing, predicate, rest, kinds.of(rest))
            for thing, rest in zip(things, rests, strict=True)
        ]
        told = zip(lines, numbers, strict=True)
        self._linked += [line for line, number in told if number == UNSURE]
        return numbers

    def _edge(self, thing: str, predicate: str, rest: str, kind: int) -> int:
        """The number of a statement over which a shape may look further."""
        if rest[0] == '"' and predicate not in self.screen.reach.inverse:
            return kind
        end = len(thing)
        if kind == UNSURE or not rest.startswith(thing) or rest[end] not in "#>":
            return UNSURE
        return self.screen.numbers.of((predicate, rest[end : rest.index(">")], kind))

    def _part(self, part: str, number: int) -> int:
        """The number of a statement about a part of a thing."""
        return self.screen.numbers.of((part, number)) if part and number != UNSURE else number

    def _look(
        self, predicate: str, part: str, things: Sequence[str], numbers: int | list[int]
    ) -> None:
        """Go on from what things look like so far."""
        if len(set(things)) < len(things):
            each = repeat(numbers, len(things)) if isinstance(numbers, int) else numbers
            for thing, number in zip(things, each, strict=True):
                self._look_once(predicate, part, [thing], number)
        else:
            self._look_once(predicate, part, things, numbers)

    def _look_once(
        self, predicate: str, part: str, things: Sequence[str], numbers: int | list[int]
    ) -> None:
        """Go on from what different things look like so far."""
        screen = self.screen
        if self._rows:
            self._scattered.update(things)
        before = list(map(self._looks.get, things, repeat(0)))
        if isinstance(numbers, int):
            number = self._part(part, numbers)
            each: Iterable[int] = repeat(number, len(things))
            known = list(map(screen.following[number].get, before))
        else:
            each = [self._part(part, number) for number in numbers] if part else numbers
            known = [screen.following[n].get(look) for n, look in zip(each, before, strict=True)]
        if not all(known):
            steps = zip(known, before, each, strict=True)
            known = [look or screen.step(earlier, n, predicate) for look, earlier, n in steps]
        self._looks.update(zip(things, cast(list[int], known), strict=True))

    def sorted(self) -> Sorted | None:
        """What must go through the engine; None where that cannot be told."""
        if not self._clear:
            return None
        pairs = pairs_of(self._linked, self.screen.reach)
        dependent = {thing for pair in pairs for thing in pair} | self.screen.nodes
        wanted = {
            thing: UNSURE if thing in dependent else look
            for thing, look in self._looks.items()
            if look not in self.screen.silent or thing in dependent
        }
        echoes = [echo for rows in self._rows for echo in self._echoes(rows, wanted)]
        kept = [
            line
            for lines, things in self._runs
            for line, thing in zip(lines, things, strict=True)
            if thing in wanted
        ]
        for rows in self._rows:
            kept += rows.lines_about(wanted)
        glance = Glance.of(self._looks, pairs)
        graph = self._graph if kept and _is_graph(self._graph, kept[0]) else ""
        return Sorted(kept, glance, graph, echoes, bool(self._rows), wanted)

    def _echoes(self, rows: Rows, wanted: dict[str, int]) -> Iterator[Echo]:
        """Give results about things that look like some that the engine has seen.

        They are no longer ``wanted`` then.
        """
        patterns = self.screen.patterns
        for row, thing in enumerate(rows.things):
            pattern = patterns.get(wanted.get(thing, UNSURE)) if patterns else None
            if pattern and thing not in self._scattered:
                only = partial(self._only, rows, row)
                found = pattern.about(thing, only)
                if found is not None:
                    del wanted[thing]
                    yield from found

    def _only(self, rows: Rows, row: int, place: Place) -> str | None:
        rest = rows.only(row, place)
        return rest and rest.removesuffix(self._graph)


def _are_iris(things: str) -> bool:
    """Whether things can be told from their parts and from what follows in a line."""
    return things[:1] == "<" != things[1:2] and not ("#" in things or " " in things)


def _graph_of(line: str) -> str:
    """The graph of a line (or the object, where it has none) and what stands behind."""
    return " ".join(["", *line.rsplit(" ", 2)[1:]])


def _is_graph(ending: str, line: str) -> bool:
    """Whether what a line ends with is its graph, not its object."""
    return bool(_GRAPH.fullmatch(ending)) and line[: -len(ending)].count(" ") > 1
