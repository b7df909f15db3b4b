"""What a gate is decided to be, with what belongs to it, and what it leaves to be done."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from pmo_engine.policy import Policy
from pmo_engine.queries.gate_tasks import Carried, carried
from pmo_engine.queries.reviews import review_story
from pmo_engine.store.tables import GateReview, Outcome
from pmo_engine.testing import World, at_once, policy_from
from pmo_engine.testing.at_once import Failed
from pmo_engine.work import acts
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.gates import put as puts
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.gates.packs import pack_of
from pmo_engine.work.gates.put import Task
from pmo_engine.work.people.project_states import set_state

POLICY = """\
kind: policy
name: decided
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs: [{use: office}]
---
kind: gates
stages: [plan, build, run]
confidence: [{scale: three}, {scale: five, from: 2026-03-04}]
gates:
  - id: G1
    title: Ready to build
    from_stage: plan
    to_stage: build
    assessments: []
    decided_by: portfolio_board
    within: 5 days
    ladder: standard
    resources: true
    outcomes: [go, conditional_go, hold, recycle, stop]
  - id: G2
    title: Ready to run
    from_stage: build
    to_stage: run
    assessments: []
    decided_by: portfolio_board
    outcomes: [go, hold]
"""
LEASE = Task(text="The lease is signed", owner="sponsor", due="2026-03-05")
TRAIN = Task(text="Two more are trained", owner="pmo_head", due="2026-03-20", grade="essential")
SQLITE = ("compiled", "sqlite")


@pytest.fixture(params=[SQLITE])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Decide on one database, but for what is another there."""
    backend, database = request.param
    return backend, request.getfixturevalue(f"{database}_url")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(POLICY)


@pytest.fixture
def world(make_world: Callable[..., World], policy: Policy) -> World:
    made = make_world(policy)
    made.project("P-1", stage="plan")
    made.person("ana", "project_manager", project="P-1")
    for person, role in (("petra", "pmo_head"), ("sue", "sponsor"), ("bo", "portfolio_board")):
        made.person(person, role)
    return made


@pytest.fixture
def id(world: World) -> str:
    """Open the gate, and say which resources it would give."""
    found = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana").id
    puts.put(world.governance, review_id=found, by="petra", resources="50,000 GBP until G2")
    return found


def add(world: World, id: str, *tasks: Task) -> None:
    for each in tasks:
        puts.add_task(world.governance, review_id=id, task=each, by="petra")


def decide(world: World, outcome: Outcome | None, choice: str | None = None) -> str:
    (row,) = (each for each in world.waiting_for("bo") if each.kind == "approval")
    passing = outcome in {"go", "conditional_go"}
    chosen: Any = choice or ("approve" if passing else "reject")
    return votes.vote(world.governance, row.id, by="bo", choice=chosen, outcome=outcome).status


def reviews(world: World) -> list[GateReview]:
    with world.governance.reading() as c:
        return c.uow.gate_reviews.of_project("P-1")


def stage(world: World) -> str:
    with world.governance.reading() as c:
        return c.uow.projects.get("P-1").stage


def open_of(world: World) -> tuple[Carried, ...]:
    with world.governance.reading() as c:
        return carried(c, "P-1")


def answer(world: World, person: str) -> str:
    (row,) = (r for r in world.waiting_for(person) if r.kind in {"condition", "recommendation"})
    return votes.answer(world.governance, row.id, by=person, note="done").status


def test_an_outcome_needs_what_belongs_to_it(world: World) -> None:
    id = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana").id
    put = partial(puts.put, world.governance, review_id=id, by="petra")
    for outcome in ("go", "conditional_go"):
        with pytest.raises(CommandError, match="gives the resources with the decision|draft them"):
            decide(world, outcome)
    put(resources="two engineers")
    with pytest.raises(CommandError, match="a conditional go has conditions"):
        decide(world, "conditional_go")
    put(awaits="the permit")
    with pytest.raises(CommandError, match="a hold says until when and what is awaited"):
        decide(world, "hold")
    put(until=date(2026, 3, 9))
    assert decide(world, "hold") == "hold"
    (closed,) = reviews(world)
    assert world.journal("P-1")[-2].kind == "gate.closed"
    assert world.journal("P-1")[-2].body["awaits"] == "the permit"
    assert closed.outcome == "hold"


def test_the_resources_are_given_with_the_decision(world: World, id: str) -> None:
    assert decide(world, "go") == "go"
    told = next(line for line in world.journal("P-1") if line.kind == "gate.closed")
    assert (told.body["outcome"], told.body["resources"]) == ("go", "50,000 GBP until G2")
    assert "50,000 GBP until G2" in world.inbox("ana").messages[-1].body


