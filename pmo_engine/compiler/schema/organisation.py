"""Roles and ladders."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field, JsonValue, model_validator

from pmo_engine.compiler.schema.located import (
    EscalatedTo,
    FunctionalName,
    HeldName,
    Located,
    OfficeName,
    Reminded,
    RoleName,
)
from pmo_engine.source.yaml_source import Text


class RoleEntry(Located):
    """A role, or with ``body`` a board."""

    id: Text = Field(
        description="What rules and terms of reference call the role, as in `pmo_head`."
    )
    title: Text | None = Field(
        default=None, description="What people call the role; made from the id if left out."
    )
    senior: RoleName | None = Field(
        default=None, description="The role above, to whom matters go up."
    )
    body: bool = Field(
        default=False, description="Whether it is a board or committee, which decides by votes."
    )
    accountable: bool = Field(
        default=True,
        description="Whether the role can be held to account; a ladder ends with one that can.",
    )
    rank: Literal["specialist", "officer"] | None = Field(
        default=None,
        description="The rank of whoever holds it, as `performed_by` of a functional role asks for"
        " it: a `specialist` or an `officer`.",
    )
    not_with: list[HeldName] = Field(
        default_factory=list,
        description=(
            "The roles, functional ones too, that nobody holds beside this one in the same "
            "project, nor where one of the two is held everywhere."
        ),
    )


class FunctionalEntry(Located):
    """Who performs a functional role, for which office."""

    role: FunctionalName = Field(
        description="The functional role, as in `risk`; `pmo role list` shows all."
    )
    performed_by: Literal["specialist", "officer"] = Field(
        description="Of which rank whoever performs it is: a `specialist` or an `officer`; who it"
        " is, an appointment says. Where a role has that `rank`, `pmo policy check --store` tells"
        " of who performs it and holds neither such a role nor one above it."
    )
    office: OfficeName = Field(
        default_factory=lambda: Text("office"),
        description="The office whose people perform it for all; without, each office's own.",
    )


class IncompatibleEntry(Located):
    """Roles of which nobody holds two, as `not_with` says it of one role."""

    roles: list[HeldName] = Field(
        min_length=2, description="The roles of which nobody holds two, as in `[sponsor, finance]`."
    )
    source: Text = Field(
        default_factory=lambda: Text(""), description="The rule or decision that parts them."
    )


class Roles(Located):
    """The roles of the organisation."""

    kind: Literal["roles"]
    roles: list[RoleEntry] = Field(description="The roles and bodies of this organisation.")
    functional: list[FunctionalEntry] = Field(
        default_factory=list, description="Who performs each functional role."
    )
    incompatible: list[IncompatibleEntry] = Field(
        default_factory=list,
        description="Which roles, those of packs too, nobody holds together.",
    )


ONE_MOMENT: dict[str, JsonValue] = {"oneOf": [{"required": ["at"]}, {"required": ["after"]}]}
ONE_ACTION: dict[str, JsonValue] = {"oneOf": [{"required": ["remind"]}, {"required": ["escalate"]}]}


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
    remind: Reminded | None = Field(
        default=None, description="Who is reminded: `addressee`, `deputy`, `senior` or a role."
    )
    escalate: EscalatedTo | None = Field(
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


class ActEntry(Located):
    """An act beside those that every policy has."""

    id: Text = Field(
        description="Its verb, as in `endorse`: terms and approvals go on with what it is done to."
    )
    does: Literal["decides", "signs", "is asked", "is told"] = Field(
        description=(
            "What it is: it `decides` with the others, it `signs` beside those who decide, whoever"
            " does it `is asked` and answers before they are, or `is told`."
        )
    )
    label: Text | None = Field(
        default=None, description="What people call it, as in `give technical approval to`."
    )


class Acts(Located):
    """Acts."""

    kind: Literal["acts"]
    acts: list[ActEntry] = Field(description="The acts of this organisation.")
