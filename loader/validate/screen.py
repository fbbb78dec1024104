"""Sorts out the things about which shapes have nothing to say, at a fraction of the engine's price.

Things that look alike to every shape get the same answers: as soon as the engine found nothing
about one of them, the others need not go through it, and most of a table looks alike. What a thing
looks like is a number, reached statement by statement: from the number so far, and from the number
of the statement's predicate and the kind of its value (loader/validate/kinds.py). What cannot be
told so goes to the engine.

Statements are taken in runs of one predicate, as a mapping makes them: that costs a third of what
statements one by one do. Where it is known of which columns a run was made (loader/runs.py), lines
are not looked at at all, and what a row looks like is found at once.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import compress, repeat
from typing import cast

from loader.runs import Columns, Run
from loader.validate.echoes import AnyResult, Echo, Pattern, Place, only_of, statements_about
from loader.validate.graph import RDF, ShapesGraph
from loader.validate.index import Glance, pairs_of, thing_of
from loader.validate.kinds import UNSURE, Kinds, Numbers
from loader.validate.reach import SUBCLASS, Reach
from loader.validate.rows import Rows
from loader.validate.values import Asked, read_asked

MOST_LOOKS = 100_000
LONGEST = 200
"""How many statements about a thing are followed."""
REPEATS_BORNE = 50
"""How often a thing may have two values of one kind before the values are told apart."""

_TYPE = f"<{RDF}type>"
_GRAPH = re.compile(r' <[^<>" ]*> \.\n')


@dataclass(frozen=True, slots=True)
class Sorted:
    """A piece that was looked through: its ``lines`` that must go through the engine.

    ``graph`` is how all of them end, where that is known: `` <graph> .`` and the line break.
    """

    lines: Sequence[str]
    glance: Glance
    graph: str = ""
    echoes: Sequence[Echo] = ()
    """Results about other things, which look like some that the engine has seen."""
    by_columns: bool = False
    """Whether of some things it is known of which columns they were made."""
    looks: dict[str, int] = field(default_factory=dict)
    """What the things of these lines look like, where the engine can tell something new."""

    @property
    def text(self) -> str:
        """The lines for the engine, which takes all graphs as one: the shorter, the faster."""
        text = "".join(self.lines)
        return text.replace(self.graph, " .\n") if self.graph else text


class Screen:
    """What things look like, as far as it was seen, and about which of them shapes are silent."""

    def __init__(self, asked: dict[str, Asked], reach: Reach) -> None:
        self.reach = reach
        self.edges = reach.forward | reach.inverse
        self.nodes = frozenset(map(thing_of, reach.nodes))
        self.numbers = Numbers()
        self.silent: set[int] = set()
        """The looks about which the engine had nothing to say."""
        self.patterns: dict[int, Pattern] = {}
        """By look: what the engine says of such things, where that can be passed on."""
        self._tried: set[int] = set()
        self._asked = {**dict.fromkeys(self.edges, Asked()), **asked, _TYPE: Asked(alone=True)}
        self.kinds = {name: self._kinds(name, asks) for name, asks in self._asked.items()}
        self.following: dict[int, dict[int, int]] = defaultdict(dict)
        """By a statement's number: the look that it makes of the look so far."""
        self._before: list[tuple[int, int]] = [(0, 0)]
        """By look: the look before the last statement, and that statement's number."""
        self._rows: dict[tuple[int, ...], dict[tuple[int, ...], int]] = defaultdict(dict)
        """By the numbers of the statements of a row, those first that all rows have: the look."""
        self._rows_known = 0
        self._repeats: Counter[str] = Counter()
        self._apart: set[str] = set()

    @classmethod
    def of(cls, shapes: ShapesGraph, reach: Reach) -> "Screen | None":
        """Make one; None where shapes look at things in ways that are not known here."""
        asked = None if reach.anything else read_asked(shapes)
        return None if asked is None else cls(asked, reach)

    def _kinds(self, predicate: str, asked: Asked) -> Kinds:
        return Kinds(predicate, asked, self.numbers)

    def piece(self) -> "Piece":
        """Begin a piece."""
        for predicate, count in self._repeats.items():
            if count > REPEATS_BORNE and predicate not in self._apart:
                self._apart.add(predicate)
                self.kinds[predicate] = self._kinds(predicate, Asked(alone=True))
        for predicate in self._apart:
            if self.kinds[predicate].full:
                self.kinds[predicate] = self._kinds(predicate, self._asked.get(predicate, Asked()))
        return Piece(self)

    def reads(self, predicate: str) -> bool:
        """Whether a shape may read statements of a predicate."""
        return self.reach.predicates is None or predicate in self.reach.predicates

    def step(self, look: int, number: int, predicate: str) -> int:
        """What a thing looks like that looked like ``look``, after one more statement."""
        following = UNSURE
        if UNSURE not in (look, number) and len(self._before) < MOST_LOOKS:
            earlier = set(self._earlier(look))
            if number not in earlier and len(earlier) < LONGEST:
                following = len(self._before)
                self._before.append((look, number))
            elif number in earlier and predicate in self.kinds and self.kinds[predicate].alone:
                following = look
            else:
                self._repeats[predicate] += 1
        self.following[number][look] = following
        return following

    def after(self, look: int, statements: Iterable[tuple[int, str]]) -> int:
        """What a thing looks like that looked like ``look``, after some more statements."""
        for number, predicate in statements:
            look = self.following[number].get(look) or self.step(look, number, predicate)
        return look

    def looks_of(self, rows: Rows) -> list[int]:
        """What things look like of which nothing is known but a row; 0 where it says nothing."""
        known = self._rows[tuple(rows.constant.numbers)]
        keys = rows.keys()
        looks = list(map(known.get, keys))
        for place in [place for place, look in enumerate(looks) if look is None]:
            key = keys[place]
            look = known.get(key)
            if look is None:
                look = self.after(0, rows.statements(key))
                if self._rows_known < MOST_LOOKS:
                    self._rows_known += 1
                    known[key] = look
            looks[place] = look
        return cast(list[int], looks)

    def _earlier(self, look: int) -> Iterator[int]:
        """The numbers of the statements that made a look."""
        while look:
            look, number = self._before[look]
            yield number

    def learn(self, piece: Sorted, told: Mapping[str, Sequence[AnyResult]]) -> None:
        """Take what the engine had to say about things of a piece."""
        loud = {piece.looks.get(thing, UNSURE) for thing in told} - {UNSURE}
        self.silent.update(set(piece.looks.values()) - loud - {UNSURE})
        if piece.by_columns:
            self._learn_patterns(piece, told, loud - self._tried)

    def _learn_patterns(
        self, piece: Sorted, told: Mapping[str, Sequence[AnyResult]], looks: Collection[int]
    ) -> None:
        """Learn what is to be said of things that look so, from the first two of them."""
        pairs: dict[int, list[str]] = {look: [] for look in looks}
        for thing, look in piece.looks.items():
            if look in pairs and len(pairs[look]) < 2:
                pairs[look].append(thing)
        pairs = {look: pair for look, pair in pairs.items() if len(pair) == 2}
        statements = statements_about(
            {thing for pair in pairs.values() for thing in pair}, piece.lines
        )
        self._tried.update(pairs)
        for look, (one, other) in pairs.items():
            pattern = Pattern.of(one, told[one], only_of(statements[one]))
            if pattern and pattern.foretells(other, told[other], only_of(statements[other])):
                self.patterns[look] = pattern


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
        if not alike or not _all_end(lines, self._graph):
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
            return _of_each(rests, kinds)
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


