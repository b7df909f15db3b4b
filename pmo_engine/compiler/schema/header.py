"""The policy's header, and the packs it uses."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, WithJsonSchema, WrapValidator

from pmo_engine.compiler.schema.located import (
    CalendarName,
    Day,
    LadderName,
    Located,
    PackName,
    RoleName,
    RuleName,
    dated_or_plain,
    keeping_keys,
)
from pmo_engine.source.yaml_source import Text


class DatedValue(Located):
    """A value from a day on, with the source that set it."""

    from_: Day | None = Field(
        default=None, alias="from", description="The first day; from ever where it is left out."
    )
    value: Any = Field(description="The value, until the next one begins.")
    source: Text = Field(
        default_factory=lambda: Text(""), description="The decision or document that set it."
    )


_PLAIN = {"type": ["string", "number", "boolean", "array"], "items": {"not": {"type": "object"}}}
Given: TypeAlias = Annotated[
    Annotated[list[DatedValue], Field(min_length=1), Tag("dated")]
    | Annotated[Any, WithJsonSchema(_PLAIN), Tag("plain")],
    Discriminator(dated_or_plain),
]


class DepartureEntry(Located):
    """A rule of a pack that does not hold here, and why; another may stand in its place."""

    rule: RuleName = Field(description="The rule of the pack that does not hold.")
    reason: Text = Field(description="Why, in words that stand beside the rule in documents.")
    replaced_by: RuleName | None = Field(
        default=None, description="The policy's own rule that stands in its place."
    )
    source: Text | None = Field(default=None, description="The decision or document that says so.")
    from_: Day | None = Field(
        default=None, alias="from", description="The first day on which the rule does not hold."
    )
    to: Day | None = Field(default=None, description="The first day on which it holds again.")


class PackUse(Located):
    """A pack in use: with its parameters, without some of its rules."""

    use: PackName = Field(description="The pack's name, as in `change_control`.")
    with_: Annotated[dict[str, Given], WrapValidator(keeping_keys)] = Field(
        default_factory=dict,
        alias="with",
        description="Values for the pack's parameters, for all time or from a day on; "
        "what is not given keeps its default.",
    )
    without: list[DepartureEntry] = Field(
        default_factory=list, description="Rules of the pack that do not hold here, and why."
    )


class PolicyHeader(Located):
    """Name, version and ground rules of a policy."""

    kind: Literal["policy"]
    name: Text = Field(
        description="What the policy is called in decisions and in the journal, as in `city-works`."
    )
    version: Text = Field(
        description="The version, as in `2026.1`; a new one for every change that is adopted."
    )
    title: Text | None = Field(default=None, description="What people call the policy.")
    in_force_from: Day | None = Field(
        default=None, description="The day from which the policy is in force, as in `2026-01-01`."
    )
    applies_to_open: bool = Field(
        default=False,
        description=(
            "Whether work that is open when this version takes force comes under it too; "
            "otherwise it keeps the version that it began under."
        ),
    )
    head: RoleName | None = Field(
        default=None,
        description=(
            "The role that heads the office, to which comes what nobody else may decide; "
            "`pmo_head`, or the most senior role that is no body, if left out."
        ),
    )
    currency: Text = Field(description="The currency of every amount, as in `GBP`.")
    calendar: CalendarName | None = Field(
        default=None,
        description=(
            "The calendar that times allowed are counted in; needed only if there are several."
        ),
    )
    default_within: Text | None = Field(
        default=None,
        description="The time allowed where nothing else is said, as in `5 working days`.",
    )
    default_ladder: LadderName | None = Field(
        default=None,
        description="The ladder of reminders and escalations where none is named.",
    )
    financial_year_from: Text | None = Field(
        default=None,
        description="The day on which the financial year begins, as in `1 April`.",
    )
    packs: list[PackUse] = Field(
        default_factory=list,
        description="The packs in use: rules made elsewhere, with the terms that this policy sets.",
    )
