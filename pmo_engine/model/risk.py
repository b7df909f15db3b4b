"""Figures of a risk."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pmo_engine.model.money import Money

_SCALE = range(1, 6)


def score(probability: int, impact: int) -> int:
    """Return probability x impact, each on a scale of 1 to 5."""
    if probability not in _SCALE or impact not in _SCALE:
        raise ValueError(f"probability {probability} and impact {impact} must be 1 to 5")
    return probability * impact


def expected_value(probability: Decimal, impact: Money, *, opportunity: bool = False) -> Money:
    """Return the expected monetary value: probability (0 to 1) x impact in money.

    Positive is expected loss; an opportunity has the opposite sign.
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"probability {probability} must be 0 to 1")
    value = impact * probability
    return -value if opportunity else value


def exposure(values: Iterable[Money], currency: str) -> Money:
    """Return the sum of expected values; nothing is 0 of the currency."""
    return sum(values, Money(Decimal(0), currency))
