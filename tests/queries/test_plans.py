"""No list reads a table that grows from end to end: each statement goes by an index."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import text

from pmo_engine.compiler.loading import load_policy
from pmo_engine.testing import World
from tests.queries.conftest import CITY, counted, submit
from tests.queries.lists import QUERIES

GROWING = "journal|decisions|obligations|entries|votes|obligation_addressees|entry_versions"
WHOLE = re.compile(rf"SCAN ({GROWING})(?! USING (COVERING )?INDEX)")


@pytest.fixture(scope="module")
def office(tmp_path_factory: Any) -> Iterator[World]:
    url = f"sqlite:///{tmp_path_factory.mktemp('plans') / 'pmo.db'}"
    with closing(World(load_policy(CITY), url)) as made:
        made.project("P-1")
        made.person("petra", "pmo_head")
        made.person("sam")
        submit(made, 2, cost="80000 GBP")
        yield made


@pytest.mark.parametrize("name", QUERIES)
def test_a_list_goes_by_an_index(office: World, name: str) -> None:
    with office.governance.reading() as c, counted(office) as asked:
        QUERIES[name](c)
    plans = [plan for statement in asked for plan in explained(office, statement)]
    assert plans
    assert [plan for plan in plans if WHOLE.match(plan)] == []


IN_ORDER = ["chain", "everything", "newest", "subject", "kind", "actor"]


@pytest.mark.parametrize("name", [*IN_ORDER, "kind of a chain", "actor of a chain"])
def test_a_page_of_lines_is_read_in_the_order_of_its_index(office: World, name: str) -> None:
    with office.governance.reading() as c, counted(office) as asked:
        QUERIES[name](c)
    plans = explained(office, asked[-1])
    assert [plan for plan in plans if plan == "USE TEMP B-TREE FOR ORDER BY"] == []


def explained(world: World, statement: str) -> list[str]:
    """What SQLite does for a statement; its parameters do not matter."""
    if not statement.startswith("SELECT"):
        return []
    numbered = iter(range(1000))
    named = re.sub(r"\?", lambda _: f":p{next(numbered)}", statement)
    given = {f"p{number}": 1 for number in range(next(numbered))}
    with world.database._reading.connect() as connection:
        return [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {named}"), given)]
