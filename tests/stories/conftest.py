"""A world for each story."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.policy.loading import load_policy
from pmo_engine.testing import World

CITY = Path(__file__).parent / "city.yaml"


@pytest.fixture(params=["compiled", "durable"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make_world(tmp_path: Path, backend: str) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(policy: Any = None, **options: Any) -> World:
        bound = load_policy(CITY) if policy is None else policy
        url = f"sqlite:///{tmp_path / f'world{len(made)}.db'}"
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
