r"""Regular expressions of XPath, which FEEL uses, matched in time that grows as text x pattern.

A pattern becomes a program for a machine that follows all its threads at once (Thompson's
construction, in Pike's form), so that no pattern and no text make it run away. References back
to a group (``\1``) are the one thing that cannot be done so, and are not supported.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from pmo_engine.policy.feel.limits import EvaluationLimit, bounded_length
from pmo_engine.policy.feel.pattern_syntax import (
    Assert,
    Jump,
    Match,
    One,
    PatternError,
    Program,
    Save,
    Split,
    compile_program,
)

__all__ = ["Pattern", "PatternError", "compile_pattern"]

MAX_WORK = 2_000_000
Groups: TypeAlias = tuple[int, ...]
Thread: TypeAlias = tuple[int, Groups]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern."""

    program: Program
    groups: int

    def search(self, text: str, start: int = 0) -> Groups | None:
        """Find the first match: the offsets of the start and end of each group, -1 for none."""
        return _Machine(self, text).run(start)

    def matches(self, text: str) -> list[Groups]:
        """Find all matches; PatternError for a pattern that matches nothing at all."""
        if self.search("") is not None:
            raise PatternError("the pattern matches the empty text")
        machine, found, start = _Machine(self, text), [], 0
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
                case One() | Match():
                    found.append((counter, groups))
        return found

    def _spend(self, steps: int) -> None:
        self.work += steps
        if self.work > MAX_WORK:
            raise EvaluationLimit("a pattern takes too long on its text")


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
