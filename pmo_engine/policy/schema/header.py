"""The policy's header, and the packs it uses."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.policy.located import Day, Located
from pmo_engine.policy.source import Mapping, Text


class PackUse(Located):
    """A pack in use, with its parameters."""

    use: Text
    with_: Mapping = Field(default_factory=Mapping, alias="with")


class PolicyHeader(Located):
    """Name, version and ground rules of a policy."""

    kind: Literal["policy"]
    name: Text
    version: Text
    title: Text | None = None
    in_force_from: Day | None = None
    currency: Text
    calendar: Text | None = None
    packs: list[PackUse] = Field(default_factory=list)