def _of_each(rests: Sequence[str], kinds: Kinds) -> int | list[int]:
    """The kinds of objects, with which the rests of lines begin."""
    distinct = set(rests)
    if len(distinct) == 1:
        return kinds.of(rests[0])
    if len(distinct) < len(rests) / 2:
        known = {rest: kinds.of(rest) for rest in distinct}
        return [known[rest] for rest in rests]
    ending = '"' + rests[0].rpartition('"')[2]
    literals = all(map(str.startswith, rests, repeat('"')))
    if kinds.alone or not literals or not _all_end(rests, ending):
        return [kinds.of(rest) for rest in rests]
    kind = kinds.ending(ending[1:])
    return kind if isinstance(kind, int) else [kind(rest[1 : -len(ending)]) for rest in rests]


def _are_iris(things: str) -> bool:
    """Whether things can be told from their parts and from what follows in a line."""
    return things[:1] == "<" != things[1:2] and not ("#" in things or " " in things)


def _all_end(lines: Sequence[str], ending: str) -> bool:
    return all(map(str.endswith, lines, repeat(ending)))


def _graph_of(line: str) -> str:
    """The graph of a line (or the object, where it has none) and what stands behind."""
    return " ".join(["", *line.rsplit(" ", 2)[1:]])


def _is_graph(ending: str, line: str) -> bool:
    """Whether what a line ends with is its graph, not its object."""
    return bool(_GRAPH.fullmatch(ending)) and line[: -len(ending)].count(" ") > 1
