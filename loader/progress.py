"""Telling the user how far the work is: bars on a terminal, lines elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars


class Progress(Protocol):
    """What the stages tell: a piece of work of ``total`` bytes, how much of it is done, a stage."""

    def start(self, name: str, total: int) -> None:
        """A piece of work begins."""

    def advance_to(self, done: int) -> None:
        """That much of it is done."""

    def finish(self) -> None:
        """It is done."""

    def stage(self, code: str) -> None:
        """A stage without measure begins; ``code`` is that of its message."""


class Silence:
    """Says nothing."""

    def start(self, name: str, total: int) -> None:
        """Nothing."""

    def advance_to(self, done: int) -> None:
        """Nothing."""

    def finish(self) -> None:
        """Nothing."""

    def stage(self, code: str) -> None:
        """Nothing."""


class TerminalProgress:
    """A bar for the file at work; stages as lines. Without a terminal, stages only."""

    def __init__(self, console: Console, words: Callable[[str], str]) -> None:
        self._console = console
        self._words = words
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None

    @contextmanager
    def shown(self) -> Iterator["TerminalProgress"]:
        """Show the bars while the block runs."""
        with self._bars:
            yield self

    def start(self, name: str, total: int) -> None:
        """Show a bar for a file of ``total`` bytes."""
        self._task = self._bars.add_task(name, total=total)

    def advance_to(self, done: int) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bars.update(self._task, completed=done)

    def finish(self) -> None:
        """Take the bar away."""
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None

    def stage(self, code: str) -> None:
        """Print what is done now."""
        self._console.print(self._words(code), highlight=False, markup=False, soft_wrap=True)
