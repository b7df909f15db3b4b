"""Evidence grows old: none too old is taken, and it is asked for again before it is."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals.votes import answer
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.records import moves

from .conftest import CITY

AGED = """
---
kind: rules
rules:
  - id: case-fresh
    title: A change has a case of the last month
    on: change_request.submitted
    binding: should
    when: change.cost > @"0 GBP"
    then: [{require_evidence: {evidence: case, from: project_manager, max_age: 1 month, within: 5 working days}}]
---
kind: suite
about: [case-fresh]
event: change_request.submitted
cases: [{name: one, facts: {change: {cost: 1 GBP}}, expect: {evidence: [case]}}]
"""  # noqa: E501 - a rule in a line


@pytest.fixture
def city(make_world: Callable[..., World]) -> World:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + AGED))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("sam")
    world.submit("P-1", "change_requests", "sam", cost="60000 GBP")
    return world


def asked(world: World) -> list[str]:
    return [each.id for each in world.waiting_for("ana") if each.kind == "evidence"]


def give(world: World, dated: date | None = None) -> None:
    answer(world.governance, asked(world)[0], by="ana", dated=dated)


def test_evidence_that_is_too_old_is_not_taken(city: World) -> None:
    with pytest.raises(Refusal, match="case of 2026-02-01 is too old: it may be no older than 1 m"):
        give(city, date(2026, 2, 1))
    with pytest.raises(CommandError, match="2026-03-03 is still to come"):
        give(city, date(2026, 3, 3))
    assert asked(city)
    give(city, date(2026, 2, 2))
    assert not asked(city)
    assert city.journal("P-1")[-1].body["dated"] == "2026-02-02"


def test_evidence_is_asked_for_again_before_it_is_too_old(city: World) -> None:
    give(city, date(2026, 3, 2))  # good until 2 April, which is a Thursday
    city.clock.set(datetime(2026, 3, 26, 11, tzinfo=UTC))
    city.sweep()
    assert not asked(city)
    city.clock.set(datetime(2026, 3, 26, 13, tzinfo=UTC))
    city.sweep()
    city.sweep()
    assert len(asked(city)) == 1
    give(city)
    city.clock.set(datetime(2026, 4, 2, 13, tzinfo=UTC))
    city.sweep()
    assert not asked(city)


def test_nothing_is_asked_for_again_of_what_is_over(city: World) -> None:
    give(city)
    city.update("P-1", "change_requests", "CR-1", "sam", cost="0 GBP")
    moves.close(city.governance, project="P-1", register="change_requests", key="CR-1", by="ana")
    city.clock.set(datetime(2026, 5, 4, 13, tzinfo=UTC))
    city.sweep()
    assert not asked(city)


def test_only_evidence_has_a_day(city: World) -> None:
    city.submit("P-1", "change_requests", "sam", cost="0 GBP")
    [vote] = [each for each in city.waiting_for("petra") if each.kind == "approval"]
    with pytest.raises(CommandError):
        answer(city.governance, vote.id, by="petra", dated=date(2026, 3, 2))
