"""What somebody who has run an office for years tries first on the models that come with it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from pmo_engine.compiler.loading import check_policy
from pmo_engine.model.acts import Act
from pmo_engine.resources import policies_dir
from pmo_engine.testing import World
from pmo_engine.work.people.project_states import set_state
from pmo_engine.work.records.endings import withdraw

MakeWorld = Callable[..., World]


def model(make: MakeWorld, name: str) -> World:
    world = make(check_policy(policies_dir() / name).policy)
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("sue", "sponsor", project="P-1")
    return world


@pytest.mark.parametrize(
    ("name", "head"),
    [("pmo-single", "pmo_head"), ("p3o", "office_head"), ("demo", "pmo_head")],
)
def test_a_forecast_is_told_at_one_level_and_not_at_two(
    make_world: MakeWorld, name: str, head: str
) -> None:
    """Beyond the stage's tolerance it is a notice; beyond the project's an exception instead."""
    world = model(make_world, name)
    world.person("hal", head)
    line = {"title": "Bridge", "baseline": "100000 GBP", "funds": "200000 GBP", "actual": "0 GBP"}
    world.submit("P-1", "budget_lines", "ana", **line, commitment="0 GBP", forecast="104000 GBP")
    told = "The forecast is beyond the tolerance of the stage, within that of the project"
    raised = "The forecast is beyond tolerance"

    def heard(forecast: str) -> tuple[int, int]:
        before = text(world)
        world.update("P-1", "budget_lines", "BL-1", "ana", forecast=forecast)
        world.sweep()
        after = text(world)
        waiting = [each.title for each in world.waiting_for("sue")]
        return after.count(told) - before.count(told), len(waiting)

    assert raised not in text(world)
    assert heard("106000 GBP") == (1, 0)
    assert heard("110000.01 GBP") == (0, 1)


def text(world: World) -> str:
    return "\n".join(f"{message.subject} {message.body}" for message in world.inbox("hal").messages)


@pytest.mark.parametrize("name", ["pmo-single", "p3o", "demo"])
def test_nobody_is_booked_twice_unseen(make_world: MakeWorld, name: str) -> None:
    """Whose booking comes later is told at once, and the other project on its next day."""
    world = model(make_world, name)
    world.project("P-2")
    world.person("omar", "project_manager", project="P-2")
    world.person("petra", "pmo_head")
    wei = {"person": "Wei", "starts_on": "2026-04-01", "ends_on": "2026-06-30"}
    world.submit("P-1", "allocations", "ana", title="Tests", percent=60, **wei)
    assert conflicts(world) == []
    before = {**wei, "ends_on": "2026-04-01", "starts_on": "2026-03-01"}
    made = world.submit("P-2", "allocations", "omar", title="Survey", percent=50, **before)
    assert "allocation-conflict" in made.decision.fired  # on 1 April: 110 %
    assert conflicts(world) == ["P-2"]
    next_day(world)
    assert conflicts(world) == ["P-1", "P-2"]
    world.update("P-2", "allocations", "AL-1", "omar", ends_on="2026-03-31")
    next_day(world)
    assert conflicts(world) == []


def test_a_booking_that_counts_no_more_takes_no_time(make_world: MakeWorld) -> None:
    world = model(make_world, "demo")
    for project in ("P-2", "P-3"):
        world.project(project)
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    wei = {"person": "Wei", "starts_on": "2026-04-01", "ends_on": "2026-06-30", "percent": 60}
    world.submit("P-2", "allocations", "petra", **wei)
    about = {"project": "P-2", "register": "allocations", "key": "AL-1"}
    withdraw(world.governance, **about, by="petra", reason="the work went")
    made = world.submit("P-1", "allocations", "ana", **wei)
    assert "allocation-conflict" not in made.decision.fired
    world.submit("P-3", "allocations", "petra", **{**wei, "person": "Lee", "percent": 100})
    set_state(
        world.governance, act=Act("stop", "project"), project="P-3", by="bo", reason="no money"
    )
    made = world.submit("P-1", "allocations", "ana", **{**wei, "person": "Lee"})
    assert "allocation-conflict" not in made.decision.fired


def next_day(world: World) -> None:
    world.clock.set(world.clock.now() + timedelta(days=1))
    world.sweep()


def conflicts(world: World) -> list[str]:
    said = (each for each in world.waiting_for("petra") if each.rule == "allocation-conflict")
    return sorted(str(each.project) for each in said)
