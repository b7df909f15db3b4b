"""What goes wrong on the way through a gate: killed in a step, no quorum, faults, two at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any

import pytest

from pmo_engine.policy import Policy
from pmo_engine.roles.registry import roles
from pmo_engine.store.session import WritingSession
from pmo_engine.testing import Failed, World, at_once, policy_from
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.gates import evidence, judging
from pmo_engine.work.gates import put as puts
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.gates.evidence import Shown

POLICY = """\
kind: policy
name: troubled
version: "1"
in_force_from: 2026-01-01
currency: GBP
packs: [{use: office}, {use: risk}, {use: quality}]
---
kind: roles
roles: []
functional: [{role: risk, performed_by: specialist}, {role: quality, performed_by: specialist}]
---
kind: gates
stages: [plan, build]
gates:
  - id: G1
    title: Ready to build
    from_stage: plan
    to_stage: build
    assessments: [risk, {role: quality, in_person: true, within: 2 days, ladder: standard}]
    decided_by: portfolio_board
    outcomes: [go, hold, stop]
    criteria:
      - {id: paid, text: The money is there, judged_by: pmo_head}
      - {id: spread, text: The risks are spread, when: 12 / count(risks) < 100}
    evidence: [{id: case, text: The business case}]
"""
SQLITE = ("compiled", "sqlite")
BOTH = [SQLITE, ("compiled", "postgresql")]


class Killed(BaseException):
    """The process is gone; nothing in it can catch this."""


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
    return peopled(make_world(policy, roles=roles()))


def peopled(made: World) -> World:
    made.project("P-1", stage="plan")
    made.person("ana", "project_manager", project="P-1")
    for person, role in (("petra", "pmo_head"), ("quinn", "quality"), ("bo", "portfolio_board")):
        made.person(person, role)
    return made


def opened(world: World, **risk: Any) -> str:
    world.submit("P-1", "risks", "ana", title="Mud", **(risk or {"probability": 1, "impact": 1}))
    id = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana").id
    return assessed(world, id)


def assessed(world: World, id: str) -> str:
    for role in ("risk", "quality"):
        gates.assess(world.governance, review_id=id, role=role)
    return id


def judged(world: World, id: str) -> None:
    gates.answer(world.governance, review_id=id, role="quality", by="quinn", met=True)
    judging.judge(world.governance, review_id=id, criterion="paid", by="petra", met=True)
    case = Shown(document="Case 1", dated=date(2026, 3, 1))
    evidence.give(world.governance, review_id=id, evidence="case", shown=case, by="ana")


def to_decide(world: World, person: str = "bo") -> str:
    (row,) = (each for each in world.waiting_for(person) if each.kind == "approval")
    return row.id


@contextmanager
def dying(*, kept: bool) -> Iterator[None]:
    """Let the next transaction be the last: killed before it is kept, or right after."""
    commit = WritingSession.commit

    def die(session: WritingSession) -> None:
        if kept:
            commit(session)
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WritingSession, "commit", die)
        yield


def test_a_review_goes_on_where_it_was_wherever_it_is_killed(world: World) -> None:
    world.submit("P-1", "risks", "ana", title="Mud", probability=1, impact=1)
    g, case = world.governance, Shown(document="Case 1", dated=date(2026, 3, 1))

    def survives(step: Callable[..., Any]) -> Any:
        for kept in (False, True):
            with dying(kept=kept), pytest.raises(Killed):
                step(g)
        return step(g)

    named = partial(gates.open_gate, project="P-1", gate="G1", by="ana", request="open")
    id = survives(named).id
    survives(partial(gates.assess, review_id=id, role="risk"))
    survives(partial(gates.assess, review_id=id, role="quality"))
    given = {"review_id": id, "by": "quinn", "request": "answer"}
    survives(partial(gates.answer, role="quality", met=True, **given))
    given = {"review_id": id, "by": "petra", "request": "judge"}
    survives(partial(judging.judge, criterion="paid", met=True, **given))
    given = {"review_id": id, "by": "ana", "request": "show"}
    survives(partial(evidence.give, evidence="case", shown=case, **given))
    given = {"review_id": id, "by": "petra", "request": "put"}
    survives(partial(puts.put, resources="two engineers", **given))
    row = to_decide(world)
    vote = partial(votes.vote, obligation=row, by="bo", choice="approve", request="vote")
    assert survives(vote).status == "go"
    with world.governance.reading() as c:
        assert c.uow.projects.get("P-1").stage == "build"
        (found,) = c.uow.gate_reviews.of_project("P-1")
        assert len(c.uow.evidence.of_review(found.id)) == 1
    told = [line.kind for line in world.journal("P-1") if line.kind.startswith("gate.")]
    once = ("opened", "answered", "judged", "shown", "put", "closed")
    assert [told.count(f"gate.{each}") for each in once] == [1] * len(once)
    assert told.count("gate.packed") == 3  # with the evidence, and with what is put, made anew
    assert world.inbox("ana").subjects.count("Gate G1 of P-1: go") == 1


def test_a_request_that_had_one_role_assess_is_for_that_role_at_that_gate(world: World) -> None:
    review = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana")
    assess = partial(gates.assess_awaited, world.governance, by="ana", request="a-1")
    first = assess(review_id=review.id, role="risk")
    assert assess(review_id=review.id, role="risk") == first
    for other in ("quality", None):
        with pytest.raises(CommandError, match="'a-1' was used to assess gate, about something"):
            assess(review_id=review.id, role=other)


def test_an_assessment_is_chased_by_its_ladder_and_never_by_way_of_the_manager(
    world: World,
) -> None:
    world.appoint("ana", "quality")
    opened(world)
    world.forward(hours=24 * 4)
    assert (
        "Reminder: Gate G1 of P-1 waits for the quality role: Ready to build"
        in world.inbox("quinn").subjects
    )
    hers = [each for each in world.inbox("ana").messages if "quality" in each.subject]
    assert all("It is not for you to decide" in each.body for each in hers)
    assert any("still waits" in each for each in world.inbox("petra").subjects)


def test_a_criterion_that_faults_is_neither_a_yes_nor_a_no(world: World) -> None:
    id = gates.open_gate(world.governance, project="P-1", gate="G1", by="ana").id
    with pytest.raises(Refusal, match=r"nobody is asked yet for the assessment by 'risk'"):
        gates.answer(world.governance, review_id=id, role="risk", by="quinn", met=True)
    judged(world, assessed(world, id))
    vote = partial(votes.vote, world.governance, to_decide(world), by="bo")
    with pytest.raises(Refusal, match=r"must 'spread' cannot be told.*division by"):
        vote(choice="approve")
    world.submit("P-1", "risks", "ana", title="Mud", probability=1, impact=1)
    assert vote(choice="approve").status == "go"


TERMS = """
---
kind: terms_of_reference
for: portfolio_board
purpose: Decides
members: 5
quorum: {meet: 1/2}
voting: {count: cast, pass: more than half}
"""


def test_a_body_that_cannot_reach_its_quorum_is_told_of(make_world: Callable[..., World]) -> None:
    world = peopled(make_world(policy_from(POLICY + TERMS), roles=roles()))
    id = opened(world)
    judged(world, id)
    said = [each for each in world.inbox("petra").messages if "stuck" in each.subject]
    assert [each.subject for each in said] == ["Gate G1 of P-1 is stuck: nobody may act on it"]
    assert "quorum" in said[0].body


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_what_is_put_at_once_with_the_vote_is_before_it_or_refused(world: World) -> None:
    id = opened(world)
    judged(world, id)
    put, vote = at_once(
        world,
        partial(puts.put, review_id=id, by="petra", resources="two engineers"),
        partial(votes.vote, obligation=to_decide(world), by="bo", choice="approve"),
    )
    assert vote.status == "go"
    (line,) = (each for each in world.journal("P-1") if each.kind == "gate.closed")
    if isinstance(put, Failed):
        assert "is closed, decided on" in put.message
    assert ("resources" in line.body) == (not isinstance(put, Failed))


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_two_who_answer_one_assessment_at_once(world: World) -> None:
    world.person("quin", "quality")
    id = opened(world)
    answer = partial(gates.answer, review_id=id, role="quality")
    found = at_once(world, *(partial(answer, by=p, met=p == "quin") for p in ("quinn", "quin")))
    assert sum(isinstance(each, Failed) for each in found) == 1
    told = [line.kind for line in world.journal("P-1")]
    assert told.count("gate.answered") == 1
