"""Rows that are put: written with the rest, read by what follows, refused and undone with it."""

import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import bindparam, select, update
from sqlmodel import col

from pmo_engine.store import session
from pmo_engine.store.errors import Duplicate
from pmo_engine.store.records.counted import HELD
from pmo_engine.store.session import FEW, WritingSession
from pmo_engine.store.tables import (
    Addressee,
    Decision,
    Entry,
    EntryVersion,
    Person,
    RoleHolding,
    Rung,
)


@pytest.fixture
def asked(work, approval):
    with work() as uow:
        uow.obligations.add(approval(id="o-1"))


def rung(at, number):
    return Rung(obligation_id="o-1", rung=number, due_at=at, action="remind", role="sponsor")


def test_what_is_put_is_read_in_the_same_transaction(work, change, decision, at):
    with work() as uow:
        entry = uow.entries.add(change())
        assert [version.by for version in uow.entries.versions(entry.id)] == ["ana"]
        uow.entries.revise(entry, status="approved")
        kept = uow.decisions.add(decision(subject_id=entry.id))
        assert [row.id for row in uow.decisions.of_subject(entry.id)] == [kept.id]
        assert uow.subjects.get(entry.id).kind == "entry"
        assert [version.version for version in uow.entries.versions(entry.id)] == [1, 2]


def test_all_that_is_put_is_kept_in_full(work, asked, at):
    with work() as uow:
        uow.addressees.add_new([Addressee(obligation_id="o-1", role="sponsor", by_rung=2)])
    with work() as uow:
        [row] = uow.addressees.of("o-1")
        assert (row.role, row.person, row.since, row.by_rung) == ("sponsor", None, at, 2)


def test_who_was_waited_for_before_is_so_since_then(work, asked, at):
    before = at - timedelta(days=1)
    with work() as uow:
        uow.addressees.add_new([Addressee(obligation_id="o-1", role="sponsor", since=before)])
    with work() as uow:
        assert [row.since for row in uow.addressees.of("o-1")] == [before]


def test_who_holds_a_role_twice_is_named_once(work, portfolio, at):
    with work() as uow:
        for project in (None, "P-1"):
            held = {"person": "bo", "role": "reviewer", "project": project}
            uow.people.hold(RoleHolding(**held, from_date=at.date()))
    with work() as uow:
        assert uow.people.holders("reviewer", "P-1", at.date()) == [("bo", None)]


def test_what_is_put_twice_is_refused(work, asked, at):
    with pytest.raises(Duplicate), work() as uow:
        uow.rungs.add_all([rung(at, 1), rung(at, 1)])


def test_what_is_put_is_undone_with_the_rest(work, undone, change):
    with undone() as uow:
        uow.entries.add(change())
    with work() as uow:
        found = uow._transaction.rows(select(EntryVersion))
        assert (found, uow.entries.of_project("P-1")) == ([], [])


def test_it_is_written_once(work, asked, at):
    with work() as uow:
        uow.rungs.add_all([rung(at, 1), rung(at, 2)])
        uow.flush()
        uow.flush()
        assert [row.rung for row in uow.rungs.of_obligation("o-1")] == [1, 2]


def test_what_is_referred_to_is_written_before_what_refers_to_it(monkeypatch, work, change):
    """Else SQLite looks through whole tables, at each new row, for what refers to it."""
    written, insert_rows = [], session.insert_rows

    def noted(connection, table, rows):
        written.append(table)
        insert_rows(connection, table, rows)

    monkeypatch.setattr(session, "insert_rows", noted)
    with work() as uow:
        uow.entries.add(change())
    referring = {
        (name, key.column.table.name)
        for name in written
        for key in Entry.metadata.tables[name].foreign_keys
        if key.column.table.name in written and key.column.table.name != name
    }
    assert {("entries", "subjects"), ("entry_versions", "entries")} <= referring
    assert all(written.index(of) < written.index(name) for name, of in referring)


LATER = """
import sys
from datetime import UTC, datetime
from pmo_engine.store.base import Table
from pmo_engine.store.database import Database

at = datetime(2026, 3, 2, tzinfo=UTC)
with Database(sys.argv[1]).unit_of_work(actor="ana", at=at) as uow:
    uow.journal.add("P-1", "line", {})
    uow.flush()
    assert "requests" not in Table.metadata.tables
    uow.requests.keep("r-1", "approve", "ana", {"n": 1}, "a vote")
    assert not any(each.foreign_keys for each in Table.metadata.tables.values())
"""


def test_a_table_that_is_declared_later_is_written_as_the_first(db, url):
    """In a process that knows of no more than it has to do with."""
    subprocess.run([sys.executable, "-c", LATER, url], check=True)
    with db.read() as uow:
        assert uow.requests.find("r-1").answer == {"n": 1}


def test_a_row_that_was_put_is_not_held(work, decision):
    with work() as uow:
        own = uow._transaction.session
        assert isinstance(own, WritingSession)
        kept = uow.decisions.add(decision())
        uow.flush()
        assert kept not in own
        assert own.scalars(select(Decision).where(col(Decision.id) == kept.id)).one() is not kept


def test_what_is_to_be_done_once_all_is_kept_is_done_then_and_once(work, change):
    done = []
    with work() as uow:
        uow.once_kept("a", lambda: done.append("a"))
        uow.once_kept("a", lambda: done.append("again"))
        uow.once_kept("b", lambda: done.append("b"))
        uow.entries.add(change())
        uow.write()
        assert done == []
    assert done == ["a", "b"]


