"""Each rule of the packs that hangs on time is fired by it, and others when a record is entered."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pmo_engine.policy import Policy
from pmo_engine.resources import rules_dir
from pmo_engine.testing import World, policy_from

PACKS = sorted(each.name for each in rules_dir().iterdir() if each.is_dir())
TEXT = """
kind: policy
name: everything
version: "1"
in_force_from: 2026-01-01
currency: GBP
calendar: office
packs: [PACKS]
---
kind: calendar
id: office
zone: Europe/London
hours: {mon-fri: "09:00-17:30"}
"""
START = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday
WEI = {"person": "Wei", "percent": 50, "starts_on": "2026-04-01", "ends_on": "2026-04-30"}
BY_TIME: dict[str, tuple[str, dict[str, Any], date]] = {
    "allocation-conflict": ("allocations", WEI, date(2026, 3, 3)),
    "benefit-late": (
        "benefits",
        {"due": "2026-03-05", "planned_value": "100 GBP", "realised_value": "0 GBP"},
        date(2026, 3, 6),
    ),
    "benefit-milestone": (
        "benefits",
        {"due": "2026-06-01", "depends_on": "M-1"},
        date(2026, 3, 3),
    ),
    "concession-ends": ("concessions", {"until": "2026-03-04"}, date(2026, 3, 5)),
    "decision-quorate": ("decisions", {"meeting_key": "MT-1"}, date(2026, 3, 3)),
    "demand-ahead": (
        "demands",
        {"fte": 1, "filled": 0, "starts_on": "2026-05-04"},
        date(2026, 3, 5),
    ),
    "dependency-late": ("dependencies", {"needed_by": "2026-03-04"}, date(2026, 3, 5)),
    "finding-overdue": ("findings", {"due": "2026-03-04"}, date(2026, 3, 5)),
    "health-round": ("health_checks", {"checked_on": "2025-09-06"}, date(2026, 3, 6)),
    "issue-overdue": ("issues", {"due": "2026-03-04"}, date(2026, 3, 5)),
    "meeting-minutes": ("meetings", {"held_on": "2026-03-02"}, date(2026, 3, 10)),
    "report-override-ended": ("reports", {"override_until": "2026-03-04"}, date(2026, 3, 5)),
    "risk-imminent": ("risks", {"proximity": "imminent"}, date(2026, 3, 9)),
    "risk-issue": ("risks", {"issue_key": "I-9"}, date(2026, 3, 3)),
    "stakeholder-plan": (
        "stakeholders",
        {"next_contact": "2026-03-04", "last_contact": "2026-02-20"},
        date(2026, 3, 5),
    ),
    "support-late": ("support_requests", {"urgency": "low"}, date(2026, 3, 10)),
    "access-leaver": ("accesses", {"left_on": "2026-03-05"}, date(2026, 3, 6)),
    "access-review": ("accesses", {"reviewed_on": "2025-12-06"}, date(2026, 3, 9)),
    "action-overdue": ("actions", {"due": "2026-03-06"}, date(2026, 3, 9)),
    "contract-ending": ("contracts", {"expiry": "2026-06-03"}, date(2026, 3, 5)),
    "contract-notice": ("contracts", {"notice_date": "2026-04-03"}, date(2026, 3, 4)),
    "course-accredited": ("courses", {"valid_until": "2026-03-10"}, date(2026, 3, 11)),
    "course-ending": ("courses", {"valid_until": "2026-05-04"}, date(2026, 3, 5)),
    "demand-vacant": (
        "demands",
        {"key_post": True, "fte": 1, "filled": 0, "vacant_since": "2026-02-12"},
        date(2026, 3, 5),
    ),
    "document-fresh": ("documents", {"reviewed_on": "2025-03-04"}, date(2026, 3, 5)),
    "health-findings": (
        "health_checks",
        {"findings_open": 2, "due": "2026-03-03"},
        date(2026, 3, 4),
    ),
    "issue-ageing": ("issues", {"raised_on": "2026-02-03"}, date(2026, 3, 6)),
    "item-audited": ("configuration_items", {"audited_on": "2025-09-06"}, date(2026, 3, 6)),
    "meeting-papers": ("meetings", {"held_on": "2026-03-12"}, date(2026, 3, 6)),
    "meeting-quorum": (
        "meetings",
        {"held_on": "2026-03-10", "papers_sent": "2026-03-02", "attended": 3, "quorum_needed": 4},
        date(2026, 3, 10),
    ),
    "milestone-slip": (
        "milestones",
        {"baseline": "2026-02-28", "forecast": "2026-03-04"},
        date(2026, 3, 11),
    ),
    "quality-overdue": ("quality", {"planned": "2026-03-04"}, date(2026, 3, 10)),
    "report-late": ("reports", {"due": "2026-03-04"}, date(2026, 3, 5)),
    "risk-stale": ("risks", {"reviewed_on": "2026-02-03"}, date(2026, 3, 6)),
    "stakeholder-contact": (
        "stakeholders",
        {"power": 5, "last_contact": "2026-02-05"},
        date(2026, 3, 9),
    ),
}
"""What is entered on the first day, and the working day on which time makes the rule say so."""
BEFORE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "allocation-conflict": ("allocations", "AL-1", WEI),
    "benefit-milestone": (
        "milestones",
        "M-1",
        {"baseline": "2026-05-01", "forecast": "2026-05-01"},
    ),
    "decision-quorate": (
        "meetings",
        "MT-1",
        {"held_on": "2026-03-02", "attended": 4, "quorum_needed": 4},
    ),
}
"""What is there of the project, by its register and key, before the record is entered."""
AFTERWARDS: dict[str, dict[str, Any]] = {
    "allocation-conflict": {"percent": 60},
    "benefit-milestone": {"forecast": "2026-06-02"},
    "decision-quorate": {"attended": 3},
}
"""What of that is otherwise then, and makes the rule say so."""
BY_DECISION = {
    "change-carried-out",
    "milestone-creep",
    "quality-failed",
}  # time fires them after a decision
OF_PROJECTS = {"risk-exposure"}  # and these of a project, for all of its records
ON_ENTRY: dict[str, tuple[str, dict[str, Any]]] = {
    "benefit-forecast": (
        "benefits",
        {"planned_value": "100000 GBP", "forecast_value": "89999 GBP"},
    ),
    "budget-contingency": (
        "budget_lines",
        {"contingency": "10000 GBP", "contingency_drawn": "6000 GBP"},
    ),
    "budget-forecast": ("budget_lines", {"baseline": "100000 GBP", "forecast": "110001 GBP"}),
    "contract-variation": (
        "contracts",
        {"original_value": "50000 GBP", "variations": "10001 GBP"},
    ),
    "contract-ending": ("contracts", {"expiry": "2026-05-31"}),
    "document-fresh": ("documents", {"reviewed_on": "2025-03-01"}),
    "health-findings": ("health_checks", {"findings_open": 1, "due": "2026-03-01"}),
    "item-audited": ("configuration_items", {"audited_on": "2025-09-02"}),
    "item-baseline": (
        "configuration_items",
        {"version": "1.1", "baseline_version": "1.0", "change_approved": False},
    ),
    "meeting-quorum": (
        "meetings",
        {"held_on": "2026-03-02", "attended": 3, "quorum_needed": 4},
    ),
    "milestone-rebaseline": ("milestones", {"rebaselined": 3}),
    "milestone-slip": ("milestones", {"baseline": "2026-03-02", "forecast": "2026-03-13"}),
    "quality-failed": ("quality", {"result": "fail", "signed_off_by": "petra"}),
}
"""What only a change of the record brought up before."""


def home(register: str, project: str = "P-1") -> str:
    """Name where a record goes: what the office keeps is in no project."""
    of_offices = {"courses", "documents", "goals", "portfolio_changes", "proposals"}
    return "office" if register in of_offices else project


@pytest.fixture(scope="module")
def policy() -> Policy:
    uses = ", ".join(f"{{use: {pack}}}" for pack in PACKS)
    return policy_from(TEXT.replace("PACKS", uses))


@pytest.fixture
def world(policy: Policy, sqlite_url: str) -> Iterator[World]:
    made = World(policy, sqlite_url, start=START)
    made.project("P-1")
    made.person("ana", "project_manager", project="P-1")
    made.person("petra", "pmo_head")
    yield made
    made.close()


def test_each_rule_on_time_has_a_story(policy: Policy) -> None:
    timed = {rule.id for rule in policy.rules if any(e.rhythm for e in rule.on)}
    assert timed == BY_TIME.keys() | BY_DECISION | OF_PROJECTS


def test_time_fires_each_rule_on_its_day_and_once(world: World) -> None:
    keys = {}
    for rule, (register, fields, _) in BY_TIME.items():
        world.project(rule)
        if rule in BEFORE:
            plural, key, there = BEFORE[rule]
            assert world.submit(rule, plural, "petra", **there).key == key
        keys[rule] = world.submit(home(register, rule), register, "petra", **fields)
        assert rule not in keys[rule].decision.fired
    for rule, changes in AFTERWARDS.items():
        plural, key, _ = BEFORE[rule]
        world.update(rule, plural, key, "petra", **changes)
    for day in range(1, 13):
        world.clock.set(START + timedelta(days=day))
        world.sweep()
    fired: dict[str, list[date]] = {rule: [] for rule in BY_TIME}
    with world.database.read() as uow:
        for rule, made in keys.items():
            entry = uow.entries.by_key(made.project, made.register_name, made.key)
            fired[rule] = [
                each.at.date()
                for each in uow.decisions.of_subject(entry.id)
                if rule in each.result.fired
            ]
    assert {rule: days[:1] for rule, days in fired.items()} == {
        rule: [day] for rule, (_, _, day) in BY_TIME.items()
    }


@pytest.mark.parametrize("rule", ON_ENTRY)
def test_a_record_is_seen_when_it_is_entered(rule: str, world: World) -> None:
    register, fields = ON_ENTRY[rule]
    made = world.submit(home(register), register, "petra", **fields)  # she may set any field
    assert rule in made.decision.fired
