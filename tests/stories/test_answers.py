"""What is asked beside approvals: exception reports and evidence."""

from collections.abc import Callable

import pytest

from pmo_engine.policy import Policy
from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals import votes as approvals
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.versions.effects import effect_on

POLICY = """\
kind: policy
name: reports
version: "1"
currency: GBP
packs: [{use: office}]
---
kind: registers
registers:
  - register: variations
    noun: variation
    root: variation
    plural: variations
    fields:
      cost: {type: money}
      late: {type: boolean}
---
kind: rules
rules:
  - id: late-is-reported
    title: A late variation is reported
    on: variation.submitted
    binding: shall
    when: variation.late
    then:
      - raise_exception: {to: project_manager, reason: late, within: 2 days}
  - id: signed
    title: Somebody signs
    on: variation.submitted
    binding: shall
    when: variation.cost > @"0 GBP"
    then:
      - require_approval: {from: pmo_head, within: 2 days}
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_from(POLICY)


@pytest.fixture
def office(make_world: Callable[..., World], policy: Policy) -> World:
    world = make_world(policy)
    world.project("P-1")
    world.person("ana", "project_manager")
    world.person("petra", "pmo_head")
    world.person("sam")
    world.submit("P-1", "variations", "sam", cost="5 GBP", late="true")
    return world


def test_an_approval_waits_for_the_report(office: World) -> None:
    assert office.vote("petra").status == "submitted"
    [report] = office.waiting_for("ana")
    assert (
        approvals.answer(office.governance, report.id, by="ana", note="sent").status == "approved"
    )


def test_a_report_alone_approves_nothing(office: World) -> None:
    [report] = office.waiting_for("ana")
    assert (
        approvals.answer(office.governance, report.id, by="ana", note="done").status == "submitted"
    )
    assert office.vote("petra").status == "approved"


def test_nobody_approved_what_a_record_says_since_it_was_changed(office: World) -> None:
    office.vote("petra")
    office.update("P-1", "variations", "V-1", "sam", cost="0 GBP")
    [report] = office.waiting_for("ana")
    assert (
        approvals.answer(office.governance, report.id, by="ana", note="done").status == "submitted"
    )


def test_an_approval_that_should_be_given_and_was_not_is_none(
    make_world: Callable[..., World],
) -> None:
    signed = POLICY.index("binding: shall", POLICY.index("id: signed"))
    world = make_world(policy_from(POLICY[:signed] + POLICY[signed:].replace("shall", "should", 1)))
    world.project("P-1")
    world.person("ana", "project_manager")
    world.person("petra", "pmo_head")
    world.person("sam")
    world.submit("P-1", "variations", "sam", cost="5 GBP", late="true")
    [report] = world.waiting_for("ana")
    assert (
        approvals.answer(world.governance, report.id, by="ana", note="done").status == "submitted"
    )
    assert world.vote("petra").status == "approved"


def test_an_approval_of_what_was_changed_since_does_not_count(office: World) -> None:
    office.vote("petra")
    office.forward(hours=1)
    office.update("P-1", "variations", "V-1", "sam", cost="7 GBP")
    [report] = office.waiting_for("ana")
    assert (
        approvals.answer(office.governance, report.id, by="ana", note="done").status == "submitted"
    )
    assert office.vote("petra").status == "approved"


FOLLOWED = (
    POLICY
    + """\
  - id: second-look
    title: What was approved is looked at once more
    on: variation.approved
    binding: shall
    then:
      - require_approval: {from: pmo_head, distinct: false, within: 2 days}
"""
)


def test_who_approved_is_not_who_asked(make_world: Callable[..., World]) -> None:
    world = make_world(policy_from(FOLLOWED))
    world.project("P-1")
    world.person("petra", "pmo_head")
    world.person("sam")
    world.submit("P-1", "variations", "sam", cost="5 GBP", late="false")
    assert world.vote("petra", "abstain").status == "submitted"
    assert world.vote("petra").status == "approved"
    assert [row.rule for row in world.waiting_for("petra")] == ["second-look"]
    assert world.vote("petra").status == "approved"
    assert world.waiting_for("petra") == []


def test_answers_by_others_twice_or_to_what_is_voted_on(office: World) -> None:
    [report] = office.waiting_for("ana")
    [approval] = office.waiting_for("petra")
    with pytest.raises(Refusal, match="Petra may not decide this: it is for the project manager"):
        approvals.answer(office.governance, report.id, by="petra", note="done")
    with pytest.raises(CommandError, match="vote with 'pmo approve'"):
        approvals.answer(office.governance, approval.id, by="petra", note="done")
    with pytest.raises(CommandError, match="exception is not a thing to vote on"):
        approvals.vote(office.governance, report.id, by="ana", choice="approve")
    for empty in ("", "  "):
        with pytest.raises(CommandError, match="say it with a note. The four answers"):
            approvals.answer(office.governance, report.id, by="ana", note=empty)
    approvals.answer(office.governance, report.id, by="ana", note="done")
    with pytest.raises(Refusal, match="this exception is met already"):
        approvals.answer(office.governance, report.id, by="ana", note="done")


def test_an_answered_report_stands_while_its_cause_is_as_it_was(office: World) -> None:
    """A record that is kept up to date does not ask each time for what was answered."""
    [report] = office.waiting_for("ana")
    approvals.answer(office.governance, report.id, by="ana", note="sent")
    made = office.update("P-1", "variations", "V-1", "sam", cost="6 GBP")
    assert office.waiting_for("ana") == []
    assert made.answered == ("late-is-reported",)
    again = policy_from(POLICY.replace('version: "1"', 'version: "2"'))
    assert effect_on(office.governance, again).open_work == ()
    office.update("P-1", "variations", "V-1", "sam", late="false")
    made = office.update("P-1", "variations", "V-1", "sam", late="true")
    assert [each.kind for each in office.waiting_for("ana")] == ["exception"]
    assert made.answered == ()


def test_a_report_whose_cause_changed_is_asked_for_anew(
    make_world: Callable[..., World],
) -> None:
    policy = POLICY.replace("when: variation.late", 'when: variation.cost > @"4 GBP"')
    world = make_world(policy_from(policy))
    world.project("P-1")
    world.person("ana", "project_manager")
    world.person("petra", "pmo_head")
    world.person("sam")
    world.submit("P-1", "variations", "sam", cost="5 GBP")
    [report] = world.waiting_for("ana")
    approvals.answer(world.governance, report.id, by="ana", note="sent")
    world.update("P-1", "variations", "V-1", "sam", late="true")
    assert world.waiting_for("ana") == []
    world.update("P-1", "variations", "V-1", "sam", cost="6 GBP")
    assert [each.kind for each in world.waiting_for("ana")] == ["exception"]
