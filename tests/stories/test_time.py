"""Time as an event: what the clock raises on the office's calendar, each time once, in order."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from pmo_engine.testing import World, policy_from
from pmo_engine.work.people.projects import Place, change_project, move_project
from pmo_engine.work.records import moves
from pmo_engine.work.versions import adoption
from tests.policies import kept

TIME = Path(__file__).parent / "time.yaml"
STALE = "Nobody has looked at this risk for too long"


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    made = make_world(kept(TIME), start=datetime(2026, 3, 2, 10, tzinfo=UTC))
    made.project("P-1")
    made.person("ana", "project_manager", project="P-1")
    made.person("petra", "pmo_head")
    return made


def told(world: World, person: str) -> list[str]:
    return [message.body.splitlines()[0] for message in world.inbox(person).messages]


def at(world: World, *when: int) -> None:
    world.clock.set(datetime(2026, *when, tzinfo=UTC))


def ticks(world: World, event: str = "risk.daily") -> list[str]:
    """Give the moments for which the clock's decisions were kept, in the journal's order."""
    with world.database.read() as uow:
        found = [each for each in uow.decisions.of_project("P-1") if each.event == event]
    return [each.at.isoformat() for each in found]


def test_what_becomes_stale_is_told_on_the_morning_it_does_and_once(world: World) -> None:
    world.submit("P-1", "risks", "ana", reviewed_on="2026-02-02")
    assert told(world, "ana") == []
    at(world, 3, 4, 18)  # the thirtieth day
    assert world.sweep().said == 0
    at(world, 3, 5, 8, 59)
    assert world.sweep().said == 0
    at(world, 3, 5, 9)
    assert world.sweep().said == 1
    assert told(world, "ana") == [STALE]
    for day in (5, 6, 9, 10, 20):
        at(world, 3, day, 17)
        assert world.sweep().said == 0
    assert told(world, "ana") == [STALE]
    assert ticks(world) == ["2026-03-05T09:00:00+00:00"]


def test_what_was_looked_at_and_becomes_stale_again_is_told_again(world: World) -> None:
    world.submit("P-1", "risks", "ana", reviewed_on="2026-01-20")
    at(world, 3, 3, 12)
    world.sweep()
    world.update("P-1", "risks", "R-1", "ana", reviewed_on="2026-03-03")
    at(world, 3, 4, 12)
    assert world.sweep().said == 1  # it is stale no more
    at(world, 5, 1, 12)
    assert world.sweep().said == 1
    assert told(world, "ana") == [STALE, STALE]


def test_what_was_told_of_an_entry_is_not_told_again_by_the_clock(world: World) -> None:
    made = world.submit("P-1", "risks", "ana", reviewed_on="2026-03-01", due="2026-02-27")
    assert made.decision.fired == ["risk-overdue"]
    assert [each.kind for each in world.waiting_for("petra")] == ["exception"]
    at(world, 3, 3, 12)
    world.sweep()
    at(world, 3, 4, 12)
    world.sweep()
    assert [each.kind for each in world.waiting_for("petra")] == ["exception"]


def test_what_time_asks_for_an_entry_leaves_and_the_other_way_round(world: World) -> None:
    world.submit("P-1", "risks", "ana", score="16", reviewed_on="2026-03-01", due="2026-03-03")
    at(world, 3, 4, 12)
    world.sweep()
    assert [each.kind for each in world.waiting_for("petra")] == ["exception"]
    at(world, 3, 9, 12)
    world.sweep()
    assert [each.kind for each in world.waiting_for("ana")] == ["evidence"]  # of the week
    world.update("P-1", "risks", "R-1", "ana", title="Late")
    assert [each.kind for each in world.waiting_for("ana")] == ["evidence"]
    world.update("P-1", "risks", "R-1", "ana", due="2026-04-03")
    assert world.waiting_for("petra") == []  # an entry's own event says so at once
    assert [each.kind for each in world.waiting_for("ana")] == ["evidence"]


def test_missed_days_have_their_turn_in_order_and_tell_once(world: World) -> None:
    world.submit("P-1", "risks", "ana", reviewed_on="2026-02-03", due="2026-03-10")
    world.submit("P-1", "risks", "ana", reviewed_on="2026-02-05", due="2026-04-10")
    at(world, 3, 16, 12)  # nobody swept for two weeks
    swept = world.sweep()
    assert swept.said == 3
    assert ticks(world) == [
        "2026-03-06T09:00:00+00:00",
        "2026-03-09T09:00:00+00:00",
        "2026-03-11T09:00:00+00:00",
    ]
    decided = [each for each in world.journal("P-1") if each.kind == "decided"]
    assert [each.body["event"] for each in decided] == ["risk.submitted"] * 2 + ["risk.daily"] * 3
    with world.database.read() as uow:
        days = [uow.decisions.get(each.body["decision"]).at.day for each in decided[2:]]
    assert days == [6, 9, 11]
    assert told(world, "ana") == [STALE, STALE]
    assert world.sweep().looked == 0


def test_easter_is_no_working_day_and_summer_time_keeps_the_offices_morning(world: World) -> None:
    world.submit("P-1", "risks", "ana", reviewed_on="2026-03-03")
    at(world, 4, 3, 12)  # Good Friday, the thirty-first day
    assert world.sweep().said == 0
    at(world, 4, 6, 12)  # Easter Monday
    assert world.sweep().said == 0
    at(world, 4, 7, 8)
    assert world.sweep().said == 1
    assert ticks(world) == ["2026-04-07T08:00:00+00:00"]


def test_every_week_is_an_occasion_of_its_own(world: World) -> None:
    world.submit("P-1", "risks", "ana", score="15", reviewed_on="2026-03-01")
    at(world, 3, 6, 12)
    world.sweep()
    assert told(world, "petra") == []
    for day in (9, 10, 16):
        at(world, 3, day, 12)
        world.sweep()
    assert told(world, "petra") == ["This risk is high"] * 2
    assert [each.kind for each in world.waiting_for("ana")] == ["evidence"]  # asked for once


def test_every_month_begins_with_its_first_working_day(world: World) -> None:
    world.submit("P-1", "risks", "ana", score="20", reviewed_on="2026-04-30")
    at(world, 5, 1, 9)
    world.sweep()
    assert "2026-05-01T08:00:00+00:00" in ticks(world, "risk.monthly")


def test_every_stage_is_told_when_the_project_comes_into_it(world: World) -> None:
    world.submit("P-1", "risks", "ana", score="10", reviewed_on="2026-03-01")
    world.sweep()
    assert world.waiting_for("ana") == []
    move_project(world.governance, project="P-1", stage="handover", by="petra")
    at(world, 3, 2, 11)
    assert world.sweep().said == 1
    assert [each.rule for each in world.waiting_for("ana")] == ["risk-stage"]
    at(world, 3, 2, 12)
    assert world.sweep().looked == 0


def test_time_stands_still_for_what_is_over_and_in_a_closed_project(world: World) -> None:
    world.submit("P-1", "risks", "ana", reviewed_on="2026-02-05")
    change_project(world.governance, project="P-1", status="closed", by="petra")
    at(world, 3, 12, 12)
    assert world.sweep().said == 0
    change_project(world.governance, project="P-1", status="active", by="petra")
    at(world, 3, 13, 12)
    assert world.sweep().said == 1


def test_the_clock_looks_again_at_what_is_opened_again(world: World) -> None:
    key = world.submit("P-1", "risks", "ana", reviewed_on="2026-02-05").key
    here = {"project": "P-1", "register": "risks", "key": key}
    moves.close(world.governance, **here, by="ana")
    at(world, 3, 12, 12)
    assert world.sweep().said == 0
    moves.reopen(world.governance, **here, by="ana")
    at(world, 3, 13, 12)
    assert world.sweep().said == 1


def test_a_missed_day_is_judged_by_the_version_of_that_day(
    make_world: Callable[..., World],
) -> None:
    first, text = kept(TIME), TIME.read_text(encoding="utf-8")
    second = text.replace('version: "1"', 'version: "2"\napplies_to_open: true')
    second = second.replace("in_force_from: 2026-01-01", "in_force_from: 2026-03-11")
    second = second.replace(").days > 30", ").days > 20").replace(
        "2026-02-01, due", "2026-02-12, due"
    )
    world = make_world(first, start=datetime(2026, 3, 2, 10, tzinfo=UTC))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "pmo_head")
    adoption.adopt(world.governance, first, by="petra")
    world.vote("bo")
    world.submit("P-1", "risks", "ana", reviewed_on="2026-02-18")  # 21 days before 11 March
    world.submit("P-1", "risks", "ana", reviewed_on="2026-02-06")  # 31 days before 9 March
    adoption.adopt(world.governance, policy_from(second), by="petra")
    world.vote("bo")
    at(world, 3, 12, 12)  # nobody swept meanwhile
    world.sweep()
    with world.database.read() as uow:
        found = uow.decisions.of_project("P-1")
        fired = [(d.at.day, d.policy_version) for d in found if d.event == "risk.daily"]
    assert fired == [(9, "1"), (11, "2")]
    assert told(world, "ana") == [STALE, STALE]


def test_what_is_entered_as_the_office_opens_is_looked_at_the_next_day(world: World) -> None:
    at(world, 3, 3, 9)
    world.submit("P-1", "risks", "ana", reviewed_on="2026-01-01")
    assert world.sweep().said == 0
    at(world, 3, 4, 9)
    assert world.sweep().said == 1


def test_a_rule_that_begins_to_hold_is_asked_on_that_day(world: World) -> None:
    world.submit("P-1", "risks", "ana", score="9", reviewed_on="2026-03-01")
    at(world, 3, 4, 12)
    world.sweep()
    assert told(world, "petra") == []
    at(world, 3, 5, 12)
    world.sweep()
    assert told(world, "petra") == ["A nine"]


def test_what_held_until_a_change_is_asked_for_again_when_it_holds_again(world: World) -> None:
    world.submit("P-1", "risks", "ana", reviewed_on="2026-03-01", due="2026-03-03")
    at(world, 3, 4, 12)
    world.sweep()
    world.update("P-1", "risks", "R-1", "ana", due="2026-03-10")
    assert world.waiting_for("petra") == []
    at(world, 3, 11, 12)
    world.sweep()
    assert [each.rule for each in world.waiting_for("petra")] == ["risk-overdue"]


def test_what_an_entry_asked_for_time_leaves(world: World) -> None:
    world.submit("P-1", "risks", "ana", score="25", reviewed_on="2026-02-01")
    at(world, 3, 4, 12)
    assert world.sweep().said == 1
    assert [each.rule for each in world.waiting_for("petra")] == ["risk-huge"]


def test_what_a_change_told_time_tells_no_second_time(world: World) -> None:
    world.submit("P-1", "risks", "ana", reviewed_on="2026-03-01", due="2026-04-03")
    world.update("P-1", "risks", "R-1", "ana", due="2026-02-27")
    late = [each for each in told(world, "petra") if each == "The answer to this risk is late"]
    assert len(late) == 1
    at(world, 3, 3, 12)
    world.sweep()
    assert told(world, "petra").count(late[0]) == 1


OF_OFFICES = """
---
kind: offices
offices:
  - {id: hub, kind: portfolio, head: pmo_head}
  - {id: leeds, kind: project, under: hub, calendar: closed}
  - {id: tokyo, kind: project, under: hub, zone: Asia/Tokyo}
