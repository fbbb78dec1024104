"""Random data and random shapes for them, the same for the same number."""

import random

from loader.runs import Columns, Run

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix e: <http://e/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
NODES = [*(f"<http://e/n{n}>" for n in range(6)), "<http://e/n0#part>", "<http://e/n1#part>"]
LITERALS = [
    '"a"',
    '"b"@ja',
    '"c"@ja',
    '"b"@en',
    '"01"^^<http://www.w3.org/2001/XMLSchema#integer>',
    '"7"^^<http://www.w3.org/2001/XMLSchema#integer>',
]


class Shapes:
    """Writes shapes, each drawn by chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def text(self) -> str:
        shapes = (self._node_shape(number) for number in range(self.chance.randint(1, 3)))
        return PREFIXES + "".join(shapes)

    def _node_shape(self, number: int) -> str:
        parts = [self._target(), *(self._property(2) for _ in range(self.chance.randint(1, 3)))]
        if self.chance.random() < 0.2:
            parts.append(self._constraint(1))
        if self.chance.random() < 0.1:
            parts.append(f"sh:closed true ; sh:ignoredProperties ( {TYPE} )")
        return f"e:S{number} a sh:NodeShape ; {' ; '.join(parts)} .\n"

    def _target(self) -> str:
        return self.chance.choice(
            [
                "sh:targetClass e:C0",
                "sh:targetClass e:C1",
                "sh:targetSubjectsOf e:p0",
                "sh:targetObjectsOf e:p1",
                "sh:targetNode e:n2",
                "sh:targetNode e:n9",
            ]
        )

    def _property(self, depth: int) -> str:
        severity = self.chance.choice(["", " ; sh:severity sh:Warning"])
        return f"sh:property [ {self._property_body(depth)}{severity} ]"

    def _property_body(self, depth: int) -> str:
        drawn = (self._value_constraint(depth) for _ in range(self.chance.randint(1, 2)))
        constraints = {text.partition(" ")[0]: text for text in drawn}.values()
        return f"sh:path {self._path(2)} ; {' ; '.join(constraints)}"

    def _path(self, depth: int) -> str:
        step = f"e:p{self.chance.randrange(3)}"
        if not depth or self.chance.random() < 0.5:
            return step
        inner, other = self._path(depth - 1), self._path(depth - 1)
        return self.chance.choice(
            [
                f"[ sh:inversePath {inner} ]",
                f"( {inner} {other} )",
                f"[ sh:alternativePath ( {inner} {other} ) ]",
                f"[ sh:zeroOrMorePath {inner} ]",
                f"[ sh:oneOrMorePath {inner} ]",
                f"[ sh:zeroOrOnePath {inner} ]",
            ]
        )

    def _value_constraint(self, depth: int) -> str:
        numbers = [
            "sh:minCount 1",
            "sh:minCount 2",
            "sh:maxCount 0",
            "sh:maxCount 1",
            "sh:uniqueLang true",
        ]
        shape = self._shape(depth - 1) if depth else "[ sh:nodeKind sh:IRI ]"
        qualified = f"sh:qualifiedValueShape {shape} ; sh:qualifiedMinCount 1"
        choices = [*numbers, self._constraint(depth), self._constraint(depth), qualified]
        return self.chance.choice(choices)

    def _simple(self) -> list[str]:
        return [
            f"sh:class e:C{self.chance.randrange(3)}",
            "sh:datatype xsd:integer",
            "sh:nodeKind sh:IRI",
            'sh:pattern "1$"',
            "sh:in ( e:n1 e:n2 1 )",
            "sh:hasValue e:n3",
            'sh:languageIn ( "ja" )',
            "sh:minInclusive 5",
            "sh:minLength 2",
            f"sh:equals e:p{self.chance.randrange(3)}",
            f"sh:disjoint e:p{self.chance.randrange(3)}",
        ]

    def _constraint(self, depth: int) -> str:
        simple = self._simple()
        if not depth:
            return self.chance.choice(simple)
        one, two = self._shape(depth - 1), self._shape(depth - 1)
        logical = [
            f"sh:node [ sh:property {one} ]" if "sh:path" in one[:10] else f"sh:node {one}",
            f"sh:not {one}",
            f"sh:or ( {one} {two} )",
            f"sh:and ( {one} {two} )",
            f"sh:xone ( {one} {two} )",
        ]
        return self.chance.choice([*simple, *logical, *logical])

    def _shape(self, depth: int) -> str:
        if depth > 0 and self.chance.random() < 0.5:
            return f"[ {self._property_body(depth)} ]"
        return f"[ {self._constraint(depth)} ]"


class TableShapes(Shapes):
    """Writes shapes such as are there for tables: more of what looks into values."""

    def _simple(self) -> list[str]:
        asks = [
            "sh:datatype xsd:decimal",
            "sh:datatype xsd:date",
            "sh:datatype xsd:string",
            "sh:nodeKind sh:Literal",
            'sh:pattern "^[0-9]{2,3}$"',
            'sh:pattern "^(a|b)+[.]?$"',
            'sh:pattern "^http://e/[a-n]"',
            'sh:pattern "\\\\d+"',
            'sh:pattern "B" ; sh:flags "i"',
            "sh:maxLength 3",
            "sh:minInclusive 2.50",
            "sh:maxExclusive 10",
            'sh:minInclusive "2024-02-10"^^xsd:date',
            'sh:in ( "a" "b"@JA 2.5 e:n1 )',
            'sh:hasValue "a"',
            f"sh:lessThan e:p{self.chance.randrange(3)}",
            f"sh:lessThanOrEquals e:p{self.chance.randrange(3)}",
        ]
        return [*super()._simple(), *asks, *asks]

    def _path(self, depth: int) -> str:
        return super()._path(depth if self.chance.random() < 0.2 else 0)

    def _target(self) -> str:
        return super()._target() if self.chance.random() < 0.2 else "sh:targetClass e:C0"


XSD = "http://www.w3.org/2001/XMLSchema#"
CELLS = [
    *(f'"{text}"' for text in ("a", "b", "ab", "abc.", "12", "123", "", "a\\n", "B", "７")),
    *(f'"{text}"@{language}' for text in "ab" for language in ("ja", "JA", "en", "ja-Kana")),
    *(f'"{n}"^^<{XSD}decimal>' for n in ("2.5", "2.50", "2.49", "+2.5", "10", "9.99", "1e1", "x")),
    *(f'"{n}"^^<{XSD}integer>' for n in ("2", "3", "10", "-4", "03", "1.0", "９")),
    *(f'"2024-{day}"^^<{XSD}date>' for day in ("02-09", "02-10", "02-30", "2-11", "12-31")),
    *("<http://e/n1>", "<http://e/x1>", "<http://f/1>", "<http://e/a%20b>", "<http://e/n1#part>"),
]


def table(chance: random.Random) -> list[list[list[str]]]:
    """Batches of a table in runs, one for each column; of each column chance knows few values."""
    columns = [
        (part, f"<http://e/p{number % 4}>", chance.sample(CELLS, chance.choice([1, 2, 4])))
        for number, part in enumerate(chance.choices(["", "", "", "#part"], k=5))
    ]
    types = chance.choices(["<http://e/C0>", "<http://e/C1>"], weights=[4, 1], k=2)
    batches = []
    for start in range(0, 60, 10):
        things = [f"http://e/r{number}" for number in range(start, start + 10)]
        runs = [[_line(thing, "", TYPE, chance.choice(types)) for thing in things]]
        runs += [
            [_line(thing, part, name, _cell(chance, thing, cells)) for thing in things]
            for part, name, cells in columns
        ]
        batches.append([[line for line in run if chance.random() < 0.95] for run in runs])
    return batches


def _cell(chance: random.Random, thing: str, cells: list[str]) -> str:
    drawn = chance.random()
    if drawn < 0.1:
        return f"<{thing}#part>"
    return f"<http://e/r{chance.randrange(60)}>" if drawn < 0.12 else chance.choice(cells)


_OBJECTS = [
    ('"', ["a", "b", "ab", "abc.", "12", "123", "a\\n", "B", "７", ""], '"'),
    ('"', ["a", "b"], '"@ja'),
    ('"', ["2.5", "2.50", "2.49", "+2.5", "10", "9.99", "1e1", "x"], f'"^^<{XSD}decimal>'),
    ('"', ["2.5", "2.6", "3.7", "9.99", "10.01"], f'"^^<{XSD}decimal>'),
    ('"', ["2", "3", "10", "-4", "03", "1.0", "９"], f'"^^<{XSD}integer>'),
    ('"', ["02-09", "02-10", "02-30", "12-31"], f'"^^<{XSD}date>'),
    ("<", ["http://e/n1", "http://e/x1", "http://f/1", "http://e/a%20b"], ">"),
    ("<http://e/", ["n1", "n2", "n"], "#part>"),
    ("<http://e/r", [str(number) for number in range(30)], ">"),
    ("", ['"a"', '"b"@en', "<http://e/n2>"], ""),
]
"""What columns hold: what stands before their values, some of these, and what stands behind."""


def table_of_columns(chance: random.Random) -> list[list[Run]]:
    """Batches of a table as a mapping makes them; at times about a thing of another batch."""
    made = [
        (part, f"<http://e/p{number % 4}>", *chance.choice(_OBJECTS), chance.random())
        for number, part in enumerate(chance.choices(["", "", "", "#part"], k=6))
    ]
    batches = []
    step = chance.choice([10, 10, 9, 5])
    for start in range(0, 6 * step, step):
        things = [str(number) for number in range(start, start + 10)]
        things[chance.randrange(10)] = chance.choice(["", "0" if start else "x", "0#a"])
        runs = [_run(things, "", TYPE, "<http://e/C0>", None, "")]
        for part, predicate, before, values, after, kind in made:
            if "0#a" in things:
                part, after = "", after.replace("#part", "")
            mask = [chance.random() < 0.9 for _ in things] if chance.random() < 0.3 else None
            if kind < 0.2:
                one = f"{before}{values[0]}{after}"
                runs.append(_run(things, part, predicate, one, None, "", mask))
            elif kind < 0.4:
                end = ">" if "0#a" in things else "#part>"
                runs.append(_run(things, part, predicate, "<http://e/r", things, end, mask))
            else:
                few = chance.sample(values, min(len(values), chance.choice([1, 2, 4])))
                objects = chance.choices(few, k=10)
                runs.append(_run(things, part, predicate, before, objects, after, mask))
        batches.append(runs)
    return batches


def _run(
    things: list[str],
    part: str,
    predicate: str,
    before: str,
    objects: list[str] | None,
    after: str,
    mask: list[bool] | None = None,
) -> Run:
    after += " <http://e/g> .\n"
    columns = Columns("<http://e/r", things, f"{part}>", predicate, before, objects, after, mask)
    return Run(lines_of(columns), columns)


def lines_of(columns: Columns) -> list[str]:
    """The lines that are made of columns."""
    objects = columns.objects or [""] * len(columns.subjects)
    rows = zip(columns.subjects, objects, columns.present(), strict=True)
    between = f"{columns.suffix} {columns.predicate} {columns.before}"
    return [f"{columns.head}{s}{between}{o}{columns.after}" for s, o, there in rows if there]


def _line(thing: str, part: str, predicate: str, value: str) -> str:
    return f"<{thing}{part}> {predicate} {value} <http://e/g> .\n"


def data(chance: random.Random, nodes: list[str]) -> list[str]:
    """Lines of N-Triples about the nodes."""
    lines = set()
    for _ in range(chance.randint(8, 40)):
        subject = chance.choice(nodes)
        if chance.random() < 0.3:
            lines.add(f"{subject} {TYPE} <http://e/C{chance.randrange(3)}> .\n")
        else:
            value = chance.choice(nodes if chance.random() < 0.7 else LITERALS)
            lines.add(f"{subject} <http://e/p{chance.randrange(4)}> {value} .\n")
    if chance.random() < 0.1:
        lines.add(f"<http://e/C2> {SUBCLASS} <http://e/C0> .\n")
    return sorted(lines, key=lambda line: (chance.random(), line))


def case(seed: int, nodes: list[str]) -> tuple[str, list[str]]:
    """The shapes (Turtle) and the data of a number."""
    chance = random.Random(seed)
    return Shapes(chance).text(), data(chance, nodes)
