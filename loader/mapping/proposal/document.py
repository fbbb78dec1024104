"""A proposal written as YARRRML, with comments for the person who will edit it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loader.mapping.model import Call, Constant, Expression, Reference, Template, TermMap, TermType
from loader.mapping.notation import yarrrml_template
from loader.mapping.proposal import Column, Proposal
from loader.mapping.proposal.known import Part, Usage
from vocab.namespaces import PREFIXES

Say = Callable[..., str]
"""Says a message of loader/messages.toml in the language of the user."""

_PLAIN = re.compile(r"[\w$(/][\w$()/.#-]*(:[\w/#][\w$()/.#-]*)*")
"""Scalars that mean in YAML, also inside brackets, what is written."""

_AMBIGUOUS = re.compile(r"[0-9.+-].*|null|true|false|yes|no|on|off|y|n|~", re.IGNORECASE)
_CONTROL = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile(r"([\\()])")
_LOCAL = re.compile(r"[\w-]+")
_EXAMPLE_SHOWN = 30

SCHEMA = Path(__file__).parents[1] / "yarrrml.schema.json"
"""The JSON Schema of documents, by which editors complete and check (docs/mapping.md)."""

MAIN = "thing"


def document(proposal: Proposal, say: Say) -> str:
    """Return the text of the mapping document."""
    return _Writer(proposal, say).text()


@dataclass(slots=True)
class _Writer:
    proposal: Proposal
    say: Say
    used: set[str] = field(default_factory=set)

    def text(self) -> str:
        maps = "".join(f"{line}\n" for line in self._maps())
        prefixes = "".join(f"  {name}: {PREFIXES[name]}\n" for name in sorted(self.used))
        return (
            f"# yaml-language-server: $schema={SCHEMA.as_uri()}\n"
            + "".join(f"# {line}\n" for line in self._introduction())
            + f"prefixes:\n{prefixes}sources:\n  table: [table~csv]\nmappings:\n{maps}"
        )

    def _introduction(self) -> Iterator[str]:
        proposal, say = self.proposal, self.say
        yield _comment(say("proposal.intro", file=proposal.file, dataset=proposal.dataset))
        if proposal.standard:
            yield _comment(say("proposal.standard", name=proposal.standard))
        yield _comment(say("proposal.edit"))

    def _maps(self) -> Iterator[str]:
        yield f"  {MAIN}:"
        yield "    sources: table"
        yield from self._subject()
        yield "    po:"
        yield from (f"      - [a, {self._name(kind)}]" for kind in self.proposal.classes)
        for column in self.proposal.columns:
            yield from self._column(column)
        parts = self._parts()
        yield from self._links((), parts)
        names = _map_names(parts)
        for path, usages in parts.items():
            yield ""
            yield f"  {_scalar(names[path])}:"
            yield from self._part(path, usages, parts)

    def _subject(self) -> Iterator[str]:
        subject, proposal = self.proposal.subject, self.proposal
        columns = "、".join(subject.columns) or "-"
        code = "proposal.whole" if proposal.whole else "proposal.sampled"
        yield f"    # {_comment(self.say(subject.why, columns=columns))}"
        if subject.columns:
            yield f"    # {_comment(self.say(code, rows=proposal.rows))}"
        yield "    s:"
        yield f"      function: {self._name(subject.call.function)}"
        yield "      parameters:"
        for name, value in subject.call.arguments:
            yield f"        - &{name} [{self._own(name)}, {self._argument(value)}]"

    def _column(self, column: Column) -> Iterator[str]:
        yield ""
        yield f"      # {_comment(self._about(column))}"
        if column.candidates:
            candidates = self.say("proposal.candidates", names=", ".join(column.candidates))
            yield f"      # {candidates}"
        if column.under:
            under = self.say("proposal.under", column=column.under)
            yield f"      # {_comment(under)}"
        for usage in column.usages:
            if not usage.parts:
                yield from self._said(usage)
            else:
                path = "#" + usage.parts[-1].name
                predicate = self._name(usage.predicate)
                yield f"      # → {path} {predicate}"

    def _about(self, column: Column) -> str:
        examples = " / ".join(text[:_EXAMPLE_SHOWN] for text in column.examples) or "-"
        kind = self.say(f"proposal.kind.{column.kind.name}")
        about = self.say("proposal.column", column=column.name, kind=kind, examples=examples)
        return about + (self.say("proposal.unit", unit=column.unit) if column.unit else "")

    def _said(self, usage: Usage) -> Iterator[str]:
        yield f"      - p: {self._predicate(usage.predicate)}"
        yield f"        o: [{self._object(usage.object)}]"

    # --- parts -----------------------------------------------------------------------------

    def _parts(self) -> dict[tuple[Part, ...], list[Usage]]:
        """Return the parts, each behind the one that it is a part of, and what is said of them."""
        found: dict[tuple[Part, ...], list[Usage]] = {}
        for column in self.proposal.columns:
            for usage in column.usages:
                for depth in range(1, len(usage.parts) + 1):
                    found.setdefault(usage.parts[:depth], [])
                if usage.parts:
                    found[usage.parts].append(usage)
        return found

    def _links(self, place: tuple[Part, ...], parts: Iterable[tuple[Part, ...]]) -> Iterator[str]:
        for path in parts:
            if path[:-1] == place:
                if not place:
                    yield ""
                yield f"      - p: {self._name(path[-1].link)}"
                yield f"        o: [{{{self._thing(path[-1])}, type: iri}}]"

    def _part(
        self,
        path: tuple[Part, ...],
        usages: Sequence[Usage],
        parts: Iterable[tuple[Part, ...]],
    ) -> Iterator[str]:
        yield "    sources: table"
        yield f"    s: {{{self._thing(path[-1])}}}"
        yield "    po:"
        yield from (f"      - [a, {self._name(kind)}]" for kind in path[-1].classes)
        for usage in usages:
            yield from self._said(usage)
        yield from self._links(path, parts)

    def _thing(self, part: Part) -> str:
        subject = self.proposal.subject.call
        names = "".join(f"*{name}, " for name, _ in subject.arguments)
        own = f"[{self._own('part')}, {_scalar(part.name)}]"
        return f"function: {self._name(subject.function)}, parameters: [{names}{own}]"

    # --- terms -----------------------------------------------------------------------------

    def _object(self, made: TermMap) -> str:
        parts = [self._expression(made.expression)]
        if made.term_type is TermType.IRI:
            parts.append("type: iri")
        for key, value in (("datatype", made.datatype), ("language", made.language)):
            if isinstance(value, Constant):
                text = self._name(value.value) if key == "datatype" else value.value
                parts.append(f"{key}: {text}")
        return f"{{{', '.join(parts)}}}"

    def _expression(self, expression: Expression) -> str:
        if not isinstance(expression, Call):
            return f"value: {_scalar(_template(expression))}"
        arguments = [self._parameter(*argument) for argument in expression.arguments]
        return f"function: {self._name(expression.function)}, parameters: [{', '.join(arguments)}]"

    def _parameter(self, name: str, value: Expression) -> str:
        if isinstance(value, Call):
            return f"{{parameter: {self._own(name)}, value: {{{self._expression(value)}}}}}"
        return f"[{self._own(name)}, {_scalar(_template(value))}]"

    def _argument(self, value: Expression) -> str:
        return (
            f"{{{self._expression(value)}}}"
            if isinstance(value, Call)
            else _scalar(_template(value))
        )

    def _own(self, name: str) -> str:
        self.used.add("tsf")
        return f"tsf:{name}"

    def _predicate(self, predicate: str) -> str:
        return _scalar(predicate) if predicate.startswith("def/") else self._name(predicate)

    def _name(self, iri: str) -> str:
        """Return an IRI with a prefix, which is then declared; whole where there is none."""
        for prefix, namespace in PREFIXES.items():
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                self.used.add(prefix)
                return f"{prefix}:{iri[len(namespace) :]}"
        return _scalar(iri)


def _map_names(paths: Iterable[tuple[Part, ...]]) -> dict[tuple[Part, ...], str]:
    """Name the triples maps of parts; where two parts have one name, the second gets a number."""
    names: dict[tuple[Part, ...], str] = {}
    for path in paths:
        count = 1 + sum(other[-1].name == path[-1].name for other in names)
        names[path] = path[-1].name if count == 1 else f"{path[-1].name}-{count}"
    return names


def _template(expression: Expression) -> str:
    """Write a constant, a reference or a template as YARRRML does."""
    if isinstance(expression, Constant):
        return re.sub(r"([\\$])", r"\\\1", expression.value)
    if isinstance(expression, Reference):
        return _reference(expression.name)
    assert isinstance(expression, Template)
    return "".join(map(_template, expression.parts))


def _reference(name: str) -> str:
    plain = f"$({name})"
    if yarrrml_template(plain) == Reference(name):
        return plain
    return "$(" + _SPECIAL.sub(r"\\\1", name) + ")"


def _scalar(text: str) -> str:
    """Write a scalar of YAML: as it is where that is safe, else in double quotes."""
    if _PLAIN.fullmatch(text) and not _AMBIGUOUS.fullmatch(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)


def _comment(text: str) -> str:
    """Return a text that is safe in a comment: one line, nothing that YAML does not allow."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
