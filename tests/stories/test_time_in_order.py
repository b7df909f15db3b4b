"""What nobody swept for a month happens in the order in which it would have happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pmo_engine.testing import World, policy_from

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY = """
kind: policy
name: town
version: "1"
currency: GBP
calendar: week
---
kind: calendar
id: week
zone: UTC
hours: {mon-fri: "09:00-17:00"}
---
kind: roles
roles:
  - {id: council, body: true}
  - {id: head, senior: council}
---
kind: terms_of_reference
for: council
members: 3
voting: {silence: {means: consent, within: SILENCE, source: minute 4}}
authority: [{id: all, may: approve change, up_to: unlimited}]
---
kind: registers
registers:
  - register: changes
    noun: change
    root: change
    plural: changes
    key_prefix: CR
    fields: {asked_on: {type: date}}
---
kind: rules
rules:
  - id: council
    title: The council decides
    on: change.submitted
    binding: shall
    then: [require_approval: {from: council}]
  - id: old
    title: What nobody decided for ten days is reported
    on: change.submitted
    every: day
    binding: shall
    when: change.status = "submitted" and (today - change.asked_on).days > 10
    then: [raise_exception: {to: head, reason: Undecided for long}]
"""
REPORT = "Change CR-1 of P-1: exception report"


@pytest.mark.parametrize(
    ("silence", "became", "reports"),
    [("2 working days", "approved", []), ("15 working days", "submitted", [REPORT])],
)
def test_a_vote_that_was_over_by_a_day_is_over_on_it(
    make_world: Callable[..., World], silence: str, became: str, reports: list[str]
) -> None:
    world = make_world(policy_from(POLICY.replace("SILENCE", silence)))
    world.project("P-1")
    for member in ("ana", "ben", "cat"):
        world.person(member, "council")
    world.person("hal", "head")
    world.person("sam")
    world.submit("P-1", "changes", "sam", asked_on="2026-03-02")
    world.forward(working_days=22)
    assert world.status("P-1", "changes", "CR-1") == became
    asked = [each.subject for each in world.inbox("hal").messages]
    assert [each for each in asked if "report" in each] == reports
