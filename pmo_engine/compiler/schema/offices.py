"""Offices."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.compiler.schema.located import (
    CalendarName,
    Day,
    HeldName,
    Located,
    OfficeName,
    RoleName,
)
from pmo_engine.model.vocabulary import OfficeForm, OfficeKind
from pmo_engine.source.yaml_source import Text


class OfficeEntry(Located):
    """An office of the organisation."""

    id: Text = Field(description="What projects and appointments call the office, as in `hub`.")
    kind: OfficeKind = Field(
        description=(
            "What it is for: a `portfolio`, a `programme`, a `project`, or as a"
            " `centre of excellence` the standards of the others."
        )
    )
    title: Text | None = Field(
        default=None, description="What people call the office; made from the id if left out."
    )
    under: OfficeName | None = Field(
        default=None,
        description=(
            "The office above it, to which goes what nobody here can do; the one without is at"
            " the top."
        ),
    )
    form: OfficeForm | None = Field(
        default=None,
        description=(
            "How it is made up: a `single` office, a `hub` with offices under it, a `spoke` of a"
            " hub, or `virtual`, its people sitting in line departments."
        ),
    )
    head: RoleName | None = Field(
        default=None,
        description="The role that heads it, which one person holds at a time; as above without.",
    )
    roles: list[HeldName] = Field(
        default_factory=list,
        description=(
            "The roles, functional ones too, that people hold for it; without, any. Its head is"
            " one of them."
        ),
    )
    serves: list[Text] = Field(
        default_factory=list,
        description="The portfolios and programmes whose projects it serves, beside its own.",
    )
    calendar: CalendarName | None = Field(
        default=None, description="The calendar by which it works; the policy's if left out."
    )
    zone: Text | None = Field(
        default=None, description="Its time zone, where it is not that of its calendar."
    )
    from_: Day | None = Field(default=None, alias="from", description="The first day of it.")
    until: Day | None = Field(
        default=None,
        description=(
            "The last day of a temporary office; from then on the office above does its work."
        ),
    )


class Offices(Located):
    """The offices of the organisation."""

    kind: Literal["offices"]
    offices: list[OfficeEntry] = Field(
        min_length=1, description="The offices, of which one is at the top."
    )
