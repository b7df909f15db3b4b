"""Each rule of each pack is fired by a story: by what is entered, or by time, or by a decision."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pmo_engine.policy import Policy
from pmo_engine.resources import rules_dir
from pmo_engine.testing import World, policy_from
from pmo_engine.work.records.rebaselining import rebaseline

from .test_packs_by_time import BY_DECISION, BY_TIME, OF_PROJECTS, home

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
Step = tuple[str, dict[str, Any]]
GREEN = dict.fromkeys(("cost_colour", "time_colour", "quality_colour", "benefits_colour"), "green")
THREAT = {"type": "threat", "probability": 3, "impact": 3, "owner": "petra"}
AWARD = {"original_value": "20000 GBP", "variations": "0 GBP"}
LARGE = {"original_value": "250000 GBP", "variations": "1 GBP"}
MEASURE = {"objective": "fewer visits", "measure": "visits a year"}
ALL_TIME = {"person": "wei", "percent": 100, "starts_on": "2026-03-01", "ends_on": "2026-03-31"}
SPENT = {"baseline": "100 GBP", "actual": "60 GBP", "accrual": "50 GBP", "forecast": "100 GBP"}
LEDGER = ("budget_movements", {"amount": "50 GBP"})
WISH = {"title": "Quay", "purpose": "Room", "risk": "low", "cost": "1 GBP", "regulated": False}
TURN = {"title": "Low water", "reason": "The river is dry", "project": "portfolio-change"}
STORIES: dict[str, list[Step]] = {
    "access-complete": [("accesses", {"user": "petra"})],
    "action-owned": [("actions", {"title": "Call them"})],
    "allocation-conflict": [("allocations", ALL_TIME), ("allocations", ALL_TIME)],
    "benefit-counted-once": [("benefits", MEASURE), ("benefits", MEASURE)],
    "benefit-forecast": [("benefits", {"planned_value": "100 GBP", "forecast_value": "89 GBP"})],
    "benefit-owner": [("benefits", {"owner_side": "project"})],
    "budget-contingency": [
        ("budget_lines", {"contingency": "100 GBP", "contingency_drawn": "60 GBP"})
    ],
    "budget-contingency-rest": [
        ("budget_lines", {"contingency": "100 GBP", "contingency_drawn": "90 GBP"})
    ],
    "budget-contradiction": [("budget_lines", SPENT)],
    "budget-forecast": [("budget_lines", {"baseline": "100 GBP", "forecast": "111 GBP"})],
    "budget-funded": [
        ("budget_lines", {"commitment": "60 GBP", "actual": "50 GBP", "funds": "100 GBP"})
    ],
    "change-before-after": [("change_requests", {"in_baseline": True})],
    "change-beyond-budget": [("change_requests", {"cost": "51 GBP", "change_budget": "50 GBP"})],
    "change-beyond-ledger": [LEDGER, ("change_requests", {"cost": "51 GBP"})],
    "change-impact": [("change_requests", {"impact_assessed": False})],
    "change-within-budget": [("change_requests", {"cost": "50 GBP", "change_budget": "50 GBP"})],
    "change-within-ledger": [LEDGER, ("change_requests", {"cost": "50 GBP"})],
    "concession-granted": [("concessions", {"reason": "it holds"})],
    "contract-award": [("contracts", LARGE)],
    "contract-not-split": [
        ("contracts", {"supplier": "North", "competed": False, **AWARD}),
        ("contracts", {"supplier": "North", "competed": False, **AWARD}),
    ],
    "contract-variation": [("contracts", {"original_value": "100 GBP", "variations": "21 GBP"})],
    "contract-waiver": [("contracts", {**LARGE, "competed": False})],
    "decision-minuted": [("decisions", {"minuted": True})],
    "demand-gap": [("demands", {"fte": 1, "filled": 0})],
    "dependency-owned": [("dependencies", {"critical": True})],
    "document-owned": [("documents", {"title": "A plan"})],
    "estimate-range": [("estimates", {"low": 4, "likely": 4, "high": 5})],
    "finding-owned": [("findings", {"title": "No plan"})],
    "health-independent": [("health_checks", {"reviewer": "wei", "accountable": "wei"})],
    "health-recovery": [("health_checks", {"score": 59, "recovery_plan": False})],
    "issue-change": [("issues", {"type": "request_for_change", "decision": "accepted"})],
    "issue-critical": [("issues", {"severity": "critical"})],
    "issue-decided": [("issues", {"decision": "accepted"})],
    "issue-high": [("issues", {"severity": "high"})],
    "item-baseline": [
        (
            "configuration_items",
            {"version": "2", "baseline_version": "1", "change_approved": False},
        )
    ],
    "item-change-names-it": [("configuration_items", {"related_change": "CR-9"})],
    "item-one-master": [("configuration_items", {"masters": 2})],
    "milestone-dependency": [("milestones", {"waits_for": "permit", "critical": True})],
    "milestone-rebaseline": [("milestones", {"rebaselined": 3})],
    "portfolio-change": [("portfolio_changes", {**TURN, "change": "stop"})],
    "portfolio-change-priority": [("portfolio_changes", {**TURN, "change": "reprioritise"})],
    "proposal-declined": [("proposals", {**WISH, "fit": 2, "mandatory": False})],
    "proposal-goal": [("proposals", {"title": "Quay", "purpose": "Room"})],
    "proposal-looked-into": [("proposals", {**WISH, "fit": 4, "mandatory": False})],
    "proposal-route": [("proposals", {**WISH, "fit": 9, "mandatory": True})],
    "quality-attempt": [("quality", {"result": "pass"})],
    "quality-failed": [("quality", {"result": "fail", "signed_off_by": "petra"})],
    "quality-remedy": [("quality", {"result": "fail"})],
    "quality-independent": [("quality", {"producer": "wei", "reviewers": ["wei"]})],
    "release-approved": [("releases", {"audience": "external"})],
    "report-measured": [("reports", {"colour": "green"})],
    "report-override": [("reports", {"colour": "red", **GREEN})],
    "report-override-signed": [("reports", {"colour": "red", **GREEN})],
    "report-red": [("reports", {"colour": "red"})],
    "risk-appetite": [("risks", {**THREAT, "impact": 5})],
    "risk-occurred": [("risks", {"occurred": True})],
    "risk-owner": [("risks", {"type": "threat"})],
    "risk-scale": [("risks", {**THREAT, "residual": 10})],
    "stakeholder-opposed": [("stakeholders", {"power": 4, "stance_now": "blocks"})],
    "stakeholder-placed": [("stakeholders", {"power": 4})],
    "support-assigned": [("support_requests", {"urgency": "low"})],
    "support-fast-track": [("support_requests", {"urgency": "high"})],
    "tool-change": [("tools", {"version": "2", "approved_version": "1", "change_approved": False})],
}
"""What is entered into a project of its own, step by step; the last step fires the rule."""
ON_APPROVAL = {"change-emergency"}


@pytest.fixture(scope="module")
def policy() -> Policy:
    uses = ", ".join(f"{{use: {pack}}}" for pack in PACKS)
    return policy_from(TEXT.replace("PACKS", uses))


@pytest.fixture
def world(policy: Policy, sqlite_url: str) -> Iterator[World]:
    made = World(policy, sqlite_url, start=START)
    made.person("petra", "pmo_head")
    made.person("cara", "change_authority")
    made.person("bo", "portfolio_board")
    yield made
    made.close()


def test_every_rule_of_every_pack_has_a_story(policy: Policy) -> None:
    told = STORIES.keys() | BY_TIME.keys() | BY_DECISION | ON_APPROVAL | OF_PROJECTS
    assert {rule.id for rule in policy.rules} == told


def test_what_is_entered_fires_its_rule_and_not_a_step_before(world: World) -> None:
    silent, early = [], []
    for rule, steps in STORIES.items():
        world.project(rule)
        *before, last = [
            rule in world.submit(home(register, rule), register, "petra", **fields).decision.fired
            for register, fields in steps
        ]
        silent += [] if last else [rule]
        early += [rule] if any(before) else []
    assert (silent, early) == ([], [])


def test_an_exposure_above_its_limit_is_one_exception_of_the_project(world: World) -> None:
    world.project("P-1")
    threat = {**THREAT, "chance": "0.5", "impact_cost": "250000 GBP"}

    def raised() -> list[str]:
        with world.database.read() as uow:
            rows = uow.obligations.open_in("P-1")
            return [each.subject_id for each in rows if each.rule == "risk-exposure"]

    for day, after in enumerate([[], [], ["P-1"], ["P-1"]]):  # 125,000 GBP a day, above 250,000
        world.clock.set(START + timedelta(days=day))
        fired = world.submit("P-1", "risks", "petra", **threat).decision.fired
        assert "risk-exposure" not in fired
        world.clock.set(START + timedelta(days=day, hours=23))
        world.sweep()
        assert raised() == after


def test_an_approved_emergency_is_reviewed_and_what_is_approved_is_carried_out(
    world: World,
) -> None:
    world.project("P-1")
    fields = {"cost": "5 GBP", "change_budget": "50 GBP", "emergency": True}
    change = world.submit("P-1", "change_requests", "petra", impact_assessed=True, **fields)
    assert not {"change-emergency", "change-carried-out"} & set(change.decision.fired)
    world.vote("cara")
    for day in range(1, 15):
        world.clock.set(START + timedelta(days=day))
        world.sweep()
    with world.database.read() as uow:
        entry = uow.entries.by_key("P-1", "change_requests", change.key)
        fired = {
            rule: each.at.date()
            for each in uow.decisions.of_subject(entry.id)
            for rule in each.result.fired
        }
    assert fired["change-emergency"] == START.date()
    assert fired["change-carried-out"] == (START + timedelta(days=11)).date()


def test_a_milestone_that_was_moved_still_slips_against_its_first_baseline(world: World) -> None:
    world.project("P-1")
    days = {"baseline": "2026-02-25", "forecast": "2026-03-04"}
    milestone = world.submit("P-1", "milestones", "petra", **days)
    budget = {"cost": "5 GBP", "change_budget": "50 GBP", "impact_assessed": True}
    change = world.submit("P-1", "change_requests", "petra", affects=milestone.key, **budget)
    world.vote("cara")
    rebaseline(
        world.governance,
        project="P-1",
        register="milestones",
        key=milestone.key,
        values={"baseline": "2026-03-20"},
        by="bo",
        change=change.key,
    )
    for day in range(1, 8):
        world.clock.set(START + timedelta(days=day))
        world.sweep()
    with world.database.read() as uow:
        entry = uow.entries.by_key("P-1", "milestones", milestone.key)
        fired = [
            each.at.date()
            for each in uow.decisions.of_subject(entry.id)
            if "milestone-creep" in each.result.fired
        ]
    assert fired[:1] == [(START + timedelta(days=7)).date()]
