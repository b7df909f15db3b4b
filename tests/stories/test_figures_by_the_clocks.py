"""Figures of many at once read moments by the office's clocks, as each of them does alone."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_engine.engines import figures as walk
from pmo_engine.engines.bulk.prepared import Plan
from pmo_engine.engines.bulk.projects import Projects
from pmo_engine.engines.engine import BACKENDS, Engine
from pmo_engine.engines.figures import Worked
from pmo_engine.policy import Policy
from pmo_engine.policy.events import by_the_clocks_of, make_event, read_facts
from pmo_engine.queries.dashboard.records import Reader
from pmo_engine.testing import World, policy_from
from pmo_engine.work.figures import worked_figures
from tests.engines.test_office_time import BACK, FORWARD, TURNS, ZONES

POLICY = """
kind: policy
name: small
version: "1"
in_force_from: 2026-01-01
currency: GBP
calendar: house
---
kind: calendar
id: house
zone: ZONE
hours: {mon-sun: "00:00-24:00"}
---
kind: roles
roles: [{id: head}]
---
kind: registers
registers:
  - register: visits
    noun: visit
    root: visit
    plural: visits
    fields: {began: {type: date and time}}
"""
FORMULAS = {
    "late": "count(visits[began.hour >= 12])",
    "begun": "count(visits[date(began) = today])",
    "again": 'count(visits[(began + duration("PT24H")).hour = began.hour])',
    "whole": 'count(visits[(began + duration("P1D")).hour = began.hour])',
    "hours": "sum(append((for v in visits return v.began.hour), 0))",
    "monday": 'count(visits[day of week(began) = "Monday"])',
}
OF_THE_ENGINE = {
    "entered": "count(visits[date(submitted_at) = today])",
    "entered_at": "sum(append((for v in visits return v.submitted_at.hour), 0))",
}


@cache
def office(zone: str) -> Policy:
    text = POLICY.replace("ZONE", zone) + "---\nkind: figures\nfigures:\n"
    for name, formula in {**FORMULAS, **OF_THE_ENGINE}.items():
        text += (
            f"  - {{id: {name}, label: {name}, unit: count, source: Ours, formula: '{formula}'}}\n"
        )
    text += "---\nkind: rules\nrules:\n"
    for name, value in FORMULAS.items():
        text += (
            f"  - {{id: r-{name}, title: x, on: visit.submitted, binding: may,"
            f" then: [{{derive: {{fact: d_{name}, value: '{value}'}}}}]}}\n"
        )
    return policy_from(text)


ENGINES = {zone: [Engine(office(zone), name) for name in BACKENDS] for zone in ZONES}


def at_once(policy: Policy, records: list[Any], day: date) -> dict[str, Any]:
    plan = Plan(policy, [each.id for each in policy.figures], day, {})
    projects = Projects(plan, lambda _: [])
    return values(projects.figures(projects.parts({"visits": records}, {}), {}))


def values(worked: dict[str, Worked]) -> dict[str, Any]:
    return {id: each.value if each.available else each.why for id, each in worked.items()}


MINUTES = st.integers(-48 * 60, 48 * 60)


@settings(max_examples=60, deadline=None)
@given(TURNS, MINUTES, st.lists(MINUTES, max_size=4))
def test_they_agree_with_the_walk_and_with_the_rules_of_every_engine(
    turn: tuple[str, datetime], now: int, began: list[int]
) -> None:
    zone, moment = turn
    policy, at = office(zone), moment + timedelta(minutes=now)
    given = [
        {
            "key": f"V-{number}",
            "status": "submitted",
            "began": (moment + timedelta(minutes=each)).isoformat(),
            "submitted_at": moment.isoformat(),
        }
        for number, each in enumerate(began)
    ]
    facts, wrong = read_facts(policy, {"visits": given})
    assert wrong == []
    clocks = policy.calendar.clocks
    records, day = by_the_clocks_of(clocks, facts["visits"]), at.astimezone(clocks).date()
    bulk = at_once(policy, records, day)
    assert bulk == values(walk.of_project(policy, {"visits": records}, day))
    event = make_event(policy, "visit.submitted", at, {**facts, "visit": {"key": "V"}})
    for engine in ENGINES[zone]:
        derived = engine.decide(event).outcomes.derived
        assert {name: derived[f"d_{name}"] for name in FORMULAS} == {
            name: bulk[name] for name in FORMULAS
        }


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("turns", [FORWARD, BACK], ids=["forward", "back"])
def test_what_is_read_for_many_at_once_is_by_the_clocks_of_the_office(
    zone: str, turns: dict[str, datetime], sqlite_url: str
) -> None:
    policy, turn = office(zone), turns[zone]
    world = World(policy, sqlite_url, start=turn - timedelta(hours=20))
    world.project("P-1")
    world.person("petra", "head")
    for hours in (-30, -13, -5, -1, 0, 1, 6, 20):
        began = turn + timedelta(hours=hours)
        world.submit("P-1", "visits", "petra", began=began.astimezone(UTC).isoformat())
        world.clock.forward(timedelta(hours=4))
    with world.governance.reading() as c:
        alone = values(worked_figures(c, ["P-1"]))
        plan = Plan(policy, [each.id for each in policy.figures], c.today, {})
        reader = Reader(policy, c.today, {"visits": plan.fields("visits")})
        records = [record for _, _, record in reader.read(c, ["P-1"])]
        assert at_once(policy, records, c.today) == alone
    assert alone["hours"] == sum(
        (turn + timedelta(hours=h)).astimezone(policy.calendar.clocks).hour
        for h in (-30, -13, -5, -1, 0, 1, 6, 20)
    )
    world.close()
