"""When a gate is opened: by hand by whom the policy names, on an event, or before a day."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from pmo_engine.policy import Gate, Policy
from pmo_engine.store.tables import Choice, GateReview, Outcome, Project
from pmo_engine.testing import Failed, World, at_once, policy_from
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import Refusal
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.gates import scheduled
from pmo_engine.work.governance import SYSTEM, Context
from pmo_engine.work.notices.sweep import sweep
from pmo_engine.work.people.projects import change_project
from tests.gate_conditions import draft_condition

POLICY = """\
kind: policy
name: opened
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs:
  - {use: office}
  - use: risk
    without: [{rule: risk-exposure, reason: No rule looks at a project every day, source: minute 1}]
---
kind: gates
stages: [plan, build, run]
gates:
  - id: G0
    title: Worth it
    from_stage: plan
    to_stage: plan
    repeats: true
    assessments: []
    decided_by: portfolio_board
    outcomes: [go, conditional_go, hold, stop]
  - id: G1
    title: Ready to build
    from_stage: plan
    to_stage: build
    assessments: []
    decided_by: portfolio_board
    opened_by: [pmo_head]
    opens:
      - {before: 4 weeks, of: project.stage_ends_on}
      - {on: risk.submitted, when: risk.probability * risk.impact >= 20}
    outcomes: [go, conditional_go, stop]
  - id: G2
    title: Ready to run
    from_stage: build
    to_stage: run
    assessments: []
    decided_by: portfolio_board
    opens: [{on: risk.submitted}]
    outcomes: [go, stop]
