"""Figures in words: each value with its unit, or why there is none."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.prose.values import number_in_words, value_in_words

if TYPE_CHECKING:
    from pmo_engine.policy.figures import Unit

NOT_AVAILABLE = "not available"
_AFTER = {"days": ("day", "days"), "points": ("point", "points"), "fte": ("FTE", "FTE")}


def figure_in_words(unit: Unit, value: Any) -> str:
    """Say the rounded value of a figure as people read it: ``12.5 %``, ``38 days``."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return str(value) if isinstance(value, str) else value_in_words(value)
    if unit == "share":
        return f"{value_in_words(Decimal(value) * 100)} %"
    if unit in _AFTER:
        one, several = _AFTER[unit]
        return f"{value_in_words(value)} {one if value == 1 else several}"
    return number_in_words(f"{Decimal(value):f}")


def absence_in_words(why: str) -> str:
    """Say that a figure is not available, and why."""
    return f"{NOT_AVAILABLE}: {why}"
