"""A world for each story."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.testing import World
from tests.policies import kept

CITY = Path(__file__).parent / "city.yaml"


PLACES = (("compiled", "sqlite"), ("durable", "sqlite"), ("compiled", "postgresql"))
# For stories in which no engine has a say: of people, appointments, votes, versions, messages.
DATABASES = pytest.mark.parametrize(
    "place", [place for place in PLACES if place[0] == "compiled"], ids="-".join, indirect=True
)


@pytest.fixture(params=PLACES, ids="-".join)
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Which engine decides, and the URL of an empty database."""
    backend, database = request.param
    return backend, request.getfixturevalue(f"{database}_url")


@pytest.fixture
def make_world(place: tuple[str, str]) -> Iterator[Callable[..., World]]:
    made: list[World] = []
    backend, url = place

    def make(policy: Any = None, **options: Any) -> World:
        bound = kept(CITY) if policy is None else policy
        world = World(bound, url, **{"backend": backend, **options})
        made.append(world)
        return world

    yield make
    for world in made:
        world.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """The city works: Ana manages project P-1, Petra heads the office, Bo and Bea are the board."""
    world = make_world()
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("bea", "portfolio_board")
    return world
