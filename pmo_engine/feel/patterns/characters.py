r"""Sets of characters in regular expressions: ``[a-z-[aeiou]]``, ``\d``, ``\p{Lu}``."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeAlias

from pmo_engine.model.frozen import dataclass

Test: TypeAlias = Callable[[str], bool]


class CharactersError(ValueError):
    """A text that is no set of characters."""


@dataclass(frozen=True, slots=True)
class Characters:
    """Characters between two bounds or that pass a test, without those of another set."""

    ranges: tuple[tuple[str, str], ...] = ()
    tests: tuple[Test, ...] = ()
    negated: bool = False
    without: Characters | None = None

    def has(self, character: str, *, ignore_case: bool = False) -> bool:
        """Tell whether a character is in the set, perhaps in its other case."""
        forms = {character, character.lower(), character.upper()} if ignore_case else {character}
        if self.without and self.without.has(character, ignore_case=ignore_case):
            return False
        return any(self._lists(form) for form in forms) != self.negated

    def _lists(self, form: str) -> bool:
        return any(low <= form <= high for low, high in self.ranges) or any(
            test(form) for test in self.tests
        )

    @classmethod
    def parse(cls, pattern: str, at: int) -> tuple[Characters, int]:
        """Read from behind a ``[`` to behind its ``]``: the set, and where it ends."""
        negated = pattern.startswith("^", at)
        start = at = at + negated
        ranges: list[tuple[str, str]] = []
        tests: list[Test] = []
        while not pattern.startswith("]", at) or at == start:
            if pattern.startswith("-[", at) and at > start:
                without, at = cls.parse(pattern, at + 2)
                if not pattern.startswith("]", at):
                    raise CharactersError("a set ends after what is taken from it")
                return cls(tuple(ranges), tuple(tests), negated, without), at + 1
            item, at = _item(pattern, at)
            if isinstance(item, tuple):
                ranges.append(item)
            else:
                tests.append(item)
        return cls(tuple(ranges), tuple(tests), negated), at + 1

    @classmethod
    def parse_escape(cls, pattern: str, at: int) -> tuple[Characters, int]:
        """Read from behind a backslash: the set, and where it ends."""
        item, end = _escaped(pattern, at)
        if isinstance(item, str):
            return single(item), end
        return cls(tests=(item,)), end


def single(character: str) -> Characters:
    """Give the set of one character."""
    return Characters(ranges=((character, character),))


def any_character(*, lines: bool) -> Characters:
    """Give the set that the dot stands for: all characters, or all but the ends of lines."""
    return Characters(tests=(lambda _: True,)) if lines else _NOT_LINE_END


def _item(pattern: str, at: int) -> tuple[tuple[str, str] | Test, int]:
    low, at = _character(pattern, at)
    if not isinstance(low, str):
        return low, at
    if not pattern.startswith("-", at) or pattern.startswith(("-]", "-["), at):
        return (low, low), at
    high, at = _character(pattern, at + 1)
    if not isinstance(high, str) or high < low:
        raise CharactersError("a range of characters goes from a lower to a higher one")
    return (low, high), at


def _character(pattern: str, at: int) -> tuple[str | Test, int]:
    if at >= len(pattern):
        raise CharactersError("a set of characters has no ']'")
    if pattern[at] == "\\":
        return _escaped(pattern, at + 1)
    if pattern[at] == "[":
        raise CharactersError("in a set of characters, write \\[ for [")
    return pattern[at], at + 1


def _escaped(pattern: str, at: int) -> tuple[str | Test, int]:
    sign = pattern[at : at + 1]
    if sign in {"p", "P"}:
        return _property(pattern, at)
    if sign in _CLASSES:
        return _CLASSES[sign], at + 1
    if sign and sign in _LITERALS:
        return _LITERALS[sign], at + 1
    raise CharactersError(f"unknown escape '\\{sign}'")


def _property(pattern: str, at: int) -> tuple[Test, int]:
    name, closed, _ = pattern[at + 2 :].partition("}")
    if pattern[at + 1 : at + 2] != "{" or not closed:
        raise CharactersError("a property is written \\p{L}")
    test = _property_test(name)
    end = at + len(name) + 3
    return (test if pattern[at] == "p" else _not(test)), end


def _property_test(name: str) -> Test:
    if name in _BLOCKS:
        low, high = _BLOCKS[name]
        return lambda character: low <= ord(character) <= high
    if name in _CATEGORIES:
        return lambda character: unicodedata.category(character).startswith(name)
    raise CharactersError(f"unknown property '{name[:20]}'")


def _not(test: Test) -> Test:
    return lambda character: not test(character)


def _is_space(character: str) -> bool:
    return character in " \t\n\r"


def _is_digit(character: str) -> bool:
    return unicodedata.category(character) == "Nd"


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _is_name_start(character: str) -> bool:
    return character.isalpha() or character in "_:"


def _is_name(character: str) -> bool:
    return character.isalnum() or character in "_:.-\u00b7" or unicodedata.combining(character) > 0


_POSITIVE: dict[str, Test] = {
    "s": _is_space,
    "d": _is_digit,
    "w": _is_word,
    "i": _is_name_start,
    "c": _is_name,
}
_CLASSES = {**_POSITIVE, **{name.upper(): _not(test) for name, test in _POSITIVE.items()}}
_LITERALS = {"n": "\n", "r": "\r", "t": "\t", **{sign: sign for sign in "\\|.?*+(){}$-[]^"}}
_MAJOR = {
    "L": "ultmo",
    "M": "nce",
    "N": "dlo",
    "P": "cdseifo",
    "Z": "slp",
    "S": "mcko",
    "C": "cfon",
}
_CATEGORIES = {major + minor for major, minors in _MAJOR.items() for minor in ("", *minors)}
_BLOCKS = {
    "IsBasicLatin": (0x0000, 0x007F),
    "IsLatin-1Supplement": (0x0080, 0x00FF),
    "IsLatinExtended-A": (0x0100, 0x017F),
    "IsLatinExtended-B": (0x0180, 0x024F),
    "IsGreek": (0x0370, 0x03FF),
    "IsGreekandCoptic": (0x0370, 0x03FF),
    "IsCyrillic": (0x0400, 0x04FF),
    "IsHebrew": (0x0590, 0x05FF),
    "IsArabic": (0x0600, 0x06FF),
    "IsGeneralPunctuation": (0x2000, 0x206F),
    "IsCurrencySymbols": (0x20A0, 0x20CF),
}
_NOT_LINE_END = Characters(ranges=(("\n", "\n"), ("\r", "\r")), negated=True)