---
kind: calendar
id: closed
zone: Europe/London
holidays: {country: GB, subdivision: ENG}
hours: {mon-fri: "09:00-17:30"}
closures: [{from: 2026-03-05, to: 2026-03-10}]
"""
SERVED = {"P-1": "hub", "P-2": "leeds", "P-3": "tokyo"}


@pytest.fixture
def offices(make_world: Callable[..., World]) -> World:
    """Make three offices, each with a calendar of its own but for the first, and their projects."""
    start = datetime(2026, 3, 2, 10, tzinfo=UTC)
    made = make_world(policy_from(TIME.read_text() + OF_OFFICES), start=start)
    made.person("petra", "pmo_head")
    for project, office in SERVED.items():
        made.project(project, office=office)
        made.person(f"manager-{office}", "project_manager", project=project)
    return made


def heard(world: World, until: int) -> dict[str, list[str]]:
    """Sweep often on days of March; give when each office's manager was told something more."""
    found: dict[str, list[str]] = {office: [] for office in SERVED.values()}
    before = dict.fromkeys(found, 0)
    for day, hour in product(range(3, until), (0, 8, 9, 17)):
        at(world, 3, day, hour)
        world.sweep()
        now = {office: len(told(world, f"manager-{office}")) for office in found}
        for office in found:
            found[office] += [f"{day:02} {hour:02}:00"] * (now[office] - before[office])
        before = now
    return found


