"""What gates ask by expressions, as rules: every engine judges them as it judges any other.

A criterion that holds has fired, one that does not has not; what is missing and what goes wrong is
neither. The score of a should is a derived fact.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.feel.values import Missing
from pmo_engine.model.event_names import EventName
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.names import words
from pmo_engine.policy import Derive, Finding, InForce, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pmo_engine.model.vocabulary import Judged, Outcome
    from pmo_engine.policy import Criterion, Expression, Gate, Policy
    from pmo_engine.policy.decision import Outcomes
    from pmo_engine.source.diagnostics import Mark

LOOKED_AT = frozenset({"gate.opened", "gate.assessed"})
"""The events on which facts are derived that criteria may look at, too."""
HIGHEST = Decimal(10)


@dataclass(frozen=True, slots=True)
class Answer:
    """How an expression judges a criterion: the score of a should, and why it cannot tell."""

    answer: Judged
    score: Decimal | None = None
    why: tuple[str, ...] = ()


def judged_at(gate: str) -> EventName:
    """Name the event on which the criteria of a gate are judged."""
    return EventName.of("gate", f"judged_{gate}")


def judging(policy: Policy) -> Policy:
    """Give the policy with the criteria of its gates for its rules."""
    events = (*map(judged_at, policy.gates), *map(due_at, policy.gates))
    derived = [
        replace(rule, on=events, then=tuple(rule.derivations))
        for rule in policy.rules
        if LOOKED_AT.intersection(rule.on) and any(rule.derivations)
    ]
    criteria = [rule for gate in policy.gates.values() for rule in _rules(gate)]
    strata = (*policy.strata, tuple(rule.id for rule in criteria))
    return replace(policy, rules=(*derived, *criteria), strata=strata)


def _rules(gate: Gate) -> Iterator[Rule]:
    """Give each expression of a gate as a rule, on the event at which it is asked."""
    judged, due = judged_at(gate.id), due_at(gate.id)
    for each in gate.criteria:
        if each.score is not None:
            score = Derive(_scored(gate, each), each.score)
            yield _rule(_named(gate, each), judged, None, score, each.mark)
        elif each.when is not None:
            yield _rule(_named(gate, each), judged, each.when, Finding(each.text), each.mark)
    for number, advice in enumerate(gate.recommend):
        effect = Finding(advice.because)
        yield _rule(_advice(gate, number), judged, advice.when, effect, gate.mark)
    for number, opening in enumerate(gate.opens):
        name = opening_of(gate, number)
        if opening.on is not None:
            yield _rule(name, opening.on, opening.when, Finding(gate.title), gate.mark)
        elif opening.of is not None:
            yield _rule(name, due, None, Derive(day_of(gate, number), opening.of), gate.mark)


def _rule(
    id: str, on: EventName, when: Expression | None, effect: Derive | Finding, mark: Mark
) -> Rule:
    return Rule(
        id=id,
        title=id,
        on=(on,),
        binding="may",
        when=when,
        then=(effect,),
        in_force=InForce(),
        clause="",
        source="",
        pack=None,
        mark=mark,
    )


def due_at(gate: str) -> EventName:
    """Name the event on which it is asked when a gate is to be opened."""
    return EventName.of("gate", f"due_{gate}")


def day_of(gate: Gate, number: int) -> str:
    """Name the fact of the day by which a gate is opened."""
    return f"day {number} of {gate.id}"


def opening_of(gate: Gate, number: int) -> str:
    """Name the rule that stands for an opening of a gate."""
    return f"{gate.id} opens {number}"


def unopened_on(openings: Iterable[str], found: Outcomes) -> dict[str, tuple[str, ...]]:
    """Say of openings on an event why it cannot be judged whether they open, where it cannot."""
    return {each: why for each in openings if (why := _unjudged(each, found))}


def _advice(gate: Gate, number: int) -> str:
    return f"{gate.id} recommends {number}"


def advised(gate: Gate, found: Outcomes) -> Iterator[tuple[Outcome, str, bool]]:
    """Give the outcomes that the rules of a gate recommend, in their order, each with why.

    The last says whether it is so; where it is False, whether it is could not be judged.
    """
    for number, each in enumerate(gate.recommend):
        name = _advice(gate, number)
        if name in found.fired:
            yield each.outcome, each.because, True
        elif why := _unjudged(name, found):
            said = f"whether {words(each.outcome)} is recommended ({each.because}) cannot be judged"
            yield each.outcome, f"{said}: {'; '.join(why)}", False


def unopened(gate: Gate, found: Outcomes) -> Iterator[str]:
    """Say what went wrong where it was asked whether, or by which day, a gate is opened."""
    for number in range(len(gate.opens)):
        if text := found.faults.get(opening_of(gate, number)):
            yield text


def _unjudged(name: str, found: Outcomes) -> tuple[str, ...]:
    """Say why an expression could not be judged; nothing where it could."""
    if name in found.faults:
        return (found.faults[name],)
    return _missing(found.unknown[name]) if name in found.unknown else ()


def _named(gate: Gate, criterion: Criterion) -> str:
    return f"{gate.id}/{criterion.id}"


def _scored(gate: Gate, criterion: Criterion) -> str:
    return f"score of {_named(gate, criterion)}"


def answers(gate: Gate, found: Outcomes) -> Mapping[str, Answer]:
    """Read how the criteria of a gate that are judged by expressions are, by their ids."""
    return {each.id: _answer(gate, each, found) for each in gate.criteria if each.by_expression}


def _answer(gate: Gate, criterion: Criterion, found: Outcomes) -> Answer:
    name = _named(gate, criterion)
    if why := _unjudged(name, found):
        return Answer("cannot_tell", why=why)
    if criterion.score is not None:
        fact = _scored(gate, criterion)
        return _score(criterion, found.derived.get(fact, found.open.get(fact)))
    holds = name in found.fired
    if criterion.level == "must":
        return Answer("yes" if holds else "no")
    return _against(criterion, HIGHEST if holds else Decimal(0))


def _missing(paths: tuple[str, ...]) -> tuple[str, ...]:
    return (f"not known: {', '.join(paths)}",)


def _score(criterion: Criterion, value: Any) -> Answer:
    if isinstance(value, Missing):
        return Answer("cannot_tell", why=value.faults or _missing(value.paths))
    if not isinstance(value, Decimal) or not 0 <= value <= HIGHEST:
        said = "nothing" if value is None else value
        return Answer("cannot_tell", why=(f"it comes to {said}, and a score is from 0 to 10",))
    return _against(criterion, value)


def _against(criterion: Criterion, score: Decimal) -> Answer:
    return Answer("yes" if score >= (criterion.hurdle or 0) else "no", score)
