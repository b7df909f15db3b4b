"""What a reader says about a file that it cannot read."""

from __future__ import annotations

from pathlib import Path

LONGEST_QUOTE = 60


class HistoryError(Exception):
    """One fault of a recorded file, printed as `file:line:column: message (hint)`.

    Lines and columns count from 1; a fault of the whole file is at 1:1.
    """

    def __init__(self, file: str, line: int, column: int, message: str, hint: str = "") -> None:
        """Say what is wrong, where, and how to put it right."""
        super().__init__(file, line, column, message, hint)
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Give the one line that a user sees."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{hint}"


class MappingError(Exception):
    """A mapping of headings that there is not, or that cannot be."""


class Fault(Exception):
    """What is wrong with a value, from a function that does not know where the value stands."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the message and the way out."""
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def at(self, path: Path, line: int = 1, column: int = 1) -> HistoryError:
        """Give the same fault with its place."""
        return HistoryError(str(path), line, column, self.message, self.hint)


def quoted(value: str) -> str:
    """Quote a value of the file, shortened, with nothing unprintable left in it."""
    short = value if len(value) <= LONGEST_QUOTE else value[:LONGEST_QUOTE] + "..."
    return repr(short)