def test_a_condition_that_is_met_in_time_lets_the_project_go_on(world: World, id: str) -> None:
    add(world, id, LEASE)
    assert decide(world, "conditional_go") == "conditional_go"
    assert stage(world) == "build"
    (row,) = open_of(world)
    assert (row.owner, row.due, row.kind) == ("sponsor", "2026-03-05T23:59:00+00:00", "condition")
    assert world.inbox("sue").subjects == ["Gate G1 of P-1: condition 1: Ready to build"]
    with pytest.raises(Refusal, match="it is for the project sponsor"):
        votes.answer(world.governance, row.id, by="ana", note="done")
    assert answer(world, "sue") == "conditional_go"
    assert world.inbox("bo").subjects[-1].endswith("something that it left to be done is done")
    world.forward(hours=24 * 5)
    assert len(reviews(world)) == 1


def test_a_condition_that_lapses_opens_the_gate_again_and_tells_the_board(
    world: World, id: str
) -> None:
    add(world, id, LEASE)
    decide(world, "conditional_go")
    world.forward(hours=24 * 3)  # Thursday, 9 in the morning
    assert len(reviews(world)) == 1
    world.forward(hours=24)
    first, again = reviews(world)
    assert (again.gate, again.reopens, again.opened_by) == ("G1", first.id, "pmo-engine")
    assert again.status == "awaiting_decision"
    said = world.inbox("bo").messages
    assert any("'The lease is signed' was not met in time" in each.body for each in said)
    assert stage(world) == "build"
    world.sweep()
    assert len(reviews(world)) == 2
    puts.put(world.governance, review_id=again.id, by="petra", resources="none")
    decide(world, "recycle")
    assert stage(world) == "plan"  # it may not stay where the gate does not let it


def test_what_a_gate_left_to_be_done_is_asked_again_where_a_stopped_project_goes_on(
    world: World, id: str
) -> None:
    add(world, id, LEASE, TRAIN)
    decide(world, "conditional_go")
    state = partial(set_state, world.governance, project="P-1", by="bo", reason="no money")
    world.forward(hours=24)
    state(act=acts.STOP_PROJECT)
    assert world.waiting_for("sue") == world.waiting_for("petra") == []
    world.forward(hours=24 * 7)
    state(act=acts.START_PROJECT)
    [lease] = world.waiting_for("sue")
    assert (lease.kind, lease.due) == ("condition", "2026-03-12T23:59:00+00:00")
    assert [each.kind for each in world.waiting_for("petra")] == ["recommendation"]
    assert world.inbox("sue").subjects.count("Gate G1 of P-1: condition 1: Ready to build") == 2
    for act in (acts.STOP_PROJECT, acts.START_PROJECT):
        state(act=act)
    assert len(world.waiting_for("sue")) == 1
    world.forward(hours=24 * 4)
    assert [each.reopens for each in reviews(world)] == [None, id]


def test_a_hold_is_over_when_its_day_comes_or_when_what_it_awaits_is_there(world: World) -> None:
    put = partial(puts.put, world.governance, by="petra", until=date(2026, 3, 4))
    id = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana").id
    put(review_id=id, awaits="the permit")
    decide(world, "hold")
    world.forward(hours=1)
    assert answer(world, "ana") == "opened again"
    first, again = reviews(world)
    assert (again.reopens, again.details["why"]) == (first.id, "what it was held for is there")
    put(review_id=again.id, awaits="the loan")
    decide(world, "hold")
    world.forward(hours=24 * 3)
    assert len(reviews(world)) == 3
    assert "'the loan' is not there" in reviews(world)[-1].details["why"]


def test_a_refusal_that_names_no_outcome_holds_the_project_for_no_set_time(world: World) -> None:
    gates.open_gate(world.governance, project="P-1", gate="G1", by="ana")
    assert decide(world, None, "reject") == "hold"
    assert open_of(world) == ()


def test_what_is_stopped_opens_no_gate_again(world: World, id: str) -> None:
    add(world, id, LEASE, TRAIN)
    decide(world, "stop")
    assert open_of(world) == ()
    world.forward(hours=24 * 10)
    assert len(reviews(world)) == 1


def test_recommendations_are_carried_to_the_next_gate_until_they_are_done(
    world: World, id: str
) -> None:
    add(world, id, TRAIN)
    decide(world, "go")
    gates.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    world.forward(hours=24 * 20)
    (row,) = open_of(world)
    said = "Recommendation 1 (essential): Two more are trained"
    assert (row.gate, row.text, row.owner, row.overdue) == ("G1", said, "pmo_head", True)
    assert [each.gate for each in reviews(world)] == ["G1", "G2"]  # none is opened again for it
    answer(world, "petra")
    assert open_of(world) == ()


