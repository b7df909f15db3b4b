"""Where rules may fire and surely do: held against what the engine makes of random events."""

# ruff: noqa: E501 - what is tried stands on one line, however long

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pmo_engine.compiler.loading import bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.compiler.rule_findings.conditions import Space, space_of
from pmo_engine.compiler.rule_findings.following import Following
from pmo_engine.compiler.rule_findings.measures import Difference
from pmo_engine.compiler.table_findings.regions import Box
from pmo_engine.engines.engine import Engine
from pmo_engine.engines.tracing import evaluate_in_rule
from pmo_engine.feel import nodes as n
from pmo_engine.feel import operations as op
from pmo_engine.model.event_names import EventName
from pmo_engine.model.money import Money
from pmo_engine.policy import Policy
from tests.small_policy import HEADER

FIELDS = """weeks: {type: number}
      most: {type: number}
      budget: {type: money}"""
MOMENTS = {"today": date(2026, 3, 2), "now": datetime(2026, 3, 2, 9, tzinfo=UTC)}
COSTS = (999, 1000, 1001, 5000)
WEEKS = (-1, 0, 1, 2, 3)
CATEGORIES = ("scope", "time", "cost")
TABLE = """
---
kind: table
id: size_of
title: T
hit_policy: {hits}
inputs:
  - {{name: cost, type: money{allowed}}}
  - {{name: urgent, type: boolean}}
outputs: [{{name: size, type: [small, middle, large]{default}}}]
rows:
  - {{when: ['<= 1000 GBP', '-'], then: [small]}}
  - {{when: ['> {limit} GBP', 'false'], then: [middle]}}
  - {{when: ['> {limit} GBP', 'true'], then: [large]}}
"""
SUITE = """
---
kind: suite
event: change.submitted
cases: [{name: a, expect: {status: clear}}]
"""

OPERATORS = ("<", "<=", "=", "!=", ">=", ">")
SIZES = ('"small"', '"middle"', '"large"')
CALLS = (
    "size",
    "size_of(change.cost, change.urgent)",
    "size_of(urgent: change.urgent, cost: plus)",
)


def leaf(random: Random) -> str:
    """Write a condition without parts."""
    pick = random.choice
    by, cost, weeks = pick(OPERATORS), f'@"{pick(COSTS)} GBP"', pick(WEEKS)
    alike, size, called = pick(("=", "!=")), pick(SIZES), pick(CALLS)
    return pick(
        (
            "change.urgent",
            "major",
            "flag",
            f"change.cost {by} {cost}",
            f"plus {by} {cost}",
            f"{cost} {by} change.cost",
            f"change.weeks {by} {weeks}",
            f"3 - change.weeks * 2 {by} {weeks}",
            f"change.cost {by} change.budget",
            f'change.budget {by} change.cost + @"{pick((0, 1, 4000))} GBP"',
            f'change.cost - change.budget {by} @"{pick((-1, 0, 4000))} GBP"',
            f"change.cost {by} change.budget * 2",
            f"change.asked_on {by} {pick(('today', 'date(now)', 'change.due'))}",
            f'today {by} change.asked_on + @"P{pick((1, 3))}D"',
            f'today {by} @"2026-03-0{pick((1, 2, 3))}"',
            "change.weeks between 1 and change.most",
            "change.weeks in [1..change.most]",
            f"change.weeks in {pick(('[change.most..2]', '(change.most..3)', '[0..change.most)'))}",
            f"change.asked_on.{pick(('day', 'weekday', 'month'))} {by} {pick((1, 2, 3))}",
            f"modulo(change.weeks, {pick((2, 3))}) {by} {pick((0, 1))}",
            f"{pick(('abs', 'floor', 'ceiling'))}(change.weeks) {by} {weeks}",
            f"max(change.weeks, change.most) {by} {weeks}",
            f'day of week(change.asked_on) {alike} "{pick(("Sunday", "Monday"))}"',
            "change.weeks in (> change.most)",
            f"count(changes) {by} {pick((0, 1, 2))}",
            f"count(changes[cost > change.cost]) {by} {pick((0, 1))}",
            f'sum(changes.cost) {by} @"{pick(COSTS)} GBP"',
            f"some c in changes satisfies c.cost {by} change.cost",
            f"every each in changes satisfies each.cost {by} change.cost",
            'starts with(change.reason, "a")',
            f"change.weeks * -2 + 1 {by} {weeks}",
            f"get or else(weeks, 1) {by} {weeks}",
            f"is defined({pick(('weeks', 'size'))})",
            f'change.category {alike} "{pick(CATEGORIES)}"',
            f"{called} {alike} {size}",
            f"{called} in [{size}, {pick(SIZES)}]",
            f"{pick(('major', 'flag'))} {alike} {pick(('true', 'false'))}",
        )
    )


def condition(random: Random, depth: int = 2) -> str:
    """Write a condition of any form."""
    if depth == 0 or random.random() < 0.3:
        return leaf(random)
    one, other, third = (condition(random, depth - 1) for _ in range(3))
    forms = (f"({one} and {other})", f"({one} or {other})", f"not({one})")
    return random.choice((*forms, f"(if {one} then {other} else {third})"))


