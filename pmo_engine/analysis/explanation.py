"""Why a decision is what it is: rule by rule, obligation by obligation, and what would alter it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.analysis.published import ExplainedDecision, Outcome
from pmo_engine.analysis.situation import Situation
from pmo_engine.analysis.what_if import WhatIf
from pmo_engine.authority.limits import considered
from pmo_engine.authority.titles import titled
from pmo_engine.engines.traces import Trace
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.values import Missing
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy import RequireApproval, RequireInformation
from pmo_engine.policy.events import EventError, read_event
from pmo_engine.prose.alterations import alteration_in_words, considered_in_words
from pmo_engine.prose.expressions import truth_in_words
from pmo_engine.prose.names import called, is_of_roles, path_in_words
from pmo_engine.prose.rules import obligation_in_words
from pmo_engine.prose.tables import cited_in_words
from pmo_engine.prose.values import joined, value_in_words

if TYPE_CHECKING:
    from pmo_engine.engines.engine import Engine
    from pmo_engine.policy import Derive, Rule
    from pmo_engine.policy.alterations import Alteration
    from pmo_engine.policy.decision import Obligation
    from pmo_engine.source.diagnostics import Mark

MOST_ITEMS = 5
"""How many items of a list that decided are named."""

SAID: Mapping[Outcome, str] = {
    "fired": "fired",
    "not_fired": "did not fire",
    "unknown": "unknown",
    "fault": "fault",
    "not_in_force": "not in force",
}
Truth: TypeAlias = bool | Missing


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a condition that decided its outcome, as written and in words with values."""

    text: str
    mark: Mark
    truth: Truth
    words: str


@dataclass(frozen=True, slots=True)
class RuleStory:
    """What came of one rule and why."""

    rule: Rule
    outcome: Outcome
    parts: tuple[Part, ...] = ()
    missing: tuple[str, ...] = ()  # in words
    rows: tuple[str, ...] = ()  # of tables, from which an answer was, in words
    note: str = ""  # the fault, when the rule is in force, or what it would ask for on trial


@dataclass(frozen=True, slots=True)
class ObligationStory:
    """What follows, by which clause, which authorities were looked at, and what would alter it."""

    obligation: Obligation
    words: str
    reasons: tuple[str, ...]
    sources: tuple[str, ...]
    authority: tuple[str, ...]
    what_if: tuple[Alteration, ...]
    what_if_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DerivedStory:
    """A fact that a rule derived; ``said`` is how people call it, with its value."""

    fact: str
    value: Any
    rule: str
    said: str


