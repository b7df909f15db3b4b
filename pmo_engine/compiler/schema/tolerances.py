"""Tolerances: what may be exceeded at each level before the level above is asked."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import ConfigDict, Discriminator, Field, JsonValue, Tag, model_validator

from pmo_engine.compiler.schema.located import Day, Located, text_or_mapping
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

    @model_validator(mode="after")
    def _one_form(self) -> ToleranceEntry:
        if (self.up_to is None) == (self.criteria is None):
            raise ValueError("a tolerance is given either in numbers, 'up_to', or as 'criteria'")
        if self.of in IN_NUMBERS and self.up_to is None:
            raise ValueError(f"a tolerance of {self.of} is given in numbers, under 'up_to'")
        if self.of in AS_CRITERIA and self.criteria is None:
            raise ValueError(f"a tolerance of {self.of} is given as 'criteria'")
        return self


class Tolerances(Located):
    """Tolerances of projects, stages and teams."""

    kind: Literal["tolerances"]
    tolerances: list[ToleranceEntry] = Field(description="Each tolerance of each level.")