"""


@pytest.fixture(params=[("compiled", "sqlite")])
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
    made.project("P-1", stage="plan", stage_ends_on="2026-04-06")
    made.person("ana", "project_manager", project="P-1")
    made.person("petra", "pmo_head")
    made.person("bo", "portfolio_board")
    return made


def reviews(world: World) -> list[GateReview]:
    with world.governance.reading() as c:
        return c.uow.gate_reviews.of_project("P-1")


def submit(world: World, **said: Any) -> None:
    world.submit("P-1", "risks", "ana", title="Flood", **said)


def test_only_whom_the_policy_names_opens_a_gate_by_hand(world: World) -> None:
    open_gate = partial(gates.open_gate, world.governance, project="P-1", gate="G1")
    with pytest.raises(Refusal, match="Ana may not open gate G1: that is for the PMO head"):
        open_gate(by="ana")
    assert open_gate(by="petra").status == "awaiting_decision"


def test_a_gate_is_opened_four_weeks_before_the_day(world: World) -> None:
    world.forward(hours=24 * 6)  # Sunday, 8 March
    assert reviews(world) == []
    world.forward(hours=24)
    (review,) = reviews(world)
    assert (review.opened_by, review.details["why"]) == ("pmo-engine", "it goes by 2026-04-06")
    assert world.inbox("bo").subjects == ["Gate G1 of P-1 needs your decision: Ready to build"]
    world.sweep()
    assert len(reviews(world)) == 1


def test_one_that_was_decided_is_not_opened_for_the_same_day_again(world: World) -> None:
    world.forward(hours=24 * 8)
    world.vote("bo", "reject")
    world.forward(hours=24)
    assert len(reviews(world)) == 1


def test_without_the_day_nothing_is_opened(world: World) -> None:
    world.project("P-2", stage="plan")
    world.forward(hours=24 * 60)
    with world.governance.reading() as c:
        assert c.uow.gate_reviews.of_project("P-2") == []


def test_a_project_is_judged_for_its_gates_when_something_may_have_come(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    judged = scheduled._found

    def counted(c: Context, project: Project, gate: Gate) -> object:
        asked.append(gate.id)
        return judged(c, project, gate)

    monkeypatch.setattr(scheduled, "_found", counted)
    world.sweep()
    assert asked == ["G1"]
    world.forward(hours=24 * 6)
    world.sweep()
    assert asked == ["G1"]
    world.forward(hours=24)
    assert (asked, len(reviews(world))) == (["G1", "G1"], 1)
    world.forward(hours=24 * 30)
    assert len(asked) == 2
    change_project(world.governance, project="P-1", name="Quay", by="bo")
    world.sweep()
    assert len(asked) == 2  # it is under review


@pytest.mark.parametrize(
    ("day", "said"),
    [("soon", "'soon' is no day"), (7, "'7' is no day")],
)
def test_a_day_that_cannot_be_told_is_told_of(world: World, day: object, said: str) -> None:
    world.project("P-3", stage="plan", stage_ends_on=day)
    world.sweep()
    world.forward(hours=24)
    (told,) = (m for m in world.inbox("petra").messages if "P-3" in m.subject)
    assert told.subject.endswith("whether it is to be opened could not be judged")
    assert said in told.body
    with world.governance.reading() as c:
        assert c.uow.gate_reviews.of_project("P-3") == []


def test_a_fault_in_the_condition_of_an_opening_is_told_of(
    make_world: Callable[..., World],
) -> None:
    faulty = POLICY.replace("risk.probability * risk.impact >= 20", "100 / (risk.impact - 1) > 3")
    world = make_world(policy_from(faulty))
    world.project("P-1", stage="plan")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    submit(world, probability="1", impact="1")
    (told,) = world.inbox("petra").messages
    assert "division by" in told.body
    assert reviews(world) == []


def test_an_event_opens_a_gate_where_its_condition_holds(world: World) -> None:
    submit(world, probability="3", impact="5")
    submit(world, probability="4")
    assert reviews(world) == []
    submit(world, probability="4", impact="5")
    (review,) = reviews(world)
    assert (review.gate, review.details["why"]) == ("G1", "risk.submitted opened it")
    submit(world, probability="5", impact="5")
    assert len(reviews(world)) == 1


def test_an_event_opens_the_gate_of_the_stage_alone(world: World) -> None:
    world.project("P-2", stage="build")
    world.appoint("ana", "project_manager", project="P-2")
    world.submit("P-2", "risks", "ana", title="Flood")
    with world.governance.reading() as c:
        assert [each.gate for each in c.uow.gate_reviews.of_project("P-2")] == ["G2"]


def stage(world: World) -> str:
    with world.governance.reading() as c:
        return c.uow.projects.get("P-1").stage


def decide(world: World, outcome: Outcome) -> None:
    (row,) = (each for each in world.waiting_for("bo") if each.kind == "approval")
    choice: Choice = "approve" if outcome in {"go", "conditional_go"} else "reject"
    votes.vote(world.governance, row.id, by="bo", choice=choice, outcome=outcome)


def test_gate_0_repeats_in_every_later_stage_and_moves_none(world: World) -> None:
    open_gate = partial(gates.open_gate, world.governance, project="P-1", by="petra")
    open_gate(gate="G0")
    decide(world, "go")
    assert stage(world) == "plan"
    open_gate(gate="G1")
    decide(world, "go")
    with pytest.raises(Refusal, match="gate G1 leads out of 'plan'"):
        open_gate(gate="G1")
    again = open_gate(gate="G0").id
    draft_condition(world, again)
    decide(world, "conditional_go")
    assert stage(world) == "build"
    world.forward(hours=24 * 366)
    assert [each.reopens for each in reviews(world)][-1] == again
    decide(world, "stop")
    assert stage(world) == "build"  # which gate 0 did not lead to


def test_a_gate_that_repeats_is_held_in_stages_declared_behind_it_that_no_gate_leads_to(
    make_world: Callable[..., World],
) -> None:
    gap = POLICY.replace("stages: [plan, build, run]", "stages: [idea, plan, build, run]")
    gap = gap.replace(
        "from_stage: plan\n    to_stage: plan", "from_stage: idea\n    to_stage: idea"
    )
    world = make_world(policy_from(gap))
    for id, stage in (("P-1", "build"), ("P-2", "plan")):
        world.project(id, stage=stage)
        gates.open_gate(world.governance, project=id, gate="G0", by=SYSTEM)


def test_a_gate_that_is_opened_again_moves_no_project_back_that_it_lets_pass(world: World) -> None:
    first = gates.open_gate(world.governance, project="P-1", gate="G1", by="petra").id
    draft_condition(world, first)
    decide(world, "conditional_go")
    gates.open_gate(world.governance, project="P-1", gate="G2", by="petra")
    decide(world, "go")
    world.forward(hours=24 * 366)
    assert reviews(world)[-1].reopens == first
    decide(world, "go")
    assert stage(world) == "run"


@pytest.mark.parametrize(
    "place", [("compiled", "sqlite"), ("compiled", "postgresql")], indirect=True
)
def test_two_who_let_time_pass_open_it_once(world: World) -> None:
    world.clock.set(world.clock.now().replace(day=10))
    assert not any(isinstance(each, Failed) for each in at_once(world, sweep, sweep))
    assert len(reviews(world)) == 1
