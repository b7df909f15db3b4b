r"""Regular expressions of XPath, which FEEL uses, matched in time that grows as text x pattern.

A pattern becomes a program for a machine that follows all its threads at once (Thompson's
construction, in Pike's form), so that no pattern and no text make it run away. References back
to a group (``\1``) are the one thing that cannot be done so: a pattern with one is matched by
trying one way after another, each state once, and few of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from pmo_engine.feel.limits import EvaluationLimit, bounded_length
from pmo_engine.feel.patterns.syntax import (
    Assert,
    Back,
    Jump,
    Match,
    One,
    PatternError,
    Program,
    Save,
    Split,
    compile_program,
)
from pmo_engine.model.frozen import dataclass

__all__ = ["Pattern", "PatternError", "compile_pattern"]

MAX_WORK = 2_000_000
MAX_STATES = 100_000  # of a pattern with references, each of them kept
Groups: TypeAlias = tuple[int, ...]
Thread: TypeAlias = tuple[int, Groups]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern."""

    program: Program
    groups: int

    def search(self, text: str, start: int = 0) -> Groups | None:
        """Find the first match: the offsets of the start and end of each group, -1 for none."""
        return self._machine(text).run(start)

    def _machine(self, text: str) -> _Machine | _Backtracking:
        refers = any(isinstance(each, Back) for each in self.program)
        return (_Backtracking if refers else _Machine)(self, text)

    def matches(self, text: str) -> list[Groups]:
        """Find all matches; PatternError for a pattern that matches nothing at all."""
        if self.search("") is not None:
            raise PatternError("the pattern matches the empty text")
        machine, found, start = self._machine(text), [], 0
        while (groups := machine.run(start)) is not None:
            found.append(groups)
            start = groups[1]
        return found

    def replace(self, text: str, replacement: str) -> str:
        """Put the replacement, in which ``$1`` is a group, for every match."""
        template, parts, end = _template(replacement), [], 0
        length = len(text)
        for groups in self.matches(text):
            filled = [self._fill(each, text, groups) for each in template]
            length = bounded_length(length + sum(map(len, filled)))
            parts += [text[end : groups[0]], *filled]
            end = groups[1]
        return "".join(parts) + text[end:]

    def split(self, text: str) -> list[str]:
        """Give the texts between the matches."""
        parts, end = [], 0
        for groups in self.matches(text):
            parts.append(text[end : groups[0]])
            end = groups[1]
        return [*parts, text[end:]]

    def _fill(self, part: str | int, text: str, groups: Groups) -> str:
        if isinstance(part, str):
            return part
        return text[groups[2 * part] : groups[2 * part + 1]] if part <= self.groups else ""


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> Pattern:
    """Read a pattern with flags out of ``s m i x q``; PatternError where it is not one."""
    return Pattern(*compile_program(pattern, flags))


class _Machine:
    """One pattern at work on one text."""

    def __init__(self, pattern: Pattern, text: str) -> None:
        self.program, self.text = pattern.program, text
        self.blank: Groups = (-1,) * (2 * pattern.groups + 2)
        self.work = 0

    def run(self, start: int) -> Groups | None:
        found: Groups | None = None
        threads: list[Thread] = []
        for place in range(start, len(self.text) + 1):
            if found is None:
                threads += self._follow((0, self.blank), place, {each for each, _ in threads})
            elif not threads:
                break
            threads, matched = self._step(threads, place)
            found = matched or found
        return found

    def _step(self, threads: list[Thread], place: int) -> tuple[list[Thread], Groups | None]:
        """Read one character with every thread, the preferred ones first."""
        after: list[Thread] = []
        seen: set[int] = set()
        self._spend(len(threads))
        for counter, groups in threads:
            instruction = self.program[counter]
            if isinstance(instruction, Match):
                return after, groups
            if place < len(self.text) and instruction.takes(self.text[place]):  # type: ignore[union-attr]
                after += self._follow((counter + 1, groups), place + 1, seen)
        return after, None

    def _follow(self, thread: Thread, place: int, seen: set[int]) -> list[Thread]:
        """Go on from a thread to all the instructions that read a character, or match."""
        found, waiting = [], [thread]
        while waiting:
            counter, groups = waiting.pop()
            if counter in seen:
                continue
            seen.add(counter)
            self._spend(1)
            match self.program[counter]:
                case Jump(to):
                    waiting.append((to, groups))
                case Split(first, second):
                    waiting += [(second, groups), (first, groups)]
                case Save(slot):
                    saved = (*groups[:slot], place, *groups[slot + 1 :])
                    waiting.append((counter + 1, saved))
                case Assert() as condition:
                    if condition.holds(self.text, place):
                        waiting.append((counter + 1, groups))
                case _:
                    found.append((counter, groups))
        return found

    def _spend(self, steps: int) -> None:
        self.work += steps
        if self.work > MAX_WORK:
            raise EvaluationLimit("a pattern takes too long on its text")


class _Backtracking:
    """One pattern with references at work on one text: the preferred way first, then the others."""

    def __init__(self, pattern: Pattern, text: str) -> None:
        self.program, self.text = pattern.program, text
        self.blank: Groups = (-1,) * (2 * pattern.groups + 2)
        self.states = 0

    def run(self, start: int) -> Groups | None:
        for place in range(start, len(self.text) + 1):
            found = self._from(place)
            if found is not None:
                return found
        return None

    def _from(self, start: int) -> Groups | None:
        seen: set[tuple[int, int, Groups]] = set()
        waiting = [(0, start, self.blank)]
        while waiting:
            state = waiting.pop()
            if state in seen:
                continue
            seen.add(state)
            self.states += 1
            if self.states > MAX_STATES:
                raise EvaluationLimit("a pattern takes too long on its text")
            if isinstance(self.program[state[0]], Match):
                return state[2]
            waiting += self._after(*state)
        return None

    def _after(self, counter: int, place: int, groups: Groups) -> list[tuple[int, int, Groups]]:
        """Give the states that may follow one, the preferred one last."""
        match self.program[counter]:
            case Jump(to):
                return [(to, place, groups)]
            case Split(first, second):
                return [(second, place, groups), (first, place, groups)]
            case Save(slot):
                return [(counter + 1, place, (*groups[:slot], place, *groups[slot + 1 :]))]
            case Assert() as condition if condition.holds(self.text, place):
                return [(counter + 1, place, groups)]
            case One() as one if place < len(self.text) and one.takes(self.text[place]):
                return [(counter + 1, place + 1, groups)]
            case Back() as back:
                end = back.read(self.text, place, groups)
                return [] if end is None else [(counter + 1, end, groups)]
            case _:
                return []


def _template(replacement: str) -> list[str | int]:
    parts: list[str | int] = []
    characters = iter(replacement)
    for character in characters:
        following = next(characters, "") if character in "$\\" else ""
        if character == "$" and following in set("0123456789"):
            parts.append(int(following))
        elif character == "\\" and following in {"$", "\\"}:
            parts.append(following)
        elif following or character in "$\\":
            raise PatternError("in a replacement, write \\$ for $ and \\\\ for \\")
        else:
            parts.append(character)
    return parts
