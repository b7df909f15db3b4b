"""Two who let time pass at the same moment, and a change meanwhile, on both databases."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from pmo_engine.queries import audit
from pmo_engine.testing import Failed, World, at_once
from pmo_engine.work.notices import sweep
from pmo_engine.work.records import submission
from tests.policies import kept
from tests.stories.test_time import TIME, ticks, told

RISKS = 70  # more than a portion


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    url = request.getfixturevalue(f"{request.param}_url")
    made = World(kept(TIME), url, start=datetime(2026, 3, 2, 10, tzinfo=UTC))
    made.project("P-1")
    made.person("ana", "project_manager", project="P-1")
    made.person("petra", "pmo_head")
    yield made
    assert audit.verify(made.database).intact
    made.close()


def update(key: str, **changes: Any) -> Callable[..., Any]:
    named = {"project": "P-1", "register": "risks", "key": key, "by": "ana"}
    return partial(submission.update, **named, changes=changes)


def test_two_sweeps_look_at_each_record_once(world: World) -> None:
    for _ in range(RISKS):
        world.submit("P-1", "risks", "ana", reviewed_on="2026-02-03", due="2026-03-10")
    world.clock.set(datetime(2026, 3, 16, 12, tzinfo=UTC))
    one, other = at_once(world, sweep.sweep, sweep.sweep)
    assert not [each for each in (one, other) if isinstance(each, Failed)]
    assert one.said + other.said == 2 * RISKS  # stale on the 6th, late on the 11th
    assert len(ticks(world)) == 2 * RISKS
    assert len(told(world, "ana")) == RISKS
    assert len([each for each in world.waiting_for("petra") if each.kind == "exception"]) == RISKS
    assert world.sweep().looked == 0


def test_who_changes_a_record_while_it_is_looked_at_has_it_looked_at_again(world: World) -> None:
    keys = [world.submit("P-1", "risks", "ana", reviewed_on="2026-02-03").key for _ in range(6)]
    world.clock.set(datetime(2026, 3, 6, 12, tzinfo=UTC))
    changes = [update(key, reviewed_on="2026-03-06") for key in keys]
    swept, *_ = at_once(world, [sweep.sweep] * len(keys), changes)
    assert not [each for each in swept if isinstance(each, Failed)]
    world.clock.set(datetime(2026, 3, 9, 12, tzinfo=UTC))
    world.sweep()
    with world.database.read() as uow:
        holding = [each.answer for key in keys for each in _daily(uow, key)]
    assert [each["holding"] for each in holding] == [[]] * len(keys)


def _daily(uow: Any, key: str) -> list[Any]:
    entry = uow.entries.by_key("P-1", "risks", key)
    return [each for each in uow.watches.of([entry.id]) if each.event == "risk.daily"]
