"""The syntax of XPath's regular expressions, compiled to a program for the matching machine."""

from __future__ import annotations

from typing import TypeAlias

from pmo_engine.feel.limits import EvaluationLimit
from pmo_engine.feel.patterns.characters import Characters, CharactersError, any_character, single
from pmo_engine.model.frozen import dataclass

MAX_PROGRAM = 2_000
MAX_NESTING = 50
FLAGS = frozenset("smixq")
DIGITS = "0123456789"


class PatternError(ValueError):
    """A text that is not a regular expression."""


@dataclass(frozen=True, slots=True)
class One:
    """Read one character of a set."""

    characters: Characters
    ignore_case: bool

    def takes(self, character: str) -> bool:
        """Tell whether a character is of the set, in either case where that is asked."""
        return self.characters.has(character, ignore_case=self.ignore_case)


@dataclass(frozen=True, slots=True)
class Split:
    """Go on in two places, preferring the first."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Jump:
    """Go on elsewhere."""

    to: int


@dataclass(frozen=True, slots=True)
class Save:
    """Remember the place as the start or end of a group."""

    slot: int


@dataclass(frozen=True, slots=True)
class Assert:
    """Go on only at the start or the end of the text, or of a line of it."""

    start: bool
    lines: bool

    def holds(self, text: str, place: int) -> bool:
        """Tell whether a place is such a start or end."""
        if self.start:
            return place == 0 or (self.lines and text[place - 1] == "\n" and place < len(text))
        return place == len(text) or (self.lines and text[place] == "\n")


@dataclass(frozen=True, slots=True)
class Back:
    """Read again what a group has read; nothing where it has not read anything."""

    group: int
    ignore_case: bool

    def read(self, text: str, place: int, groups: tuple[int, ...]) -> int | None:
        """Give the place after what the group has read, ``None`` where it is not there."""
        first, last = groups[2 * self.group], groups[2 * self.group + 1]
        wanted, end = text[first:last], place + last - first
        found = text[place:end]
        same = found == wanted or (self.ignore_case and found.casefold() == wanted.casefold())
        return end if same else None


@dataclass(frozen=True, slots=True)
class Match:
    """The pattern has matched."""


Instruction: TypeAlias = One | Back | Split | Jump | Save | Assert | Match
Program: TypeAlias = tuple[Instruction, ...]


def compile_program(pattern: str, flags: str) -> tuple[Program, int]:
    """Compile a pattern: its program and the number of its groups."""
    if not set(flags) <= FLAGS:
        raise PatternError(f"unknown flag in {flags[:10]!r}")
    if "x" in flags and "q" not in flags:
        pattern = _without_spaces(pattern)
    compiler = _Compiler(pattern, flags)
    code = compiler.literal() if "q" in flags else compiler.whole()
    return (Save(0), *_shifted(code, 1), Save(1), Match()), compiler.groups


class _Compiler:
    """Reads a pattern from left to right; each part is code whose jumps count from its start."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern, self.flags = pattern, flags
        self.at, self.groups, self.nesting = 0, 0, 0
        self.closed: set[int] = set()

    def literal(self) -> list[Instruction]:
        return [self._one(single(character)) for character in self.pattern]

    def whole(self) -> list[Instruction]:
        code = self._alternatives()
        if self.at < len(self.pattern):
            raise PatternError(f"unexpected {self.pattern[self.at]!r} in the pattern")
        return code

    def _alternatives(self) -> list[Instruction]:
        code = self._sequence()
        while self._next("|"):
            other = self._sequence()
            split = Split(1, len(code) + 2)
            end = len(code) + len(other) + 2
            code = [split, *_shifted(code, 1), Jump(end), *_shifted(other, len(code) + 2)]
        return code

    def _sequence(self) -> list[Instruction]:
        code: list[Instruction] = []
        while self.at < len(self.pattern) and self._peek() not in "|)":
            code += _shifted(self._repeated(self._atom()), len(code))
            if len(code) > MAX_PROGRAM:
                raise EvaluationLimit("a pattern is too large")
        return code

    def _repeated(self, atom: list[Instruction]) -> list[Instruction]:
        low, high = self._quantifier()
        lazy = (low, high) != (1, 1) and self._next("?")
        if len(atom) * max(low, high or 0) > MAX_PROGRAM:
            raise EvaluationLimit("a pattern is too large")
        code: list[Instruction] = []
        for _ in range(low):
            code += _shifted(atom, len(code))
        if high is None:
            return code + _shifted(_looped(atom, lazy=lazy), len(code))
        optional: list[Instruction] = []
        for _ in range(high - low):
            optional = _optional([*atom, *_shifted(optional, len(atom))], lazy=lazy)
        return code + _shifted(optional, len(code))

    def _quantifier(self) -> tuple[int, int | None]:
        for sign, counts in {"?": (0, 1), "*": (0, None), "+": (1, None)}.items():
            if self._next(sign):
                return counts
        return self._counts() if self._next("{") else (1, 1)

    def _counts(self) -> tuple[int, int | None]:
        text, closed, _ = self.pattern[self.at :].partition("}")
        low, comma, high = text.partition(",")
        if not closed or not _is_count(low) or (high and not _is_count(high)):
            raise PatternError("a repetition is written {2}, {2,} or {2,3}")
        self.at += len(text) + 1
        counts = int(low), (int(high) if high else None) if comma else int(low)
        if counts[1] is not None and counts[1] < counts[0]:
            raise PatternError("a repetition's bounds are in the wrong order")
        return counts

    def _atom(self) -> list[Instruction]:
        character = self._take()
        if character == "(":
            return self._group()
        if character in "^$":
            return [Assert(character == "^", "m" in self.flags)]
        if character in "?*+{}]":
            raise PatternError(f"unexpected {character!r} in the pattern")
        if character == "\\" and self.at < len(self.pattern) and self._peek() in DIGITS[1:]:
            return [Back(self._reference(), "i" in self.flags)]
        return [self._one(self._characters(character))]

    def _reference(self) -> int:
        """Read the number of a group that ends before this place: as many digits as name one."""
        number = int(self._take())
        while self.at < len(self.pattern) and self._peek() in DIGITS:
            longer = 10 * number + int(self._peek())
            if longer > self.groups:
                break
            number = longer
            self.at += 1
        if number not in self.closed:
            raise PatternError(f"no group {number} ends before '\\{number}'")
        return number

    def _characters(self, character: str) -> Characters:
        try:
            if character == ".":
                return any_character(lines="s" in self.flags)
            if character == "[":
                found, self.at = Characters.parse(self.pattern, self.at)
                return found
            if character == "\\":
                found, self.at = Characters.parse_escape(self.pattern, self.at)
                return found
        except CharactersError as error:
            raise PatternError(str(error)) from None
        return single(character)

    def _group(self) -> list[Instruction]:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise EvaluationLimit("a pattern is nested too deeply")
        saves = not self.pattern.startswith("?:", self.at)
        if saves:
            self.groups += 1
        else:
            self.at += 2
        number = self.groups
        code = self._alternatives()
        if not self._next(")"):
            raise PatternError("a group has no ')'")
        self.nesting -= 1
        if not saves:
            return code
        self.closed.add(number)
        return [Save(2 * number), *_shifted(code, 1), Save(2 * number + 1)]

    def _one(self, characters: Characters) -> One:
        return One(characters, "i" in self.flags)

    def _peek(self) -> str:
        return self.pattern[self.at]

    def _take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]

    def _next(self, sign: str) -> bool:
        found = self.pattern.startswith(sign, self.at)
        self.at += len(sign) if found else 0
        return found


def _looped(atom: list[Instruction], *, lazy: bool) -> list[Instruction]:
    """Compile ``atom*``."""
    after = len(atom) + 2
    split = Split(after, 1) if lazy else Split(1, after)
    return [split, *_shifted(atom, 1), Jump(0)]


def _optional(atom: list[Instruction], *, lazy: bool) -> list[Instruction]:
    after = len(atom) + 1
    return [Split(after, 1) if lazy else Split(1, after), *_shifted(atom, 1)]


def _shifted(code: list[Instruction], by: int) -> list[Instruction]:
    return [_moved(each, by) for each in code] if by else list(code)


def _moved(instruction: Instruction, by: int) -> Instruction:
    match instruction:
        case Split(first, second):
            return Split(first + by, second + by)
        case Jump(to):
            return Jump(to + by)
        case _:
            return instruction


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4  # noqa: PLR2004


def _without_spaces(pattern: str) -> str:
    kept, inside = [], 0
    for index, character in enumerate(pattern):
        escaped = index > 0 and pattern[index - 1] == "\\"
        inside += (character == "[" and not escaped) - (character == "]" and not escaped)
        if inside or character not in " \t\n\r":
            kept.append(character)
    return "".join(kept)
