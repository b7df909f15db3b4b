"""Roles, terms of reference, ladders."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from pmo_engine.policy.located import Day, Located, text_or_list
from pmo_engine.policy.source import Text


class RoleEntry(Located):
    """A role, or with ``body`` a board."""

    id: Text
    title: Text | None = None
    senior: Text | None = None
    body: bool = False
    accountable: bool = True


class FunctionalEntry(Located):
    """Who performs a functional role, for which office."""

    role: Text
    performed_by: Literal["specialist", "officer"]
    office: Text = Field(default_factory=lambda: Text("office"))


class Roles(Located):
    """The roles of the organisation."""

    kind: Literal["roles"]
    roles: list[RoleEntry]
    functional: list[FunctionalEntry] = Field(default_factory=list)


def _unlimited(value: Any) -> Any:
    if value == "unlimited":
        return value
    raise PydanticCustomError("up_to", "is neither 'unlimited' nor a list of limits")


Unlimited: TypeAlias = Annotated[Literal["unlimited"], BeforeValidator(_unlimited)]


class DatedLimit(Located):
    """A limit from a day on, with the source that set it."""

    from_: Day | None = Field(default=None, alias="from")
    value: Text
    source: Text = Field(default_factory=lambda: Text(""))


class CumulativeOver(Located):
    """What a cumulative limit adds up over."""

    by: Literal["project"]
    over: Text


class AuthorityEntry(Located):
    """What a role may do, up to how much."""

    id: Text
    may: Text
    cumulative: CumulativeOver | None = None
    up_to: Annotated[
        Annotated[list[DatedLimit], Tag("list")] | Annotated[Unlimited, Tag("text")],
        Discriminator(text_or_list),
    ]


class QuorumEntry(Located):
    """Parts of the members needed to meet, and to decide."""

    meet: Text
    vote: Text


class Terms(Located):
    """Terms of reference of a role or body."""

    kind: Literal["terms_of_reference"]
    for_: Text = Field(alias="for")
    purpose: Text | None = None
    remit: list[Text] = Field(default_factory=list)
    exclusions: list[Text] = Field(default_factory=list)
    responsibilities: list[Text] = Field(default_factory=list)
    authority: list[AuthorityEntry] = Field(default_factory=list)
    reserved: list[Text] = Field(default_factory=list)
    members: int | None = Field(default=None, ge=1)
    quorum: QuorumEntry | None = None
    deputy: Text | None = None
    chair: Text | None = None
    voting: Text | None = None
    cadence: Text | None = None
    inputs: list[Text] = Field(default_factory=list)
    outputs: list[Text] = Field(default_factory=list)
    reports_to: Text | None = None
    escalates_to: Text | None = None
    conflicts: Text | None = None
    review_every: Text | None = None


class RungEntry(Located):
    """A rung: ``at`` a share of the time allowed, or ``after`` the due moment."""

    at: Text | None = None
    after: Text | None = None
    remind: Text | None = None
    escalate: Text | None = None

    @model_validator(mode="after")
    def _one_each(self) -> RungEntry:
        if (self.at is None) == (self.after is None):
            raise ValueError("a rung comes either 'at' a share or 'after' a time")
        if (self.remind is None) == (self.escalate is None):
            raise ValueError("a rung either reminds or escalates")
        return self


class LadderEntry(Located):
    """Reminders and escalations in order."""

    id: Text
    rungs: list[RungEntry] = Field(min_length=1)


class Ladders(Located):
    """Ladders."""

    kind: Literal["ladders"]
    ladders: list[LadderEntry]
