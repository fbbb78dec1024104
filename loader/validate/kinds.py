"""The kinds of values, as numbers: equal for values that shapes cannot tell apart."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import repeat

from loader.validate.values import DATATYPE, NUMBERS, SURELY_VALID, XSD, Asked

UNSURE = -1
"""The kind of a value that must not stand for another."""

MOST_KINDS = 200_000
MOST_ALONE = 5_000
"""How many values of a predicate are kinds of their own, where all of them are."""


class Numbers:
    """Numbers what is met, from 1 on; at most MOST_KINDS of it."""

    def __init__(self) -> None:
        self._known: dict[object, int] = {}

    def of(self, thing: object) -> int:
        """The number of a thing; UNSURE where there are too many."""
        number = self._known.get(thing)
        if number is None and len(self._known) < MOST_KINDS:
            number = self._known[thing] = len(self._known) + 1
        return UNSURE if number is None else number


class Kinds:
    """The kinds of a predicate's values."""

    def __init__(self, predicate: str, asked: Asked, numbers: Numbers) -> None:
        self.alone = asked.alone
        """Whether each value is a kind of its own."""
        self._predicate = predicate
        self._asked = asked
        self._numbers = numbers
        self.looks = bool(asked.alone or asked.named or asked.lengths or asked.patterns)
        """Whether values of one datatype or language may be of different kinds, or IRIs."""
        self._values: dict[str, int] = {}
        self._literals: dict[str, int | Reader] = {}
        self._iri: int | Reader = self._reader("<", None) if self.looks else self._number("<")

    @property
    def full(self) -> bool:
        """Whether there were more values than can be told apart."""
        return len(self._values) >= MOST_ALONE

    def of(self, rest: str) -> int:
        """The kind of the object with which the rest of a line, after the predicate, begins."""
        if rest[0] == "_" or rest[1] == "<":
            return UNSURE
        if self.alone:
            return self._of_value(rest)
        if rest[0] == "<":
            iri = self._iri
            return iri if isinstance(iri, int) else iri(rest[1 : rest.index(">")])
        lexical, _, suffix = rest.rpartition('"')
        kind = self.ending(suffix)
        return kind if isinstance(kind, int) else kind(lexical[1:])

    def ending(self, suffix: str) -> "int | Reader":
        """The kind of all literals after whose last quotation mark a line goes on so; or what
        tells it from their lexical form."""
        kind = self._literals.get(suffix)
        if kind is None:
            kind = self._literals[suffix] = self._literal(suffix)
        return kind

    def of_all(self, objects: Sequence[str], before: str, after: str) -> int | list[int]:
        """The kinds of objects that stand in lines between ``before`` and ``after``, and differ.

        One number where all are of one kind.
        """
        distinct = objects
        if len(objects) > 1 and len(set(objects)) < len(objects) / 2:
            distinct = list(set(objects))
        kinds = self._of_distinct(distinct, before, after)
        if isinstance(kinds, int) or distinct is objects:
            return kinds
        known = dict(zip(distinct, kinds, strict=True))
        return [known[value] for value in objects]

    def of_rests(self, rests: Sequence[str]) -> int | list[int]:
        """The kinds of objects, with which the rests of lines begin; one number where all are."""
        distinct = set(rests)
        if len(distinct) == 1:
            return self.of(rests[0])
        if len(distinct) < len(rests) / 2:
            known = {rest: self.of(rest) for rest in distinct}
            return [known[rest] for rest in rests]
        ending = '"' + rests[0].rpartition('"')[2]
        literals = all(map(str.startswith, rests, repeat('"')))
        if self.alone or not literals or not all_end(rests, ending):
            return [self.of(rest) for rest in rests]
        kind = self.ending(ending[1:])
        return kind if isinstance(kind, int) else [kind(rest[1 : -len(ending)]) for rest in rests]

    def _of_distinct(self, objects: Sequence[str], before: str, after: str) -> int | list[int]:
        kind: int | Reader | None = None
        if not self.alone and before == '"' and after[0] == '"':
            kind = self.ending(after[1:])
        elif not self.alone and before[:1] == "<" != before[1:2]:
            kind = self._iri
            more, _, _ = after.partition(">")
            objects = [f"{before[1:]}{value}{more}" for value in objects]
        if isinstance(kind, int):
            return kind
        if kind is None:
            return [self.of(f"{before}{value}{after}") for value in objects]
        return kind.all(objects)

    def _of_value(self, rest: str) -> int:
        known = self._values.get(rest)
        if known is None and not self.full:
            known = self._values[rest] = self._number(rest)
        return UNSURE if known is None else known

    def _literal(self, suffix: str) -> "int | Reader":
        match = DATATYPE.match(suffix)
        datatype = match[1] if match and self._asked.datatype else ""
        form = SURELY_VALID.get(datatype)
        if datatype.startswith(XSD) and form is None:
            return self._reader(suffix, _NEVER)
        if form or self.looks:
            return self._reader(suffix, form, self._asked.bounds if datatype in NUMBERS else ())
        return self._number(suffix)

    def _reader(
        self, suffix: str, form: re.Pattern[str] | None, bounds: Collection[float] = ()
    ) -> "Reader":
        return Reader(self._asked, form, bounds, lambda what: self._number(suffix, what))

    def _number(self, *what: object) -> int:
        return self._numbers.of((self._predicate, *what))


