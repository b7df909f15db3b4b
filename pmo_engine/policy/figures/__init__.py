"""Figures: declared once, worked out from registers, and shown from that one declaration."""

from pmo_engine.policy.figures.dashboard import Aspect, Band, Dashboard, Drawn, Threshold
from pmo_engine.policy.figures.declared import (
    COUNTING,
    MEASURES,
    Across,
    Figure,
    Over,
    Unit,
    WorkedExample,
    counts,
    is_open,
    looked_at,
    measures,
)

__all__ = [
    "COUNTING",
    "MEASURES",
    "Across",
    "Aspect",
    "Band",
    "Dashboard",
    "Drawn",
    "Figure",
    "Over",
    "Threshold",
    "Unit",
    "WorkedExample",
    "counts",
    "is_open",
    "looked_at",
    "measures",
]
