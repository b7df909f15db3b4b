"""Stages and gates."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.compiler.schema.located import (
    Expression,
    FunctionalName,
    LadderName,
    Located,
    RoleName,
    StageName,
)
from pmo_engine.model.vocabulary import Outcome, TimeUp
from pmo_engine.source.yaml_source import Text


class CriterionEntry(Located):
    """A must (yes or no) or a should (0 to 10 against a hurdle)."""

    id: Text = Field(description="What the gate pack calls the criterion.")
    text: Text = Field(description="What is asked, in a sentence.")
    level: Literal["must", "should"] = Field(
        default="must",
        description="A `must` is met or not; a `should` is scored 0 to 10 against its hurdle.",
    )
    role: FunctionalName | None = Field(
        default=None, description="The functional role that judges it."
    )
    when: Expression | None = Field(
        default=None,
        description="The condition under which it is met; judged by people if left out.",
    )
    hurdle: int | None = Field(
        default=None, ge=0, le=10, description="The score that a `should` must reach, 0 to 10."
    )


class EvidenceEntry(Located):
    """What a gate wants to see."""

    id: Text = Field(description="What the evidence is called, as in `business_case`.")
    text: Text = Field(description="What it has to show, in a sentence.")
    max_age: Text | None = Field(default=None, description="How old it may be, as in `6 months`.")


class GateEntry(Located):
    """A stage gate."""

    id: Text = Field(description="What the gate is called, as in `G2`.")
    title: Text = Field(description="What people call the gate.")
    from_stage: StageName = Field(description="The stage that the project comes from.")
    to_stage: StageName = Field(description="The stage that the project goes to.")
    assessments: list[FunctionalName] = Field(
        description="The functional roles that assess the project, as in `[risk, finance]`."
    )
    decided_by: RoleName = Field(description="The role or body that decides.")
    within: Text | None = Field(
        default=None, description="The time allowed for the decision, as in `5 working days`."
    )
    ladder: LadderName | None = Field(
        default=None, description="The ladder of reminders and escalations."
    )
    when_time_is_up: TimeUp | None = Field(
        default=None,
        description=(
            "What becomes of it when the time allowed is up: it `lapses`, `goes up`, `counts as "
            "refused` or, with a `source`, `counts as given`; it waits on if left out."
        ),
    )
    source: Text | None = Field(
        default=None,
        description="Who decided that silence counts as an approval, and when.",
    )
    outcomes: list[Outcome] = Field(min_length=1, description="What may come of it.")
    criteria: list[CriterionEntry] = Field(
        default_factory=list, description="What the project must or should meet."
    )
    evidence: list[EvidenceEntry] = Field(
        default_factory=list, description="Documents and records that must be there."
    )


class Gates(Located):
    """Stages and gates."""

    kind: Literal["gates"]
    stages: list[Text] = Field(
        default_factory=list, description="The stages of a project, in order."
    )
    gates: list[GateEntry] = Field(description="The gates between them.")
