"""Tolerances as English: how much a level may exceed, since when, or what must be so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.names import words
from pmo_engine.prose.names import sentence
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from pmo_engine.policy import Allowance, InForce, Tolerance


def tolerance_in_words(item: Tolerance) -> str:
    """Say a tolerance with all its dated values, or its criteria, one on each line."""
    lines = [sentence(f"up to {_dated(each)}") for each in item.values]
    for each in item.criteria:
        source = f" ({each.source})" if each.source else ""
        lines.append(sentence(f"{each.text.rstrip('.')}{_when(each.in_force)}{source}"))
    return "\n".join([*lines, *([sentence(item.about)] if item.about else [])])


def _dated(item: Allowance) -> str:
    since = f", from {value_in_words(item.start)}" if item.start else ""
    source = f" ({item.source})" if item.source else ""
    return f"{amount_in_words(item)}{since}{source}"


def amount_in_words(item: Allowance) -> str:
    """Say how much a tolerance allows: "10 %", "50,000 GBP", "4 weeks"."""
    return value_in_words(item.value) if item.measure in {"money", "number"} else item.written


def owner_in_words(item: Tolerance) -> str:
    """Say whose tolerance it is of what: "the project's tolerance of cost"."""
    return f"the {words(item.level)}'s tolerance of {words(item.of)}"


def _when(span: InForce) -> str:
    since = f", from {value_in_words(span.start)}" if span.start else ""
    until = f", until {value_in_words(span.end)}" if span.end else ""
    return f"{since}{until}"
