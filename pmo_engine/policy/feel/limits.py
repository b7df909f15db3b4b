"""Bounds on the work that one expression may cause, whatever it says."""

from __future__ import annotations

from typing import TypeVar

MAX_STEPS = 1_000_000
MAX_DEPTH = 250
MAX_ITEMS = 100_000
MAX_CHARACTERS = 1_000_000

Sized = TypeVar("Sized", str, list[object])


class EvaluationLimit(Exception):
    """An expression asked for more work, depth or space than one may."""


def bounded(value: Sized) -> Sized:
    """Give a string or list back; EvaluationLimit if it is longer than one may be."""
    most, noun = (MAX_CHARACTERS, "characters") if isinstance(value, str) else (MAX_ITEMS, "items")
    if len(value) > most:
        raise EvaluationLimit(f"a result has more than {most:,} {noun}")
    return value
