"""A query of several statements sees the store as it stood at the first, whoever writes between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from pmo_engine.queries.audit import breaks_in
from pmo_engine.queries.dossiers import counted, dossiers
from pmo_engine.queries.portfolio import totals
from pmo_engine.store.database import Database
from pmo_engine.testing import World
from pmo_engine.work.governance import Governance
from pmo_engine.work.records import submission
from pmo_engine.work.versions.coming_into_force import bring_into_force
from tests.queries.conftest import submit
from tests.queries.lists import QUERIES

SEVERAL: dict[str, Callable[[Any], Any]] = {
    **QUERIES,
    "totals": totals,
    "dossiers": dossiers,
    "counted": counted,
    "audit": lambda c: breaks_in(c.uow),
}


@pytest.fixture
def elsewhere(world: World) -> Iterator[Governance]:
    """The same store, opened by another program."""
    policy, clock = world.policy, world.clock
    opened = Governance(
        Database(world.url), clock, {}, "compiled", lambda: policy, bring_into_force
    )
    yield opened
    opened.close()
    opened.database.close()


@contextmanager
def others_write(world: World, elsewhere: Governance) -> Iterator[list[str]]:
    """Before each statement meanwhile, another program enters a record."""
    written: list[str] = []

    def write(*_: Any) -> None:
        fields = {"cost": f"{80_000 + len(written)} GBP"}
        new = submission.submit(
            elsewhere, project="P-1", register="change_requests", fields=fields, by="sam"
        )
        written.append(new.key)

    engine = world.database._engine
    event.listen(engine, "before_cursor_execute", write)
    try:
        yield written
    finally:
        event.remove(engine, "before_cursor_execute", write)


@pytest.mark.parametrize("name", SEVERAL)
def test_what_others_write_meanwhile_is_not_seen(
    world: World, elsewhere: Governance, name: str
) -> None:
    submit(world, 2, cost="80000 GBP")
    query = SEVERAL[name]
    with world.governance.reading() as c:
        before = query(c)
        with others_write(world, elsewhere) as written:
            assert query(c) == before
    assert written
    with world.governance.reading() as c:
        assert c.uow.entries.by_key("P-1", "change_requests", written[-1])


def test_the_next_reading_sees_it(world: World, elsewhere: Governance) -> None:
    submit(world, 1)
    with world.governance.reading() as c:
        assert QUERIES["records"](c).items == ()  # those after the first
    fields = {"cost": "1 GBP"}
    submission.submit(elsewhere, project="P-1", register="change_requests", fields=fields, by="sam")
    with world.governance.reading() as c:
        assert [each.key for each in QUERIES["records"](c).items] == ["CR-2"]
