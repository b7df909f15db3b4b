"""Bodies that vote in writing, each in its own time: what one ends says nothing of the other."""

from collections.abc import Callable

import pytest

from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals import votes
from tests.stories.conftest import DATABASES

pytestmark = DATABASES

POLICY = """\
kind: policy
name: bodies
version: "1"
in_force_from: 2026-01-01
currency: GBP
head: head
---
kind: roles
roles:
  - {id: pm, title: project manager, senior: head}
  - {id: head, title: head of the office, accountable: true}
  - {id: council, title: council, body: true, senior: head}
  - {id: panel, title: panel, body: true, senior: head}
---
kind: terms_of_reference
for: head
authority: [{id: all, may: approve order, up_to: unlimited}]
---
kind: terms_of_reference
for: council
members: 3
quorum: {meet: 2}
voting: {VOTING}
authority: [{id: c, may: approve order, up_to: unlimited}]
---
kind: terms_of_reference
for: panel
members: 3
quorum: {meet: 2}
voting: {written: {within: 8 working days}}
authority: [{id: p, may: approve order, up_to: unlimited}]
---
kind: registers
registers:
  - register: orders
    noun: order
    root: order
    plural: orders
    key_prefix: O
    fields: {cost: {type: money}}
---
kind: rules
rules:
  - id: both
    title: Orders are approved
    on: order.submitted
    binding: shall
    then: [{require_approval: {WHO}}]
"""
WRITTEN = "written: {within: 2 working days}"
SILENCE = "silence: {means: consent, within: 4 working days, source: minute 1}"
BOTH = "all: [council, panel]"


@pytest.fixture
def office(make_world: Callable[..., World]) -> Callable[..., World]:
    def make(who: str, voting: str = WRITTEN) -> World:
        world = make_world(policy_from(POLICY.replace("WHO", who).replace("VOTING", voting)))
        world.project("P-1")
        world.person("hed", "head")
        for role in ("council", "panel"):
            for number in "123":
                world.person(f"{role}{number}", role)
        world.person("sam")
        world.submit("P-1", "orders", "sam", cost="10 GBP")
        return world

    return make


def cast(world: World, *people: str, choice: str = "approve") -> str:
    for each in people:
        id = world.waiting_for(each)[0].id
        status = votes.vote(world.governance, id, by=each, choice=choice, reason="so").status
    return status


def test_what_a_body_leaves_undecided_in_its_time_goes_up(office: Callable[..., World]) -> None:
    world = office("from: council")
    cast(world, "council1")
    assert world.waiting_for("hed") == []
    world.forward(working_days=3)
    assert [each.kind for each in world.waiting_for("hed")] == ["approval"]


def test_where_one_body_has_voted_in_time_the_other_has_its_own(
    office: Callable[..., World],
) -> None:
    world = office(BOTH)
    assert cast(world, "council1", "council2", "panel1") == "submitted"
    world.forward(working_days=3)
    assert world.waiting_for("hed") == []
    assert cast(world, "panel2") == "approved"


def test_an_objection_in_one_body_is_none_in_another(office: Callable[..., World]) -> None:
    world = office(BOTH, SILENCE)
    cast(world, "panel1", choice="reject")
    world.forward(working_days=5)
    assert world.status("P-1", "orders", "O-1") == "submitted"
    assert cast(world, "panel2", "panel3") == "approved"


def test_silence_is_no_consent_where_the_time_of_the_rule_is_up_before(
    office: Callable[..., World],
) -> None:
    world = office(
        "from: council, within: 2 working days, when_time_is_up: counts as refused", SILENCE
    )
    world.forward(working_days=3)
    assert world.status("P-1", "orders", "O-1") == "rejected"
