"""Rules on a state: judged the same however a record came to it, by each engine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_engine.queries.records import RecordStory
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import Refusal
from pmo_engine.work.imports.importing import Sheet, bring_in
from pmo_engine.work.records import moves
from tests.stories.conftest import CITY

WORKS = """
---
kind: registers
registers:
  - register: works
    noun: work
    root: work
    plural: works
    key_prefix: W
    fields:
      title: {type: text}
      cost: {type: money}
      actual: {type: money}
      checked: {type: boolean}
    life_cycle:
      states: [submitted, building, done]
      closed: done
      moves:
        - {from: [submitted, approved], to: building}
        - {from: building, to: done}
        - {from: done, to: building}
---
kind: rules
rules:
  - id: overrun
    title: Work that costs more than it was to cost is reported
    while: work.open
    binding: shall
    when: work.actual > work.cost
    then:
      - raise_exception: {to: pmo_head, reason: overrun, within: 2 days}
      - notify: {to: portfolio_board, message: An overrun}
  - id: checked
    title: What is built is checked
    while: work.building
    binding: shall
    when: not(work.checked = true)
    then: [{require_evidence: {evidence: check, from: project_manager, within: 2 days}}]
  - id: tried
    title: Work of which nobody knows the cost is looked at
    while: [work.submitted, work.building]
    binding: trial
    when: not(is_known(work.cost))
    then: [{raise_exception: {to: pmo_head, reason: cost, within: 2 days}}]
  - id: work-approved
    title: The project manager approves work
    on: work.submitted
    binding: shall
    when: work.cost > @"100 GBP"
    then: [{require_approval: {from: project_manager, within: 2 days}}]
"""
HERE = {"project": "P-1", "register": "works", "key": "W-1"}


@pytest.fixture
def site(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text("utf-8") + WORKS))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("sam")
    return world


def story(world: World) -> RecordStory:
    return story_of(world.governance, **HERE)


def asked(world: World) -> list[str]:
    return sorted(f"{o.kind} {o.rule}" for o in story(world).obligations if o.status == "open")


def submitted(world: World, _: Path) -> None:
    world.submit("P-1", "works", "sam", title="Kerb", cost="50 GBP", actual="60 GBP", checked=True)


def updated(world: World, _: Path) -> None:
    world.submit("P-1", "works", "sam", title="Kerb", cost="50 GBP", actual="40 GBP", checked=True)
    assert asked(world) == []
    world.update("P-1", "works", "W-1", "sam", actual="60 GBP")


def imported(world: World, folder: Path) -> None:
    sheet = folder / "works.csv"
    sheet.write_text("title,cost,actual,checked\nKerb,50 GBP,60 GBP,true\n", encoding="utf-8")
    bring_in(world.governance, Sheet(sheet, "works", "P-1"), by="sam")


def moved(world: World, folder: Path) -> None:
    submitted(world, folder)
    moves.move(world.governance, **HERE, to="building", by="sam")


@pytest.mark.parametrize("way", [submitted, updated, imported, moved])
def test_a_record_is_judged_the_same_however_it_came_to_its_state(
    site: World, tmp_path: Path, way: Callable[[World, Path], None]
) -> None:
    way(site, tmp_path)
    assert asked(site) == ["exception overrun"]
    assert site.inbox("bo").subjects == ["Work W-1 of P-1: Kerb"]


def test_a_rule_holds_in_its_state_alone(site: World) -> None:
    fields = {"cost": "50 GBP", "actual": "40 GBP", "checked": False}
    site.submit("P-1", "works", "sam", title="Kerb", **fields)
    assert asked(site) == []
    moves.move(site.governance, **HERE, to="building", by="sam")
    assert asked(site) == ["evidence checked"]
    with pytest.raises(Refusal, match="cannot become done while evidence check is open about it"):
        moves.close(site.governance, **HERE, by="sam")
    votes.answer(site.governance, story(site).obligations[0].id, by="ana", note="done")
    moves.close(site.governance, **HERE, by="sam")
    moves.reopen(site.governance, **HERE, by="sam")
    assert story(site).status == "building"


def test_a_record_that_is_decided_is_judged_by_rules_on_its_state_and_by_no_others(
    site: World,
) -> None:
    fields = {"cost": "500 GBP", "actual": "0 GBP", "checked": True}
    site.submit("P-1", "works", "sam", title="Kerb", **fields)
    site.vote("ana")
    assert story(site).status == "approved"
    site.update("P-1", "works", "W-1", "sam", actual="600 GBP")
    assert asked(site) == ["exception overrun"]
    votes.answer(site.governance, story(site).obligations[-1].id, by="petra", note="done")
    site.update("P-1", "works", "W-1", "sam", actual="700 GBP")
    assert asked(site) == []
    moves.move(site.governance, **HERE, to="building", by="sam")
    site.update("P-1", "works", "W-1", "sam", checked=False)
    assert asked(site) == ["evidence checked"]
    assert (story(site).status, story(site).standing) == ("building", "approved")


def test_what_is_on_trial_binds_nobody(site: World) -> None:
    site.submit("P-1", "works", "sam", title="Kerb", actual="40 GBP")
    [decision] = story(site).decisions
    assert list(decision.result.trial) == ["tried"]
    assert "exception tried" not in asked(site)
