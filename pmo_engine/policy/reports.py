"""Reports: for whom, how often, and what stands in them in which order."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from pmo_engine.model.durations import Span
    from pmo_engine.model.periods import Cycle
    from pmo_engine.source.diagnostics import Mark

About: TypeAlias = Literal["project", "office"]
"""What a report is about: one project, or all that are under way together."""
Shows: TypeAlias = Literal[
    "decisions",
    "changes",
    "figures",
    "risks",
    "stages",
    "exceptions",
    "gates",
    "requests",
    "dashboard",
    "cycles",
    "consideredness",
    "rounds",
    "words",
]
"""What a section shows."""
Plot: TypeAlias = Literal["bars", "lines", "s_curve"]
"""How figures are drawn: side by side, over the editions of the report, or as earned value."""
CURVE = ("planned", "earned", "actual", "budget", "forecast")
"""What the figures of an S-curve are, in their order; the last two may be left out."""
LEAST_OF_CURVE = 3


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section: what it shows under which title, its words, its figures and how they are drawn.

    ``too_soon``: approvals that are decided within it were not read.
    """

    shows: Shows
    title: str
    says: str = ""
    figures: tuple[str, ...] = ()
    plot: Plot | None = None
    by_project: bool = False
    too_soon: Span | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report; without ``cycle`` it is made when somebody asks for it."""

    id: str
    title: str
    about: About
    audience: tuple[str, ...]
    sections: tuple[ReportSection, ...]
    mark: Mark = field(compare=False)
    cycle: Cycle | None = None
    purpose: str = ""
