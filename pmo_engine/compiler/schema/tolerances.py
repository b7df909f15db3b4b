"""Tolerances: what may be exceeded at each level before the level above is asked."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import ConfigDict, Discriminator, Field, JsonValue, Tag, model_validator

from pmo_engine.compiler.schema.located import (
    Day,
    LadderName,
    Located,
    RegisterName,
    RoleName,
    text_or_mapping,
)
from pmo_engine.compiler.schema.terms import DatedLimit
from pmo_engine.source.yaml_source import Text

Level: TypeAlias = Literal["project", "stage", "team"]
Kind: TypeAlias = Literal["benefits", "cost", "time", "quality", "scope", "sustainability", "risk"]
LEVELS: tuple[Level, ...] = get_args(Level)
KINDS: tuple[Kind, ...] = get_args(Kind)
IN_NUMBERS = frozenset({"cost", "time"})
AS_CRITERIA = frozenset({"quality", "scope"})
ONE_FORM: dict[str, JsonValue] = {"oneOf": [{"required": ["up_to"]}, {"required": ["criteria"]}]}


class ToleranceCriterion(Located):
    """A criterion that has to be met, from a day on or up to one."""

    text: Text = Field(description="What must be so, in words.")
    from_: Day | None = Field(default=None, alias="from", description="The first day.")
    to: Day | None = Field(default=None, description="The first day on which it is no longer so.")
    source: Text | None = Field(default=None, description="The decision or document that set it.")


class MeasuredEntry(Located):
    """What is compared with a tolerance: fields of records, each by itself or in sum."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["each"]}, {"required": ["sum_of"]}]}
    )
    each: RegisterName | None = Field(
        default=None, description="The register whose records are compared each by itself."
    )
    sum_of: RegisterName | None = Field(
        default=None,
        description=(
            "The register whose records are compared together, in each project; those that are"
            " blocked, rejected, withdrawn or rescinded do not count. Of a `stage`, those whose"
            " field `stage` names the project's, where there is such a field."
        ),
    )
    forecast: Text = Field(description="The field that says what is expected now.")
    against: Text | None = Field(
        default=None,
        description=(
            "The field that says what was planned; with `baseline_of` the forecast is compared with"
            " its first value, too. Left out, the forecast itself is held against the tolerance."
        ),
    )
    met: Text | None = Field(
        default=None,
        description="The field that says what it came to in the end, where it did, as in `actual`.",
    )
    falls: bool = Field(
        default=False, description="Whether less than was planned is worse, as of benefits."
    )

    @model_validator(mode="after")
    def _one_way(self) -> MeasuredEntry:
        if (self.each is None) == (self.sum_of is None):
            raise ValueError("what is measured are records 'each' by itself, or the 'sum_of' them")
        return self


class ToleranceEntry(Located):
    """One tolerance of one level, in numbers or as criteria."""

    model_config = ConfigDict(json_schema_extra=ONE_FORM)
    level: Level = Field(description="The level that may decide within it by itself.")
    of: Kind = Field(description="Which of the seven tolerances.")
    up_to: list[DatedLimit] | None = Field(
        default=None,
        min_length=1,
        description="How much, and since when: `10 %`, `50000 GBP`, `4 weeks`, `5 working days`,"
        " or a number.",
    )
    criteria: (
        list[
            Annotated[
                Annotated[Text, Tag("text")] | Annotated[ToleranceCriterion, Tag("mapping")],
                Discriminator(text_or_mapping),
            ]
        ]
        | None
    ) = Field(default=None, min_length=1, description="What must be so, where no number says it.")
    about: Text | None = Field(default=None, description="What is measured, and against what.")
    measured: MeasuredEntry | None = Field(
        default=None,
        description="What the engine compares with it whenever it changes, and each working day.",
    )
    raise_to: RoleName | None = Field(
        default=None,
        description="The role one level up, which gets an exception report of what is measured.",
    )
    within: Text | None = Field(
        default=None, description="The time allowed for its answer, as in `3 working days`."
    )
    ladder: LadderName | None = Field(
        default=None, description="The ladder of reminders and escalations."
    )

    @model_validator(mode="after")
    def _one_form(self) -> ToleranceEntry:
        if (self.up_to is None) == (self.criteria is None):
            raise ValueError("a tolerance is given either in numbers, 'up_to', or as 'criteria'")
        if self.of in IN_NUMBERS and self.up_to is None:
            raise ValueError(f"a tolerance of {self.of} is given in numbers, under 'up_to'")
        if self.of in AS_CRITERIA and self.criteria is None:
            raise ValueError(f"a tolerance of {self.of} is given as 'criteria'")
        if self.measured is not None and (self.up_to is None or self.raise_to is None):
            raise ValueError("what is measured needs numbers, 'up_to', and a role to 'raise_to'")
        if self.measured is None and self.raise_to is not None:
            raise ValueError("'raise_to' says who hears of what is 'measured'; write what that is")
        return self


class Tolerances(Located):
    """Tolerances of projects, stages and teams."""

    kind: Literal["tolerances"]
    tolerances: list[ToleranceEntry] = Field(description="Each tolerance of each level.")
