"""Bounds on the work that one expression may cause, whatever it says."""

from __future__ import annotations

from typing import Any, TypeVar

MAX_STEPS = 1_000_000
MAX_DEPTH = 150
MAX_ITEMS = 100_000
MAX_PARTS = 250_000
MAX_CHARACTERS = 1_000_000
MAX_NESTING = 200

Sized = TypeVar("Sized", str, list[Any])


class EvaluationLimit(Exception):
    """An expression asked for more work, depth or space than one may."""


def bounded(value: Sized) -> Sized:
    """Give a string or list back; EvaluationLimit if it is longer than one may be."""
    if isinstance(value, list):
        bounded_count(len(value))
    else:
        bounded_length(len(value))
    return value


def bounded_length(count: int) -> int:
    """Give a number of characters back; EvaluationLimit if a text may not have so many."""
    if count > MAX_CHARACTERS:
        raise EvaluationLimit(f"a result has more than {MAX_CHARACTERS:,} characters")
    return count


def bounded_count(count: int) -> int:
    """Give a number of items back; EvaluationLimit if a list may not have so many."""
    if count > MAX_ITEMS:
        raise EvaluationLimit(f"a result has more than {MAX_ITEMS:,} items")
    return count
