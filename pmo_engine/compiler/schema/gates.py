"""Stages and gates."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from pmo_engine.compiler.schema.located import (
    Day,
    EventName,
    Expression,
    FunctionalName,
    LadderName,
    Located,
    RegisterName,
    RoleName,
    StageName,
    text_or_mapping,
)
from pmo_engine.model.confidence import Points
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
        default=None, description="The functional role whose performer judges it."
    )
    judged_by: RoleName | None = Field(
        default=None,
        description="The role that judges it, where no functional one does; else the PMO head.",
    )
    when: Expression | None = Field(
        default=None,
        description=(
            "The condition under which it is met; judged by people if left out. A `should` that is"
            " met has 10, and 0 if not."
        ),
    )
    score: Expression | None = Field(
        default=None, description="The score of a `should`, a number from 0 to 10."
    )
    hurdle: int | None = Field(
        default=None, ge=0, le=10, description="The score that a `should` must reach, 0 to 10."
    )
    weight: int | None = Field(
        default=None, ge=1, le=100, description="How much a `should` counts beside others; 1."
    )
    evidence: list[Text] = Field(
        default_factory=list, description="The evidence that it rests on, by its ids."
    )


class EvidenceEntry(Located):
    """What a gate wants to see."""

    id: Text = Field(description="What the evidence is called, as in `business_case`.")
    text: Text = Field(description="What it has to show, in a sentence.")
    max_age: Text | None = Field(
        default=None,
        description="How old it may be on the day of the decision, as in `6 months`.",
    )
    from_: RoleName | None = Field(
        default=None,
        alias="from",
        description="The role that gives it; the project manager if left out.",
    )
    register_: RegisterName | None = Field(
        default=None,
        alias="register",
        description="The register of which it is an entry; any, a document or a file otherwise.",
    )
    within: Text | None = Field(
        default=None, description="The time allowed to give it, as in `5 working days`."
    )
    ladder: LadderName | None = Field(
        default=None, description="The ladder of reminders and escalations."
    )


class AssessmentEntry(Located):
    """How a functional role assesses at a gate."""

    role: FunctionalName = Field(description="The functional role, as in `quality`.")
    in_person: bool = Field(
        default=False,
        description="Whether whoever performs the role is asked; computed if left out.",
    )
    independent: bool = Field(
        default=False, description="Whether only somebody without a role in the project may."
    )
    within: Text | None = Field(
        default=None, description="The time allowed, as in `3 working days`."
    )
    ladder: LadderName | None = Field(
        default=None, description="The ladder of reminders and escalations."
    )


class OpeningEntry(Located):
    """When a review begins by itself: on an event, or so long before a day."""

    on: EventName | None = Field(
        default=None, description="The event of a record on which it does, as `milestone.closed`."
    )
    when: Expression | None = Field(
        default=None, description="The condition under which it does on that event."
    )
    before: Text | None = Field(
        default=None, description="How long before the day in `of`, as in `4 weeks`."
    )
    of: Expression | None = Field(
        default=None,
        description="The day, as `project.stage_ends_on`; nothing is opened while it is not known.",
    )


class AdviceEntry(Located):
    """When an outcome is recommended to the body that decides."""

    outcome: Outcome = Field(description="The outcome that is recommended.")
    when: Expression = Field(description="The condition under which it is.")
    because: Text = Field(description="Why, as the body reads it.")


class GateEntry(Located):
    """A stage gate."""

    id: Text = Field(description="What the gate is called, as in `G2`.")
    title: Text = Field(description="What people call the gate.")
    from_stage: StageName = Field(description="The stage that the project comes from.")
    to_stage: StageName = Field(description="The stage that the project goes to.")
    assessments: list[
        Annotated[
            Annotated[FunctionalName, Tag("text")] | Annotated[AssessmentEntry, Tag("mapping")],
            Discriminator(text_or_mapping),
        ]
    ] = Field(description="The functional roles that assess the project, as in `[risk, finance]`.")
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
    repeats: bool = Field(
        default=False,
        description=(
            "Whether it is held again in any later stage, too, where it leaves the stage as it is."
        ),
    )
    resources: bool = Field(
        default=False,
        description="Whether a decision to pass has to say which resources it gives.",
    )
    outcomes: list[Outcome] = Field(min_length=1, description="What may come of it.")
    opened_by: list[RoleName] = Field(
        default_factory=list,
        description="The roles that open it by hand; whoever has a role there if left out.",
    )
    opens: list[OpeningEntry] = Field(
        default_factory=list, description="When it is opened by itself."
    )
    recommend: list[AdviceEntry] = Field(
        default_factory=list,
        description=(
            "What is recommended to the body: the first that holds and is left, else what follows"
            " from criteria, evidence and assessments."
        ),
    )
    criteria: list[CriterionEntry] = Field(
        default_factory=list, description="What the project must or should meet."
    )
    evidence: list[EvidenceEntry] = Field(
        default_factory=list, description="Documents and records that must be there."
    )


class ConfidenceEntry(Located):
    """The scale on which delivery confidence is rated, from a day on."""

    scale: Points = Field(description="`three` steps, from green to red, or `five`.")
    from_: Day | None = Field(
        default=None, alias="from", description="The first day; from ever where it is left out."
    )


class Gates(Located):
    """Stages and gates."""

    kind: Literal["gates"]
    stages: list[Text] = Field(
        default_factory=list, description="The stages of a project, in order."
    )
    gates: list[GateEntry] = Field(description="The gates between them.")
    confidence: list[ConfidenceEntry] = Field(
        default_factory=list, description="On which scale delivery confidence is rated, and when."
    )
