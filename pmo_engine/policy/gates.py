"""Stage gates."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from pmo_engine.model.durations import Span
    from pmo_engine.policy.decision import WhenTimeIsUp
    from pmo_engine.policy.expressions import Expression
    from pmo_engine.source.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a gate asks: a must is yes or no, a should is scored 0 to 10 against a hurdle."""

    id: str
    text: str
    level: Literal["must", "should"]
    role: str | None
    when: Expression | None
    hurdle: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a gate wants to see, and how old it may be."""

    id: str
    text: str
    max_age: Span | None


@dataclass(frozen=True, slots=True)
class Gate:
    """A stage gate: who assesses, who decides, what may come of it."""

    id: str
    title: str
    from_stage: str
    to_stage: str
    assessments: tuple[str, ...]
    decided_by: str
    within: Span | None
    ladder: str | None
    outcomes: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    evidence: tuple[Evidence, ...]
    mark: Mark = field(compare=False)
    when_time_is_up: WhenTimeIsUp | None = None
