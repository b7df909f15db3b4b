"""Quorum: how many members it takes, always rounded up."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from pmo_engine.model.hints.values import Misread, part_meant
from pmo_engine.model.patterns import pattern

Part: TypeAlias = Fraction | int
"""A part of a body's members, or a number of them."""

_FRACTION = pattern(r"([0-9]{1,4})/([0-9]{1,4})")
_NUMBER = pattern(r"[1-9][0-9]{0,3}")
_SHOWN = 40


def parse_part(text: str) -> Part:
    """Read "1/2" as a part of the members, "3" as a number of them; ValueError otherwise."""
    return int(text) if _NUMBER.fullmatch(text) else parse_fraction(text)


def parse_fraction(text: str) -> Fraction:
    """Read "1/2" or "2/3": more than nothing, at most the whole; ValueError otherwise."""
    found = _FRACTION.fullmatch(text)
    top, bottom = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 0 < top <= bottom:
        what = f"{text[:_SHOWN]!r} is not a part of a body's members"
        raise Misread(what, part_meant(text), ", as in 1/2 or 2/3")
    return Fraction(top, bottom)


def needed(members: int, part: Part) -> int:
    """Return how many of `members` make up `part` of them, rounded up (half of 11 is 6)."""
    if isinstance(part, int):
        return part
    if members < 1 or not 0 < part <= 1:
        raise ValueError(f"{part} of {members} members is no quorum")
    return -(-members * part.numerator // part.denominator)
