"""Numbers in words: five, twenty-five thousand, half a million."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pmo_engine.model.patterns import pattern

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_LARGE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SMALL = {
    **{name: value for value, name in enumerate((*_ONES, *_TEENS), 1)},
    **{name: 10 * value for value, name in enumerate(_TENS, 2)},
    "a": 1,
    "dozen": 12,
}


def _one_of(names: Iterable[str]) -> str:
    return rf"(?:{'|'.join(sorted(names, key=len, reverse=True))})\b"


_BELOW_100 = rf"(?:{_one_of(_TENS)}(?:[ -]{_one_of(_ONES)})?|{_one_of(_TEENS)}|{_one_of(_ONES)})"
_HUNDREDS = rf"(?:a|{_one_of((*_ONES, *_TEENS))}) hundred\b(?: (?:and )?{_BELOW_100})?"
_BELOW_1000 = rf"(?:{_HUNDREDS}|{_BELOW_100})"
_ONE_LARGE = rf"(?:a|{_BELOW_1000}) {_one_of(_LARGE)}"
_LARGER = rf"{_ONE_LARGE}(?:,? (?:and )?{_ONE_LARGE})*(?:,? (?:and )?{_BELOW_1000})?"
NUMBER_IN_WORDS = rf"(?<![\w.])(?:half a (?:million|billion)\b|a dozen\b|{_LARGER}|{_BELOW_1000})"
"""A number in words, in small letters."""
_IN_WORDS = pattern(NUMBER_IN_WORDS)


def in_figures(text: str) -> str:
    """Write in figures the numbers that stand in words in a text: ``25000 pounds``."""
    return _IN_WORDS.sub(lambda found: str(_value(found[0])), text)


def _value(text: str) -> int:
    whole = part = 0
    for word in re.findall(r"[a-z]+", text.removeprefix("half ").replace(" and ", " ")):
        if word in _LARGE:
            whole, part = whole + part * _LARGE[word], 0
        elif word == "hundred":
            part *= 100
        else:
            part = 12 if word == "dozen" else part + _SMALL[word]
    return (whole + part) // (2 if text.startswith("half ") else 1)
