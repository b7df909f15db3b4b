"""What stands beside a body's decision on a gate: other approvals, other acts, earlier versions."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from pmo_engine.model.vocabulary import A_GATE
from pmo_engine.store.tables import GateReview
from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import Refusal
from pmo_engine.work.gates import put as puts
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices.sweep import end_what_is_over
from pmo_engine.work.subjects import kind_of
from tests.gate_conditions import draft_condition

POLICY = """\
kind: policy
name: course
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
    repeats: true
    assessments: []
    decided_by: portfolio_board
    outcomes: OUTCOMES
    criteria:
      - id: calm
        text: No risk is severe
        when: not(some r in risks satisfies r.probability * r.impact >= 20)
  - id: G2
    title: Ready to run
    from_stage: build
    to_stage: run
    assessments: []
    decided_by: portfolio_board
    outcomes: [go, stop]
"""
OUTCOMES = "[go, conditional_go, hold, stop]"
RULE = """\
---
kind: rules
rules:
  - id: beside
    title: Said beside the decision
    on: gate.assessed
    binding: {binding}
    then: [{{require_approval: {{{asked}}}}}]
---
kind: terms_of_reference
for: portfolio_board
authority: [{{id: signs, may: sign gate, up_to: unlimited}}]
"""


@pytest.fixture(params=[("compiled", "sqlite")])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Decide on one database: what is tried here is the order of steps."""
    backend, database = request.param
    return backend, request.getfixturevalue(f"{database}_url")


@pytest.fixture
def office(make_world: Callable[..., World]) -> Callable[..., World]:
    def made(binding: str = "", asked: str = "", outcomes: str = OUTCOMES) -> World:
        rule = RULE.format(binding=binding, asked=asked) if asked else ""
        world = make_world(policy_from(POLICY.replace("OUTCOMES", outcomes) + rule))
        world.project("P-1", stage="plan")
        world.person("ana", "project_manager", project="P-1")
        world.person("petra", "pmo_head")
        world.person("bo", "portfolio_board")
        return world

    return made


def open_gate(world: World) -> str:
    return gates.open_gate(world.governance, project="P-1", gate="G1", by="ana").id


def review(world: World, id: str) -> GateReview:
    with world.governance.reading() as c:
        return c.uow.gate_reviews.get(id)


def stage(world: World) -> str:
    with world.governance.reading() as c:
        return c.uow.projects.get("P-1").stage


def asked(world: World, person: str, act: str = "") -> Any:
    waiting = (each for each in world.waiting_for(person) if each.kind == "approval")
    (row,) = (each for each in waiting if each.act == act)
    return row


def vote(world: World, person: str, act: str = "", **said: Any) -> str:
    row = asked(world, person, act)
    return votes.vote(world.governance, row.id, by=person, **{"choice": "approve", **said}).status


def test_what_should_be_approved_too_is_not_waited_for_where_the_body_says_why(
    office: Callable[..., World],
) -> None:
    world = office("should", "from: pmo_head, within: 3 days")
    id = open_gate(world)
    with pytest.raises(Refusal, match=r"should have the approval of the PMO head \(beside\) first"):
        vote(world, "bo")
    assert review(world, id).status == "awaiting_decision"
    assert vote(world, "bo", reason="she is away") == "go"
    assert [line.body["reason"] for line in world.journal("P-1") if line.kind == "departed"] == [
        "she is away"
    ]


def test_a_body_that_signs_decides_too(office: Callable[..., World]) -> None:
    world = office("shall", "from: portfolio_board, act: sign gate, within: 3 days")
    world.person("bea", "portfolio_board")
    id = open_gate(world)
    assert {each.act for each in world.waiting_for("bo")} == {"", "sign gate"}
    vote(world, "bo", "sign gate")
    assert review(world, id).status == "awaiting_decision"
    assert vote(world, "bea") == "go"


def test_what_a_rule_asks_of_the_body_is_the_decision_itself(office: Callable[..., World]) -> None:
    world = office("shall", "from: portfolio_board, within: 3 days")
    open_gate(world)
    (row,) = world.waiting_for("bo")
    assert row.rule == "beside"
    assert vote(world, "bo") == "go"


def test_a_version_asks_the_body_for_its_decision_too(office: Callable[..., World]) -> None:
    """As whoever takes over open work sees it."""
    world = office("shall", "from: portfolio_board, act: sign gate, within: 3 days")
    world.person("bea", "portfolio_board")
    id = open_gate(world)
    with world.governance.reading() as c:
        row = c.uow.gate_reviews.get(id)
        judged = kind_of(A_GATE).judge(c.under(row), row)
    assert not isinstance(judged, str)
    assert [(each.item.rule, each.item.act) for each in judged.asked] == [
        ("beside", "sign gate"),
        ("G1", ""),
    ]


