"""Delivery confidence: how sure a review is that a project delivers, on a published scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Points: TypeAlias = Literal["three", "five"]
"""How many steps a scale has."""

SCALES: Mapping[Points, tuple[str, ...]] = {
    "three": ("green", "amber", "red"),
    "five": ("green", "amber/green", "amber", "amber/red", "red"),
}
"""The steps of each scale, from sure to not at all."""
