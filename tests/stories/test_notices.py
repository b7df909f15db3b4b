"""Notices in the policy's own words, and none of them in quiet hours."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pmo_engine.testing import START, World, policy_from
from pmo_engine.work.approvals import votes
from tests.stories.conftest import CITY, DATABASES

pytestmark = DATABASES

WORDS = """
---
kind: notices
wording:
  - on: asked
    of: [approval]
    subject: "{title}: please decide by {due}"
    body: |
      You are asked as {role}, under {clause}.
      {reasons}
      Answer {{here}}.
  - {on: asked, of: [information], subject: "{title} lacks {what}"}
  - {on: reminded, subject: "{title} still waits for you, {role}"}
  - {on: escalated, subject: "{title} comes to the {to}", body: "It waited for the {role}."}
  - {on: decided, subject: "{project}: {title} was {status}"}
  - {on: told, subject: "For the {role}: {title}", body: "{message}!"}
---
kind: rules
rules:
  - id: tell
    title: The head hears of scope
    on: change_request.submitted
    binding: may
    when: change.category = "scope"
    then: [{notify: {to: pmo_head, message: The scope moves}}]
---
kind: suite
about: [tell]
event: change_request.submitted
cases: [{name: scope, facts: {change: {category: scope}}, expect: {notices: [pmo_head]}}]
"""
QUIET = '\n---\nkind: notices\nquiet_hours: {from: "18:00", to: "07:00"}\n'


@pytest.fixture
def office(make_world: Callable[..., World]) -> Callable[..., World]:
    def make(more: str, start: datetime = START) -> World:
        world = make_world(policy_from(CITY.read_text() + more), start=start)
        world.project("P-1")
        world.person("ana", "project_manager", project="P-1")
        world.person("petra", "pmo_head")
        world.person("sam")
        return world

    return make


def submit(world: World, **fields: str) -> None:
    world.submit("P-1", "change_requests", "sam", **fields)


def test_people_are_told_in_the_words_of_the_policy(office: Callable[..., World]) -> None:
    world = office(WORDS)
    submit(world, cost="20000 GBP", category="scope")
    (asked,) = world.inbox("ana").messages
    assert asked.subject == ("Change request CR-1 of P-1: please decide by 05 March 2026 09:00")
    first, *_, last = asked.body.splitlines()
    assert first.startswith("You are asked as project manager, under pm-changes")
    assert last == "Answer {here}."
    (told,) = world.inbox("petra").messages
    assert (told.subject, told.body) == (
        "For the PMO head: Change request CR-1 of P-1",
        "The scope moves!",
    )
    world.forward(working_days=2)
    assert world.inbox("ana").subjects[1] == (
        "Change request CR-1 of P-1 still waits for you, project manager"
    )
    world.forward(working_days=3)
    *_, escalated = world.inbox("petra").messages
    assert escalated.subject == "Change request CR-1 of P-1 comes to the PMO head"
    assert escalated.body == "You may decide it now.\nIt waited for the project manager."
    world.vote("ana")
    assert world.inbox("sam").subjects == ["P-1: Change request CR-1 of P-1 was approved"]


def test_a_wording_says_by_whom_and_why_it_was_decided(office: Callable[..., World]) -> None:
    words = "\n---\nkind: notices\nwording: [{on: decided, body: '{by}: {reason} ({votes})'}]\n"
    world = office(words)
    submit(world, cost="20000 GBP")
    (asked,) = world.waiting_for("ana")
    votes.vote(world.governance, asked.id, by="ana", choice="reject", reason="No benefit shown")
    (told,) = world.inbox("sam").messages
    assert told.body.startswith("Ana: No benefit shown (Ana voted reject as project manager on")


def test_what_is_not_worded_keeps_the_engine_s_words(office: Callable[..., World]) -> None:
    world = office(WORDS)
    submit(world)
    (asked,) = world.inbox("sam").messages
    assert asked.subject == "Change request CR-1 of P-1 lacks the change's cost"
    assert "cannot be judged" in asked.body


@pytest.mark.parametrize(
    ("at", "heard"),
    [
        ("2026-03-02T17:59", "2026-03-02T17:59"),
        ("2026-03-02T18:00", "2026-03-03T07:00"),
        ("2026-03-03T06:59", "2026-03-03T07:00"),
        ("2026-03-03T07:00", "2026-03-03T07:00"),
        ("2026-03-28T20:00", "2026-03-29T06:00"),  # the clocks go forward that night
    ],
)
def test_nobody_hears_anything_in_quiet_hours(
    office: Callable[..., World], at: str, heard: str
) -> None:
    start, end = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (at, heard))
    world = office(QUIET, start)
    submit(world, cost="20000 GBP")
    if end > start:
        assert world.inbox("ana").subjects == []
    world.clock.set(end)
    assert world.inbox("ana").subjects == [
        "Change request CR-1 of P-1 needs your decision: 20,000 GBP"
    ]
    assert [item.since for item in world.waiting_for("ana")] == [start.isoformat()]


def test_what_is_decided_meanwhile_is_not_said_when_it_is_quiet_no_more(
    office: Callable[..., World],
) -> None:
    world = office(QUIET)
    world.submit("P-1", "change_requests", "sam", cost="5000 GBP")
    assert len(world.inbox("ana").messages) == 1
    world.clock.set(datetime(2026, 3, 3, 19, tzinfo=UTC))
    world.sweep()
    world.submit("P-1", "change_requests", "sam", cost="6000 GBP")
    [row] = [each for each in world.waiting_for("ana") if "CR-1" in each.title]
    votes.vote(world.governance, row.id, by="ana", choice="approve")
    world.clock.set(datetime(2026, 3, 4, 8, tzinfo=UTC))
    heard = [each for each in world.inbox("ana").subjects[1:] if "CR-1" in each]
    assert heard == []
    assert any("CR-2" in each for each in world.inbox("ana").subjects)


def test_hours_of_quiet_within_a_day(office: Callable[..., World]) -> None:
    noon = QUIET.replace('"18:00", to: "07:00"', '"12:00", to: "13:30"')
    world = office(noon, datetime(2026, 3, 2, 12, 15, tzinfo=UTC))
    submit(world, cost="20000 GBP")
    assert world.inbox("ana").subjects == []
    world.clock.set(datetime(2026, 3, 2, 13, 29, tzinfo=UTC))
    assert world.inbox("ana").subjects == []
    world.clock.set(datetime(2026, 3, 2, 13, 30, tzinfo=UTC))
    assert len(world.inbox("ana").subjects) == 1
