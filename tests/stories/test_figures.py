"""Figures as people meet them: on a record, of a project, of several, and at a gate."""

from collections.abc import Iterator

import pytest

from pmo_engine.policy import Policy
from pmo_engine.roles import registry
from pmo_engine.testing import World, policy_from
from pmo_engine.work.figures import figures_of_projects, figures_of_record, projects_of
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.gates.reviews import seen_by

POLICY = """
kind: policy
name: risky
version: "1"
in_force_from: 2026-01-01
currency: GBP
calendar: office
packs: [{use: office}, {use: risk}, {use: resources}]
---
kind: calendar
id: office
zone: Europe/London
hours: {mon-fri: "09:00-17:30"}
---
kind: gates
stages: [delivery, closing]
gates:
  - id: G1
    title: Into closing
    from_stage: delivery
    to_stage: closing
    assessments: [risk]
    decided_by: portfolio_board
    outcomes: [go, stop]
"""
THREAT = {"type": "threat", "probability": 3, "impact": 4, "owner": "petra"}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(POLICY)


@pytest.fixture
def world(policy: Policy, sqlite_url: str) -> Iterator[World]:
    made = World(policy, sqlite_url, roles=registry.roles())
    for project in ("P-1", "P-2", "P-3"):
        made.project(project)
    made.person("petra", "pmo_head")
    made.person("bo", "portfolio_board")
    yield made
    made.close()


def threat(world: World, project: str, **more: object) -> str:
    return world.submit(project, "risks", "petra", **{**THREAT, **more}).key


def words(world: World, *projects: str) -> dict[str, str]:
    with world.governance.reading() as c:
        return {each.id: each.words for each in figures_of_projects(c, projects, "risk")}


def test_a_record_shows_its_figures_and_projects_theirs_from_one_declaration(world: World) -> None:
    key = threat(world, "P-1", chance="0.5", impact_cost="1000 GBP")
    threat(world, "P-2", chance="0.1", impact_cost="2000 GBP", impact=5)
    with world.governance.reading() as c:
        entry = c.uow.entries.by_key("P-1", "risks", key)
        on_record = {each.id: each.words for each in figures_of_record(c, entry)}
        assert projects_of(c) == ["P-1", "P-2", "P-3"]
    assert on_record["score"] == "12 points"
    assert on_record["expected_value"] == "500 GBP"
    assert words(world, "P-1")["exposure"] == "500 GBP"
    together = words(world, "P-1", "P-2", "P-3")
    assert (together["exposure"], together["highest_score"]) == ("700 GBP", "15 points")
    assert words(world, "P-3")["exposure"] == "not available: no risk is open"


def test_what_is_not_known_names_the_record_and_its_project(world: World) -> None:
    key = threat(world, "P-1", chance="0.5")
    threat(world, "P-2", chance="0.1", impact_cost="2000 GBP")
    assert words(world, "P-1")["exposure"] == f"not available: not known: risks[{key}].impact_cost"
    assert words(world, "P-1", "P-2")["exposure"].endswith(f"risks[P-1/{key}].impact_cost")


def test_an_assessment_at_a_gate_carries_the_declared_figures(world: World) -> None:
    threat(world, "P-1", chance="0.5", residual=4, reviewed_on="2026-03-01")
    opened = gates.open_gate(world.governance, project="P-1", gate="G1", by="petra")
    found = gates.assess(world.governance, review_id=opened.id, role="risk", by="petra")
    assert found.figures["highest_score"] == "12"
    assert "impact_cost" in found.figures["exposure"]["not_available"]


def test_people_are_allocated_over_all_projects_whichever_is_looked_at(world: World) -> None:
    whole = {"person": "wei", "percent": 100, "starts_on": "2026-03-01", "ends_on": "2026-03-31"}
    key = world.submit("P-1", "allocations", "petra", **whole).key
    world.submit("P-2", "allocations", "petra", **{**whole, "starts_on": "2026-03-10"})
    with world.governance.reading() as c:
        entry = c.uow.entries.by_key("P-1", "allocations", key)
        assert [each.words for each in figures_of_record(c, entry)] == ["200"]
        found = {each.id: each.words for each in figures_of_projects(c, ["P-1"], "resources")}
        assert found["overallocated"] == "1"
        assert seen_by(c, "resources", "P-2").figure("overallocated") == 1
        alone = {each.id: each.words for each in figures_of_projects(c, ["P-3"], "resources")}
    assert alone["overallocated"] == "0"
