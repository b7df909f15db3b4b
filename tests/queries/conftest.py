"""A world on each database, and a count of what is asked of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from pmo_engine.store import prepared
from pmo_engine.testing import World
from tests.policies import kept

CITY = Path(__file__).parents[1] / "stories/city.yaml"


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(kept(CITY), request.getfixturevalue(f"{request.param}_url"))
    for project in ("P-1", "P-2"):
        made.project(project)
        made.person(f"ana-{project.lower()}", "project_manager", project=project)
    made.person("petra", "pmo_head")
    made.person("sam")
    yield made
    made.close()


def submit(world: World, number: int, project: str = "P-1", cost: str = "20000 GBP") -> None:
    for _ in range(number):
        world.submit(project, "change_requests", "sam", cost=cost)


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, statement by statement."""
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    def driven(connection: Any, made: prepared.Prepared, given: Any) -> Any:
        asked.append(made.text)
        return past_sqlalchemy(connection, made, given)

    engine, past_sqlalchemy = world.database._engine, prepared._driven
    event.listen(engine, "before_cursor_execute", note)
    prepared._driven = driven
    try:
        yield asked
    finally:
        prepared._driven = past_sqlalchemy
        event.remove(engine, "before_cursor_execute", note)


def statements(world: World, query: Callable[[Any], Any]) -> int:
    """How many statements a query takes, beside those that begin it."""
    with world.governance.reading() as c, counted(world) as asked:
        query(c)
        return len(asked)
