"""Working time."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, WrapValidator

from pmo_engine.compiler.schema.located import Located, Texts, keeping_keys, text_or_mapping
from pmo_engine.source.yaml_source import Text


class Holidays(Located):
    """Public holidays of a country or a part of it."""

    country: Text = Field(description="The country by its two letters, as in `GB`.")
    subdivision: Text | None = Field(
        default=None, description="The part of the country, as in `ENG`."
    )
    in_lieu: bool = Field(
        default=True,
        description=(
            "Whether days of weekends that the country works in place of others (China, Hungary)"
            " are worked."
        ),
    )


class ClosureEntry(Located):
    """First and last day of a time when the office is closed."""

    from_: Text = Field(alias="from", description="The first day closed.")
    to: Text = Field(description="The last day closed.")


class Calendar(Located):
    """Working time of an office."""

    kind: Literal["calendar"]
    id: Text = Field(description="What the policy calls the calendar.")
    zone: Text = Field(description="The time zone, as in `Europe/London`.")
    holidays: Holidays | None = Field(
        default=None, description="The public holidays on which nobody works."
    )
    hours: Annotated[dict[str, Texts], WrapValidator(keeping_keys)] = Field(
        description=(
            'The hours of each day or span of days, as in `mon-fri: "09:00-17:30"`; a span may run'
            " over the week's end (`sun-thu`), hours over midnight (`22:00-06:00`)."
        )
    )
    closures: list[
        Annotated[
            Annotated[Text, Tag("text")] | Annotated[ClosureEntry, Tag("mapping")],
            Discriminator(text_or_mapping),
        ]
    ] = Field(
        default_factory=list, description="Days, or spans of days, on which the office is closed."
    )
    half_days: Annotated[dict[str, Texts], WrapValidator(keeping_keys)] = Field(
        default_factory=dict,
        description=(
            "Days with hours of their own: by date, or among the days that are worked each year"
            " (`12-24`), `before holidays`, each month (`last fri`), in some months"
            " (`fri in jul-aug`)."
        ),
    )
