"""The one door: what collides begins again, and what goes wrong leaves nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.compiler.loading import load_policy
from pmo_engine.store.errors import DatabaseLocked, Duplicate, StaleVersion, StoreError
from pmo_engine.testing import World
from pmo_engine.work import command
from pmo_engine.work.acts import SUBMIT
from pmo_engine.work.command import TRIES, Command, Order, carry_out
from pmo_engine.work.subjects import OfProject

CITY = Path(__file__).parents[1] / "stories/city.yaml"


@pytest.fixture
def world(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    waited: list[float] = []
    monkeypatch.setattr(command, "sleep", waited.append)
    made = World(load_policy(CITY), sqlite_url)
    made.project("P-1")
    made.person("ana", "project_manager", project="P-1")
    yield made
    made.close()


def colliding(error: Callable[[], StoreError], times: int) -> tuple[list[int], Any]:
    """Give a piece of work that collides so often before it is done, and how often it was tried."""
    tried: list[int] = []

    def do(c: Command) -> str:
        tried.append(len(tried) + 1)
        c.journal("done", {"try": len(tried)})
        if len(tried) <= times:
            raise error()
        return "done"

    return tried, do


def lines(world: World) -> list[dict[str, Any]]:
    return [line.body for line in world.journal("P-1") if line.kind == "done"]


COLLISIONS = [
    lambda: DatabaseLocked("somebody else writes"),
    lambda: StaleVersion("entry", "e-1", 1, 2),
    lambda: Duplicate("entries", "there is one already"),
]
NAMES = ("locked", "stale", "duplicate")


@pytest.mark.parametrize("error", COLLISIONS, ids=NAMES)
def test_what_collides_begins_again_and_is_done_once(
    world: World, error: Callable[[], StoreError]
) -> None:
    tried, do = colliding(error, TRIES - 1)
    order = Order("ana", SUBMIT, OfProject("P-1"), str)
    assert carry_out(world.governance, order, do) == "done"
    assert len(tried) == TRIES
    assert lines(world) == [{"try": TRIES}]


@pytest.mark.parametrize("error", COLLISIONS, ids=NAMES)
def test_what_collides_for_ever_is_given_up_and_leaves_nothing(
    world: World, error: Callable[[], StoreError]
) -> None:
    tried, do = colliding(error, TRIES + 1)
    with pytest.raises(type(error())):
        carry_out(world.governance, Order("ana", SUBMIT, OfProject("P-1"), str), do)
    assert len(tried) == TRIES
    assert lines(world) == []


def test_what_is_no_collision_is_not_tried_again(world: World) -> None:
    tried, do = colliding(lambda: StoreError("the disk is full"), 1)
    with pytest.raises(StoreError, match="the disk is full"):
        carry_out(world.governance, Order("ana", SUBMIT, OfProject("P-1"), str), do)
    assert len(tried) == 1
    assert lines(world) == []
