"""What is asked for before it is a project, and what changes the portfolio: acts of its board."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from pmo_engine.documents import written
from pmo_engine.documents.boards.mandate import mandate_document
from pmo_engine.notify.channel import AppriseChannel
from pmo_engine.notify.inbox import InboxServer
from pmo_engine.policy import Policy
from pmo_engine.prose.forms import form_of
from pmo_engine.store.tables import Project
from pmo_engine.testing import Failed, World, at_once, policy_from
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.gates.judging import judge
from pmo_engine.work.intake import form, mandates
from pmo_engine.work.notices.delivery import deliver
from pmo_engine.work.records.endings import rescind
from pmo_engine.work.records.submission import Recorded, submit, update

POLICY = """\
kind: policy
name: intake
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs: [{use: office}, {use: intake, with: {small: 50000 GBP, medium: 500000 GBP}}]
---
kind: gates
stages: [idea, plan, build]
gates:
  - id: G0
    title: Worth it
    from_stage: idea
    to_stage: plan
    repeats: true
    assessments: []
    decided_by: portfolio_board
    outcomes: [go, hold, stop]
  - id: G1
    title: Ready
    from_stage: plan
    to_stage: build
    assessments: []
    decided_by: portfolio_board
    outcomes: [go, stop]
"""
BRIDGE = {
    "title": "Second bridge",
    "purpose": "One bridge is not enough",
    "goal": "GL-1",
    "cost": "80000 GBP",
    "fit": "8",
    "risk": "low",
    "regulated": "false",
    "mandatory": "false",
    "project": "P-2",
}
SQLITE = ("compiled", "sqlite")
BOTH = [SQLITE, ("compiled", "postgresql")]


@pytest.fixture(params=[SQLITE])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """By one engine on one database, but for what two do at once."""
    backend, database = request.param
    return backend, request.getfixturevalue(f"{database}_url")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(POLICY)


@pytest.fixture
def world(make_world: Callable[..., World], policy: Policy) -> World:
    made = make_world(policy)
    made.project("P-1", stage="build")
    made.person("ana", "project_manager", project="P-1")
    for person, role in (("petra", "pmo_head"), ("sue", "sponsor"), ("bo", "portfolio_board")):
        made.person(person, role)
    made.person("bea", "portfolio_board")
    enter(made, "goals", by="petra", title="Nobody waits at the river")
    return made


def enter(world: World, register: str, *, by: str = "ana", **fields: Any) -> Recorded:
    return submit(world.governance, project="office", register=register, fields=fields, by=by)


def change(world: World, register: str, key: str, by: str, **changes: Any) -> None:
    place = {"project": "office", "register": register, "key": key}
    update(world.governance, **place, changes=changes, by=by)


def decide(world: World, person: str, choice: Any = "approve") -> str:
    (row,) = (each for each in world.waiting_for(person) if each.kind == "approval")
    return votes.vote(world.governance, row.id, by=person, choice=choice).status


def project(world: World, id: str) -> Project:
    with world.governance.reading() as c:
        return c.uow.projects.get(id)


def test_a_proposal_is_screened_and_goes_to_who_decides(world: World) -> None:
    made = enter(world, "proposals", **BRIDGE)
    with world.governance.reading() as c:
        (row,) = c.uow.entries.of_project("the office", "proposals")
    assert (row.document["screening"], row.document["priority"]) == ("pursue", "2")
    assert [each.role for each in made.decision.obligations if each.kind == "approval"] == [
        "sponsor"
    ]
    declined = enter(world, "proposals", **{**BRIDGE, "fit": "2", "project": "P-3"})
    assert declined.decision.status == "blocked"


@pytest.mark.parametrize("goal", [None, "GL-7"])
def test_without_a_goal_of_the_portfolio_it_stops(world: World, goal: str | None) -> None:
    given = {**BRIDGE, "goal": goal} if goal else {k: v for k, v in BRIDGE.items() if k != "goal"}
    made = enter(world, "proposals", **given)
    assert made.decision.status == "blocked"
    assert decide(world, "sue") == "submitted"  # for it is blocked
    with world.governance.reading() as c:
        assert not c.uow.projects.is_there("P-2")


def test_an_approved_proposal_becomes_a_project_before_gate_0(world: World) -> None:
    with InboxServer() as server:
        world.person("cy", "portfolio_board", address=server.address("cy@office.example"))
        made = enter(world, "proposals", **BRIDGE)
        assert decide(world, "sue") == "approved"
        deliver(world.governance, AppriseChannel())
        (mail,) = server.messages("cy@office.example")
    row = project(world, "P-2")
    assert (row.name, row.stage, row.status) == ("Second bridge", "idea", "proposed")
    assert row.attributes == {
        "goal": "GL-1",
        "cost": "80000 GBP",
        "risk": "low",
        "regulated": False,
        "priority": 2,
        "proposal": f"office/{made.key}",
    }
    assert [each.get_filename() for each in mail.message.iter_attachments()] == [
        "Gate G0 of P-2.pdf",
        "Mandate PR-1.pdf",
    ]
    assert decide(world, "bo") == "go"
    row = project(world, "P-2")
    assert (row.stage, row.status) == ("plan", "active")


def test_who_proposed_it_does_not_decide_about_it(world: World) -> None:
    enter(world, "proposals", by="bo", **BRIDGE)
    decide(world, "sue")
    (row,) = (each for each in world.waiting_for("bea") if each.kind == "approval")
    with pytest.raises(CommandError, match="Bo asked for this"):
        votes.vote(world.governance, row.id, by="bo", choice="approve")


CRITERION = "criteria: [{id: worth, text: It is worth it}]"


def test_who_proposed_it_does_not_judge_it_either(make_world: Callable[..., World]) -> None:
    judged = POLICY.replace("    assessments: []\n", f"    assessments: []\n    {CRITERION}\n", 1)
    made = make_world(policy_from(judged))
    for person, role in (("petra", "pmo_head"), ("sue", "sponsor"), ("bo", "portfolio_board")):
        made.person(person, role)
    enter(made, "goals", by="petra", title="Nobody waits at the river")
    enter(made, "proposals", by="petra", **BRIDGE)
    decide(made, "sue")
    assert [each.kind for each in made.waiting_for("petra")] == []
    [asked] = (each for each in made.waiting_for("sue") if each.kind == "assessment")
    with made.governance.reading() as c:
        [review] = c.uow.gate_reviews.of_project("P-2")
    verdict = partial(judge, made.governance, review_id=review.id, criterion="worth", met=True)
    with pytest.raises(Refusal, match="may not assess Gate G0 of P-2: asked for this"):
        verdict(by="petra")
    assert verdict(by="sue").criteria[0].answer == "yes"
    assert asked.id not in {each.id for each in made.waiting_for("sue")}


def test_the_mandate_says_what_was_decided(world: World) -> None:
    enter(world, "proposals", **BRIDGE)
    with world.governance.reading() as c, pytest.raises(CommandError, match="PR-1 is waiting"):
        mandates.mandate(c, mandates.proposal_named(c, "PR-1"))
    decide(world, "sue")
    with world.governance.reading() as c:
        made = mandates.mandate(c, mandates.proposal_named(c, "PR-1"))
    assert ("Whole cost", "80,000 GBP") in made.said
    assert ("Goal", "GL-1: Nobody waits at the river") in made.said
    assert made.worked_out == (("Screening", "pursue"), ("Priority", "2"))
    assert (made.project, made.gate) == ("P-2 Second bridge", "G0")
    assert made.decided[0].startswith("Sue voted approve as project sponsor on version 1")
    text = written(mandate_document(made), "md").decode()
    assert "Second bridge" in text
    assert written(mandate_document(made), "docx")[:2] == b"PK"


@pytest.mark.parametrize(
    ("change", "status"), [("stop", "stopped"), ("hold", "on_hold"), ("start", "active")]
)
def test_the_board_starts_holds_and_stops_projects(world: World, change: str, status: str) -> None:
    asked = {"title": "t", "project": "P-1", "change": change, "reason": "the river is low"}
    enter(world, "portfolio_changes", by="petra", **asked)
    assert project(world, "P-1").status == "active"
    decide(world, "bo")
    assert project(world, "P-1").status == status
    told = [line.body for line in world.journal("P-1") if line.kind.startswith("project.")]
    assert [each["reason"] for each in told] == ["PC-1 is approved"] * (status != "active")


def test_whoever_leads_the_project_that_is_named_has_no_vote_on_it(world: World) -> None:
    world.appoint("bo", "project_manager", project="P-1")
    asked = {"title": "t", "project": "P-1", "change": "stop", "reason": "the river is low"}
    enter(world, "portfolio_changes", by="petra", **asked)
    assert world.waiting_for("bo") == []
    decide(world, "bea")
    assert project(world, "P-1").status == "stopped"


def test_what_is_reserved_to_others_is_not_done_by_a_change_that_they_did_not_approve(
    make_world: Callable[..., World],
) -> None:
    reserved = "---\nkind: terms_of_reference\nfor: sponsor\nreserved: [{act: stop project}]\n"
    world = make_world(policy_from(POLICY + reserved))
    world.project("P-1", stage="build")
    for person, role in (("petra", "pmo_head"), ("sue", "sponsor"), ("bo", "portfolio_board")):
        world.person(person, role)
    asked = {"title": "t", "project": "P-1", "change": "stop", "reason": "the river is low"}
    enter(world, "portfolio_changes", by="petra", **asked)
    with pytest.raises(CommandError, match="stop project is reserved to the project sponsor"):
        decide(world, "bo")
    assert project(world, "P-1").status == "active"


def test_the_board_changes_a_priority(world: World) -> None:
    asked = {"title": "t", "project": "P-1", "change": "reprioritise", "reason": "r"}
    enter(world, "portfolio_changes", by="ana", **asked)
    assert [each.kind for each in world.waiting_for("petra")] == ["information"]
    change(world, "portfolio_changes", "PC-1", "petra", priority="1")
    decide(world, "bo")
    assert project(world, "P-1").attributes["priority"] == 1
    assert world.journal("P-1")[-1].body == {"from": None, "to": 1, "by": "PC-1"}


def test_what_can_never_be_carried_out_is_refused(world: World) -> None:
    asked = {"title": "t", "project": "P-9", "change": "stop", "reason": "r"}
    with pytest.raises(CommandError, match=r"portfolio_change.project: there is no project 'P-9'"):
        enter(world, "portfolio_changes", **asked)
    with pytest.raises(CommandError, match=r"proposal.project: there is a project 'P-1' already"):
        enter(world, "proposals", **{**BRIDGE, "project": "P-1"})


def test_an_office_is_no_project_that_could_be_stopped(world: World) -> None:
    with world.governance.reading() as c:
        (place,) = (id for id in c.uow.projects.places() if c.uow.projects.get(id).is_office)
    asked = {"title": "t", "project": place, "change": "stop", "reason": "r"}
    with pytest.raises(CommandError, match=f"there is no project '{place}'"):
        enter(world, "portfolio_changes", **asked)


def test_a_vote_for_what_cannot_be_done_any_more_is_refused_and_says_why(world: World) -> None:
    enter(world, "proposals", **BRIDGE)
    enter(world, "proposals", **{**BRIDGE, "title": "Third bridge"})
    rows = [row for row in world.waiting_for("sue") if row.kind == "approval"]
    first, second = sorted(rows, key=lambda row: row.title)
    votes.vote(world.governance, first.id, by="sue", choice="approve")
    with pytest.raises(CommandError, match="there is a project 'P-2' already"):
        votes.vote(world.governance, second.id, by="sue", choice="approve")
    change(world, "proposals", "PR-2", "ana", project="P-4")
    assert decide(world, "sue") == "approved"
    assert project(world, "P-4").name == "Third bridge"


def test_the_form_is_the_policy_s(world: World, policy: Policy) -> None:
    register = form.register_of_proposals(policy)
    asked = {each.name: each for each in form_of(policy, register)}
    assert list(asked)[:3] == ["title", "purpose", "goal"]
    assert "screening" not in asked
    assert (asked["cost"].label, asked["title"].required) == ("whole cost", True)
    with world.governance.reading() as c:
        assert form.problem_with(c, register, "fit", "8") == ""
        assert "proposal.fit" in form.problem_with(c, register, "fit", "11")
    with pytest.raises(CommandError, match="records of 'goals' become no projects; proposals do"):
        form.register_of_proposals(policy, "goals")


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_two_proposals_of_one_project_approved_at_once(world: World) -> None:
    world.person("sid", "sponsor")
    enter(world, "proposals", **BRIDGE)
    enter(world, "proposals", **{**BRIDGE, "title": "Third bridge"})
    rows = [row for row in world.waiting_for("sue") if row.kind == "approval"]
    both = zip(rows, ("sue", "sid"), strict=True)
    found = at_once(
        world,
        *(partial(votes.vote, obligation=r.id, by=p, choice="approve") for r, p in both),
    )
    (lost,) = (each for each in found if isinstance(each, Failed))
    assert "there is a project 'P-2' already" in lost.message
    with world.governance.reading() as c:
        assert len(c.uow.gate_reviews.of_project("P-2")) == 1


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_a_project_is_stopped_once_by_two_changes_at_once(world: World) -> None:
    for _ in range(2):
        asked = {"title": "t", "project": "P-1", "change": "stop", "reason": "r"}
        enter(world, "portfolio_changes", by="petra", **asked)
    rows = [row for row in world.waiting_for("bo") if row.kind == "approval"]
    said = (partial(votes.vote, obligation=r.id, by="bo", choice="approve") for r in rows)
    assert not any(isinstance(each, Failed) for each in at_once(world, *said))
    assert [line.kind for line in world.journal("P-1")].count("project.stopped") == 1


def test_where_a_change_is_rescinded_it_is_said_what_stays_and_what_undoes_it(
    world: World,
) -> None:
    asked = {"title": "t", "project": "P-1", "change": "stop", "reason": "the river is low"}
    enter(world, "portfolio_changes", by="petra", **asked)
    decide(world, "bo")
    about = {"project": "office", "register": "portfolio_changes", "key": "PC-1"}
    rescind(world.governance, **about, by="bo", reason="it rained")
    told = world.inbox("petra").messages
    [stays] = [each for each in told if each.subject.endswith("and what it did stays")]
    assert stays.body.startswith("P-1 is stopped still: 'pmo project start', 'hold'")


def test_where_a_proposal_is_rescinded_its_project_is_said_to_stay(world: World) -> None:
    enter(world, "proposals", **BRIDGE)
    [row] = [each for each in world.waiting_for("sue") if each.kind == "approval"]
    votes.vote(world.governance, row.id, by="sue", choice="approve")
    about = {"project": "office", "register": "proposals", "key": "PR-1"}
    rescind(world.governance, **about, by="sue", reason="no need")
    told = [each.body for each in world.inbox("petra").messages if "did stays" in each.subject]
    assert [each.partition(" still")[0] for each in told] == ["P-2 is proposed"]
