"""Planning strategies: the stages of a project, how long each lasts, what is planned in it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.feel.types import Type
    from pmo_engine.model.durations import Span
    from pmo_engine.policy.expressions import Expression
    from pmo_engine.source.diagnostics import Mark

STRATEGY, STAGE_ENDS = "strategy", "stage_ends_on"
"""What a plan says of its project: how it is planned, and on which day its stage ends."""
End: TypeAlias = Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """Something that is planned in a stage: so long ``after`` it begins, or ``at`` one of its ends.

    ``sets`` gives fields of its record, as they are written.
    """

    id: str
    title: str
    at: End | None
    after: Span | None
    sets: Mapping[str, str]
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """A stage of a strategy, how long it lasts, and what is planned in it."""

    stage: str
    lasts: Span
    plan: tuple[PlannedItem, ...]
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way to plan a project, stage by stage."""

    id: str
    title: str
    about: str
    stages: tuple[PlannedStage, ...]
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Strategies:
    """The strategies that there are, by their ids, and how one is chosen for a project.

    ``chosen_by`` comes to an id. ``register`` takes what is planned: its title ``title_in`` one
    field, its day ``days_in`` others. ``attributes`` are the types in which whatever looks at a
    project reads what ``chosen_by`` looks at of it.
    """

    register: str
    title_in: str
    days_in: tuple[str, ...]
    chosen_by: Expression
    attributes: Mapping[str, Type]
    ways: Mapping[str, Strategy]
    mark: Mark = field(compare=False)
