"""The database counts the changes of what is known of people, whoever makes them and however."""

from datetime import date

import pytest
from sqlalchemy import text

from pmo_engine.store.tables import Person, RoleHolding

DAY = "'2026-03-02'"
ROWS = {
    "people": ("id, name, address", "'new', 'New', ''"),
    "role_holdings": (
        "id, person, role, from_date, acting",
        f"'h-1', 'ana', 'sponsor', {DAY}, FALSE",
    ),
    "delegations": (
        "id, owner, delegate, acts, projects, from_date, reason, made_by, made_at",
        f"'d-1', 'ana', 'bo', '[]', '[]', {DAY}, '', 'ana', {DAY}",
    ),
    "absences": (
        "id, person, upward, from_date, reason, made_by, made_at",
        f"'a-1', 'ana', FALSE, {DAY}, '', 'ana', {DAY}",
    ),
    "same_persons": ("account, other, made_by, made_at", f"'ana', 'bo', 'ana', {DAY}"),
    "declared_interests": (
        "id, person, project, called, why, from_date, declared_by, declared_at",
        f"'i-1', 'ana', 'P-1', 'P-1', '', {DAY}, 'ana', {DAY}",
    ),
}
OF = {"people": "id = 'new'", "same_persons": "account = 'ana'"}


@pytest.mark.parametrize("table", ROWS)
def test_whatever_is_written_taken_away_or_altered_counts(db, portfolio, table):
    columns, values = ROWS[table]
    here = OF.get(table, f"id = {values.partition(',')[0]}")
    column = columns.split(", ")[1]
    statements = [
        f"INSERT INTO {table} ({columns}) VALUES ({values})",  # noqa: S608 - the lines above
        f"UPDATE {table} SET {column} = {column} WHERE {here}",  # noqa: S608
        f"DELETE FROM {table} WHERE {here}",  # noqa: S608
    ]
    for statement in statements:
        with db.read() as uow:
            before = uow.people.changes()
        with db._writing.begin() as connection:
            assert connection.execute(text(statement)).rowcount == 1
        with db.read() as uow:
            assert uow.people.changes() > before, statement


def test_nothing_else_counts(db, work, portfolio, change):
    with work() as uow:
        before = uow.people.changes()
        uow.entries.add(change())
        uow.settings.put("clock", "simulated")
        uow.write()
        assert uow.people.changes() == before


class Undone(Exception):
    """Takes a transaction back."""


def undone(work, before):
    with work() as uow:
        uow.people.add(Person(id="cy", name="Cy"))
        uow.people.hold(RoleHolding(person="cy", role="sponsor", from_date=date(2026, 3, 2)))
        uow.write()
        assert uow.people.changes() > before
        raise Undone


def test_what_is_taken_back_is_not_counted(db, work, portfolio):
    with db.read() as uow:
        before = uow.people.changes()

    with pytest.raises(Undone):
        undone(work, before)
    with db.read() as uow:
        assert uow.people.changes() == before


def test_a_unit_of_work_knows_what_it_found(db, work, portfolio):
    with work() as uow:
        uow.opening("began")
        assert uow.people.as_found == uow.people.changes() > 0
        uow.people.add(Person(id="cy", name="Cy"))
        uow.write()
        assert uow.people.as_found < uow.people.changes()
