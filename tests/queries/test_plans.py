"""No list reads a table that grows from end to end: each statement goes by an index."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from pmo_engine.store import tables
from pmo_engine.testing import START, World
from tests.policies import kept
from tests.queries.conftest import CITY, submit
from tests.queries.grown import OWN, grow
from tests.queries.lists import QUERIES

TIMES = 20_000
GROWING = "|".join(OWN)
WHOLE = {
    "sqlite": re.compile(rf"SCAN ({GROWING})(?! USING (COVERING )?INDEX)"),
    "postgresql": re.compile(rf".*Seq Scan on ({GROWING})\b"),
}
SORTED = "USE TEMP B-TREE FOR ORDER BY"


@pytest.fixture(scope="module")
def own_server(request: pytest.FixtureRequest) -> Iterator[str]:
    server = request.getfixturevalue("server")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE plans")
        yield server.replace("/postgres?", "/plans?")
        connection.execute("DROP DATABASE plans WITH (FORCE)")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[World]:
    """A store after years; nobody told SQLite how its tables have grown."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('plans') / 'pmo.db'}"
    else:
        url = request.getfixturevalue("own_server")
    with closing(World(kept(CITY), url)) as made:
        for number in range(50):
            made.project(f"P-{number + 1}")
        made.person("petra", "pmo_head")
        made.person("sam")
        submit(made, 1, cost="80000 GBP")
        made.vote("petra")
        review(made)
        with made.database._writing.begin() as connection:
            grow(connection, TIMES)
        yield made


def review(world: World) -> None:
    with world.database.unit_of_work("sam", START) as uow:
        made = tables.GateReview(project="P-1", gate="G1", opened_at=START, opened_by="sam")
        uow.gate_reviews.add(made)
        found = {"result": "met", "findings": [], "missing": [], "figures": {}}
        uow.assessments.record(
            tables.Assessment(
                review_id=made.id, revision=1, role="risk", at=START, by="sam", **found
            )
        )


def plans_of(world: World, name: str) -> list[list[str]]:
    """How the database goes about each statement of a query, with what is asked for in it."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        asked.append((statement, given))

    engine = world.database._engine
    with world.governance.reading() as c:
        event.listen(engine, "before_cursor_execute", note)
        try:
            QUERIES[name](c)
        finally:
            event.remove(engine, "before_cursor_execute", note)
    verb = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with world.database._reading.connect() as connection:
        return [
            [str(row[-1]) for row in connection.exec_driver_sql(f"{verb} {statement}", given)]
            for statement, given in asked
        ]


@pytest.mark.parametrize("name", QUERIES)
def test_a_list_goes_by_an_index(office: World, name: str) -> None:
    plans = plans_of(office, name)
    whole = WHOLE[office.database._engine.dialect.name]
    assert plans
    assert [plan for plan in plans if any(map(whole.match, plan))] == []


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)  # PostgreSQL weighs it up
def test_what_is_stuck_is_found_among_all_that_is_open(office: World) -> None:
    """Few are stuck, and many are open: it goes by the index of the few."""
    with office.governance.reading() as c:
        stuck = c.uow.obligations.stuck
        asked: list[tuple[str, Any]] = []
        engine = office.database._engine

        def note(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
            asked.append((statement, given))

        event.listen(engine, "before_cursor_execute", note)
        try:
            stuck()
        finally:
            event.remove(engine, "before_cursor_execute", note)
    [(statement, given)] = asked
    with office.database._reading.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        assert any("ix_obligations_stuck" in str(row[-1]) for row in rows)


IN_ORDER = ["chain", "everything", "newest", "subject", "kind", "actor"]


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)  # PostgreSQL weighs it up
@pytest.mark.parametrize("name", [*IN_ORDER, "kind of a chain", "actor of a chain"])
def test_a_page_of_lines_is_read_in_the_order_of_its_index(office: World, name: str) -> None:
    *_, page = plans_of(office, name)
    assert SORTED not in page