class Explanation:
    """Everything that can be said about one decision; ``only`` keeps to one rule."""

    def __init__(self, situation: Situation, only: str | None = None) -> None:
        self.situation, self.only = situation, only
        self.policy = situation.engine.policy
        self.decision = situation.decision
        self._what_if = WhatIf(situation)

    @cached_property
    def rules(self) -> tuple[RuleStory, ...]:
        """Tell of each rule that waits for the event, in the order of the policy."""
        waiting = self.situation.event.name.judged_as
        return tuple(
            self._rule(rule)
            for rule in self.policy.rules
            if not waiting.isdisjoint(rule.on) and self.only in {None, rule.id}
        )

    @cached_property
    def obligations(self) -> tuple[ObligationStory, ...]:
        """Tell of each obligation, in the order of the decision."""
        return tuple(
            self._obligation(item)
            for item in self.decision.obligations
            if self.only is None or self.only in item.rules
        )

    @cached_property
    def derived(self) -> tuple[DerivedStory, ...]:
        """Tell of each fact that a rule derived."""
        selection, outcomes = self.situation.selection, self.decision.outcomes
        return tuple(
            self._derived(each, outcomes.derived[each.fact], rule)
            for rule in selection.rules
            for each in rule.derivations
            if each.fact in outcomes.derived and self.only in {None, rule.id}
        )

    def _derived(self, effect: Derive, value: Any, rule: Rule) -> DerivedStory:
        type_ = effect.value.node.static_type or t.ANY
        is_role = isinstance(value, str) and is_of_roles(type_, self.policy)
        shown = titled(value, self.policy) if is_role else value_in_words(value)
        said = f"{called(effect.fact, self.policy)}: {shown}"
        return DerivedStory(effect.fact, value, rule.id, said)

    @property
    def left_out(self) -> int:
        """Count the facts that were too many to be varied."""
        return self._what_if.left_out if self._alterations else 0

    def published(self) -> ExplainedDecision:
        """Give the shape that ``pmo policy explain --json`` prints."""
        return ExplainedDecision.of(self)

    # Obligations

    @cached_property
    def _alterations(self) -> dict[str, list[Alteration]]:
        return self._what_if.alterations()

    def _obligation(self, item: Obligation) -> ObligationStory:
        by_id = self.situation.selection.by_id
        found = tuple(self._alterations[item.id])
        return ObligationStory(
            obligation=item,
            words=obligation_in_words(item, self.policy),
            reasons=self.decision.reasons(item),
            sources=tuple(dict.fromkeys(filter(None, (by_id[r].source for r in item.rules)))),
            authority=self._authority(item),
            what_if=found,
            what_if_words=tuple(alteration_in_words(each, self.policy) for each in found),
        )

    def _authority(self, item: Obligation) -> tuple[str, ...]:
        """Say which limits were looked at where the least senior role with authority is asked."""
        selection = self.situation.selection
        seeking = any(_seeks(selection.by_id[rule], item.act) for rule in item.rules)
        if item.kind != "approval" or not seeking:
            return ()
        looked_at = considered(selection, self.situation.event.facts, item.act)
        return tuple(considered_in_words(each, self.policy) for each in looked_at)

    # Rules

    def _rule(self, rule: Rule) -> RuleStory:
        outcomes = self.decision.outcomes
        if self.situation.selection.by_id.get(rule.id) is not rule:  # a rule may be dated in parts
            return RuleStory(rule, "not_in_force", note=_in_force(rule))
        rows = self._rows(rule)
        if rule.id in outcomes.faults:
            return RuleStory(rule, "fault", rows=rows, note=outcomes.faults[rule.id])
        if rule.id in outcomes.unknown:
            missing = tuple(path_in_words(p, self.policy) for p in outcomes.unknown[rule.id])
            return RuleStory(rule, "unknown", self._parts(rule), missing, rows)
        fired = rule.id in outcomes.fired
        asked = " ".join(self.decision.trial.get(rule.id, ()))
        outcome: Outcome = "fired" if fired else "not_fired"
        return RuleStory(rule, outcome, self._parts(rule), self._lacking(rule), rows, asked)

    def _lacking(self, rule: Rule) -> tuple[str, ...]:
        """Name what would have to be known for a rule that fired to tell who is asked."""
        own = {path for e in rule.then if isinstance(e, RequireInformation) for path in e.facts}
        asked = (each for each in self.decision.obligations if each.kind == "information")
        paths = [path for each in asked if rule.id in each.rules for path in each.facts]
        lacking = dict.fromkeys(path for path in paths if path not in own)
        return tuple(path_in_words(path, self.policy) for path in lacking)

    def _rows(self, rule: Rule) -> tuple[str, ...]:
        """Say from which rows of tables it has its answers; without firing, its condition alone."""
        fired = rule.id in self.decision.outcomes.fired
        expressions = rule.expressions if fired else filter(None, (rule.when,))
        trace = Trace()
        for expression in expressions:
            self.situation.value(expression.node, trace)
        found = {
            (name, n) for name, answers in trace.tables.items() for a in answers for n in a.rows
        }
        return tuple(
            cited_in_words(self.policy.tables[name], number, self.policy)
            for name, number in sorted(found)
        )

    def _parts(self, rule: Rule) -> tuple[Part, ...]:
        condition = rule.when
        if condition is None:
            return ()
        return tuple(
            Part(
                text=" ".join(condition.text[node.start : node.end].split()),
                mark=condition.place(node),
                truth=truth,
                words=self._said(node, truth),
            )
            for node, truth in deciding(condition.node, self.situation.value)
        )

    def _said(self, node: n.Node, truth: Truth) -> str:
        holds = isinstance(truth, Missing) or truth
        said = truth_in_words(node, self.policy, self.situation.scope, holds=holds)
        items = [path_in_words(path, self.policy) for path in self._deciding_items(node, truth)]
        return f"{said} ({joined(items[:MOST_ITEMS])})" if items else said

    def _deciding_items(self, node: n.Node, truth: Truth) -> Iterator[str]:
        """Name the records of a list for which *some* is true, or for which *every* is not."""
        match node:
            case n.Quantified(quantifier, (n.Iterator(name, n.Name(listed), None),), condition):
                wanted = quantifier == "some"
            case _:
                return
        items = self.situation.scope.get(listed)
        for number, item in enumerate(items if isinstance(items, list) else (), 1):
            if truth is wanted and self.situation.value(condition, also={name: item}) is wanted:
                yield f"{listed}[{number}]"


def _seeks(rule: Rule, act: str) -> bool:
    """Tell whether a rule asks the least senior who may do an act; empty is to approve."""
    own = {f"approve {event.partition('.')[0]}" for event in rule.on}
    approvals = (each for each in rule.then if isinstance(each, RequireApproval))
    return any(each.seeks and (each.act in own or (each.act or "") == act) for each in approvals)


def rules_in_words(
    engine: Engine, event: Mapping[str, Any], about: Collection[str]
) -> Iterator[str]:
    """Say of each rule judged by an event what came of it and why, those alone that are asked for.

    Nothing where the event cannot be judged at all.
    """
    try:
        situation = Situation(engine, read_event(engine.policy, event))
    except EventError:
        return
    for story in Explanation(situation).rules:
        if story.outcome == "not_in_force" or (about and story.rule.id not in about):
            continue
        parts = [part.words for part in story.parts] or [story.note or story.rule.title]
        yield f"{story.rule.id} {SAID[story.outcome]}: {joined(parts)}"
        if story.outcome == "fired" and story.missing:
            yield f"{story.rule.id} cannot tell who is asked: not known: {joined(story.missing)}"


def deciding(node: n.Node, value: Callable[[n.Node], Any]) -> Iterator[tuple[n.Node, Truth]]:
    """Give the smallest parts of a condition that make it what it is, each with its truth.

    Of an *and* that is false only the false parts decide, of one that is true all do; of an *or*
    the other way round; of either that is unknown, the unknown parts do.
    """
    truth = value(node)
    match node:
        case n.Conjunction(operands) | n.Disjunction(operands):
            for operand in operands:
                if _same(value(operand), truth):
                    yield from deciding(operand, value)
        case n.Not(operand):
            yield from deciding(operand, value)
        case n.Conditional(condition, consequence, alternative):
            yield from deciding(condition, value)
            found = value(condition)
            if not isinstance(found, Missing):
                yield from deciding(consequence if found is True else alternative, value)
        case _ if isinstance(truth, bool | Missing):
            yield node, truth


def _same(one: Any, other: Any) -> bool:
    return one is other or (isinstance(one, Missing) and isinstance(other, Missing))


def _in_force(rule: Rule) -> str:
    start, end = rule.in_force.start, rule.in_force.end
    begins = f"from {value_in_words(start)}" if start is not None else ""
    ends = f"until {value_in_words(end)}" if end is not None else ""
    return " ".join(filter(None, (begins, ends)))
