"""Records that nothing asks about: each example is held against what the engine makes of it."""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_engine.compiler.rule_findings.findings import gaps
from pmo_engine.compiler.rule_findings.laying_out import judged
from pmo_engine.engines.engine import Engine
from pmo_engine.feel import nodes as n
from pmo_engine.policy import Policy
from tests.compiler.rule_findings.test_following import OPERATORS, SUITE, money, policy_of, rule

AMOUNTS = (0, 1000, 1001)


def leaf(random: Random) -> str:
    """Write a condition on facts that stand alone."""
    pick = random.choice
    by, amount = pick(OPERATORS), f'@"{pick(AMOUNTS)} GBP"'
    return pick(
        (
            f"change.cost {by} {amount}",
            f"change.budget {by} {amount}",
            f"change.cost {by} change.budget",
            f"change.cost {by} change.budget + {amount}",
            f"change.weeks {by} change.most",
            f"change.most - change.weeks {by} {pick((0, 2))}",
            f"change.weeks {by} {pick((0, 1))}",
            f"change.asked_on {by} change.due",
            f"today {by} change.due",
            f'change.asked_on {by} today + @"P{pick((1, 2))}D"',
            f'change.due {by} @"2026-03-0{pick((1, 2))}"',
            f'today {by} @"2026-03-0{pick((1, 2))}"',
            "change.urgent",
        )
    )


def condition(random: Random, depth: int = 2) -> str:
    if depth == 0:
        return leaf(random)
    one, other = (condition(random, depth - 1) for _ in range(2))
    return random.choice(
        (f"({one} and {other})", f"({one} or {other})", f"not({one})", leaf(random))
    )


def made(random: Random) -> Policy:
    rules = (rule(f"r{n}", condition(random), "require_approval: {from: board}") for n in range(3))
    return policy_of("kind: rules\nrules:\n" + "".join(rules) + SUITE)


def whole(facts: dict[Any, Any], random: Random) -> dict[str, Any]:
    """Give the facts of an event: those of an example, and any for the others."""
    event: dict[str, Any] = {
        "cost": money(random.choice(AMOUNTS)),
        "budget": money(random.choice(AMOUNTS)),
        "weeks": Decimal(random.choice((0, 1))),
        "most": Decimal(random.choice((0, 2))),
        "asked_on": date(2026, 3, random.choice((1, 2, 3))),
        "due": date(2026, 3, random.choice((1, 2, 3))),
        "urgent": random.choice((True, False)),
    }
    return event | {key.name: value for key, value in facts.items() if isinstance(key, n.Path)}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_nobody_is_asked_about_the_example_of_a_gap(seed: int) -> None:
    random = Random(seed)
    policy = made(random)
    engine = Engine(policy, "compiled")
    for each in judged(policy):
        for _, facts in gaps(each):
            day = facts.get(n.Name("today"), date(2026, 3, 2))
            event = {"event": "change.submitted", "at": f"{day}T09:00:00Z"}
            decision = engine.decide({**event, "facts": {"change": whole(dict(facts), random)}})
            assert not decision.fired
            assert not decision.faults
