"""A YAML document of a mapping or a schema: its nodes, with the lines that errors name.

Every scalar is read as the text that was written (YAML 1.2 failsafe schema), because ``NO`` and
``1.0`` are names of columns.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

import yaml
from yaml import MappingNode, MarkedYAMLError, Node, ScalarNode, SequenceNode, YAMLError

from loader.errors import ConfigurationError
from loader.functions.registry import nearest

Fields: TypeAlias = dict[str, Node]


class Document:
    """A YAML file; ``root`` is its topmost node."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root: Node | None = self._read()

    def _read(self) -> Node | None:
        text = ""
        try:
            text = self.path.read_text(encoding="utf-8")
            return yaml.compose(text, Loader=yaml.CSafeLoader)
        except MarkedYAMLError as error:
            raise self._syntax_error(error, text) from error
        except (OSError, UnicodeDecodeError, YAMLError) as error:
            reason = " ".join(str(error).split())
            raise ConfigurationError("mapping.unreadable", file=self.path, reason=reason) from error

    def _syntax_error(self, error: MarkedYAMLError, text: str) -> ConfigurationError:
        """Return an error that names the line, and says what people mostly did wrong there."""
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else "-"
        reason = " ".join(f"{error.context or ''} {error.problem or ''}".split())
        written = text.splitlines()[mark.line :] if mark else []
        tab = bool(written) and written[0].lstrip(" ").startswith("\t")
        code = "mapping.tab" if tab else "mapping.syntax"
        return ConfigurationError(code, file=self.path, place=line, reason=reason)

    def error(self, code: str, node: Node | None, **values: object) -> ConfigurationError:
        """Return an error that names the file and the line of a node."""
        return ConfigurationError(code, file=self.path, place=line_of(node), **values)

    def fields(self, node: Node | None, known: Mapping[str, str] | Iterable[str]) -> Fields:
        """Return the entries of a mapping by key; every key has to be known.

        ``known`` may map shortcuts to keys. Raises ``mapping.unknown-key`` or,
        where none is like it, ``mapping.no-such-key`` otherwise.
        """
        names = dict(known) if isinstance(known, Mapping) else {name: name for name in known}
        found: Fields = {}
        for key, (key_node, value) in self.entries(node).items():
            if key not in names:
                near = nearest(key, names)
                code = "mapping.unknown-key" if near in names else "mapping.no-such-key"
                known = ", ".join(dict.fromkeys(names.values()))
                raise self.error(code, key_node, key=key, nearest=near, known=known)
            found[names[key]] = value
        return found

    def entries(self, node: Node | None) -> dict[str, tuple[Node, Node]]:
        """Return the entries of a mapping, whatever their keys: the nodes of key and value."""
        if not isinstance(node, MappingNode):
            raise self.error("mapping.malformed", node, expected="key: value")
        found: dict[str, tuple[Node, Node]] = {}
        for key, value in node.value:
            name = self.text(key)
            if name in found:
                raise self.error("mapping.duplicate-key", key, key=name)
            found[name] = (key, value)
        return found

    def text(self, node: Node | None) -> str:
        """Return the text of a scalar."""
        if not isinstance(node, ScalarNode):
            raise self.error("mapping.malformed", node, expected="text")
        return str(node.value)

    def items(self, node: Node | None) -> list[Node]:
        """Return the items of a sequence; anything else is a sequence of one."""
        if isinstance(node, SequenceNode):
            return list(node.value)
        return [] if node is None else [node]

    def texts(self, node: Node | None) -> list[str]:
        """Return the texts of a sequence of scalars, or of one scalar."""
        return [self.text(item) for item in self.items(node)]


def line_of(node: Node | None) -> int:
    """Return the line that a node begins in, from 1."""
    return 1 if node is None else int(node.start_mark.line) + 1