def test_what_is_put_stands_in_the_pack_and_in_what_the_body_is_asked(
    world: World, id: str
) -> None:
    world.forward(hours=24)
    add(world, id, LEASE)
    puts.rate_confidence(
        world.governance, review_id=id, confidence="amber", reason="late permit", by="petra"
    )
    put = (
        "Condition of a conditional go: The lease is signed; project sponsor, by 5 March 2026.",
        "A decision to pass gives 50,000 GBP until G2.",
        "Confidence that the project delivers: amber.",
    )
    with world.governance.reading() as c:
        pack = pack_of(c, id)
        [asked] = [each for each in review_story(c, id).obligations if each.kind == "approval"]
    assert pack.put == put
    assert [each for each in asked.reasons if each.startswith("Put")] == [
        f"Put with it: {each}" for each in put
    ]
    assert asked.due_at is not None
    assert (pack.due, pack.made_on) == (asked.due_at[:10], "2026-03-03")


def test_the_pack_stays_as_it_was_voted_on(world: World, id: str) -> None:
    world.person("bea", "portfolio_board")
    (row,) = world.waiting_for("bo")
    votes.vote(world.governance, row.id, by="bo", choice="abstain")
    puts.rate_confidence(
        world.governance, review_id=id, confidence="amber", reason="late permit", by="petra"
    )
    with world.governance.reading() as c:
        assert pack_of(c, id).put == ("A decision to pass gives 50,000 GBP until G2.",)


def test_what_is_put_to_the_body_stays_once_somebody_has_voted(world: World, id: str) -> None:
    world.person("bea", "portfolio_board")
    (row,) = world.waiting_for("bo")
    votes.vote(world.governance, row.id, by="bo", choice="abstain")
    with pytest.raises(Refusal, match="somebody has voted already, on what was put then"):
        add(world, id, LEASE)


def test_a_task_that_is_none(world: World, id: str) -> None:
    said: dict[str, Any]
    for said, why in [
        ({"owner": "sponser"}, "'sponser' is no role that could own it"),
        ({"due": "2026-03-01"}, "cannot be due on 2026-03-01, which has passed"),
        ({"ladder": "fast"}, "there is no ladder 'fast'; there are standard"),
        ({"text": " "}, "say what has to be done"),
    ]:
        with pytest.raises(CommandError, match=why):
            add(world, id, LEASE.model_copy(update=said))
    put = partial(puts.put, world.governance, review_id=id, by="petra")
    with pytest.raises(CommandError, match="until a day to come, and 2026-03-02 is none"):
        put(until=date(2026, 3, 2))
    with pytest.raises(CommandError, match="nothing is put"):
        put()
    add(world, id, LEASE.model_copy(update={"due": "2026-03-02"}))


def test_confidence_is_on_the_scale_of_the_day_and_not_the_managers(world: World, id: str) -> None:
    rate = partial(puts.rate_confidence, world.governance, review_id=id, reason="late permit")
    assert rate(confidence="amber", by="petra").confidence == "amber"
    with pytest.raises(CommandError, match=r"'amber/red' is not on the scale of 2026-03-02: green"):
        rate(confidence="amber/red", by="petra")
    with pytest.raises(Refusal, match="Ana manages P-1, and does not rate it"):
        rate(confidence="green", by="ana")
    with pytest.raises(CommandError, match="for a reason"):
        rate(confidence="green", by="petra", reason=" ")
    world.forward(hours=48)
    assert rate(confidence="amber/red", by="petra").confidence == "amber/red"
    (review,) = reviews(world)
    assert review.details["confidence"]["on"] == "2026-03-04"


@pytest.mark.parametrize("place", [SQLITE, ("compiled", "postgresql")], indirect=True)
def test_two_sweeps_at_once_open_a_gate_again_once(world: World, id: str) -> None:
    from pmo_engine.work.notices.sweep import sweep

    add(world, id, LEASE)
    decide(world, "conditional_go")
    world.clock.set(world.clock.now().replace(day=7))
    found = at_once(world, sweep, sweep)
    assert not any(isinstance(each, Failed) for each in found)
    assert len(reviews(world)) == 2


@pytest.mark.parametrize("place", [SQLITE, ("compiled", "postgresql")], indirect=True)
def test_what_two_put_and_rate_at_once_is_all_there(world: World, id: str) -> None:
    put = partial(puts.put, review_id=id, by="petra")
    rate = partial(puts.rate_confidence, review_id=id, reason="late permit", by="petra")
    for pair in (
        (partial(put, awaits="the permit"), partial(put, resources="two engineers")),
        (partial(rate, confidence="amber"), partial(put, until=date(2026, 3, 9))),
    ):
        assert not any(isinstance(each, Failed) for each in at_once(world, *pair))
    (review,) = reviews(world)
    kept = puts.put_of(review)
    assert (kept.awaits, kept.resources) == ("the permit", "two engineers")
    assert (kept.confidence, str(kept.until)) == ("amber", "2026-03-09")
