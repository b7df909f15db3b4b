"""An event opens a gate also where what its condition looks at becomes known only later."""

from collections.abc import Callable
from typing import Any

import pytest

from pmo_engine.policy import Policy
from pmo_engine.store.tables import GateReview
from pmo_engine.testing import World, policy_from
from pmo_engine.work.people.projects import change_project
from pmo_engine.work.records.endings import withdraw

POLICY = """\
kind: policy
name: opened
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs: [{use: office}, {use: risk}]
---
kind: gates
stages: [plan, build, run]
gates:
  - id: G1
    title: Ready to build
    from_stage: plan
    to_stage: build
    assessments: []
    decided_by: portfolio_board
    opens:
      - {on: risk.submitted, when: "risk.probability * risk.impact >= 20"}
      - {on: risk.submitted, when: 'project.terrain = "marsh" and risk.probability > 3'}
      - {on: risk.submitted, when: "100 / (risk.impact - 1) > 60"}
    outcomes: [go, stop]
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(POLICY)


@pytest.fixture
def world(make_world: Callable[..., World], policy: Policy) -> World:
    made = make_world(policy)
    made.project("P-1", stage="plan", terrain="rock")
    made.person("ana", "project_manager", project="P-1")
    made.person("petra", "pmo_head")
    made.person("bo", "portfolio_board")
    return made


def reviews(world: World, project: str = "P-1") -> list[GateReview]:
    with world.governance.reading() as c:
        return c.uow.gate_reviews.of_project(project)


def lines(world: World, project: str = "P-1") -> list[str]:
    with world.governance.reading() as c:
        kinds = ("gate.opening_waits", "gate.opening_judged", "gate.opened")
        return [line.kind for line in c.uow.journal.read(project) if line.kind in kinds]


def told(world: World) -> list[str]:
    return [m.body for m in world.inbox("petra").messages if "to be opened" in m.subject]


def submit(world: World, **said: Any) -> str:
    return world.submit("P-1", "risks", "ana", title="Flood", **said).key


def test_a_fact_that_comes_by_an_update_opens_it(world: World) -> None:
    key = submit(world, probability="4")
    assert reviews(world) == []
    (said,) = told(world)
    assert "risk.impact" in said
    world.update("P-1", "risks", key, "ana", title="Flood of the quay")
    assert (reviews(world), len(told(world))) == ([], 1)
    world.update("P-1", "risks", key, "ana", impact="5")
    (review,) = reviews(world)
    assert (review.gate, review.details["why"]) == ("G1", "risk.submitted opened it")
    world.update("P-1", "risks", key, "ana", title="Flood")
    assert len(reviews(world)) == 1


def test_what_was_judged_is_not_judged_again(world: World) -> None:
    key = submit(world, probability="4")
    world.update("P-1", "risks", key, "ana", impact="4")
    assert lines(world) == ["gate.opening_waits"] * 2 + ["gate.opening_judged"] * 2
    world.update("P-1", "risks", key, "ana", impact="5")
    assert reviews(world) == []  # it opens on the submission, which was judged by then


def test_a_fault_that_is_mended_by_an_update_is_no_no(world: World) -> None:
    key = submit(world, probability="1", impact="1")
    (said,) = told(world)
    assert "division by" in said
    world.update("P-1", "risks", key, "ana", impact="2")
    assert [each.gate for each in reviews(world)] == ["G1"]


def test_a_fact_of_the_project_opens_it_too(
    make_world: Callable[..., World], policy: Policy
) -> None:
    world = make_world(policy)
    world.project("P-1", stage="plan")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    key = submit(world, probability="4", impact="4")
    world.update("P-1", "risks", key, "ana", impact="5")
    assert reviews(world) == []  # only the terrain waits
    change_project(world.governance, project="P-1", attributes={"terrain": "marsh"}, by="bo")
    assert [each.gate for each in reviews(world)] == ["G1"]


def test_what_came_in_another_stage_waits_for_nothing(world: World) -> None:
    world.project("P-2", stage="build")
    world.appoint("ana", "project_manager", project="P-2")
    key = world.submit("P-2", "risks", "ana", title="Flood", probability="5").key
    world.update("P-2", "risks", key, "ana", impact="5")
    assert (lines(world, "P-2"), told(world)) == ([], [])


def test_what_was_taken_back_opens_nothing(world: World) -> None:
    world.project("P-3", stage="plan")
    world.appoint("ana", "project_manager", project="P-3")
    key = world.submit("P-3", "risks", "ana", title="Flood", probability="5").key
    withdraw(world.governance, project="P-3", register="risks", key=key, by="ana")
    change_project(world.governance, project="P-3", attributes={"terrain": "marsh"}, by="bo")
    assert reviews(world, "P-3") == []


ON_UPDATES = POLICY.replace(
    "    outcomes:", "      - {on: risk.updated, when: risk.impact >= 4}\n    outcomes:"
)


def test_an_opening_on_updates_opens_what_was_judged_no(
    make_world: Callable[..., World],
) -> None:
    world = make_world(policy_from(ON_UPDATES))
    world.project("P-1", stage="plan", terrain="rock")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    key = submit(world, probability="1", impact="3")
    world.update("P-1", "risks", key, "ana", title="Flood of the quay")
    assert reviews(world) == []
    world.update("P-1", "risks", key, "ana", impact="5")
    (review,) = reviews(world)
    assert review.details["why"] == "risk.updated opened it"
    world.update("P-1", "risks", key, "ana", impact="4")
    assert len(reviews(world)) == 1  # it is open