_NEVER = re.compile("(?!)")


class Reader:
    """Tells the kinds of texts: of literals of one datatype or language, or of IRIs.

    A text is a kind of its own where shapes name it, where it is not of the ``form`` that is sure
    to be valid, or where it is a bound.
    """

    def __init__(
        self,
        asked: Asked,
        form: re.Pattern[str] | None,
        bounds: Collection[float],
        number: Callable[[object], int],
    ) -> None:
        self._named = asked.named
        self._valid = form.fullmatch if form else None
        self._bounds = sorted(bounds)
        self._lengths = sorted(asked.lengths)
        self._patterns = [re.compile(pattern).search for pattern in sorted(asked.patterns)]
        self._number = number
        self._answered: dict[object, int] = {}

    def __call__(self, text: str) -> int:
        """The kind of a text."""
        if text in self._named or "\\" in text or (self._valid and not self._valid(text)):
            return self._number(text)
        place = 0
        if self._bounds:
            # Rounding keeps the order: only equal numbers may differ in what was rounded.
            number = float(text)
            place = bisect_left(self._bounds, number)
            if number in self._bounds:
                return self._number(text)
        matches = tuple([search(text) is None for search in self._patterns])
        length = _place(self._lengths, len(text)) if self._lengths else None
        key = (place, matches, length)
        known = self._answered.get(key)
        if known is None:
            known = self._answered[key] = self._number(key)
        return known

    def all(self, texts: Sequence[str]) -> int | list[int]:
        """The kinds of several texts; one number where all are of one kind."""
        odd = "\\" in "".join(texts) or not self._named.isdisjoint(texts)
        if odd or (self._valid and not all(map(self._valid, texts))):
            return list(map(self, texts))
        numbers = list(map(float, texts)) if self._bounds else []
        if not set(self._bounds).isdisjoint(numbers):
            return list(map(self, texts))
        answers = list(self._answers(texts, numbers))
        if not answers:
            return self(texts[0])
        keys = list(zip(*answers, strict=True))
        first = dict(zip(reversed(keys), reversed(texts), strict=True))
        kinds = {key: self(text) for key, text in first.items()}
        return [kinds[key] for key in keys]

    def _answers(
        self, texts: Sequence[str], numbers: Sequence[float]
    ) -> Iterator[Sequence[object]]:
        """Give what differs in how texts answer what is asked."""
        if numbers and _touches(self._bounds, numbers):
            yield list(map(bisect_left, repeat(self._bounds), numbers))
        for search in self._patterns:
            found = list(map(search, texts))
            if 0 < found.count(None) < len(found):
                yield [match is None for match in found]
        lengths = list(map(len, texts)) if self._lengths else []
        if lengths and _touches(self._lengths, lengths):
            yield list(map(_place, repeat(self._lengths), lengths))


def _place(bounds: Sequence[int], number: int) -> tuple[int, bool]:
    return bisect_left(bounds, number), number in bounds


def _touches(bounds: Sequence[float], numbers: Sequence[float]) -> bool:
    """Whether a bound lies between the least and the greatest of some numbers, or is one."""
    least, greatest = min(numbers), max(numbers)
    return any(least <= bound <= greatest for bound in bounds)


def all_end(lines: Sequence[str], ending: str) -> bool:
    """Whether all lines end so."""
    return all(map(str.endswith, lines, repeat(ending)))
