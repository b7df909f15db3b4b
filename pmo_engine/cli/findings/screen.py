"""A finding as a person at a terminal reads it: the line that is meant, and where in it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pmo_engine.source.yaml_source import MAX_BYTES, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.source.diagnostics import Diagnostic

NARROWEST = 40
COLOURS = {
    "error": typer.colors.RED,
    "warning": typer.colors.YELLOW,
    "note": typer.colors.CYAN,
}


class Sources:
    """The lines of files, each read once; ``texts`` are those that are not on disk."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._lines = {name: lines_of(text) for name, text in texts.items()}

    def line(self, file: str, number: int) -> str | None:
        """Give a line, counted from 1."""
        if file not in self._lines:
            self._lines[file] = _read(Path(file))
        lines = self._lines[file]
        return lines[number - 1] if 0 < number <= len(lines) else None


def _read(path: Path) -> list[str]:
    try:
        with path.open("rb") as stream:
            return lines_of(stream.read(MAX_BYTES).decode("utf-8-sig", "replace"))
    except OSError:
        return []


def with_line(item: Diagnostic, sources: Sources) -> Iterator[str]:
    """Give the lines to print: ``file:line:column: CODE message``, then the line and the hint."""
    colour = COLOURS[item.severity]
    code = typer.style(item.code, fg=colour, bold=True)
    place = typer.style(printable(item.place), bold=True)
    hint = printable(item.hint)
    line = sources.line(item.file, item.line)
    said = f" ({hint})" if hint and line is None else ""
    yield f"{place}: {code} {item.grade}{printable(item.message)}{said}"
    if line is not None:
        yield from _pointed(item, line, hint, colour)


def _pointed(item: Diagnostic, line: str, hint: str, colour: str) -> Iterator[str]:
    number = f"{item.line:>5} | "
    room = max(shutil.get_terminal_size().columns, NARROWEST) - len(number)
    skipped, shown = _cut(line, item.column - 1, room)
    start = item.column - 1 - skipped
    length = max(1, min(item.end_in(line) - 1 - skipped, len(shown)) - start)
    before, marked = _width(shown[:start]), _width(shown[start : start + length])
    carets = typer.style("^" * max(marked, 1), fg=colour)
    yield typer.style(number, dim=True) + printable(shown)
    pointer = typer.style(" " * 5 + " | ", dim=True) + " " * before + carets
    if before + marked + 1 + _width(hint) <= room:
        yield f"{pointer} {hint}".rstrip()
    else:
        yield pointer
        yield typer.style(" " * 5 + " = ", dim=True) + hint


def _cut(line: str, column: int, room: int) -> tuple[int, str]:
    """Cut a long line so that the column is seen; gives how many characters went before."""
    if _width(line) <= room:
        return 0, line
    skipped = max(0, min(column - room // 3, len(line) - room))
    return skipped, line[skipped : skipped + room]


def _width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(printable(text))


def printable(text: str) -> str:
    """Show characters that would steer a terminal as what they are."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _shown(each) for each in text)


def _shown(character: str) -> str:
    return " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"
