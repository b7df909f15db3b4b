"""Risks and contracts of the packs are treated, run, closed on grounds, and opened again."""

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
packs: [{use: office}, {use: risk}, {use: commercial}]
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
