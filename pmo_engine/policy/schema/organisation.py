"""Roles, terms of reference, ladders."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from pmo_engine.policy.located import Day, Located, text_or_list
from pmo_engine.policy.source import Text


class RoleEntry(Located):
    """A role, or with ``body`` a board."""

    id: Text = Field(
        description="What rules and terms of reference call the role, as in `pmo_head`."
    )
    title: Text | None = Field(
        default=None, description="What people call the role; made from the id if left out."
    )
    senior: Text | None = Field(default=None, description="The role above, to whom matters go up.")
    body: bool = Field(
        default=False, description="Whether it is a board or committee, which decides by votes."
    )
    accountable: bool = Field(
        default=True,
        description="Whether the role can be held to account; a ladder ends with one that can.",
    )


class FunctionalEntry(Located):
    """Who performs a functional role, for which office."""

    role: Text = Field(description="The functional role, as in `risk`; `pmo role list` shows all.")
    performed_by: Literal["specialist", "officer"] = Field(
        description="Who does the work: a specialist or an officer."
    )
    office: Text = Field(
        default_factory=lambda: Text("office"), description="The office whose people perform it."
    )


class Roles(Located):
    """The roles of the organisation."""

    kind: Literal["roles"]
    roles: list[RoleEntry] = Field(description="The roles and bodies of this organisation.")
    functional: list[FunctionalEntry] = Field(
        default_factory=list, description="Who performs each functional role."
    )


def _unlimited(value: Any) -> Any:
    if value == "unlimited":
        return value
    raise PydanticCustomError("up_to", "is neither 'unlimited' nor a list of limits")


ONE_MOMENT: dict[str, JsonValue] = {"oneOf": [{"required": ["at"]}, {"required": ["after"]}]}
ONE_ACTION: dict[str, JsonValue] = {"oneOf": [{"required": ["remind"]}, {"required": ["escalate"]}]}
Unlimited: TypeAlias = Annotated[Literal["unlimited"], BeforeValidator(_unlimited)]


class DatedLimit(Located):
    """A limit from a day on, with the source that set it."""

    from_: Day | None = Field(
        default=None,
        alias="from",
        description="The first day of this limit, as in `2026-01-01`; always if left out.",
    )
    value: Text = Field(
        description="The highest amount covered, itself included, as in `50000 GBP`."
    )
    source: Text = Field(
        default_factory=lambda: Text(""),
        description="Who set the limit, and when: a minute of the board, say.",
    )


class CumulativeOver(Located):
    """What a cumulative limit adds up over."""

    by: Literal["project"] = Field(description="What is added up together.")
    over: Text = Field(description="The days over which amounts add up, as in `90 days`.")


class AuthorityEntry(Located):
    """What a role may do, up to how much."""

    id: Text = Field(description="What clauses and reasons call this authority.")
    may: Text = Field(description="What the role may do, as in `approve change_request`.")
    cumulative: CumulativeOver | None = Field(
        default=None, description="Over what the limit adds up; for each case alone if left out."
    )
    up_to: Annotated[
        Annotated[list[DatedLimit], Tag("list")] | Annotated[Unlimited, Tag("text")],
        Discriminator(text_or_list),
    ] = Field(description="How far it goes: `unlimited`, or limits in the order of their days.")


class QuorumEntry(Located):
    """Parts of the members needed to meet, and to decide."""

    meet: Text = Field(
        description="The part of the members that must be there to meet, as in `1/2`; rounded up."
    )
    vote: Text = Field(
        description=(
            "The part of the members that must vote alike to decide, as in `2/3`; rounded up."
        )
    )


class Terms(Located):
    """Terms of reference of a role or body."""

    kind: Literal["terms_of_reference"]
    for_: Text = Field(alias="for", description="The role or body whose terms these are.")
    purpose: Text | None = Field(
        default=None, description="What the role or body is there for, in a sentence."
    )
    remit: list[Text] = Field(default_factory=list, description="What lies within its remit.")
    exclusions: list[Text] = Field(default_factory=list, description="What is not its business.")
    responsibilities: list[Text] = Field(
        default_factory=list, description="What it answers for, one sentence each."
    )
    authority: list[AuthorityEntry] = Field(
        default_factory=list, description="What it may do by itself, and how far."
    )
    reserved: list[Text] = Field(
        default_factory=list, description="Matters that nobody else may decide."
    )
    members: int | None = Field(default=None, ge=1, description="How many members a body has.")
    quorum: QuorumEntry | None = Field(
        default=None, description="How many members a body needs to meet and to decide."
    )
    deputy: Text | None = Field(
        default=None, description="The role that acts when this one cannot."
    )
    chair: Text | None = Field(default=None, description="The role that chairs the body.")
    voting: Text | None = Field(default=None, description="How the body votes, in a sentence.")
    cadence: Text | None = Field(default=None, description="How often the body meets, in words.")
    inputs: list[Text] = Field(default_factory=list, description="What it gets to work with.")
    outputs: list[Text] = Field(default_factory=list, description="What it gives out.")
    reports_to: Text | None = Field(
        default=None, description="The role or body that it reports to."
    )
    escalates_to: Text | None = Field(
        default=None,
        description="Where matters go that it may not settle; to whom it reports if left out.",
    )
    conflicts: Text | None = Field(
        default=None, description="How conflicts of interest are dealt with."
    )
    review_every: Text | None = Field(
        default=None, description="How often these terms are looked at again, as in `12 months`."
    )


class RungEntry(Located):
    """A rung: ``at`` a share of the time allowed, or ``after`` the due moment."""

    model_config = ConfigDict(json_schema_extra={"allOf": [ONE_MOMENT, ONE_ACTION]})

    at: Text | None = Field(
        default=None,
        description="The share of the time allowed after which this happens, as in `50 %`.",
    )
    after: Text | None = Field(
        default=None,
        description="The time after the due moment at which this happens, as in `1 working day`.",
    )
    remind: Text | None = Field(
        default=None, description="Who is reminded: `addressee`, `deputy`, `senior` or a role."
    )
    escalate: Text | None = Field(
        default=None, description="To whom the matter goes: `deputy`, `senior` or a role."
    )

    @model_validator(mode="after")
    def _one_each(self) -> RungEntry:
        if (self.at is None) == (self.after is None):
            raise ValueError("a rung comes either 'at' a share or 'after' a time")
        if (self.remind is None) == (self.escalate is None):
            raise ValueError("a rung either reminds or escalates")
        return self


class LadderEntry(Located):
    """Reminders and escalations in order."""

    id: Text = Field(description="What rules and gates call the ladder, as in `standard`.")
    rungs: list[RungEntry] = Field(
        min_length=1, description="Reminders and escalations in the order in which they come."
    )


class Ladders(Located):
    """Ladders."""

    kind: Literal["ladders"]
    ladders: list[LadderEntry] = Field(description="The ladders of this organisation.")
