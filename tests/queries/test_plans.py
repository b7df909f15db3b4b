"""No list reads a table that grows from end to end: each statement goes by an index."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pmo_engine.compiler.loading import load_policy
from pmo_engine.queries.decisions import decision, decisions
from pmo_engine.queries.inbox import inbox
from pmo_engine.queries.journal import Which, lines
from pmo_engine.queries.paging import Page
from pmo_engine.queries.portfolio import portfolio
from pmo_engine.queries.records import records, story
from pmo_engine.queries.reviews import reviews
from pmo_engine.testing import START, World
from tests.queries.conftest import CITY, counted, submit

GROWING = "journal|decisions|obligations|entries|votes|obligation_addressees|entry_versions"
WHOLE = re.compile(rf"SCAN ({GROWING})(?! USING (COVERING )?INDEX)")
PAGE = Page(limit=20)
QUERIES: dict[str, Callable[[Any], Any]] = {
    "chain": lambda c: lines(c.uow, Which(chain="P-1"), Page(limit=20, after="5")),
    "everything": lambda c: lines(c.uow, Which(), Page(limit=20, after="P-1:2")),
    "newest": lambda c: lines(c.uow, Which(newest=True), PAGE),
    "subject": lambda c: lines(c.uow, Which(subject="s-1"), PAGE),
    "actor": lambda c: lines(c.uow, Which(actor="sam"), PAGE),
    "kind": lambda c: lines(c.uow, Which(kind="obligation.opened"), PAGE),
    "group": lambda c: lines(c.uow, Which(kind="obligation."), PAGE),
    "kind of a chain": lambda c: lines(c.uow, Which(chain="P-1", kind="voted"), PAGE),
    "actor of a chain": lambda c: lines(c.uow, Which(chain="P-1", actor="sam"), PAGE),
    "days": lambda c: lines(c.uow, Which(since=START, until=START + timedelta(days=1)), PAGE),
    "inbox": lambda c: inbox(c, "petra", PAGE),
    "inbox after": lambda c: inbox(
        c, "petra", Page(after=c.uow.obligations.beginning_with("")[0][:8])
    ),
    "records": lambda c: records(c, "P-1", "change_requests", Page(limit=20, after="CR-1")),
    "by status": lambda c: records(c, "P-1", "change_requests", PAGE, status="submitted"),
    "story": lambda c: story(c, c.uow.entries.by_key("P-1", "change_requests", "CR-1")),
    "decisions": lambda c: decisions(c, PAGE),
    "of a project": lambda c: decisions(c, PAGE, project="P-1"),
    "decision": lambda c: decision(c, decisions(c, PAGE).items[0].id[:8]),
    "portfolio": lambda c: portfolio(c, page=PAGE),
    "reviews": lambda c: reviews(c, PAGE),
}


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