def test_what_is_to_be_done_once_all_is_kept_is_not_done_where_it_is_not(undone, change):
    done = []
    with undone() as uow:
        uow.once_kept("a", lambda: done.append("a"))
        uow.entries.add(change())
    assert done == []


def test_the_records_that_a_transaction_wrote_are_given_as_it_left_them(work, change):
    with work() as uow:
        first = uow.entries.add(change("CR-1")).id
        uow.entries.revise(uow.entries.add(change("CR-2")), document={"cost": "2 GBP"})
        assert [each.key for each in uow.entries.own("change_requests")] == ["CR-1", "CR-2"]
        assert uow.entries.own("risks") == []
        uow.forget()  # what is read anew is not as this left it
        assert uow.entries.own("change_requests") == []
        assert uow.entries.own_by_id([first]) == {}
        assert uow.entries.is_own(first)


def test_of_many_records_only_some_are_held(work, change):
    with work() as uow:
        made = [uow.entries.add(change(f"CR-{number}")) for number in range(HELD + 1)]
        assert uow.entries.own("change_requests") == made[:HELD]
        asked = [made[HELD].id, made[1].id, "another's"]
        assert uow.entries.own_by_id(asked) == {made[1].id: made[1]}
        assert all(uow.entries.is_own(each.id) for each in made)


HELD_BY = select(RoleHolding).where(col(RoleHolding.person) == bindparam("person"))
HOLDERS = (
    select(RoleHolding, Person)
    .join(Person, col(Person.id) == col(RoleHolding.person))
    .where(col(Person.id).in_(bindparam("persons", expanding=True)))
    .order_by(col(Person.id))
)


@pytest.fixture
def bo(work, portfolio, at):
    with work() as uow:
        uow.people.hold(RoleHolding(id="h-1", person="bo", role="reviewer", from_date=at.date()))


def test_whole_rows_are_those_that_are_held(work, bo, at):
    with work() as uow:
        session = uow._transaction.session
        [(first,)] = session.read(HELD_BY, person="bo")
        assert session.get(RoleHolding, "h-1") is first
        assert first.from_date == at.date()
        assert not session.dirty
        assert [*session.scalars(HELD_BY, {"person": "bo"})] == [first]
        assert [*session.read(HELD_BY, person="bo")] == [(first,)]
        assert session.read(HELD_BY, person="nobody") == []


def test_rows_in_memory_stay_unless_they_are_to_be_fresh(work, bo):
    with work() as uow:
        session = uow._transaction.session
        [(row,)] = session.read(HELD_BY, person="bo")
        changed = update(RoleHolding).values(role="sponsor")
        session.execute(changed, execution_options={"synchronize_session": False})
        assert [each.role for (each,) in session.read(HELD_BY, person="bo")] == ["reviewer"]
        assert [each.role for (each,) in session.read(HELD_BY, fresh=True, person="bo")] == [
            "sponsor"
        ]
        assert row.role == "sponsor"
        assert not session.dirty


@pytest.mark.parametrize("others", [0, FEW])
def test_rows_are_as_fresh_however_many_are_asked_for(work, bo, others):
    with work() as uow:
        session, asked = uow._transaction.session, ["bo", *map(str, range(others))]
        [(row, _)] = session.read(HOLDERS, persons=asked)
        changed = update(RoleHolding).values(role="sponsor")
        session.execute(changed, execution_options={"synchronize_session": False})
        session.read(HOLDERS, persons=asked)
        assert row.role == "reviewer"
        session.read(HOLDERS, fresh=True, persons=asked)
        assert row.role == "sponsor"


def test_a_row_that_is_expired_is_read_anew(work, bo):
    with work() as uow:
        session = uow._transaction.session
        [(row,)] = session.read(HELD_BY, person="bo")
        session.expire_all()
        assert [*session.read(HELD_BY, person="bo")] == [(row,)]
        assert row.role == "reviewer"


def test_a_row_that_was_read_is_written_when_it_changes(work, bo):
    with work() as uow:
        [(row,)] = uow._transaction.session.read(HELD_BY, person="bo")
        row.role = "sponsor"
        assert [each.role for (each,) in uow._transaction.session.read(HELD_BY, person="bo")] == [
            "sponsor"
        ]
    with work() as uow:
        assert [row.role for row in uow.people.all_holdings("bo")] == ["sponsor"]


def test_what_was_put_is_read_with_the_rest(work, bo, at):
    with work() as uow:
        uow.people.hold(RoleHolding(person="bo", role="sponsor", from_date=at.date()))
        rows = uow._transaction.session.read(HELD_BY, person="bo")
        assert sorted(row.role for (row,) in rows) == ["reviewer", "sponsor"]


@pytest.mark.parametrize("others", [0, FEW])
def test_rows_of_two_tables_lie_beside_each_other(work, bo, others):
    with work() as uow:
        asked = ["bo", *map(str, range(others))]
        [(held, person)] = uow._transaction.session.read(HOLDERS, persons=asked)
        assert (held.id, person.id) == ("h-1", "bo")
        assert uow.people.get("bo") is person


def test_each_transaction_has_its_connection(db, work, bo):
    with WritingSession(db._writing) as session:
        first = session.connection()
        assert session.connection() is first
        with session.begin_nested():
            assert session.connection() is first
        session.rollback()
        assert first.closed
        assert not session.connection().closed
        assert [row.role for (row,) in session.read(HELD_BY, person="bo")] == ["reviewer"]
