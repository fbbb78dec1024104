"""Sorts out the things about which shapes have nothing to say, at a fraction of the engine's price.

Things that look alike to every shape get the same answers: as soon as the engine found nothing
about one of them, the others need not go through it, and most of a table looks alike. What a thing
looks like is a number, reached statement by statement: from the number so far, and from the number
of the statement's predicate and the kind of its value (loader/validate/kinds.py). What cannot be
told so goes to the engine.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from loader.validate.echoes import AnyResult, Echo, Pattern, only_of, statements_about
from loader.validate.graph import RDF, ShapesGraph
from loader.validate.index import Glance, thing_of
from loader.validate.kinds import UNSURE, Kinds, Numbers
from loader.validate.reach import Reach
from loader.validate.rows import Rows
from loader.validate.values import Asked, read_asked

MOST_LOOKS = 100_000
LONGEST = 200
"""How many statements about a thing are followed."""
REPEATS_BORNE = 50
"""How often a thing may have two values of one kind before the values are told apart."""

_TYPE = f"<{RDF}type>"


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

    def begin(self) -> None:
        """Before a piece: tell values apart that things have repeatedly."""
        for predicate, count in self._repeats.items():
            if count > REPEATS_BORNE and predicate not in self._apart:
                self._apart.add(predicate)
                self.kinds[predicate] = self._kinds(predicate, Asked(alone=True))
        for predicate in self._apart:
            if self.kinds[predicate].full:
                self.kinds[predicate] = self._kinds(predicate, self._asked.get(predicate, Asked()))

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
