"""The published shape of an explanation, as ``pmo policy explain --json`` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pydantic import Field

from pmo_engine.decisions.published import Judgement, PublishedPolicy
from pmo_engine.feel.values import Range
from pmo_engine.feel.wire import to_json
from pmo_engine.model.shape import Allowed, Shape
from pmo_engine.model.vocabulary import Binding, DecisionStatus, ObligationKind
from pmo_engine.policy.alterations import AllBut

if TYPE_CHECKING:
    from pmo_engine.analysis.explanation import (
        DerivedStory,
        Explanation,
        ObligationStory,
        Part,
        RuleStory,
    )
    from pmo_engine.policy.alterations import Alteration, Claim

Outcome: TypeAlias = Judgement | Literal["not_in_force"]


class ExplainedPart(Shape):
    """A part of a condition that decided its outcome, as written and in words with values."""

    text: str
    line: int
    column: int
    words: str

    @classmethod
    def of(cls, part: Part) -> ExplainedPart:
        """Publish a part."""
        mark = part.mark
        return cls(text=part.text, line=mark.line, column=mark.column, words=part.words)


class ExplainedRule(Shape):
    """What came of one rule and why."""

    rule: str
    title: str
    binding: Binding
    clause: str | None
    source: str | None
    file: str
    line: int
    outcome: Outcome
    parts: tuple[ExplainedPart, ...]
    missing: tuple[str, ...]
    rows: tuple[str, ...]
    note: str | None

    @classmethod
    def of(cls, story: RuleStory) -> ExplainedRule:
        """Publish what came of a rule."""
        rule = story.rule
        return cls(
            rule=rule.id,
            title=rule.title,
            binding=rule.binding,
            clause=rule.clause or None,
            source=rule.source or None,
            file=rule.mark.file,
            line=rule.mark.line,
            outcome=story.outcome,
            parts=tuple(map(ExplainedPart.of, story.parts)),
            missing=story.missing,
            rows=story.rows,
            note=story.note or None,
        )


class Stretch(Shape):
    """A stretch of values; an end that is null is open to that side."""

    low: Any
    low_included: bool
    high: Any
    high_included: bool


class OtherValues(Shape):
    """Any value but these."""

    all_but: Any


class SomeValues(Shape):
    """These values."""

    any_of: Any


def _claimed(claim: Claim) -> Stretch | OtherValues | SomeValues | None:
    match claim:
        case Range(low, high, low_included, high_included):
            return Stretch(
                low=to_json(low),
                low_included=low_included,
                high=to_json(high),
                high_included=high_included,
            )
        case AllBut(values):
            return OtherValues(all_but=to_json(values))
        case tuple():
            return SomeValues(any_of=to_json(claim))
        case None:
            return None


class ExplainedAlteration(Shape):
    """A fact that would alter an obligation, the values that would, and what becomes of it."""

    fact: str
    was: Any = Field(alias="from")
    to: Any
    values: Stretch | OtherValues | SomeValues | None
    effect: Literal["gone", "changed"]
    instead: tuple[str, ...]
    instead_everywhere: bool
    also_gone: tuple[str, ...]
    words: str

    @classmethod
    def of(cls, item: Alteration, words: str) -> ExplainedAlteration:
        """Publish an alteration, and how it reads."""
        return cls(
            fact=item.fact,
            was=to_json(item.was),
            to=to_json(item.to),
            values=_claimed(item.claim),
            effect="gone" if item.effect.changed is None else "changed",
            instead=tuple(each.id for each in item.effect.instead),
            instead_everywhere=item.uniform,
            also_gone=tuple(each.id for each in item.effect.also_gone),
            words=words,
        )


class ExplainedObligation(Shape):
    """What follows, by which clause, which authorities were looked at, and what would alter it."""

    id: str
    kind: ObligationKind
    rules: tuple[str, ...]
    binding: Binding
    role: str | None = Field(alias="from")
    within: Allowed | None
    clause: str
    sources: tuple[str, ...]
    words: str
    reasons: tuple[str, ...]
    authority: tuple[str, ...]
    what_if: tuple[ExplainedAlteration, ...]

    @classmethod
    def of(cls, story: ObligationStory) -> ExplainedObligation:
        """Publish what follows."""
        item = story.obligation
        pairs = zip(story.what_if, story.what_if_words, strict=True)
        return cls(
            id=item.id,
            kind=item.kind,
            rules=item.rules,
            binding=item.binding,
            role=item.role,
            within=item.within,
            clause=item.clause,
            sources=story.sources,
            words=story.words,
            reasons=story.reasons,
            authority=story.authority,
            what_if=tuple(ExplainedAlteration.of(*pair) for pair in pairs),
        )


class ExplainedFact(Shape):
    """A fact that a rule derived."""

    fact: str
    value: Any
    rule: str

    @classmethod
    def of(cls, story: DerivedStory) -> ExplainedFact:
        """Publish a derived fact."""
        return cls(fact=story.fact, value=to_json(story.value), rule=story.rule)


class ExplainedDecision(Shape):
    """Everything that can be said about one decision."""

    event: str
    at: str
    status: DecisionStatus
    obligations: tuple[ExplainedObligation, ...]
    rules: tuple[ExplainedRule, ...]
    derived: tuple[ExplainedFact, ...]
    facts_not_varied: int
    policy: PublishedPolicy

    @classmethod
    def of(cls, explanation: Explanation) -> ExplainedDecision:
        """Publish an explanation."""
        event, decision = explanation.situation.event, explanation.decision
        return cls(
            event=event.name,
            at=to_json(event.at),
            status=decision.status,
            obligations=tuple(map(ExplainedObligation.of, explanation.obligations)),
            rules=tuple(map(ExplainedRule.of, explanation.rules)),
            derived=tuple(map(ExplainedFact.of, explanation.derived)),
            facts_not_varied=explanation.left_out,
            policy=PublishedPolicy.of(decision.policy),
        )
