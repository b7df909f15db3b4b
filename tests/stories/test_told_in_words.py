"""Whoever is asked hears what is asked, how much it is, in which project, by whom, and what to do.

The register here has its own names: what is shown follows from what it declares.
"""

from collections.abc import Callable

import pytest

from pmo_engine.queries.asked.inbox import Waiting
from pmo_engine.testing import World, policy_from
from pmo_engine.work.people.projects import change_project
from tests.stories.conftest import DATABASES

pytestmark = DATABASES

TOWN = """
kind: policy
name: town-works
version: "2026.1"
in_force_from: 2026-01-01
currency: GBP
calendar: town-hall
---
kind: calendar
id: town-hall
zone: Europe/London
hours: {mon-fri: "09:00-17:30"}
---
kind: roles
roles:
  - {id: clerk, senior: mayor}
  - {id: mayor, title: Lady Mayor, senior: auditor}
  - {id: auditor}
---
kind: registers
registers:
  - register: orders
    noun: order
    root: order
    plural: orders
    key_prefix: O
    value: sum
    fields:
      works: {type: text, names: party, label: builder}
      line: {type: text, label: what is bought}
      sum: {type: money, label: price}
      rush: {type: boolean, label: in a rush}
      note: {type: text}
---
kind: terms_of_reference
for: clerk
authority:
  - {id: small, may: approve order, up_to: [{from: 2026-01-01, value: 500 GBP, source: Minute 1}]}
---
kind: terms_of_reference
for: mayor
authority:
  - {id: large, may: approve order, up_to: unlimited}
---
kind: ladders
ladders:
  - id: usual
    rungs:
      - {at: 30 %, remind: auditor}
      - {at: 60 %, escalate: auditor}
---
kind: rules
rules:
  - id: rushed
    title: What is bought in a rush, or for much, is the mayor's
    on: order.submitted
    binding: shall
    when: order.sum > @"500 GBP" or order.rush
    then: [{require_approval: {from: mayor, within: 3 days, ladder: usual}}]
  - id: heard
    title: The clerk hears of it
    on: order.submitted
    binding: may
    then: [{notify: {to: clerk, message: An order is in}}]
"""
READ_BY_THE_MAYOR = TOWN.replace(
    "up_to: unlimited}\n", "up_to: unlimited}\n  - {id: sees, may: read orders, up_to: unlimited}\n"
)
FIELDS = {"works": "Acme", "line": "Sand for the\nplayground", "sum": "20000 GBP", "note": "Hush"}


@pytest.fixture
def town(make_world: Callable[..., World]) -> Callable[[str], World]:
    def make(text: str = TOWN) -> World:
        world = make_world(policy_from(text))
        world.project("P-1")
        world.person("ana")
        world.person("mia", "mayor")
        world.person("cal", "clerk")
        world.person("aud", "auditor")
        change_project(world.governance, project="P-1", name="River park", by="aud")
        world.submit("P-1", "orders", "ana", **FIELDS)
        return world

    return make


SHORT = "Sand for the playground, 20,000 GBP"


def first(world: World, person: str) -> tuple[str, list[str]]:
    message = world.inbox(person).messages[0]
    return message.subject, message.body.splitlines()


def waiting(world: World, person: str) -> Waiting:
    (found,) = world.waiting_for(person)
    return found


def test_a_notice_says_what_is_asked_how_much_where_by_whom_and_what_to_do(
    town: Callable[..., World],
) -> None:
    world = town()
    subject, lines = first(world, "mia")
    assert subject == f"Order O-1 of P-1 needs your decision: {SHORT}"
    assert lines[:5] == [
        "Project: River park (P-1)",
        "What is bought: Sand for the playground",
        "Price: 20,000 GBP",
        "Asked for by: Ana",
        lines[4],
    ]
    assert lines[4].startswith("What is bought in a rush, or for much, is the mayor's")
    id = waiting(world, "mia").id[:8]
    assert lines[-2] == "Due 05 March 2026 09:00."
    assert f"'pmo approve {id}', or reject it with 'pmo reject {id}'" in lines[-1]
    assert "Hush" not in str(lines)  # no rule looks at it


def test_what_a_condition_looks_at_is_shown_by_its_label(town: Callable[..., World]) -> None:
    world = town()
    world.submit("P-1", "orders", "ana", line="Salt", sum="3 GBP", rush="true")
    lines = world.inbox("mia").messages[1].body.splitlines()
    assert {"In a rush: yes", "Price: 3 GBP"} <= set(lines)


def test_an_inbox_shows_what_it_is_about(town: Callable[..., World]) -> None:
    shown = waiting(town(), "mia")
    assert (shown.about, shown.project_title, shown.asked_by, shown.what) == (
        SHORT,
        "River park (P-1)",
        "Ana",
        "Lady Mayor",
    )


def test_reminders_and_escalations_say_it_too(town: Callable[..., World]) -> None:
    world = town()
    for _ in range(3):
        world.forward(working_days=1)
        world.sweep()
    told = world.inbox("aud").messages
    assert [each.subject for each in told] == [
        f"For information: Order O-1 of P-1 waits for the Lady Mayor: {SHORT}",
        f"For information: Order O-1 of P-1 still waits for the Lady Mayor: {SHORT}",
    ]
    for each in told:
        assert "Price: 20,000 GBP" in each.body
        assert "pmo approve" not in each.body  # it is not theirs
    assert "pmo approve" in world.inbox("mia").messages[-1].body


def test_who_is_told_by_a_rule_hears_what_of(town: Callable[..., World]) -> None:
    subject, lines = first(town(), "cal")
    assert subject == f"Order O-1 of P-1: {SHORT}"
    assert lines[:3] == [
        "An order is in",
        "Project: River park (P-1)",
        f"What is bought: {SHORT[:23]}",
    ]


def test_who_may_not_read_the_register_is_not_told_its_content(
    town: Callable[..., World],
) -> None:
    world = town(READ_BY_THE_MAYOR)
    for _ in range(3):
        world.forward(working_days=1)
        world.sweep()
    hidden = "this is for the Lady Mayor to read"
    told = [*world.inbox("aud").messages, *world.inbox("cal").messages]
    assert len(told) == 3
    for each in told:
        assert hidden in each.body
        assert not any(word in each.subject + each.body for word in ("Sand", "20,000", "Ana"))
    (shown,) = world.waiting_for("aud")
    assert (shown.for_information, shown.about, shown.reasons) == (True, "", [hidden])
    assert SHORT in world.inbox("mia").subjects[0]
