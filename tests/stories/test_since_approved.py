"""What an approved record says otherwise since: who approved it hears so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pmo_engine.work.records.endings import rescind
from tests.stories.test_record_life import CITY, policy_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmo_engine.testing import World

FIELDS = """
---
kind: registers
registers:
  - extends: change_requests
    fields:
      title: {type: text}
      reason: {type: text}
      place: {type: text, asks_anew: false}
      checked: {type: text, set_by: pmo_head}
"""


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text("utf-8") + FIELDS))
    world.project("P-1")
    for person, role in {"ana": "project_manager", "petra": "pmo_head"}.items():
        world.person(person, role)
    world.person("sam")
    world.submit("P-1", "change_requests", "sam", cost="5000 GBP", title="Pump", place="north")
    return world


def told(world: World, person: str) -> list[str]:
    heard = world.inbox(person).messages
    return [each.body for each in heard if "says otherwise now" in each.subject]


def test_who_approved_hears_what_is_written_over(world: World) -> None:
    world.vote("ana")
    world.update("P-1", "change_requests", "CR-1", "sam", title="Boat")
    (body,) = told(world, "ana")
    assert body.splitlines() == [
        "title: Pump, now Boat",
        "Changed by Sam. 'pmo rescind P-1 change_requests CR-1 --reason TEXT' undoes the approval.",
    ]
    world.update("P-1", "change_requests", "CR-1", "sam", title="Ship")
    assert [each.splitlines()[0] for each in told(world, "ana")] == [
        "title: Pump, now Boat",
        "title: Boat, now Ship",
    ]
    assert told(world, "sam") == []


def test_what_is_added_or_nobodys_to_approve_is_no_news(world: World) -> None:
    world.vote("ana")
    world.update("P-1", "change_requests", "CR-1", "sam", reason="flood")
    world.update("P-1", "change_requests", "CR-1", "sam", place="south")
    world.update("P-1", "change_requests", "CR-1", "petra", checked="yes")
    world.update("P-1", "change_requests", "CR-1", "petra", checked="no")
    assert told(world, "ana") == []
    world.update("P-1", "change_requests", "CR-1", "sam", reason="fire")
    assert [each.splitlines()[0] for each in told(world, "ana")] == ["reason: flood, now fire"]


def test_who_changes_it_themself_knows(world: World) -> None:
    world.vote("ana")
    world.update("P-1", "change_requests", "CR-1", "ana", title="Boat")
    assert told(world, "ana") == []


def test_what_waits_or_is_rejected_tells_nobody_so(world: World) -> None:
    world.update("P-1", "change_requests", "CR-1", "sam", title="Boat")
    world.vote("ana", "reject")
    world.update("P-1", "change_requests", "CR-1", "sam", title="Ship")
    assert told(world, "ana") == []


def test_who_approved_what_is_rescinded_hears_no_more_of_it(world: World) -> None:
    world.vote("ana")
    place = {"project": "P-1", "register": "change_requests", "key": "CR-1"}
    rescind(world.governance, **place, by="petra", reason="the supplier gave up")
    world.update("P-1", "change_requests", "CR-1", "sam", title="Boat")
    assert told(world, "ana") == []
