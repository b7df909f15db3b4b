"""Benefits in the model organisations: forecast and realised are held against what was planned."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pmo_engine.api import Engine
from pmo_engine.compiler.loading import load_policy
from pmo_engine.testing import World
from pmo_engine.work.figures import figures_of_projects

POLICIES = Path(__file__).parents[2] / "policies"


@pytest.fixture(params=["pmo-single", "p3o"])
def world(request: pytest.FixtureRequest, make_world: Callable[..., World]) -> World:
    start = datetime(2026, 3, 2, 10, tzinfo=UTC)
    made = make_world(load_policy(POLICIES / request.param), start=start)
    made.project("P-1")
    made.person("ana", "project_manager", project="P-1")
    made.person("sue", "sponsor", project="P-1")
    made.person("bo", "portfolio_board")
    return made


def enter(world: World, forecast: str, loss: str) -> None:
    """Enter a benefit and a loss that comes with it, as they are forecast."""
    common = {"owner_side": "business", "signed": "true", "due": "2026-03-31"}
    values = {"planned_value": "100000 GBP", "forecast_value": forecast, "realised_value": "0 GBP"}
    world.submit("P-1", "benefits", "ana", title="Fewer visits", **common, **values)
    values = {"planned_value": "20000 GBP", "forecast_value": loss, "realised_value": "0 GBP"}
    world.submit("P-1", "benefits", "ana", title="Training", disbenefit="true", **common, **values)


def exceptions(world: World, person: str) -> list[str]:
    found = [each for each in world.waiting_for(person) if each.kind == "exception"]
    return [each.rule for each in found]


def test_a_forecast_below_the_plan_by_more_than_the_tolerance_goes_to_the_board(
    world: World,
) -> None:
    enter(world, "90000 GBP", "18000 GBP")  # 72,000 of 80,000: a tenth less
    assert exceptions(world, "bo") == []
    world.update("P-1", "benefits", "B-2", "ana", forecast_value="18000.01 GBP")
    assert exceptions(world, "bo") == ["tolerance-project-benefits"]
    [row] = [each for each in world.waiting_for("bo") if each.kind == "exception"]
    assert any("71999.99" in each or "71,999.99" in each for each in row.reasons), row.reasons
    world.update("P-1", "benefits", "B-2", "ana", forecast_value="18000 GBP")
    assert exceptions(world, "bo") == []


def test_what_is_due_and_not_realised_goes_to_the_sponsor(world: World) -> None:
    enter(world, "100000 GBP", "20000 GBP")
    world.clock.set(datetime(2026, 4, 1, 12, tzinfo=UTC))
    world.sweep()
    assert exceptions(world, "sue") == ["benefit-late"]
    world.update("P-1", "benefits", "B-1", "ana", realised_value="90000 GBP")
    world.clock.set(datetime(2026, 4, 2, 12, tzinfo=UTC))
    world.sweep()
    assert exceptions(world, "sue") == []


def test_planned_forecast_and_realised_are_shown_side_by_side(world: World) -> None:
    enter(world, "95000 GBP", "20000 GBP")
    world.update("P-1", "benefits", "B-1", "ana", realised_value="40000 GBP")
    with world.governance.reading() as c:
        found = {each.id: each.words for each in figures_of_projects(c, ["P-1"], "benefits")}
    names = ("planned", "forecast_benefits", "realised", "realised_share")
    assert [found[name] for name in names] == ["80,000 GBP", "75,000 GBP", "40,000 GBP", "50 %"]


@pytest.mark.parametrize(("realised", "asked"), [("79.99 GBP", ["benefit-late"]), ("80 GBP", [])])
def test_how_far_a_benefit_may_fall_short_is_said_once_by_the_tolerance(
    tmp_path: Path, realised: str, asked: list[str]
) -> None:
    folder = tmp_path / "office"
    shutil.copytree(POLICIES / "pmo-single", folder)
    tolerances = folder / "tolerances.yaml"
    before, of, after = tolerances.read_text().partition("about: of the planned value\n")
    assert "value: 10 %" in after.splitlines()[0]
    tolerances.write_text(before + of + after.replace("value: 10 %", "value: 20 %", 1))
    benefit = {"due": "2026-03-01", "planned_value": "100 GBP", "realised_value": realised}
    at, facts = "2026-03-02T12:00:00Z", {"benefit": benefit}
    event = {"event": "benefit.daily", "at": at, "facts": facts}
    found = Engine(load_policy(folder)).decide(event).obligations
    assert [each.rule for each in found if each.rule == "benefit-late"] == asked
