"""Planning strategies."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.compiler.schema.located import Expression, Located, RegisterName, StageName
from pmo_engine.source.yaml_source import Text


class PlannedEntry(Located):
    """Something that is planned in a stage, as a milestone; with `after` or `at`, not both."""

    id: Text = Field(
        description=(
            "What it is called in its stage. Where two strategies have the same in one stage, it is"
            " the same record of a project."
        )
    )
    title: Text = Field(description="What people read in the register.")
    after: Text | None = Field(
        default=None, description="How long after the stage begins, as in `3 weeks`."
    )
    at: Literal["start", "end"] | None = Field(
        default=None, description="On the day on which the stage begins, or ends."
    )
    sets: dict[str, Text] = Field(
        default_factory=dict,
        description="Other fields of its record with their values, as in `{critical: true}`.",
    )


class PlannedStageEntry(Located):
    """A stage, how long it lasts, and what is planned in it."""

    stage: StageName = Field(description="The stage, as the gates call it.")
    lasts: Text = Field(
        description=(
            "How long it lasts, in whole days, as in `4 weeks` or `30 working days`. What falls on"
            " a day on which the office is closed is on the next one on which it is open."
        )
    )
    plan: list[PlannedEntry] = Field(default_factory=list, description="What is planned in it.")


class StrategyEntry(Located):
    """A way to plan a project: its stages in their order."""

    id: Text = Field(description="What the strategy is called in expressions and commands.")
    title: Text = Field(description="What people call it, as in `Light planning`.")
    about: Text | None = Field(default=None, description="For what it is, in a sentence.")
    stages: list[PlannedStageEntry] = Field(
        min_length=1,
        description=(
            "The stages that are planned, each behind the one before it by a gate. Stages at the"
            " beginning or at the end may be left out."
        ),
    )


class StrategiesDocument(Located):
    """Planning strategies, and by what one of them is chosen for a project."""

    kind: Literal["strategies"]
    chosen_by: Expression = Field(
        description=(
            "What comes to the id of a strategy for a project, as in"
            " `planning_strategy(project.budget, project.risk, project.kind)`, a call of a decision"
            " table. What is known of the project is read in the types of the table's columns."
        )
    )
    register_name: RegisterName = Field(
        alias="register", description="The register of projects that takes what is planned."
    )
    title_in: Text = Field(
        default_factory=lambda: Text("title"),
        description="The field of a record that takes the title of what is planned.",
    )
    days_in: list[Text] = Field(
        min_length=1,
        description="The fields that take the day of what is planned: `[baseline, forecast]`.",
    )
    strategies: list[StrategyEntry] = Field(min_length=1, description="The strategies.")
