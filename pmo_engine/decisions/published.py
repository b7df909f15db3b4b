"""The published shape of a decision, as commands give it and the store keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pydantic import Field

from pmo_engine.feel.wire import to_json
from pmo_engine.model.shape import Allowed, Shape
from pmo_engine.model.vocabulary import Binding, DecisionStatus, ObligationKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.policy.decision import Obligation, PolicyReference

Judgement: TypeAlias = Literal["fired", "not_fired", "unknown", "fault"]
"""What came of a rule."""


class PublishedObligation(Shape):
    """Something that follows for somebody."""

    id: str
    kind: ObligationKind
    rule: str
    binding: Binding
    role: str | None = Field(alias="from")
    within: Allowed | None
    ladder: str | None
    facts: list[str]
    clause: str
    reasons: list[str]

    @classmethod
    def of(cls, item: Obligation, reasons: Sequence[str]) -> PublishedObligation:
        """Publish an obligation with the reasons for it, in words."""
        return cls(
            id=item.id,
            kind=item.kind,
            rule=item.rule,
            binding=item.binding,
            role=item.role,
            within=item.within,
            ladder=item.ladder,
            facts=list(item.facts),
            clause=item.clause,
            reasons=list(reasons),
        )

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

    @classmethod
    def of(cls, policy: PolicyReference) -> PublishedPolicy:
        """Publish which policy decided."""
        return cls(name=policy.name, version=policy.version, digest=policy.digest, on=policy.on)


class PublishedDecision(Shape):
    """What the engine said about an event."""

    status: DecisionStatus
    obligations: list[PublishedObligation]
    fired: list[str]
    not_fired: list[str]
    unknown: dict[str, list[str]]
    faults: dict[str, str]
    derived: dict[str, Any]
    policy: PublishedPolicy
    trial: dict[str, list[str]] = Field(default={}, exclude_if=lambda value: not value)

    @classmethod
    def of(cls, decision: Decision) -> PublishedDecision:
        """Publish a decision."""
        outcomes = decision.outcomes
        return cls(
            status=decision.status,
            obligations=[
                PublishedObligation.of(item, decision.reasons(item))
                for item in decision.obligations
            ],
            fired=list(outcomes.fired),
            not_fired=list(outcomes.not_fired),
            unknown={rule: list(paths) for rule, paths in outcomes.unknown.items()},
            faults=dict(outcomes.faults),
            derived={name: to_json(value) for name, value in outcomes.derived.items()},
            policy=PublishedPolicy.of(decision.policy),
            trial={rule: list(asked) for rule, asked in decision.trial.items()},
        )

    def judgement(self, rule: str) -> Judgement | None:
        """Say what came of a rule; None where it was not judged."""
        if rule in self.fired:
            return "fired"
        if rule in self.unknown:
            return "unknown"
        if rule in self.faults:
            return "fault"
        return "not_fired" if rule in self.not_fired else None
