"""The policy's header, and the packs it uses."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.policy.located import Day, Located
from pmo_engine.policy.source import Mapping, Text


class PackUse(Located):
    """A pack in use, with its parameters."""

    use: Text = Field(description="The pack's name, as in `change_control`.")
    with_: Mapping = Field(
        default_factory=Mapping,
        alias="with",
        description="Values for the pack's parameters; what is not given keeps its default.",
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
    currency: Text = Field(description="The currency of every amount, as in `GBP`.")
    calendar: Text | None = Field(
        default=None,
        description=(
            "The calendar that times allowed are counted in; needed only if there are several."
        ),
    )
    packs: list[PackUse] = Field(
        default_factory=list,
        description="The packs in use: rules made elsewhere, with the terms that this policy sets.",
    )
