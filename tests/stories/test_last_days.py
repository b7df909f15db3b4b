"""What becomes of a record that keeps somebody's last day when that day moves."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from pmo_engine.policy import Policy
from pmo_engine.testing import World, policy_from
from pmo_engine.work.people import appointments
from pmo_engine.work.timed.last_days import FOLLOWED, WHY
from tests.stories.conftest import DATABASES

POLICY = """
kind: policy
name: office
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: roles
roles:
  - {id: manager, senior: head}
  - {id: head, accountable: true}
---
kind: registers
registers:
  - register: passes
    noun: site_pass
    root: site_pass
    plural: passes
    key_prefix: SP
    fields:
      user: {type: text}
      last_day: {type: date, derived: last_day(site_pass.user)}
    must_be: {user: a person}
---
kind: rules
rules:
  - id: given-by-the-head
    title: The head gives a pass
    on: site_pass.submitted
    binding: shall
    then: [{require_approval: {from: head, within: 5 working days}}]
    source: Ours
"""


@cache
def office() -> Policy:
    return policy_from(POLICY)


pytestmark = DATABASES


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    made = make_world(office())
    made.project("P-1")
    made.person("ana", "manager", project="P-1")
    made.person("ben", "manager", project="P-1")
    made.person("hugo", "head")
    made.submit("P-1", "passes", "ben", user="ana")
    return made


def leaves(world: World, in_days: int = 3) -> str:
    day = world.clock.now().date() + timedelta(days=in_days)
    appointments.leave(world.governance, person="ana", by="hugo", on=day)
    world.sweep()
    return day.isoformat()


def now(world: World) -> Any:
    with world.governance.reading() as c:
        return c.uow.entries.by_key("P-1", "passes", "SP-1")


def test_who_decides_on_it_is_asked_anew_and_told_of_the_day(world: World) -> None:
    [before] = world.waiting_for("hugo")
    leaves(world)
    [asked] = world.waiting_for("hugo")
    assert asked.id != before.id
    told = world.inbox("hugo").messages[-1].body
    assert "last day: nothing, now 2026-03-05" in told


def test_what_was_decided_on_it_stands(world: World) -> None:
    world.vote("hugo")
    day = leaves(world)
    entry = now(world)
    assert (entry.standing, entry.document["last_day"]) == ("approved", day)
    assert world.waiting_for("hugo") == []


def test_the_version_says_why_there_is_one(world: World) -> None:
    leaves(world)
    with world.governance.reading() as c:
        reasons = [each.reason for each in c.uow.entries.versions(now(world).id)]
    assert reasons == ["", WHY]


def test_records_are_gone_through_once_for_each_change_of_appointments(world: World) -> None:
    def followed() -> str | None:
        with world.governance.reading() as c:
            return c.uow.settings.get(FOLLOWED)

    world.sweep()
    first = followed()
    world.sweep()
    assert first is not None
    assert followed() == first
    leaves(world)
    assert followed() not in {None, first}
