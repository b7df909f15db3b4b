"""Records of the packs go through their lives, are closed on grounds, and opened again."""

from collections.abc import Iterator
from typing import Any

import pytest

from pmo_engine.policy import Policy
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.errors import CommandError
from pmo_engine.work.records import moves

TEXT = """
kind: policy
name: office
version: "1"
in_force_from: 2026-01-01
currency: GBP
calendar: office
packs:
  - {use: office}
  - {use: risk}
  - {use: commercial}
  - {use: issues}
  - {use: change_control}
  - {use: benefits}
  - {use: quality}
  - {use: secretariat}
---
kind: calendar
id: office
zone: Europe/London
hours: {mon-fri: "09:00-17:30"}
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(TEXT)


@pytest.fixture
def office(policy: Policy, sqlite_url: str) -> Iterator[World]:
    world = World(policy, sqlite_url)
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    yield world
    world.close()


def act(world: World, how: Any, register: str, key: str, **said: Any) -> str:
    here = {"project": "P-1", "register": register, "key": key, "by": "ana"}
    return str(how(world.governance, **here, **said).status)


def status(world: World, register: str, key: str) -> str:
    return story_of(world.governance, project="P-1", register=register, key=key).status


def test_a_risk_is_treated_once_it_says_how_and_closed_on_grounds(office: World) -> None:
    office.submit("P-1", "risks", by="ana", title="Ice", owner="ana", probability=2, impact=2)
    with pytest.raises(CommandError, match="response"):
        act(office, moves.move, "risks", "R-1", to="treating")
    office.update("P-1", "risks", "R-1", by="ana", response="grit")
    assert act(office, moves.move, "risks", "R-1", to="treating") == "treating"
    with pytest.raises(CommandError, match="reason"):
        act(office, moves.close, "risks", "R-1")
    assert act(office, moves.close, "risks", "R-1", reason="spring") == "closed"
    with pytest.raises(CommandError, match="reason"):
        act(office, moves.reopen, "risks", "R-1")
    assert act(office, moves.reopen, "risks", "R-1", reason="more ice") == "treating"


def test_a_risk_is_accepted_with_a_reason(office: World) -> None:
    office.submit("P-1", "risks", by="ana", title="Ice", owner="ana", probability=1, impact=1)
    with pytest.raises(CommandError, match="reason"):
        act(office, moves.move, "risks", "R-1", to="accepted")
    assert act(office, moves.move, "risks", "R-1", to="accepted", reason="small") == "accepted"
    assert act(office, moves.close, "risks", "R-1", reason="over") == "closed"
    assert act(office, moves.reopen, "risks", "R-1", reason="again") == "accepted"


def test_a_contract_runs_once_it_names_supplier_and_end(office: World) -> None:
    office.submit("P-1", "contracts", by="ana", title="Steel", supplier="Northbridge")
    with pytest.raises(CommandError, match="expiry"):
        act(office, moves.move, "contracts", "CT-1", to="running")
    office.update("P-1", "contracts", "CT-1", by="ana", expiry="2027-03-31")
    assert act(office, moves.move, "contracts", "CT-1", to="running") == "running"
    assert act(office, moves.close, "contracts", "CT-1", reason="delivered") == "closed"
    assert act(office, moves.reopen, "contracts", "CT-1", reason="a claim") == "running"
    assert status(office, "contracts", "CT-1") == "running"


LIVES = [
    (
        "issues",
        {"title": "No power"},
        ["examining", ("settling", {"decision": "hire a generator"})],
    ),
    ("benefits", {"title": "Fewer visits"}, [("realising", {"measure": "visits"}), "realised"]),
    (
        "quality",
        {"title": "Drawings"},
        [
            ("held", {"actual": "2026-02-27", "result": "pass"}),
            ("signed_off", {"signed_off_by": "ana"}),
        ],
    ),
    ("actions", {"title": "Call them", "owner": "ana"}, ["under_way"]),
]


@pytest.mark.parametrize(("register", "fields", "way"), LIVES, ids=[each[0] for each in LIVES])
def test_a_record_goes_its_way_and_says_why_it_is_over(
    office: World, register: str, fields: dict[str, Any], way: list[Any]
) -> None:
    key = office.submit("P-1", register, by="ana", **fields).key
    for step in way:
        state, needed = step if isinstance(step, tuple) else (step, {})
        for name in list(needed)[:1]:
            with pytest.raises(CommandError, match=name):
                act(office, moves.move, register, key, to=state)
        if needed:
            office.update("P-1", register, key, by="ana", **needed)
        reason = {"reason": "as agreed"} if state == "realised" else {}
        assert act(office, moves.move, register, key, to=state, **reason) == state
    over = "dropped" if register == "actions" else "closed"
    with pytest.raises(CommandError, match="reason"):
        act(office, moves.close, register, key, to=over)
    assert act(office, moves.close, register, key, to=over, reason="over") == over
    assert act(office, moves.reopen, register, key, reason="not yet") == state


def test_an_action_is_closed_once_it_says_when_it_was_done(office: World) -> None:
    office.submit("P-1", "actions", by="ana", title="Call them", owner="ana")
    with pytest.raises(CommandError, match="done_on"):
        act(office, moves.close, "actions", "AC-1", to="closed")
    office.update("P-1", "actions", "AC-1", by="ana", done_on="2026-02-27")
    assert act(office, moves.close, "actions", "AC-1", to="closed") == "closed"


BASELINE = {"in_baseline": True, "baseline_before": "1.0", "baseline_after": "1.1"}


def test_a_change_is_carried_out_once_it_is_approved_and_counts_on(office: World) -> None:
    office.person("cara", "change_authority")
    office.person("cora", "change_control")
    said = {"cost": "5 GBP", "change_budget": "50 GBP", "impact_assessed": True}
    said["emergency"] = False
    office.submit("P-1", "change_requests", by="cora", title="A gate", **said)
    with pytest.raises(CommandError, match="CR-1 is submitted, and it can become closed"):
        act(office, moves.move, "change_requests", "CR-1", to="carrying_out")
    office.vote("cara")
    assert act(office, moves.move, "change_requests", "CR-1", to="carrying_out") == "carrying_out"
    with pytest.raises(CommandError, match="in_baseline"):
        act(office, moves.move, "change_requests", "CR-1", to="carried_out")
    office.update("P-1", "change_requests", "CR-1", by="cora", **BASELINE)
    assert act(office, moves.move, "change_requests", "CR-1", to="carried_out") == "carried_out"
    assert act(office, moves.close, "change_requests", "CR-1", reason="done") == "closed"
    said["cost"] = "46 GBP"  # with what was carried out more than the budget
    beyond = office.submit("P-1", "change_requests", by="cora", title="A wall", **said)
    assert "change-beyond-budget" in beyond.decision.fired
