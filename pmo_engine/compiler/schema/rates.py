"""Rates: what other currencies are worth in the policy's own, and when."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.compiler.schema.located import Day, Located
from pmo_engine.source.yaml_source import Text


class RateEntry(Located):
    """The rate of a currency for a time, with the source that set it."""

    of: Text = Field(description="The other currency, by its code, as in `EUR`.")
    from_: Day | None = Field(
        default=None,
        alias="from",
        description="The first day of this rate, as in `2026-01-01`; always if left out.",
    )
    to: Day | None = Field(
        default=None,
        description=(
            "The first day on which it no longer holds; that on which the currency's next rate"
            " begins if left out."
        ),
    )
    rate: Text = Field(
        description="How much of the policy's currency one unit of it is, as in `0.8612`."
    )
    source: Text = Field(description="Who set the rate, and when.")


class Rates(Located):
    """Rates at which amounts of other currencies are held against limits and conditions."""

    kind: Literal["rates"]
    rates: list[RateEntry] = Field(
        description="The rates, those of one currency in the order of their days."
    )
