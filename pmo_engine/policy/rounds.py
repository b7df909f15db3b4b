"""Collection rounds: what is collected of each project, from whom, how often and by when."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from pmo_engine.model.durations import Span
    from pmo_engine.model.periods import Cycle
    from pmo_engine.source.diagnostics import Mark

RETURNS = "returns"
"""The fact that lists what the last rounds ask of a project, or of those of an office."""


@dataclass(frozen=True, slots=True)
class Collected:
    """A register that is collected, and the role in a project that answers for it."""

    register: str
    role: str


@dataclass(frozen=True, slots=True)
class Round:
    """A round: after each whole ``every`` each project that is under way is asked.

    ``closed_by`` ends it with a reason where not everybody has answered.
    """

    id: str
    title: str
    every: Cycle
    collects: tuple[Collected, ...]
    within: Span
    closed_by: str
    mark: Mark = field(compare=False)
    ladder: str | None = None
    purpose: str = ""
