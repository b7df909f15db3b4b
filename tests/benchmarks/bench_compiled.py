"""Decisions with obligations, beside zen-engine's expressions and bare Python on Decimal."""

from __future__ import annotations

import random
import re
import sys
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import zen

from pmo_engine.compiler.loading import load_policy
from pmo_engine.engines.engine import Engine
from pmo_engine.policy.events import read_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmo_engine.policy import Policy

SIZES = (15, 100, 1000)
CASES = 32
ROUNDS = 25
EVENT = "change_request.submitted"
ROLES = ("project_manager", "pmo_head", "portfolio_board")
HEADER = """
kind: policy
name: benchmark
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: roles
roles:
  - {id: project_manager, senior: pmo_head}
  - {id: pmo_head, senior: portfolio_board}
  - {id: portfolio_board, body: true}
---
kind: registers
registers:
  - register: change_requests
    noun: change_request
    root: change
    plural: changes
    fields:
      cost: {type: money}
      days: {type: number}
      category: {type: [scope, time, cost, quality]}
      critical: {type: boolean}
---
kind: rules
rules:
"""
RULE = """  - id: rule-{number}
    title: Rule {number}
    on: change_request.submitted
    binding: shall
    when: |
      {condition}
    then:
      - require_approval: {{from: {role}, within: {days} working days}}
"""
# FEEL, zen and Python for the same condition; {a} is an amount, {d} a number of days.
CONDITIONS = (
    ('change.cost > @"{a} GBP"', "change.cost > {a}", 'facts["change"]["cost"] > {{{a}}}'),
    (
        'change.cost > @"{a} GBP" and change.category = "scope"',
        'change.cost > {a} and change.category == "scope"',
        'facts["change"]["cost"] > {{{a}}} and facts["change"]["category"] == "scope"',
    ),
    (
        "change.days between {d} and {e}",
        "change.days >= {d} and change.days <= {e}",
        '{{{d}}} <= facts["change"]["days"] <= {{{e}}}',
    ),
    (
        "change.critical and change.days > {d}",
        "change.critical and change.days > {d}",
        'facts["change"]["critical"] and facts["change"]["days"] > {{{d}}}',
    ),
    (
        'change.category in ("scope", "time") or change.days >= {d}',
        'change.category in ["scope", "time"] or change.days >= {d}',
        'facts["change"]["category"] in ("scope", "time") or facts["change"]["days"] >= {{{d}}}',
    ),
)


@dataclass(frozen=True)
class Rules:
    """The same conditions in three languages."""

    feel: list[str]
    zen: list[str]
    python: list[str]


def rules(count: int, seed: random.Random) -> Rules:
    """Make conditions with constants that the facts meet about half the time."""
    made = []
    for number in range(count):
        day = seed.randrange(1, 60)
        constants = {"a": seed.randrange(1, 200) * 1000, "d": day, "e": day + 10}
        made.append([each.format(**constants) for each in CONDITIONS[number % len(CONDITIONS)]])
    return Rules(*(list(column) for column in zip(*made, strict=True)))


def policy(conditions: list[str], seed: random.Random) -> Policy:
    """Write a policy of these conditions and load it."""
    written = [
        RULE.format(number=i, condition=each, role=seed.choice(ROLES), days=seed.randrange(1, 10))
        for i, each in enumerate(conditions)
    ]
    with TemporaryDirectory() as folder:
        (Path(folder) / "policy.yaml").write_text(HEADER + "".join(written), encoding="utf-8")
        return load_policy(Path(folder))


def changes(seed: random.Random) -> list[dict[str, Any]]:
    """Make the facts, as JSON has them."""
    return [
        {
            "cost": seed.randrange(1, 200_000),
            "days": seed.randrange(1, 60),
            "category": seed.choice(["scope", "time", "cost", "quality"]),
            "critical": seed.random() < 1 / 2,
        }
        for _ in range(CASES)
    ]


def bare(conditions: list[str]) -> Callable[[Any], list[object]]:
    """Generate one function that appends a constant for each condition that is true."""
    names: dict[str, Any] = {}
    lines = ["def judge(facts):", " found = []"]
    for number, condition in enumerate(conditions):
        for constant in re.findall(r"\{(\d+)\}", condition):
            names[f"D{constant}"] = Decimal(constant)
        names[f"O{number}"] = object()
        source = re.sub(r"\{(\d+)\}", r"D\1", condition)
        lines.append(f" if {source}: found.append(O{number})")
    exec("\n".join([*lines, " return found"]), names)  # noqa: S102 - what is measured
    judge: Callable[[Any], list[object]] = names["judge"]
    return judge


def best(runs: dict[str, tuple[Callable[[Any], Any], list[Any]]]) -> dict[str, float]:
    """Time every run in turn, round after round, and keep each one's shortest (seconds a case)."""
    shortest = dict.fromkeys(runs, float("inf"))
    for _ in range(ROUNDS):
        for name, (function, cases) in runs.items():
            start = time.perf_counter()
            for each in cases:
                function(each)
            shortest[name] = min(shortest[name], (time.perf_counter() - start) / len(cases))
    return shortest


def measure(count: int) -> str:
    """Compare at one number of rules; all three must find the same first."""
    seed = random.Random(count)
    texts = rules(count, seed)
    engine = Engine(policy(texts.feel, seed))
    facts = changes(seed)
    raw = [
        {"event": EVENT, "at": "2026-03-02T09:00:00Z", "facts": {"change": each}}
        for each in ({**each, "cost": f"{each['cost']} GBP"} for each in facts)
    ]
    events = [read_event(engine.policy, each) for each in raw]
    decimals = [
        {"change": {**each, "cost": Decimal(each["cost"]), "days": Decimal(each["days"])}}
        for each in facts
    ]
    expressions = [zen.compile_expression(each) for each in texts.zen]
    judge = bare(texts.python)

    def by_zen(context: Any) -> list[str]:
        return [f"rule-{i}" for i, each in enumerate(expressions) if each.evaluate(context)]

    for event, fact, plain in zip(events, facts, decimals, strict=True):
        fired = list(engine.decide(event).outcomes.fired)
        assert fired == by_zen({"change": fact})
        assert len(fired) == len(judge(plain))
    repeat = max(1, 2_000 // count)
    times = best(
        {
            "ours": (lambda event: engine.decide(event).obligations, events * repeat),
            "zen": (by_zen, [{"change": each} for each in facts]),
            "bare": (judge, decimals * repeat),
        }
    )
    first = best({"first": (lambda event: Engine(engine.policy).decide(event), events[:1])})
    ours, other, plain = (times[name] * 1e6 for name in ("ours", "zen", "bare"))
    return (
        f"{count:5} rules: {ours:7.2f} us a decision with obligations; "
        f"zen-engine {other:8.1f} us, {other / ours:5.1f}x (goal 10x); "
        f"bare Python {plain:6.2f} us, {plain / ours:4.2f}x (goal 0.5x); "
        f"code written in {first['first'] * 1e3:.1f} ms"
    )


def main() -> None:
    """Print a line for each number of rules."""
    print(f"compiled engine, Python {sys.version.split()[0]}, {CASES} cases, best of {ROUNDS}")
    for count in SIZES:
        print(measure(count))


if __name__ == "__main__":
    main()
