"""What the demo prints: numbered steps, tables, and how long each took."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

GOOD = frozenset({"clear", "approved", "met", "go", "approve", "intact", "completed"})
BAD = frozenset({"blocked", "rejected", "not met", "reject", "stop", "refused"})
WIDTH = 100  # where no terminal says how wide it is


class Screen:
    """Prints for people; colours only where the terminal shows them and NO_COLOR is not set."""

    def __init__(
        self, console: Console | None = None, is_stopped: Callable[[], bool] = lambda: False
    ) -> None:
        """Print on standard output unless a console is given.

        Once ``is_stopped`` nothing more is printed: each method raises KeyboardInterrupt. An
        interrupt that comes while Python tidies up goes no further by itself.
        """
        self._is_stopped = is_stopped
        plain = Console(highlight=False, markup=False)
        fixed = Console(highlight=False, markup=False, width=WIDTH)
        self._console = console or (plain if plain.is_terminal else fixed)
        self._number = 0
        self._began = time.monotonic()
        self.times: dict[str, float] = {}

    @contextmanager
    def step(self, title: str, moment: datetime | None = None) -> Iterator[None]:
        """Print a numbered heading, and at the end how long the step took."""
        self._go_on()
        self._number += 1
        self._console.print()
        when = f"  {moment:%A %d %B %Y, %H:%M}" if moment else ""
        self._console.print(Text.assemble((f"{self._number}. {title}", "bold"), (when, "dim cyan")))
        begun = time.monotonic()
        yield
        self.times[title] = time.monotonic() - begun
        self._console.print(Text(f"   {self.times[title]:.1f} s", "dim"))

    @property
    def elapsed(self) -> float:
        """Give the seconds since the beginning."""
        return time.monotonic() - self._began

    def say(self, text: str, style: str = "") -> None:
        """Print a line."""
        self._go_on()
        self._console.print(Text(text, style), soft_wrap=True)

    def bad(self, text: str) -> None:
        """Print what went against somebody."""
        self._go_on()
        self._console.print(Text(f"   {text}", "red"), soft_wrap=True)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print a table; words that are good or bad news are coloured."""
        self._go_on()
        made = Table(box=box.SIMPLE_HEAD, pad_edge=True, header_style="bold")
        for head in heads:
            made.add_column(head, overflow="fold")
        for row in rows:
            made.add_row(*(_cell(str(value)) for value in row))
        self._console.print(made)

    def _go_on(self) -> None:
        if self._is_stopped():
            raise KeyboardInterrupt

    @contextmanager
    def progress(self, title: str, total: int) -> Iterator[Progress]:
        """Show how far a longer piece of work is; ``advance`` its one task."""
        columns = (TextColumn("   {task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self._console, transient=False) as shown:
            shown.add_task(title, total=total)
            yield shown

    @contextmanager
    def waiting(self, title: str) -> Iterator[None]:
        """Show that something is being waited for."""
        with self._console.status(f"   {title}"):
            yield


def _cell(value: str) -> Text:
    style = "green" if value in GOOD else "red" if value in BAD else ""
    return Text(value, style)
