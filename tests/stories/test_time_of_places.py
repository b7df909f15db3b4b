"""What the clock raises for projects and offices: each time once, in order, whoever sweeps."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.store import tables
from pmo_engine.testing import Failed, World, at_once, policy_from
from pmo_engine.work.approvals.votes import answer
from pmo_engine.work.notices import sweep
from pmo_engine.work.people.projects import change_project, move_project
from pmo_engine.work.versions import adoption
from tests.policies import kept

PLACES = Path(__file__).parent / "places.yaml"


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    made = make_world(kept(PLACES), start=datetime(2026, 3, 2, 10, tzinfo=UTC))
    made.person("petra", "pmo_head")
    made.project("P-1", stage="design")
    made.person("ana", "project_manager", project="P-1")
    return made


def at(world: World, *when: int) -> None:
    world.clock.set(datetime(2026, *when, tzinfo=UTC))


def told(world: World, person: str) -> list[str]:
    found = world.inbox(person).messages
    return [f"{each.subject}: {each.body.splitlines()[0]}" for each in found]


def days(world: World, place: str, event: str) -> list[int]:
    with world.database.read() as uow:
        found = uow.decisions.of_project(place)
        return [each.at.day for each in found if each.event == event]


NO_REPORT = "Project P-1: This project does not report"


def test_a_project_that_does_not_report_is_told_of_once_and_again_when_it_stops(
    world: World,
) -> None:
    world.submit("P-1", "reports", "ana", cycle="2026-03-02")
    for day in (2, 3, 13, 16):
        at(world, 3, day, 12)
        world.sweep()
    assert told(world, "petra").count(NO_REPORT) == 0
    for day in (17, 18, 19):
        at(world, 3, day, 12)
        world.sweep()
    assert told(world, "petra").count(NO_REPORT) == 1
    waiting = world.waiting_for("ana")
    assert [(each.title, each.kind) for each in waiting] == [("Project P-1", "evidence")]
    world.submit("P-1", "reports", "ana", cycle="2026-03-19")
    at(world, 3, 20, 12)
    world.sweep()
    assert world.waiting_for("ana") == [], "it is there, and nobody waits for it any more"
    at(world, 4, 8, 12)
    world.sweep()
    assert told(world, "petra").count(NO_REPORT) == 2


def test_what_was_answered_is_not_asked_again_while_it_holds(world: World) -> None:
    world.sweep()
    [waiting] = world.waiting_for("ana")
    answer(world.governance, waiting.id, by="ana", note="it is late")
    for day in (3, 4):
        at(world, 3, day, 12)
        world.sweep()
    assert world.waiting_for("ana") == []


def test_missed_days_have_their_turn_in_order_once(world: World) -> None:
    world.submit("P-1", "reports", "ana", cycle="2026-03-02")
    world.sweep()
    at(world, 3, 25, 12)  # nobody swept for three weeks
    world.sweep()
    assert told(world, "petra").count(NO_REPORT) == 1
    assert days(world, "P-1", "project.daily")[-1] == 17
    assert world.sweep().looked == 0


def test_two_sweeps_at_once_do_nothing_twice(world: World) -> None:
    for number in range(3):
        world.project(f"Q-{number}")
    at(world, 3, 10, 12)
    one, other = at_once(world, sweep.sweep, sweep.sweep)
    assert not [each for each in (one, other) if isinstance(each, Failed)]
    assert len(told(world, "petra")) == len(set(told(world, "petra")))
    with world.database.read() as uow:
        seen = [uow.watches.of([place]) for place in ("P-1", "Q-0", "Q-1", "Q-2", "office hub")]
    assert all(seen)
    assert world.sweep().looked == 0


def test_a_post_is_vacant_from_the_day_after_its_last_holder(world: World) -> None:
    with world.database.unit_of_work("petra", world.clock.now()) as uow:
        [held] = uow.people.all_holdings("ana")
        uow.people.end(held, date(2026, 3, 5))
    for day in (6, 9, 11):
        at(world, 3, day, 12)
        world.sweep()
    assert "Project P-1: Nobody manages this project" not in told(world, "petra")
    at(world, 3, 12, 12)  # the seventh day without anybody
    world.sweep()
    assert told(world, "petra").count("Project P-1: Nobody manages this project") == 1


def test_an_office_hears_every_week_until_its_post_is_filled_or_it_ends(world: World) -> None:
    vacant = "Office spoke: A post of this office is vacant"
    world.sweep()
    assert told(world, "petra").count(vacant) == 1
    at(world, 3, 9, 12)
    world.sweep()
    assert told(world, "petra").count(vacant) == 2
    row = tables.RoleHolding(person="ana", role="planner", from_date=date(2026, 3, 10))
    row.unit = "office spoke"
    world._put(row)
    at(world, 3, 13, 12)
    world.sweep()
    at(world, 3, 30, 12)
    world.sweep()
    assert told(world, "petra").count(vacant) == 2


def test_an_office_looks_at_its_own_records(world: World) -> None:
    world.submit("hub", "courses", "petra", valid_until="2026-03-04")
    for day in (4, 5, 6):
        at(world, 3, day, 12)
        world.sweep()
    ran_out = [each for each in told(world, "petra") if "ran out" in each]
    assert ran_out == ["Office hub: A course ran out"]


def test_a_record_that_is_written_has_its_project_looked_at(world: World) -> None:
    world.sweep()
    for _ in range(3):
        world.submit("P-1", "reports", "ana", cycle="2026-03-02")
    at(world, 3, 3, 12)
    world.sweep()
    assert "Project P-1: Three reports" in told(world, "ana")


def test_a_stage_begins_for_the_project_once(world: World) -> None:
    world.sweep()
    move_project(world.governance, project="P-1", stage="delivery", by="petra")
    at(world, 3, 2, 12)
    world.sweep()
    world.sweep()
    [waiting] = [each for each in world.waiting_for("petra") if each.kind == "exception"]
    assert waiting.title == "Project P-1"


def test_time_stands_still_for_a_project_that_is_over(world: World) -> None:
    change_project(world.governance, project="P-1", status="closed", by="petra")
    world.sweep()
    assert NO_REPORT not in told(world, "petra")


def test_what_no_rule_asks_for_any_more_is_taken_back(world: World) -> None:
    world.sweep()
    assert world.waiting_for("ana")
    text = PLACES.read_text(encoding="utf-8")
    kept, _, rest = text.partition("  - id: no-report\n")
    other = rest[rest.index("  - id: nobody-manages") :].replace("[no-report, ", "[")
    other = other.replace("expect: {notices: [pmo_head], evidence: [report]}", "expect: {}")
    second = (kept + other).replace('version: "1"', 'version: "2"')
    adoption.adopt(world.governance, policy_from(second), by="petra")
    world.person("bo", "pmo_head")
    world.vote("bo")
    at(world, 3, 3, 12)
    world.sweep()
    assert world.waiting_for("ana") == []


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        ("block: Not so", "is about no record, which alone is decided about"),
        ("require_approval: {from: pmo_head, within: 2 working days}", "is about no record"),
        ("require_evidence: {evidence: plan}", "does not say who gives what it asks for"),
    ],
)
def test_what_nobody_can_give_to_a_project_is_told(effect: str, said: str) -> None:
    text = PLACES.read_text(encoding="utf-8")
    text = text.replace("notify: {to: project_manager, message: Three reports}", effect)
    with pytest.raises(PolicyError, match=said):
        policy_from(text)
