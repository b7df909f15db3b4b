"""From when on rules may have another answer: never later than they do."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_engine.compiler.loading import bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.engines.engine import Engine
from pmo_engine.engines.next_change import FURTHEST, next_change
from pmo_engine.policy import Policy
from pmo_engine.policy.events import Event, read_event

DAY = date(2026, 3, 2)
SPAN = 60
TEXT = """
kind: policy
name: p
version: "1"
in_force_from: 2026-01-01
currency: GBP
calendar: office
---
kind: calendar
id: office
zone: Europe/London
hours: {mon-fri: "09:00-17:30"}
---
kind: roles
roles: [{id: head}]
---
kind: registers
registers:
  - register: risks
    noun: risk
    root: risk
    plural: risks
    fields: {a: {type: date}, b: {type: date}, n: {type: number}, ok: {type: boolean}}
---
kind: rules
rules:
  - id: it
    title: It
    every: day
    of: risk
    binding: shall
    when: |
      WHEN
    then: [{notify: {to: head, message: Look}}]
"""


def policy_of(condition: str) -> Policy:
    checked = bind(read_text(TEXT.replace("WHEN", condition), "p.yaml"), Path("p.yaml"))
    assert checked.policy is not None, checked.diagnostics
    return checked.policy


def event_on(policy: Policy, day: date, **facts: Any) -> Event:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).isoformat()
    return read_event(policy, {"event": "risk.daily", "at": at, "facts": {"risk": facts}})


def change(condition: str, **facts: Any) -> date:
    policy = policy_of(condition)
    event = event_on(policy, DAY, **facts)
    return next_change(Engine(policy, "tracing").selection(event), event.facts, DAY)


@pytest.mark.parametrize(
    ("condition", "day"),
    [
        ("(today - risk.a).days > 30", date(2026, 3, 11)),
        ("(today - risk.a).days >= 30", date(2026, 3, 10)),
        ("(risk.b - today).days <= 5", date(2026, 3, 15)),
        ("risk.b < today", date(2026, 3, 21)),
        ("today >= risk.b", date(2026, 3, 20)),
        ("working_days_between(risk.a, today) > 20", date(2026, 3, 9)),
        ("working_days_between(today, risk.b) < 5", date(2026, 3, 16)),
        ('risk.a + duration("P30D") < today', date(2026, 3, 11)),
        ('today between risk.b and risk.b + duration("P2D")', date(2026, 3, 20)),
        ("if risk.ok then risk.b < today else risk.a < today", date(2026, 3, 21)),
        ("not(risk.b < today) and (today - risk.a).days > 30", date(2026, 3, 11)),
        ("risk.n > 3", DAY + FURTHEST),
        ("risk.a < today", DAY + FURTHEST),
        ("is_known(risk.b) and risk.b < today", date(2026, 3, 21)),
    ],
)
def test_the_day_is_found(condition: str, day: date) -> None:
    found = change(condition, a="2026-02-08", b="2026-03-20", n=1, ok=True)
    assert found == day


@pytest.mark.parametrize(
    "condition",
    [
        "today = risk.b",
        "count(risks[a < today]) > 3",
        "some r in risks satisfies r.n > risk.n",
        "date(now) > risk.b",
        "today in [risk.a..risk.b]",
        "(today - risk.a).days * risk.n > 30",
        "(today - risk.a).days > (risk.b - today).days",
        'if risk.b < today then (today - risk.a).days > 3 else day of week(today) = "Monday"',
    ],
)
def test_what_is_not_known_beforehand_is_looked_at_the_next_day(condition: str) -> None:
    found = change(condition, a="2026-02-08", b="2026-03-20", n=1, ok=True)
    assert found == DAY + timedelta(days=1)


def test_what_is_derived_is_not_known_beforehand() -> None:
    rule = "(today - risk.a).days > most"
    derive = "then: [{derive: {fact: most, value: risk.n}}]"
    more = f"  - {{id: most, title: Most, every: day, of: risk, binding: shall, {derive}}}\n"
    checked = bind(read_text(TEXT.replace("WHEN", rule) + more, "p.yaml"), Path("p.yaml"))
    assert checked.policy is not None, checked.diagnostics
    event = event_on(checked.policy, DAY, a="2026-02-08", n=30)
    selection = Engine(checked.policy, "tracing").selection(event)
    assert next_change(selection, event.facts, DAY) == DAY + timedelta(days=1)


DATES = st.dates(date(2026, 1, 1), date(2026, 5, 1))
ATOMS = st.sampled_from(
    [
        "(today - risk.a).days > risk.n",
        "(risk.b - today).days <= risk.n",
        "risk.b < today",
        "today <= risk.a",
        "working_days_between(risk.a, today) >= risk.n",
        "working_days_between(today, risk.b) < risk.n",
        "today between risk.a and risk.b",
        "risk.ok",
        "risk.n > 10",
        "is_known(risk.a)",
        "today = risk.b",
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda parts: st.one_of(
        st.builds("({} and {})".format, parts, parts),
        st.builds("({} or {})".format, parts, parts),
        st.builds("not({})".format, parts),
        st.builds("(if {} then {} else {})".format, parts, parts, parts),
    ),
    max_leaves=5,
)
FACTS = st.fixed_dictionaries(
    {}, optional={"a": DATES, "b": DATES, "n": st.integers(-20, 60), "ok": st.booleans()}
)


@settings(max_examples=60, deadline=None)
@given(CONDITIONS, FACTS)
def test_until_that_day_the_answer_is_the_same(condition: str, facts: dict[str, Any]) -> None:
    policy = policy_of(condition)
    engine = Engine(policy, "tracing")
    given_ = {n: str(each) if isinstance(each, date) else each for n, each in facts.items()}

    def answer(day: date) -> Any:
        found = engine.decide(event_on(policy, day, **given_)).outcomes
        return found.fired, found.unknown, found.faults

    event = event_on(policy, DAY, **given_)
    changes = next_change(engine.selection(event), event.facts, DAY)
    first = answer(DAY)
    for number in range(1, min(SPAN, (changes - DAY).days)):
        assert answer(DAY + timedelta(days=number)) == first