SIGNED_IN_TIME = "from: pmo_head, within: 3 days, when_time_is_up: counts as given, source: rule 4"


def decided_but_for_a_signature(world: World) -> str:
    """Have the board let a gate pass, for which the PMO head is to sign; then a must is no."""
    id = open_gate(world)
    assert vote(world, "bo") == "awaiting_decision"
    world.submit("P-1", "risks", "ana", title="Flood", probability="5", impact="5")
    return id


def test_what_may_not_pass_by_then_is_voted_on_anew_where_time_is_up(
    office: Callable[..., World],
) -> None:
    world = office("shall", SIGNED_IN_TIME)
    id = decided_but_for_a_signature(world)
    world.clock.forward(timedelta(days=7))
    end_what_is_over(world.governance, id)
    assert review(world, id).status == "awaiting_decision"
    assert any("'calm' is no" in each for each in asked(world, "bo").reasons)
    assert [line.body["told"] for line in world.journal("P-1") if line.kind == "votes.void"] == [
        ["bo"]
    ]
    assert vote(world, "bo", choice="reject", outcome="stop") == "stop"


def test_who_signs_beside_signs_and_the_body_votes_anew_on_what_may_not_pass(
    office: Callable[..., World],
) -> None:
    world = office("shall", SIGNED_IN_TIME)
    id = decided_but_for_a_signature(world)
    assert vote(world, "petra") == "awaiting_decision"
    assert [each.kind for each in world.waiting_for("petra")] == ["exception"]
    assert any("'calm' is no" in each for each in asked(world, "bo").reasons)
    risk = "R-1"
    world.update("P-1", "risks", risk, "ana", probability="1", impact="1")
    assert review(world, id).status == "awaiting_decision"
    assert vote(world, "bo") == "go"


def test_what_is_voted_on_anew_has_its_whole_time_and_an_end_again(
    office: Callable[..., World],
) -> None:
    timed = f"{OUTCOMES}\n    within: 10 days\n    when_time_is_up: counts as refused"
    world = office("shall", "from: pmo_head, within: 30 days", timed)
    id = decided_but_for_a_signature(world)
    world.clock.forward(timedelta(days=8))
    world.sweep()
    world.clock.forward(timedelta(days=8))
    world.sweep()
    assert review(world, id).status == "awaiting_decision"
    world.clock.forward(timedelta(days=8))
    world.sweep()
    assert review(world, id).status == "closed"


def test_a_sweep_lets_votes_not_count_that_are_for_what_is_not_left(
    office: Callable[..., World],
) -> None:
    world = office("shall", SIGNED_IN_TIME)
    id = decided_but_for_a_signature(world)
    world.sweep()
    world.sweep()
    bodies = [message.body for message in world.inbox("bo").messages]
    (told,) = (each for each in bodies if "your vote is asked for anew" in each)
    assert "must 'calm' is no" in told
    assert asked(world, "bo").tally == ""
    assert review(world, id).status == "awaiting_decision"


@pytest.mark.parametrize("outcome", ["hold", "stop"])
def test_until_when_it_is_held_is_said_of_a_hold_alone(
    office: Callable[..., World], outcome: str
) -> None:
    world = office()
    id = open_gate(world)
    day = date(2026, 3, 9)
    puts.put(world.governance, review_id=id, by="petra", until=day, awaits="the permit")
    assert vote(world, "bo", choice="reject", outcome=outcome) == outcome
    (closed,) = (line for line in world.journal("P-1") if line.kind == "gate.closed")
    said = {"until": "2026-03-09", "awaits": "the permit"} if outcome == "hold" else {}
    assert {name: closed.body.get(name) for name in said} == said
    assert {"until", "awaits"} & closed.body.keys() == said.keys()


def test_a_gate_that_is_decided_a_second_time_moves_no_project_back(
    office: Callable[..., World],
) -> None:
    world = office()
    open_gate(world)
    assert vote(world, "bo") == "go"
    open_gate(world)
    assert vote(world, "bo", choice="reject", outcome="stop") == "stop"
    assert stage(world) == "build"


def test_a_gate_that_is_opened_again_moves_no_project_back_that_has_gone_further(
    office: Callable[..., World],
) -> None:
    world = office()
    draft_condition(world, open_gate(world))
    assert vote(world, "bo", outcome="conditional_go") == "conditional_go"
    gates.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    assert vote(world, "bo") == "go"
    world.forward(hours=24 * 366)
    assert vote(world, "bo", choice="reject", outcome="stop") == "stop"
    assert stage(world) == "run"
    with world.governance.reading() as c:
        told = {
            each.recipient
            for each in c.uow.outbox.with_state("waiting", "claimed", "sent", "failed")
        }
    assert told >= {"ana", "bo"}
    assert SYSTEM not in told