def test_a_day_begins_by_the_calendar_and_clocks_of_the_office_that_serves(offices: World) -> None:
    for project, office in SERVED.items():
        offices.submit(project, "risks", f"manager-{office}", reviewed_on="2026-02-02")
    assert heard(offices, 13) == {
        "hub": ["05 09:00"],  # a Thursday: the thirty-first day
        "leeds": ["11 09:00"],  # closed from that day to Tuesday
        "tokyo": ["05 00:00"],  # nine there
    }


def test_a_week_begins_by_the_calendar_and_clocks_of_the_office_that_serves(
    offices: World,
) -> None:
    for project, office in SERVED.items():
        offices.submit(project, "risks", f"manager-{office}", score="15", reviewed_on="2026-03-02")
    at(offices, 3, 12, 12)
    offices.sweep()
    with offices.database.read() as uow:
        found = {
            project: [
                each.at for each in uow.decisions.of_project(project) if "weekly" in each.event
            ]
            for project in SERVED
        }
    assert {
        project: [f"{each:%a %d %H:%M}" for each in days] for project, days in found.items()
    } == {
        "P-1": ["Mon 09 09:00"],
        "P-2": ["Wed 11 09:00"],
        "P-3": ["Mon 09 00:00"],
    }


def test_a_project_that_comes_to_another_office_has_its_days_by_that(offices: World) -> None:
    offices.submit("P-1", "risks", "manager-hub", reviewed_on="2026-02-02")
    change_project(offices.governance, project="P-1", place=Place(office="leeds"), by="petra")
    at(offices, 3, 10, 17)
    assert offices.sweep().said == 0
    at(offices, 3, 11, 9)
    assert offices.sweep().said == 1
