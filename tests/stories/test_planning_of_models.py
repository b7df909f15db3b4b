"""The strategies of the model organisations plan projects, and their plans are kept up to date."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pmo_engine.questions.plans import plan_of
from pmo_engine.testing import World
from pmo_engine.work.people.projects import move_project
from pmo_engine.work.planning.setting import set_plan
from tests.policies import kept
from tests.stories.conftest import DATABASES

POLICIES = Path(__file__).parents[2] / "policies"
MODELS = {
    "pmo-single": ("pmo_head", "project_officer", "project_specialist"),
    "p3o": ("office_head", "p3o_officer", "p3o_specialist"),
}

pytestmark = DATABASES


@pytest.mark.parametrize("model", MODELS)
def test_a_project_of_a_model_is_planned_looked_at_and_kept(
    make_world: Callable[..., World], model: str
) -> None:
    head, officer, specialist = MODELS[model]
    world = make_world(kept(POLICIES / model), start=datetime(2026, 3, 2, 10, tzinfo=UTC))
    known = {"cost": "150000 GBP", "risk": "low", "regulated": False}
    world.project("P-1", stage="justification", **known)
    for person, role in (("hana", head), ("ola", officer), ("spe", specialist)):
        world.person(person, role)
    with world.governance.reading() as c:
        assert plan_of(c, c.uow.projects.get("P-1")).chosen == "light"
    by = {"project": "P-1", "by": "hana", "strategy": "full", "reason": "the first of its kind"}
    done = set_plan(world.governance, **by)
    assert (done.strategy, str(done.stage_ends_on)) == ("full", "2026-06-02")
    assert "M-justification-case" in done.entered
    assert set_plan(world.governance, project="P-1", by="spe").changed is False
    world.sweep()
    world.appoint("hana", "portfolio_board")
    move_project(
        world.governance, project="P-1", stage="delivery_strategy", by="hana", migrated="minute 1"
    )
    world.forward(hours=24)
    told = "Another planning strategy would be chosen for this project by now"
    assert any(told in message.body for message in world.inbox("hana").messages)
    behind = "A milestone lies behind us and is not reached"
    assert not any(behind in message.body for message in world.inbox("ola").messages)
    world.forward(hours=24 * 120)
    assert any(behind in message.body for message in world.inbox("ola").messages)
