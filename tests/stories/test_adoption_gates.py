"""A gate under review when a new version of the policy takes force."""

from collections.abc import Callable

import pytest

from pmo_engine.policy import Policy
from pmo_engine.roles.registry import roles
from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals import votes as approvals
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.versions import adoption
from pmo_engine.work.versions import catalogue as versions
from tests.stories.conftest import DATABASES

pytestmark = DATABASES

POLICY = """\
kind: policy
name: gated
version: "{version}"
applies_to_open: {applies}
in_force_from: 2026-01-01
currency: GBP
packs: [{{use: office}}, {{use: risk}}, {{use: finance}}, {{use: planning}}]
---
kind: gates
stages: [initiation, delivery, closure]
gates:
  - id: {gate}
    title: Delivery may begin
    from_stage: initiation
    to_stage: delivery
    assessments: [{assessments}]
    decided_by: {body}
    within: 5 days
    ladder: standard
    outcomes: [go, hold, stop]
"""
APPLIES = {"version": "2", "applies": "true"}


def policy(**changes: str) -> Policy:
    given = {"version": "1", "applies": "false", "gate": "G2", "assessments": "risk, finance"}
    return policy_from(POLICY.format(**{**given, "body": "portfolio_board", **changes}))


@pytest.fixture
def office(make_world: Callable[..., World]) -> World:
    """The office has adopted its first version; the gate of P-1 is open."""
    world = make_world(policy(), roles=roles())
    world.project("P-1", stage="initiation")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("spo", "sponsor")
    world.person("bo", "portfolio_board")
    adopt(world, policy())
    gates.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    return world


def adopt(world: World, new: Policy) -> None:
    adoption.adopt(world.governance, new, by="petra")
    [row] = [each for each in world.waiting_for("bo") if each.project is None]
    assert approvals.vote(world.governance, row.id, by="bo", choice="approve").status == "adopted"


def review(world: World) -> gates.ReviewState:
    [found] = gates.reviews(world.governance)
    return found


def test_another_body_decides_a_gate_that_waits_for_its_decision(office: World) -> None:
    office.assess_all(review(office).id)
    adopt(office, policy(**APPLIES, body="pmo_head"))
    [touched] = versions.show(office.governance, "2").changes.open_work
    assert touched.title == "Gate G2 of P-1"
    assert office.waiting_for("bo") == []
    assert office.vote("petra").status == "go"
    with office.governance.reading() as c:
        assert c.uow.projects.get("P-1").stage == "delivery"


def test_the_same_body_keeps_its_time(office: World) -> None:
    office.assess_all(review(office).id)
    [before] = office.waiting_for("bo")
    office.forward(working_days=1)
    adopt(office, policy(**APPLIES))
    [after] = office.waiting_for("bo")
    assert (after.id, after.due) == (before.id, before.due)


def test_a_further_assessment_is_waited_for_first(office: World) -> None:
    office.assess_all(review(office).id)
    adopt(office, policy(**APPLIES, assessments="risk, finance, planning"))
    state = review(office)
    assert (state.status, state.awaited) == ("assessing", ("planning",))
    assert office.waiting_for("bo") == []
    assert office.assess_all(state.id).status == "awaiting_decision"
    assert office.vote("bo").status == "go"


def test_a_review_that_is_being_assessed_is_not_begun_again(office: World) -> None:
    with office.governance.reading() as c:
        before = c.uow.gate_reviews.get(review(office).id).attempt
    gates.assess(office.governance, review_id=review(office).id, role="risk")
    adopt(office, policy(**APPLIES, assessments="risk, finance, planning"))
    state = review(office)
    assert (state.status, state.awaited) == ("assessing", ("finance", "planning"))
    with office.governance.reading() as c:
        assert c.uow.gate_reviews.get(state.id).attempt == before
    assert office.assess_all(state.id).status == "awaiting_decision"


def test_an_assessment_that_is_asked_no_more_is_not_waited_for(office: World) -> None:
    gates.assess(office.governance, review_id=review(office).id, role="risk")
    adopt(office, policy(**APPLIES, assessments="risk"))
    assert review(office).status == "awaiting_decision"
    assert office.vote("bo").status == "go"


@pytest.mark.parametrize("applies", ["true", "false"])
def test_a_gate_that_is_gone_goes_on_under_the_version_that_has_it(
    office: World, applies: str
) -> None:
    adopt(office, policy(version="2", applies=applies, gate="G3"))
    assert office.governance.rules.policy.version == "2"
    assert review(office).awaited == ("risk", "finance")
    office.assess_all(review(office).id)
    assert office.vote("bo").status == "go"
    assert review(office).outcome == "go"


def test_open_gates_keep_their_version_unless_it_is_said(office: World) -> None:
    adopt(office, policy(version="2", assessments="risk, finance, planning", body="sponsor"))
    assert office.assess_all(review(office).id).status == "awaiting_decision"
    assert office.waiting_for("spo") == []
    assert office.vote("bo").status == "go"
