"""Cases that would stand at and beside a limit, for a suite that has none there."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.analysis.boundaries import (
    OFFSETS,
    Bound,
    Point,
    Side,
    Tried,
    limit_in_words,
    side_of,
)
from pmo_engine.analysis.situation import Situation
from pmo_engine.analysis.solving import Gap, crossing, gap_of
from pmo_engine.feel import types as t
from pmo_engine.feel.bounds import nearest_within, takes
from pmo_engine.feel.quantities import as_number, is_quantity, like, step_of, zero_of
from pmo_engine.feel.values import Missing
from pmo_engine.feel.wire import to_json
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.events import make_event
from pmo_engine.policy.fact_paths import OF_THE_MOMENT, fact, path_of, type_at
from pmo_engine.policy.suites.expectations import BY_ROLE, BY_TARGET
from pmo_engine.source.yaml_writing import in_yaml
from pmo_engine.suites.expectations import Findings
from pmo_engine.suites.running import first_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pmo_engine.engines.engine import Engine
    from pmo_engine.policy import Rule

SOME = 10
"""How much of a quantity there is to begin with, where no case says."""
WHERE: Mapping[Side, str] = {"below": "just below", "at": "at", "above": "just above"}


@dataclass(frozen=True, slots=True)
class Example:
    """A case for a point: its situation, and the case of a suite that it was made out of."""

    situation: Situation
    path: FactPath
    near: Tried | None


def example_of(engine: Engine, bound: Bound, point: Point) -> Example | None:
    """Make a case that stands at a point by changing one fact of a case that there is, or of none.

    ``None`` where no single fact brings it about.
    """
    boundary = bound.boundary
    if boundary.inside is not None:
        return None
    for near, situation in _starts(engine, bound):
        for path in situation.looked_at(boundary.left, boundary.right):
            varied = _varied(situation, bound, point, path)
            if varied is not None and _stands(varied, bound, point):
                return Example(varied, path, near)
    return None


def _stands(situation: Situation, bound: Bound, point: Point) -> bool:
    """Tell whether a situation would count for a point, and nothing in it is out of bounds.

    What a table does not allow it has no answer for, which is a fault of the rule that asks it.
    """
    boundary = bound.boundary
    right = situation.value(boundary.right)
    if bound.limit is not None and right != bound.limit:
        return False
    if not boundary.is_written_for(situation.selection):
        return False
    left, faults = situation.value(boundary.left), situation.decision.outcomes.faults
    side = side_of(situation, boundary, left, right, bound.step)
    return side == point.side and not any(rule.id in faults for rule in boundary.rules)


def _starts(engine: Engine, bound: Bound) -> Iterator[tuple[Tried | None, Situation]]:
    for each in bound.tried:
        if bound.limit is None or each.situation.value(bound.boundary.right) == bound.limit:
            yield each, each.situation
    policy = engine.policy
    moment = first_moment(policy)
    days = (bound.since, bound.boundary.in_force.start, bound.boundary.rules[0].in_force.start)
    for day in filter(None, days):
        moment = max(moment, datetime.combine(day, time(12), engine.zone))
    for event in bound.boundary.rules[0].on[:1]:
        empty = Situation(engine, make_event(policy, event, moment, {}))
        yield None, empty
        yield None, _filled(empty, bound)


def _filled(situation: Situation, bound: Bound) -> Situation:
    """Give each fact of both sides a value, where neither has any to be held against.

    A list gets one record, with the field that is looked at, or with all that count something.
    """
    facts = situation.engine.policy.facts
    for path in situation.looked_at(bound.boundary.left, bound.boundary.right):
        root, *field = path.steps
        whole = FactPath.of((root,))
        given = not isinstance(fact(situation.event.facts, whole), Missing)
        match type_at(facts, whole):
            case t.ListType(t.ContextType(entries)) if not given:
                situation = situation.having(whole, [{}])
                for name, _ in entries:
                    if not field or name == field[0]:
                        situation = _with_some(situation, FactPath.of((root, 1, name)))
            case _:
                situation = _with_some(situation, path)
    return situation


def _with_some(situation: Situation, path: FactPath) -> Situation:
    """Give a quantity that is not known a value of its type."""
    policy, event = situation.engine.policy, situation.event
    zero = zero_of(type_at(policy.facts, path), policy.currency, event.at)
    if zero is None or not isinstance(fact(event.facts, path), Missing):
        return situation
    value = zero if isinstance(zero, date) else like(zero, as_number(zero) + SOME)
    if value is None:
        return situation
    return situation.having(path, nearest_within(type_at(policy.facts, path), value))


def _varied(situation: Situation, bound: Bound, point: Point, path: FactPath) -> Situation | None:
    boundary = bound.boundary
    event = situation.event
    value: Any = fact(event.facts, path)
    if not is_quantity(value):
        policy = situation.engine.policy
        value = zero_of(type_at(policy.facts, path), policy.currency, event.at)
    if value is None:
        return None
    plain = path == path_of(boundary.left)
    step = bound.step if plain and bound.step is not None else step_of(value)
    gap = gap_of(situation, boundary.left, boundary.right, path, value)
    number = _at_point(gap, as_number(value), step, OFFSETS[point.side])
    wanted = None if number is None else like(value, number)
    if wanted is None or not takes(type_at(situation.engine.policy.facts, path), wanted):
        return None
    return situation.having(path, wanted)


def _at_point(gap: Gap, start: Decimal, step: Decimal, sign: int) -> Decimal | None:
    """Find the number nearest the crossing at which the gap is of a sign."""
    found = crossing(gap, start, step)
    if found is None:
        return None
    low, high = found
    for number in dict.fromkeys((low, high, low - step, high + step)):
        at = gap(number)
        if at is not None and (at > 0) - (at < 0) == sign:
            return number
    return None


def suites_for(engine: Engine, bounds: Iterable[Bound]) -> str:
    """Write the cases that are missing as a suite for each rule, with nothing expected yet.

    What the policy says now stands beside each as a comment: whoever takes a case over says what
    ought to come out. Limits for which no case can be made are listed in comments.
    """
    by_rule: dict[str, list[str]] = {}
    left: list[str] = []
    for bound in bounds:
        about = bound.boundary.rules[0].id
        for point in bound.missed:
            made = example_of(engine, bound, point)
            if made is None:
                left.append(f"# no single fact brings about {_called(engine, bound, point)}\n")
            else:
                by_rule.setdefault(about, []).append(_case(engine, bound, point, made))
    suites = [f"kind: suite\nabout: [{rule}]\ncases:\n{''.join(c)}" for rule, c in by_rule.items()]
    return "---\n".join(suites) + "".join(left)


def _case(engine: Engine, bound: Bound, point: Point, made: Example) -> str:
    event = made.situation.event
    moment = make_event(engine.policy, event.name, event.at, {}).facts
    own = {name for name in OF_THE_MOMENT if event.facts.get(name) != moment.get(name)}
    given = {k: v for k, v in event.facts.items() if k not in OF_THE_MOMENT or k in own}
    near = f"like {made.near.name}; " if made.near is not None else ""
    return (
        f"  - name: {in_yaml(_called(engine, bound, point))}\n"
        f"    event: {event.name}\n"
        f"    at: {in_yaml(to_json(event.at))}\n"
        f"    facts: {in_yaml(to_json(given))}\n"
        f"    expect: {{}}  # {near}now: {said_now(made.situation, bound.boundary.rules)}\n"
    )


def _called(engine: Engine, bound: Bound, point: Point) -> str:
    return f"{WHERE[point.side]} the limit: {limit_in_words(engine.policy, bound)}"


def said_now(situation: Situation, rules: Iterable[Rule]) -> str:
    """Say what the policy makes of a situation now, as ``expect`` of a suite would."""
    found = Findings(situation.decision, [rule.id for rule in rules])
    said = {key: found.of(key) for key in ("fired", *BY_ROLE, *BY_TARGET, "blocked", "unknown")}
    return in_yaml({key: value for key, value in said.items() if value or key == "fired"})
