"""The published shape of a decision, as commands give it and the store keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from pmo_engine.model.shape import Shape

if TYPE_CHECKING:
    from pmo_engine.decisions.decision import Decision


class PublishedObligation(Shape):
    """Something that follows for somebody."""

    id: str
    kind: str
    rule: str
    binding: str
    role: str | None = Field(alias="from")
    within: str | None
    ladder: str | None
    facts: list[str]
    clause: str
    reasons: list[str]

    @property
    def target(self) -> str:
        """Say what the obligation is about: a role, an evidence, a fact."""
        return self.id.split("/", 2)[2]


class PublishedPolicy(Shape):
    """Which policy decided: ``on`` is the day whose dated values were used (ISO)."""

    name: str
    version: str
    digest: str
    on: str


class PublishedDecision(Shape):
    """What the engine said about an event."""

    status: str
    obligations: list[PublishedObligation]
    fired: list[str]
    not_fired: list[str]
    unknown: dict[str, list[str]]
    faults: dict[str, str]
    derived: dict[str, Any]
    policy: PublishedPolicy
    trial: dict[str, list[str]] | None = Field(default=None, exclude_if=lambda value: value is None)

    @classmethod
    def of(cls, decision: Decision) -> PublishedDecision:
        """Publish a decision."""
        return cls.model_validate(decision.as_dict())
