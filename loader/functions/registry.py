"""The value functions of mappings: declared with IRI, parameters and examples (FnO).

A function takes strings and gives one (``many``: a tuple of them); ``""`` is nothing. It raises
ValueProblem for a value that it cannot take. docs/functions.md lists all of them.
"""

import inspect
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from vocab.iris import OWN_FUNCTIONS

IDLAB = "https://w3id.org/imec/idlab/function#"
"""Functions that YARRRML documents use for conditions (https://rml.io/yarrrml/spec/)."""

Body: TypeAlias = Callable[..., Any]
Declared = TypeVar("Declared", bound=Body)
ColumnBody: TypeAlias = Callable[[Sequence[str]], Sequence[str] | None]


class ValueProblem(ValueError):
    """A value that a function cannot take, or not without a remark.

    ``code`` names the finding, ``gives`` is what the function gives all the same; ``value`` is
    what is told where that is not the first argument, and ``row_wide`` says that the problem is
    one of the row, not of a column.
    """

    def __init__(
        self, code: str, gives: str = "", value: str | None = None, row_wide: bool = False
    ) -> None:
        super().__init__(code)
        self.code = code
        self.gives = gives
        self.value = value
        self.row_wide = row_wide


@dataclass(frozen=True, slots=True)
class Example:
    """Arguments, in the order of the parameters, and what the function gives for them."""

    arguments: tuple[str, ...]
    gives: str | tuple[str, ...]
    problem: str | None = None


class Gives(StrEnum):
    """What a function gives: text, or a valid IRI, relative to the publication's base or not."""

    TEXT = "text"
    RELATIVE_IRI = "relative IRI"
    IRI = "IRI"


@dataclass(frozen=True, slots=True)
class Function:
    """A declared function.

    ``column`` is a faster way to do a whole column at once: it may give None, and then the body
    is called for each value.
    """

    iri: str
    parameters: tuple[str, ...]
    required: int
    body: Body
    examples: tuple[Example, ...]
    many: bool = False
    gives: Gives = Gives.TEXT
    column: ColumnBody | None = None
    datatype: str | None = None
    """The local name of the XML Schema datatype whose lexical form it gives; text where None."""
    pure: bool = True
    """Whether it needs neither files that a sandbox closes nor much memory."""

    @property
    def group(self) -> str:
        """The module that declares it, which is the heading under which it is documented."""
        return self.body.__module__.rpartition(".")[2]

    @property
    def name(self) -> str:
        """The local part of the IRI."""
        return local_name(self.iri)

    @property
    def doc(self) -> str:
        """What it is for: the first line of its docstring."""
        return (self.body.__doc__ or "").strip().splitlines()[0]

    def text(self, language: str) -> str:
        """What it gives, in Japanese (``ja.toml``) or English."""
        return _japanese()[self.name] if language == "ja" else self.doc.rstrip(".")


@cache
def _japanese() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "ja.toml").read_text(encoding="utf-8"))


FUNCTIONS: dict[str, Function] = {}
"""All functions, by IRI; filled when ``loader.functions`` is imported."""


def function(
    name: str,
    examples: Iterable[tuple[Any, ...]],
    *,
    base: str = OWN_FUNCTIONS,
    many: bool = False,
    gives: Gives = Gives.TEXT,
    column: ColumnBody | None = None,
    datatype: str | None = None,
    pure: bool = True,
) -> Callable[[Declared], Declared]:
    """Declare a function; its parameters are those of the Python function.

    An example is ``(argument, …, result)``, or ends in a result and the code of a problem:
    ``("x", "", "!value.not-a-number")``.
    """

    def declare(body: Declared) -> Declared:
        parameters = inspect.signature(body).parameters
        required = sum(p.default is inspect.Parameter.empty for p in parameters.values())
        iri = base + name
        FUNCTIONS[iri] = Function(
            iri,
            tuple(parameters),
            required,
            body,
            tuple(_example(example) for example in examples),
            many,
            gives,
            column,
            datatype,
            pure,
        )
        return body

    return declare


def _example(parts: tuple[Any, ...]) -> Example:
    last = parts[-1]
    if isinstance(last, str) and last.startswith("!"):
        return Example(parts[:-2], parts[-2], last[1:])
    return Example(parts[:-1], last)


def local_name(iri: str) -> str:
    """Return what follows the last ``#`` or ``/`` of an IRI."""
    return iri.replace("#", "/").rpartition("/")[2]


_PARAMETER_NAMES = {"valueParameter": "str1", "valueParameter2": "str2"}
"""How older documents call the parameters of ``idlab-fn:equal`` (grel)."""


def parameter_name(function_: Function, iri: str) -> str | None:
    """Return the function's name of a parameter that a document names by IRI or bare."""
    name = local_name(iri)
    name = _PARAMETER_NAMES.get(name, name)
    return name if name in function_.parameters else None


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that is most like ``word``, for messages; ``-`` where none is."""
    return next(iter(get_close_matches(word, list(known), 1, 0.5)), "-")
