"""Working time."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from pmo_engine.policy.located import Located, Texts, text_or_mapping
from pmo_engine.policy.source import Text


class Holidays(Located):
    """Public holidays of a country or a part of it."""

    country: Text
    subdivision: Text | None = None


class ClosureEntry(Located):
    """First and last day of a time when the office is closed."""

    from_: Text = Field(alias="from")
    to: Text


class Calendar(Located):
    """Working time of an office."""

    kind: Literal["calendar"]
    id: Text
    zone: Text
    holidays: Holidays | None = None
    hours: dict[str, Texts]
    closures: list[
        Annotated[
            Annotated[Text, Tag("text")] | Annotated[ClosureEntry, Tag("mapping")],
            Discriminator(text_or_mapping),
        ]
    ] = Field(default_factory=list)
    half_days: dict[str, Texts] = Field(default_factory=dict)
