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


SIGNED = (
    POLICY.replace(
        """  - id: by-others
""",
        """  - id: no-owner
    title: What is high and reviewed has another title than Damp
    on: risk.reviewed
    binding: shall
    when: risk.title = "Damp" and risk.high
    then: [{block: Damp is no title}]
  - id: by-others
""",
    )
    .replace(
        "{require_evidence: {evidence: review report, from: pm,",
        "{require_assessment: {from: risk,",
    )
    .replace('count(history[event = "risk.reviewed"]) >= 2', "risk.high")
)


@pytest.fixture
def signed(make_world: Callable[..., World]) -> World:
    """A high risk, reviewed: it is assessed, the head signs, and a rule blocks it."""
    world = make_world(policy_from(SIGNED))
    world.project("P-1")
    world.person("ana", "pm", project="P-1")
    world.person("petra", "head")
    world.person("sam")
    world.person("ris", "risk")
    said = {"title": "Damp", "exposure": "0 GBP", "high": "true", "owner": "sam"}
    world.submit("P-1", "risks", "sam", **said)
    review(world)
    return world


def kinds(world: World, person: str) -> list[str]:
    return sorted(each.kind for each in world.waiting_for(person))


def test_what_an_event_asked_is_asked_anew_of_what_a_record_says_now(signed: World) -> None:
    old = signed.waiting_for("petra")[0].id
    signed.update("P-1", "risks", "R-1", "sam", title="Wet")
    [asked] = signed.waiting_for("petra")
    with pytest.raises(Refusal, match="has changed since this was asked .title: Damp, now Wet."):
        votes.vote(signed.governance, old, by="petra", choice="approve")
    assert votes.vote(signed.governance, asked.id, by="petra", choice="approve").status != ""


def test_what_was_given_to_what_a_record_said_is_void(signed: World) -> None:
    [assessed] = signed.waiting_for("ris")
    votes.answer(signed.governance, assessed.id, by="ris", note="dry")
    signed.vote("petra")
    assert (kinds(signed, "ris"), kinds(signed, "petra")) == ([], [])
    signed.update("P-1", "risks", "R-1", "sam", title="Wet")
    assert (kinds(signed, "ris"), kinds(signed, "petra")) == (["assessment"], ["approval"])
    due = [signed.waiting_for(each)[0].due for each in ("ris", "petra")]
    assert due == ["2026-03-04T09:00:00+00:00", "2026-03-05T09:00:00+00:00"]  # as the rules say
    assert signed.status("P-1", "risks", "R-1") == "submitted"
    signed.vote("petra")
    [assessed] = signed.waiting_for("ris")
    votes.answer(signed.governance, assessed.id, by="ris", note="dry")
    assert signed.status("P-1", "risks", "R-1") == "approved"


@pytest.mark.parametrize("by", ["an update", "the event"])
def test_what_an_event_blocked_goes_on_once_its_rule_holds_no_more(signed: World, by: str) -> None:
    story = story_of(signed.governance, **R_1)
    assert (story.standing, kinds(signed, "sam")) == ("blocked", ["block"])
    if by == "an update":
        signed.update("P-1", "risks", "R-1", "sam", title="Wet")
    else:
        signed.update("P-1", "risks", "R-1", "sam", high="false")
        review(signed)
    assert (story_of(signed.governance, **R_1).standing, kinds(signed, "sam")) == ("waiting", [])


OVER = """
---
kind: rules
rules:
  - id: until-march
    title: The head approves until March is three days old
    on: risk.submitted
    in_force_to: 2026-03-03
    binding: shall
    then: [{require_approval: {from: head}}]
  - id: since-march
    title: The manager approves since then
    on: risk.submitted
    in_force_from: 2026-03-04
    binding: shall
    then: [{require_approval: {from: pm}}]
"""


def test_what_a_rule_asked_that_is_over_is_withdrawn_by_a_change(
    make_world: Callable[..., World],
) -> None:
    world = make_world(policy_from(POLICY + OVER))
    world.project("P-1")
    world.person("ana", "pm", project="P-1")
    world.person("petra", "head")
    world.person("sam")
    world.submit("P-1", "risks", "sam", title="Damp", exposure="0 GBP")
    assert kinds(world, "petra") == ["approval"]
    world.forward(working_days=3)
    world.update("P-1", "risks", "R-1", "sam", title="Wet")
    assert (kinds(world, "petra"), kinds(world, "ana")) == ([], ["approval"])
    world.vote("ana")
    assert world.status("P-1", "risks", "R-1") == "approved"
