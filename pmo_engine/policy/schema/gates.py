"""Stages and gates."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.policy.located import Located
from pmo_engine.policy.source import Text


class CriterionEntry(Located):
    """A must (yes or no) or a should (0 to 10 against a hurdle)."""

    id: Text
    text: Text
    level: Literal["must", "should"] = "must"
    role: Text | None = None
    when: Text | None = None
    hurdle: int | None = Field(default=None, ge=0, le=10)


class EvidenceEntry(Located):
    """What a gate wants to see."""

    id: Text
    text: Text
    max_age: Text | None = None


class GateEntry(Located):
    """A stage gate."""

    id: Text
    title: Text
    from_stage: Text
    to_stage: Text
    assessments: list[Text]
    decided_by: Text
    within: Text | None = None
    ladder: Text | None = None
    outcomes: list[Literal["go", "conditional_go", "hold", "recycle", "stop"]] = Field(min_length=1)
    criteria: list[CriterionEntry] = Field(default_factory=list)
    evidence: list[EvidenceEntry] = Field(default_factory=list)


class Gates(Located):
    """Stages and gates."""

    kind: Literal["gates"]
    stages: list[Text] = Field(default_factory=list)
    gates: list[GateEntry]
