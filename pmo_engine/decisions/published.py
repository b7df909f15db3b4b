"""The published shape of a decision, as commands give it and the store keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pydantic import Field

from pmo_engine.feel.wire import to_json
from pmo_engine.model.shape import Allowed, Shape
from pmo_engine.model.vocabulary import Binding, DecisionStatus, ObligationKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.model.signatures import Signatures
    from pmo_engine.policy.decision import Obligation, PolicyReference

Judgement: TypeAlias = Literal["fired", "not_fired", "unknown", "fault"]
"""What came of a rule."""


class PublishedObligation(Shape):
    """Something that follows for somebody.

    Of several who sign ``role`` is the list, and ``needs`` how many of them have to.
    """

    id: str
    kind: ObligationKind
    rule: str
    binding: Binding
    role: str | list[str] | None = Field(alias="from")
    within: Allowed | None
    ladder: str | None
    facts: list[str]
    clause: str
    reasons: list[str]
    act: str = Field(default="", exclude_if=lambda value: not value)
    needs: str = Field(default="", exclude_if=lambda value: not value)
    sequence: bool = Field(default=False, exclude_if=lambda value: not value)
    distinct: bool = Field(default=True, exclude_if=lambda value: value)

    @classmethod
    def of(cls, item: Obligation, reasons: Sequence[str]) -> PublishedObligation:
        """Publish an obligation with the reasons for it, in words."""
        signatures = item.signatures
        return cls(
            id=item.id,
            kind=item.kind,
            rule=item.rule,
            binding=item.binding,
            role=item.role if signatures is None else asked_of(signatures),
            within=item.within,
            ladder=item.ladder,
            facts=list(item.facts),
            clause=item.clause,
            reasons=list(reasons),
            act=item.act,
            needs="" if signatures is None else signatures.needed,
            sequence=signatures is not None and signatures.in_sequence,
            distinct=signatures is None or signatures.distinct,
        )

    @property
    def target(self) -> str:
        """Say what the obligation is about: a role, an evidence, a fact."""
        target = self.id.split("/", 2)[2]
        return target.removesuffix(f"/{self.act}") if self.act else target


def asked_of(signatures: Signatures) -> str | list[str]:
    """Give the role that signs, or of several the list, each as policies write it."""
    if len(signatures.of) == 1:
        return signatures.of[0].role
    return [str(each) for each in signatures.of]


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

    @classmethod
    def asking(
        cls, asked: Iterable[tuple[Obligation, tuple[str, ...]]], policy: PolicyReference
    ) -> PublishedDecision:
        """Publish what is asked for, each with why, though no rule was judged."""
        return cls(
            status="waiting",
            obligations=[PublishedObligation.of(item, why) for item, why in asked],
            fired=[],
            not_fired=[],
            unknown={},
            faults={},
            derived={},
            policy=PublishedPolicy.of(policy),
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


def standing_faults(decisions: Iterable[PublishedDecision]) -> dict[str, str]:
    """Give the rules that could not be judged when they were judged last, with the reason.

    ``decisions`` are about one subject, the oldest first. What an event finds of other rules takes
    no fault away.
    """
    found: dict[str, str] = {}
    for each in decisions:
        for rule in (*each.fired, *each.not_fired, *each.unknown):
            found.pop(rule, None)
        found |= each.faults
    return found
