"""What a register's file says can happen to its records happens in live work too."""

from collections.abc import Callable

import pytest

from pmo_engine.policy import Policy
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.records import endings, moves
from pmo_engine.work.records.happenings import happened
from pmo_engine.work.records.submission import Recorded
from pmo_engine.work.versions import adoption

POLICY = """\
kind: policy
name: risks
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: roles
roles:
  - {id: pm, title: project manager, senior: head}
  - {id: head, title: head of the office, accountable: true}
---
kind: registers
registers:
  - register: risks
    noun: risk
    root: risk
    plural: risks
    events: [reviewed]
    fields: {title: {type: text}, exposure: {type: money}, high: {type: boolean}}
---
kind: ladders
ladders: [{id: usual, rungs: [{at: 50 %, remind: addressee}, {at: 100 %, escalate: senior}]}]
---
kind: rules
rules:
  - id: approve
    title: The head approves a risk that costs
    on: risk.submitted
    binding: shall
    when: risk.exposure > @"0 GBP"
    then: [{require_approval: {from: head, within: 3 days, ladder: usual}}]
  - id: look
    title: The manager looks at a review
    on: risk.reviewed
    binding: should
    then:
      - notify: {to: pm, message: Reviewed}
  - id: by-others
    title: A high risk is reviewed with a report
    on: risk.reviewed
    binding: shall
    when: risk.high and not(actor.id = risk.owner)
    then: [{require_evidence: {evidence: review report, from: pm, within: 2 days}}]
  - id: head-too
    title: The head looks at the third review
    on: risk.reviewed
    binding: shall
    when: count(history[event = "risk.reviewed"]) >= 2
    then: [{require_approval: {from: head, within: 3 days, ladder: usual}}]
"""
R_1 = {"project": "P-1", "register": "risks", "key": "R-1"}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(POLICY)


@pytest.fixture
def office(make_world: Callable[..., World], policy: Policy) -> World:
    world = make_world(policy)
    world.project("P-1")
    world.person("ana", "pm", project="P-1")
    world.person("petra", "head")
    world.person("sam")
    world.person("eve")
    world.submit("P-1", "risks", "sam", title="Damp", high="true", owner="sam")
    return world


def review(world: World, by: str = "ana", what: str = "reviewed", note: str = "") -> Recorded:
    return happened(world.governance, **R_1, what=what, by=by, note=note)


def waits(world: World, person: str) -> list[str]:
    return [f"{each.kind} {each.rule}" for each in world.waiting_for(person)]


def test_rules_on_it_tell_each_time_and_ask_once(office: World) -> None:
    made = review(office, note="at the meeting")
    assert made.decision.fired == ["look", "by-others"]
    review(office, what="risk.reviewed")
    told = [each.body.splitlines()[0] for each in office.inbox("ana").messages]
    assert told.count("Reviewed") == 2
    assert waits(office, "ana") == ["evidence by-others"]
    line = next(each for each in office.journal("P-1") if each.kind == "risk.reviewed")
    assert (line.actor, line.body["note"], line.body["key"]) == ("ana", "at the meeting", "R-1")


def test_who_says_so_is_the_actor_and_it_is_history(office: World) -> None:
    office.update("P-1", "risks", "R-1", "sam", owner="ana")
    assert "by-others" not in review(office, by="ana").decision.fired
    assert "by-others" in review(office, by="petra").decision.fired
    assert "head-too" in review(office).decision.fired


def test_what_is_asked_about_the_record_stays_asked(office: World) -> None:
    office.update("P-1", "risks", "R-1", "sam", exposure="5 GBP")
    (asked,) = office.waiting_for("petra")
    review(office)
    assert [each.id for each in office.waiting_for("petra")] == [asked.id]
    voted = votes.vote(office.governance, asked.id, by="petra", choice="approve")
    assert voted.status == "submitted"  # the report binds
    votes.answer(office.governance, office.waiting_for("ana")[0].id, by="ana")
    assert office.status(**R_1) == "approved"


def test_a_change_takes_back_nothing_that_it_asked_for(office: World) -> None:
    review(office)
    office.update("P-1", "risks", "R-1", "sam", title="Wet")
    assert waits(office, "ana") == ["evidence by-others"]


def test_who_is_asked_by_both_is_asked_once(office: World) -> None:
    for _ in range(3):
        review(office)
    assert waits(office, "petra") == ["approval head-too"]
    office.update("P-1", "risks", "R-1", "sam", exposure="5 GBP")
    assert waits(office, "petra") == ["approval approve"]
    review(office)
    assert waits(office, "petra") == ["approval approve"]


def test_another_version_of_the_policy_takes_back_nothing_either(office: World) -> None:
    adoption.adopt(office.governance, office.policy, by="ana")
    office.vote("petra")
    review(office)
    newer = policy_from(POLICY.replace('"1"', '"2"', 1).replace("a risk that costs", "costs"))
    adoption.adopt(office.governance, newer, by="ana")
    office.vote("petra")
    assert waits(office, "ana") == ["evidence by-others"]


def test_who_may_and_what_is_refused(office: World) -> None:
    with pytest.raises(Refusal, match="Eve holds no role in P-1"):
        review(office, by="eve")
    review(office, by="sam")  # who wrote it
    with pytest.raises(CommandError, match="no event of register 'risks' is called 'seen'; it has"):
        review(office, what="seen")
    with pytest.raises(CommandError, match="'approved' is what a command of its own does"):
        review(office, what="approved")
    endings.withdraw(office.governance, **R_1, by="sam")
    with pytest.raises(Refusal, match="R-1 is withdrawn: nothing happens to it any more"):
        review(office)


def test_nothing_happens_to_an_approved_record_that_is_closed(office: World) -> None:
    office.update("P-1", "risks", "R-1", "sam", exposure="5 GBP")
    office.vote("petra")
    moves.close(office.governance, **R_1, by="sam")
    with pytest.raises(Refusal, match="R-1 is closed: nothing happens to it any more"):
        review(office)


def test_an_approved_record_is_reviewed_too(office: World) -> None:
    office.update("P-1", "risks", "R-1", "sam", exposure="5 GBP")
    office.vote("petra")
    assert review(office).status == "approved"
    assert waits(office, "ana") == ["evidence by-others"]
    told = story_of(office.governance, **R_1)
    assert [each.event for each in told.decisions][-1] == "risk.reviewed"
