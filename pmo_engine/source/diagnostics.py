"""Errors of policy files as located, coded, collected values."""

from __future__ import annotations

from dataclasses import field
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.patterns import pattern
from pmo_engine.source.codes import Code, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CLOSE = 0.7  # how much of two names has to be the same, 0 to 1, for one to be suggested
_JOINED = str.maketrans("- ", "__")
_QUOTED = pattern(r"'([^']+)'")
_UNREADABLE = pattern(r"\S{200,}")  # what somebody wrote that nobody reads to its end
_WORD = pattern(r"""@?"[^"]*"|'[^']*'|[\w.-]+""")


class Mark(NamedTuple):
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        """Print as ``file:line:column``."""
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Mark("", 0, 0)


class Edit(NamedTuple):
    """What to write in a file in the place of what stands from one mark up to another."""

    start: Mark
    end: Mark
    text: str

    def applied(self, lines: Sequence[str]) -> list[str]:
        """Give a file's lines with it."""
        before = lines[self.start.line - 1][: self.start.column - 1]
        after = lines[self.end.line - 1][self.end.column - 1 :]
        written = f"{before}{self.text}{after}".split("\n")
        return [*lines[: self.start.line - 1], *written, *lines[self.end.line :]]


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One finding of a check: where, which code, how bad, what, and the way out.

    ``fixes`` put it right at once: one, or several to choose from where it may mean several things.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    severity: Severity = "error"
    fixes: tuple[Edit, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        """Print as ``file:line:column: CODE message (hint)``."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.code} {self.grade}{self.message}{hint}"

    @property
    def grade(self) -> str:
        """Print how bad it is, before the message: nothing of an error."""
        return "" if self.severity == "error" else f"{self.severity}: "

    @property
    def place(self) -> str:
        """Print the place as ``file:line:column``."""
        return f"{self.file}:{self.line}:{self.column}"

    def end_in(self, line: str) -> int:
        """Find the column after what is meant, in the line where it stands.

        That is the value which the message quotes, where it stands there, else one word.
        """
        start = self.column - 1
        quoted = [each for each in _QUOTED.findall(self.message) if line.startswith(each, start)]
        if quoted:
            return self.column + max(map(len, quoted))
        word = _WORD.match(line, start)
        return self.column + max(len(word[0]) if word else 1, 1)


def at(
    mark: Mark,
    code: Code,
    message: str,
    hint: str = "",
    severity: Severity | None = None,
    fixes: Iterable[Edit] = (),
) -> Diagnostic:
    """Make a diagnostic for a place, as bad as its code says unless something else is said.

    Of a word that is too long for anybody to read it gives the beginning and the end.
    """
    line, column, how_bad = mark.line, mark.column, severity or code.severity
    said, way_out = _readable(message), _readable(hint)
    return Diagnostic(mark.file, line, column, str(code), said, way_out, how_bad, tuple(fixes))


def _readable(text: str) -> str:
    return _UNREADABLE.sub(lambda word: f"{word[0][:60]}...{word[0][-20:]}", text)


def nearest(name: str, known: Iterable[str]) -> str:
    """Suggest the known name that ``name`` may have meant, or nothing.

    Capitals, spaces and hyphens apart, a name that is written so is meant before all others.
    """
    found = closest(name, known)
    return f"did you mean '{found[0]}'?" if found else ""


def closest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Give the known name that ``name`` may have meant, or none."""
    alike = {_plain(each): each for each in sorted(known, reverse=True)}
    found = get_close_matches(_plain(name), sorted(alike), n=1, cutoff=CLOSE)
    return tuple(alike[each] for each in found)


def spelt_as(name: str, known: Iterable[str]) -> str:
    """Give the known name that ``name`` is, but for capitals, spaces and hyphens."""
    return next((each for each in known if _plain(each) == _plain(name.strip())), "")


def _plain(name: str) -> str:
    return name.casefold().translate(_JOINED)


class PolicyError(Exception):
    """A policy that cannot be read as one.

    ``diagnostics`` holds everything that was found, sorted; at least one is an error.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(diagnostics))
        errors = [d for d in self.diagnostics if d.severity == "error"]
        super().__init__("\n".join(str(d) for d in errors))
