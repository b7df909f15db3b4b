"""What reaches a terminal: no text of others can move its cursor, hide a word or turn a line."""

from __future__ import annotations

import io
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Control characters but for line feed and tab; what directs or hides text; half characters.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
STANDARD_ERROR = "standard error"
LONGEST_LINE = 4_000  # of what is said of an error, which quotes what was given
# The only sequences that commands style their own words with: bold, dim, italic, underlined,
# colours, and back.
_STYLE = re.compile("(\x1b\\[(?:0|1|2|3|4|22|23|24|39|[39][0-7])(?:;(?:1|2|3|4|[39][0-7]))*m)")


def printable(text: str) -> str:
    """Give text with odd characters as JSON writes them, after a backslash."""
    return _ODD.sub(_escaped, text)


def shortened(text: str) -> str:
    """Give text with lines that can be read: of one that is too long, its beginning and its end."""
    if len(text) <= LONGEST_LINE:
        return text
    lines = text.splitlines(keepends=True)
    return "".join(line if len(line) <= LONGEST_LINE else _ends(line) for line in lines)


def _ends(line: str) -> str:
    half = LONGEST_LINE // 2
    return f"{line[:half]} ... {line[-half:]}"


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2] for at in range(0, len(units), 2))
    return "".join(f"\\u{pair.hex()}" for pair in pairs)


def check_arguments(arguments: Sequence[str]) -> None:
    """Raise BadParameter for an argument that is no text, which none of us could keep or print."""
    for number, argument in enumerate(arguments, 1):
        if any("\ud800" <= char <= "\udfff" for char in argument):
            raise typer.BadParameter(f"argument {number} is not UTF-8 text")


class NotWritten(Exception):
    """What was to be said could not be written; says where to and why."""


class Printable(io.TextIOBase):
    """A stream for people; styles pass where it is a terminal, everything else that is odd never.

    What is said of errors is said in lines that can be read, whatever they quote.
    JSON stays what it is: the escapes are its own.
    """

    def __init__(self, stream: TextIO, name: str = "standard output") -> None:
        super().__init__()
        self.stream = stream
        self._name = name
        self._is_error = name == STANDARD_ERROR

    def write(self, text: str) -> int:
        """Write what is printable of ``text``; gives how much of it was taken: all."""
        with self._writing():
            self.stream.write(self._shown(shortened(text) if self._is_error else text))
        return len(text)

    def _shown(self, text: str) -> str:
        if not self.isatty():
            return printable(text)
        if text.startswith("\r"):  # how progress goes over its own line
            return "\r" + self._shown(text[1:])
        parts = _STYLE.split(text)
        parts[::2] = [printable(part) for part in parts[::2]]
        return "".join(parts)

    def flush(self) -> None:
        with self._writing():
            self.stream.flush()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            raise NotWritten(f"{self._name} cannot be written: {error.strerror}") from None

    def isatty(self) -> bool:
        return self.stream.isatty()

    def fileno(self) -> int:
        return self.stream.fileno()

    def writable(self) -> bool:
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a property in the base class too
        return getattr(self.stream, "encoding", None) or "utf-8"


@contextmanager
def for_people() -> Iterator[None]:
    """Let standard output and standard error be printable streams within this block."""
    out, err = sys.stdout, sys.stderr
    for stream in (out, err):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.stdout, sys.stderr = Printable(out), Printable(err, STANDARD_ERROR)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err
