"""The database counts the changes of what is known of people, whoever makes them and however."""

from datetime import date

import pytest
from sqlalchemy import inspect, text, update

from pmo_engine.store.base import Table
from pmo_engine.store.people.roles import COUNTED
from pmo_engine.store.tables import (
    Absence,
    DeclaredInterest,
    Delegation,
    Person,
    RoleHolding,
    SamePerson,
)

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
    "projects": (
        "id, office, version, name, stage, status, attributes",
        "'P-8', 'office', 1, 'P', 'design', 'active', '{}'",
    ),
    "programmes": ("id, name, version, kind", "'north', 'North', 1, 'programme'"),
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
        project = uow.projects.get("P-1")
        uow.projects.change(project, stage="build", name="Another", status="closed")
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


def of_ana(at):
    """Make a row of each table that is counted, with a column of it that may change."""
    day = {"from_date": date(2026, 3, 2)}
    made = {"made_by": "ana", "made_at": at}
    return [
        (Person(id="cy", name="Cy"), "name"),
        (RoleHolding(person="ana", role="sponsor", **day), "role"),
        (Delegation(owner="ana", delegate="bo", **day, **made), "reason"),
        (Absence(person="ana", **day, **made), "reason"),
        (SamePerson(account="ana", other="bo", **made), "made_by"),
        (
            DeclaredInterest(
                person="ana", project="P-1", called="P-1", declared_by="ana", declared_at=at, **day
            ),
            "why",
        ),
    ]


def test_triggers_count_what_is_said_to_be_counted(db):
    with db._reading.connect() as connection:
        if connection.dialect.name == "sqlite":
            asked = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE :called"
        else:
            asked = (
                "SELECT event_object_table FROM information_schema.triggers"
                " WHERE action_statement LIKE :called"
            )
        called = {"sqlite": "%'people'%"}.get(connection.dialect.name, "%people_changed%")
        assert set(connection.execute(text(asked), {"called": called}).scalars()) == COUNTED


@pytest.mark.parametrize("number", range(6))
def test_a_unit_of_work_counts_what_it_writes_itself(work, portfolio, at, number):
    with work() as uow:
        row, column = of_ana(at)[number]
        key = {each.name: getattr(row, each.name) for each in inspect(type(row)).primary_key}
        uow.opening("began")
        session, counts = uow._transaction.session, [uow.people.changes()]

        def count():
            uow.write()
            counts.append(uow.people.changes())
            assert session.written & COUNTED == {row.__tablename__}
            session.written.clear()

        if key.get("id") == "":
            key["id"] = row.id = "new"
        session.enter(row)
        count()
        setattr(row, column, "other")
        count()
        change = update(type(row)).values({column: "third"})
        for name, value in key.items():
            change = change.where(getattr(type(row), name) == value)
        uow._transaction.update(change)
        count()
        session.delete(row)
        count()
        assert counts == sorted(set(counts)), row.__tablename__
        assert row.__tablename__ in Table.metadata.tables


def holds(open_database, at):
    """Let another process appoint somebody."""
    with open_database(ids=lambda: "h-other").unit_of_work("bo", at) as uow:
        uow.people.hold(RoleHolding(person="bo", role="sponsor", from_date=date(2026, 3, 2)))


def test_a_unit_of_work_that_reads_counts_what_it_sees(db, open_database, portfolio, at):
    with db.read() as uow:
        found = uow.opening("began").people
        holds(open_database, at)
        assert uow.people.changes() == uow.people.changes_now() == found
    with db.read() as uow:
        assert uow.opening("began").people == uow.people.changes() == found + 1


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)  # on SQLite others wait
def test_what_others_change_is_counted_after_a_lock(work, open_database, portfolio, at):
    with work() as uow:
        found = uow.opening("began").people
        holds(open_database, at)
        uow.people.lock_holdings("ana")
        assert uow.people.changes() == found + 1
        with open_database().unit_of_work("bo", at) as other:
            other.people.add(Person(id="di", name="Di"))
        assert uow.people.changes() == found + 1
        uow.forget()
        assert uow.people.changes() == found + 2
