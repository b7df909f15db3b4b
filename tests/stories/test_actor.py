"""The fact ``actor``: who did it, known in live work and never asked of anybody."""

from collections.abc import Callable
from typing import Any

import pytest

from pmo_engine.testing import World
from pmo_engine.testing.world import policy_from
from tests.stories.conftest import DATABASES

from .conftest import CITY

pytestmark = DATABASES

RULES = """
---
kind: rules
rules:
  - id: not-by-owner
    title: Whoever owns a change does not enter it
    on: change_request.submitted
    binding: shall
    when: actor.id = change.owner
    then: [{block: Somebody else has to enter it}]
  - id: minuted
    title: What the board member approves is minuted
    on: change_request.approved
    binding: shall
    when: actor.id = "bo"
    then: [{require_evidence: {evidence: minutes, from: pmo_head}}]
  - id: not-twice
    title: A change that Ana has touched before is looked at
    on: change_request.updated
    binding: shall
    when: some h in history satisfies h.actor = "ana"
    then: [{require_evidence: {evidence: a look, from: pmo_head}}]
"""


@pytest.fixture
def acted(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + RULES))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("sam")
    return world


def asked(world: World, person: str) -> list[tuple[str, str]]:
    return [(row.kind, row.rule) for row in world.waiting_for(person)]


def change(by: str, owner: str, **more: Any) -> dict[str, Any]:
    return {"by": by, "owner": owner, **more}


def test_who_enters_what_they_own_is_known(acted: World) -> None:
    own = acted.submit("P-1", "changes", **change("sam", "sam", cost="5 GBP"))
    assert own.decision.status == "blocked"
    other = acted.submit("P-1", "changes", **change("sam", "petra", cost="5 GBP"))
    assert [o.kind for o in other.decision.obligations] == ["approval"]


def test_a_change_is_by_whoever_makes_it_and_stays_so(acted: World) -> None:
    acted.submit("P-1", "changes", **change("sam", "petra", cost="5 GBP"))
    changed = acted.update("P-1", "changes", "CR-1", "petra", cost="6 GBP")
    assert changed.decision.status == "blocked"
    changed = acted.update("P-1", "changes", "CR-1", "ana", cost="7 GBP")
    assert changed.decision.status != "blocked"


def test_an_outcome_is_by_whoever_decided(acted: World) -> None:
    acted.submit("P-1", "changes", **change("sam", "sue", cost="900000 GBP"))
    acted.vote("petra")
    acted.vote("bo")
    assert acted.status("P-1", "changes", "CR-1") == "approved"
    assert ("evidence", "minuted") in asked(acted, "petra")


def test_history_names_who_did_what(acted: World) -> None:
    acted.submit("P-1", "changes", **change("ana", "petra", cost="5 GBP"))
    acted.update("P-1", "changes", "CR-1", "petra", owner="bo")
    assert ("evidence", "not-twice") in asked(acted, "petra")


def test_what_a_decided_change_says_is_by_whoever_wrote_it(acted: World) -> None:
    acted.submit("P-1", "changes", **change("sam", "sue", cost="5 GBP"))
    assert acted.vote("ana").status == "approved"
    again = acted.update("P-1", "changes", "CR-1", "sam", cost="5 GBP")
    assert again.decision.status != "blocked"