def plain(random: Random) -> str:
    """Write a condition on facts that are given."""
    by, cost = random.choice(OPERATORS), random.choice(COSTS)
    amount = f'change.cost {by} @"{cost} GBP"'
    return random.choice(("change.urgent", amount, f"({amount} or change.weeks {by} 1)"))


def rule(name: str, when: str, then: str) -> str:
    said = f"when: '{when}', " if when else ""
    return f"  - {{id: {name}, title: a, on: change.submitted, binding: shall, {said}then: [{then}]}}\n"


def derived(name: str, when: str, fact: str, value: str) -> str:
    return rule(name, when, f"derive: {{fact: {fact}, value: '{value}'}}")


def made(random: Random) -> Policy:
    """Make a policy whose rule ``looks`` hangs on what others derive."""
    pick = random.choice
    table = TABLE.format(
        hits=pick(("unique", "first", "any")),
        allowed=pick(("", ", allowed: '<= 2000 GBP'")),
        default=pick(("", ", default: large")),
        limit=pick((1000, 1001)),
    )
    plus = pick(("change.cost * 2", 'change.cost + @"1 GBP"'))
    call = "size_of(change.cost, change.urgent)"
    rules = [
        derived("d-major", pick(("", plain(random))), "major", plain(random)),
        derived("d-flag", plain(random), "flag", "true"),
        derived("d-plus", "", "plus", plus),
        derived("d-weeks", plain(random), "weeks", "change.weeks"),
        derived("d-size", pick(("", plain(random))), "size", call),
        rule("looks", condition(random), "require_approval: {from: board}"),
    ]
    return policy_of("kind: rules\nrules:\n" + "".join(rules) + table + SUITE)


def with_fields(text: str) -> str:
    return HEADER.replace("weeks: {type: number}", FIELDS) + text


def policy_of(text: str) -> Policy:
    checked = bind(read_text(with_fields(text), "policy.yaml"), Path("policy.yaml"))
    assert checked.policy is not None, checked.diagnostics
    return checked.policy


def events() -> Iterator[dict[str, Any]]:
    for cost in (0, *COSTS, 500, 2001, 100_000):
        for weeks in WEEKS:
            for place, category in enumerate(CATEGORIES):
                turn = cost + weeks + place
                yield {
                    "cost": money(cost),
                    "budget": money((0, 1000, 1001, 4000, 9000)[turn % 5]),
                    "weeks": Decimal(weeks),
                    "most": Decimal(turn % 3),
                    "category": category,
                    "urgent": turn % 2 == 0,
                    "asked_on": date(2026, 3, 1 + turn % 4),
                    "due": date(2026, 3, 1 + turn % 3),
                    "reason": ("abc", "b")[weeks % 2],
                }


def others(facts: dict[str, Any]) -> list[dict[str, Any]]:
    many = int(facts["weeks"] + facts["most"]) % 4
    return [{"cost": money((500, 1001, 9000)[place])} for place in range(many)]


def money(pounds: int) -> Money:
    return Money(Decimal(pounds), "GBP")


def value_of(key: n.Node, scope: dict[str, Any]) -> Any:
    """Work out what an axis is about."""
    if isinstance(key, Difference):
        apart = evaluate_in_rule(n.Arithmetic("-", key.left, key.right), scope)
        return Decimal(apart.days) if isinstance(apart, timedelta) else apart
    return evaluate_in_rule(key, scope)


def is_inside(space: Space, boxes: list[Box], scope: dict[str, Any]) -> bool:
    """Tell whether an event lies within one of some boxes."""
    places = []
    for key, axis in space.axes.items():
        value = value_of(key, scope)
        places.append(next(i for i, each in enumerate(axis.segments) if lies(value, each)))
    return any(all(box[i] >> at & 1 for i, at in enumerate(places)) for box in boxes)


def lies(value: Any, segment: Any) -> bool:
    if segment.is_point:
        return op.equal(value, segment.low) is True
    above = segment.low is None or op.compare(">", value, segment.low) is True
    return above and (segment.high is None or op.compare("<", value, segment.high) is True)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
@example(100172)  # whose quantifier asks what the moment is
@example(3309)  # some are in a range whose ends are not in order
def test_a_rule_fires_where_it_may_and_wherever_it_surely_does(seed: int) -> None:
    policy = made(Random(seed))
    following = Following(policy, EventName("change.submitted"), date(2026, 1, 1))
    node = following.condition(next(each for each in policy.rules if each.id == "looks"))
    space = space_of(policy, [node])
    may, surely = space.boxes(space.may(node)), space.boxes(space.surely(node))
    faults = space.boxes(space.faults(node))
    engine = Engine(policy, "compiled")
    for facts in events():
        decision = engine.decide(
            {
                "event": "change.submitted",
                "at": "2026-03-02T09:00:00Z",
                "facts": {"change": {**facts}, "changes": others(facts)},
            }
        )
        scope = {"change": facts, "changes": others(facts), **MOMENTS}
        fired = "looks" in decision.fired
        assert is_inside(space, may, scope) or not fired
        assert fired or not is_inside(space, surely, scope)
        if "looks" in decision.faults:
            assert is_inside(space, [*may, *faults], scope)
