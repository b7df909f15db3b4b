"""What somebody who has run an office for years tries first on the models that come with it."""

from collections.abc import Callable

import pytest

from pmo_engine.compiler.loading import check_policy
from pmo_engine.resources import policies_dir
from pmo_engine.testing import World

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
