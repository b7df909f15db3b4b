"""Opening databases, keeping or leaving a transaction, and everything that can go wrong."""

import subprocess
import sys
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import func, select

from pmo_engine.store.database import Database
from pmo_engine.store.errors import (
    DatabaseLocked,
    DatabaseReadOnly,
    Refused,
    StoreError,
    Unreachable,
    Unstorable,
)
from pmo_engine.store.tables import GateReview, Message, Project, RoleHolding, Rung, whole


@pytest.fixture
def opened():
    """Opens any URL; closes it at the end."""
    databases = []

    def open_(url, **options):
        databases.append(Database(url, **options))
        return databases[-1]

    yield open_
    for db in databases:
        db.close()


def project(id, **values):
    return Project(id=id, name="n", stage="s", office="o", status="active", **values)


def rows(db):
    with db._reading.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table))
            for name, table in whole().tables.items()
        }


def test_a_failed_unit_of_work_leaves_nothing(db, undone, approval, change, at):
    before = rows(db)
    with undone() as uow:
        entry = uow.entries.add(change())
        uow.people.hold(RoleHolding(person="ana", role="x", from_date=at.date()))
        obligation = uow.obligations.add(approval(subject_id=entry.id))
        uow.votes.cast(obligation.id, "ana", "approve")
        rung = {"obligation_id": obligation.id, "due_at": at, "action": "remind", "role": "x"}
        uow.rungs.add_all([Rung(rung=1, **rung)])
        uow.gate_reviews.add(GateReview(project="P-1", gate="G2", opened_at=at, opened_by="ana"))
        uow.outbox.add(Message(key="k", kind="notice", due_at=at))
        uow.journal.add("P-1", "submitted", {})
        uow.settings.put("a", 1)
    assert rows(db) == before


def test_ids_are_made_by_the_factory(open_database, at):
    db = open_database(ids=iter(["first", "second"]).__next__)
    with db.unit_of_work("ana", at) as uow:
        uow.projects.add(project("P-1"))
        reviews = [
            uow.gate_reviews.add(
                GateReview(project="P-1", gate=gate, opened_at=at, opened_by="ana")
            )
            for gate in ("G1", "G2")
        ]
    assert [review.id for review in reviews] == ["first", "second"]


def test_ids_are_new_without_a_factory(open_database, at):
    with open_database().unit_of_work("ana", at) as uow:
        uow.projects.add(project("P-1"))
        review = {"project": "P-1", "opened_at": at, "opened_by": "ana"}
        one, other = (uow.gate_reviews.add(GateReview(gate=g, **review)) for g in "AB")
    assert len(one.id) == len(other.id) == 32
    assert one.id != other.id


def test_reading_writes_nothing(db, portfolio):
    with pytest.raises(DatabaseReadOnly), db.read() as uow:
        uow.projects.add(project("P-9"))
    with pytest.raises(DatabaseReadOnly), db.read() as uow:
        uow.projects.change(uow.projects.get("P-1"), stage="build")
    with db.read() as uow:
        assert [p.id for p in uow.projects.all()] == ["P-1", "P-2"]
        assert uow.projects.get("P-1").stage == "design"


def test_an_error_is_the_stores_own_where_it_happens(work, portfolio, change):
    with work() as uow:
        uow.entries.add(change())
    with pytest.raises(Refused) as raised, work() as uow:  # noqa: PT012 - what is caught inside
        uow.entries.add(change())
        uow.flush()
    assert "\n" not in str(raised.value)


def test_after_an_error_the_database_goes_on(open_database, at):
    db = open_database()
    for _ in range(20):  # more than there are connections
        with pytest.raises(Refused), db.unit_of_work("ana", at) as uow:
            uow.projects.add(project("office"))
        with pytest.raises(Refused), db.unit_of_work("ana", at) as uow:
            uow.people.hold(RoleHolding(person="nobody", role="x", from_date=at.date()))
    with db.unit_of_work("ana", at) as uow:
        uow.projects.add(project("P-1"))


def test_text_that_no_database_takes_is_refused(work):
    with pytest.raises(Unstorable), work() as uow:
        uow.projects.add(project("P-\ud800"))


def test_a_second_writer_waits_and_then_says_locked(sqlite_url, opened, at):
    first, second = opened(sqlite_url), opened(sqlite_url, lock_timeout=0.05)
    with first.unit_of_work("ana", at) as uow:
        uow.projects.add(project("P-1"))
        uow.flush()
        with (
            pytest.raises(DatabaseLocked, match="another writer; try again"),
            second.unit_of_work("bo", at) as other,
        ):
            other.projects.all()
        with second.read() as reader:  # readers do not wait
            assert reader.projects.all() == []
    with second.unit_of_work("bo", at) as uow:
        assert [p.id for p in uow.projects.all()] == ["P-1"]


def test_on_postgresql_only_the_same_row_is_waited_for(postgresql_url, opened, at):
    first, second = opened(postgresql_url), opened(postgresql_url, lock_timeout=0.05)
    with first.unit_of_work("ana", at) as uow:
        uow.projects.add(project("P-1"))
        uow.projects.add(project("P-2"))
    with first.unit_of_work("ana", at) as uow:
        uow.projects.lock("P-1")
        with second.unit_of_work("bo", at) as other:
            other.projects.change(other.projects.get("P-2"), stage="build")
        with (
            pytest.raises(DatabaseLocked, match="another writer"),
            second.unit_of_work("bo", at) as other,
        ):
            other.projects.lock("P-1")


def test_a_read_only_file_says_so(sqlite_url, opened, at):
    path = sqlite_url.removeprefix("sqlite:///")
    db = opened(f"sqlite:///file:{path}?mode=ro&uri=true")
    with db.read() as uow:
        assert uow.projects.all() == []
    with pytest.raises(DatabaseReadOnly, match="reading only"), db.unit_of_work("ana", at) as uow:
        uow.projects.add(project("P-1"))


def test_a_read_only_server_says_so(postgresql_url, opened, at):
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("ALTER ROLE postgres SET default_transaction_read_only = on")
        db = opened(postgresql_url)
        with pytest.raises(DatabaseReadOnly), db.unit_of_work("ana", at) as uow:
            uow.projects.add(project("P-1"))
        connection.execute("SET default_transaction_read_only = off")
        connection.execute("ALTER ROLE postgres RESET default_transaction_read_only")


def test_a_mistyped_file_is_not_made(tmp_path, opened, at):
    missing = tmp_path / "nowhere.db"
    db = opened(f"sqlite:///{missing}")
    with (
        pytest.raises(Unreachable, match=r"no database .*nowhere.db; .*migrate"),
        db.unit_of_work("ana", at) as uow,
    ):
        uow.projects.all()
    with pytest.raises(Unreachable):
        db.schema_is_current()
    assert not missing.exists()
    with pytest.raises(Unreachable, match="cannot make the database .*No such file"):
        opened(f"sqlite:///{tmp_path}/no/such/folder.db").migrate()


def test_an_empty_file_that_was_looked_at_can_be_migrated(tmp_path, opened):
    (tmp_path / "empty.db").touch()
    db = opened(f"sqlite:///{tmp_path}/empty.db")
    assert not db.schema_is_current()
    db.migrate()
    assert db.schema_is_current()
    with db._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_no_password_is_told(opened):
    secret = "postgresql://nobody:secret@127.0.0.1:1/nothing"
    with pytest.raises(Unreachable, match="nobody") as raised, opened(secret).read() as uow:
        uow.projects.all()
    assert "secret" not in str(raised.value)
    with pytest.raises(StoreError) as refused:
        Database("mysql://nobody:secret@host/db")
    assert "secret" not in str(refused.value)


def test_an_odd_file_name_is_taken_as_it_is(tmp_path, opened, at):
    path = tmp_path / "50 % of #1?.db"
    db = opened(f"sqlite:///{str(path).replace('%', '%25').replace('?', '%3F')}")
    db.migrate()
    assert path.exists()
    assert db.schema_is_current()


def test_a_file_that_is_no_database_says_so(tmp_path, opened, at):
    path = tmp_path / "notes.txt"
    path.write_text("these are notes, and long enough to be looked at by the database" * 20)
    db = opened(f"sqlite:///{path}")
    with pytest.raises(Unreachable, match="not a database"), db.read() as uow:
        uow.projects.all()


def test_a_server_that_is_not_there_says_so(opened, at):
    db = opened("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unreachable, match="cannot be reached") as raised, db.read() as uow:
        uow.projects.all()
    assert "\n" not in str(raised.value)


def test_a_database_that_the_server_has_not_says_so(server, opened, at):
    db = opened(server.replace("/postgres?", "/nothing?"))
    with pytest.raises(Unreachable, match="nothing"), db.read() as uow:
        uow.projects.all()


def test_a_lost_connection_is_made_again(postgresql_url, opened, at):
    db = opened(postgresql_url)
    with db.unit_of_work("ana", at) as uow:
        uow.projects.add(project("P-1"))
    with psycopg.connect(postgresql_url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    with db.read() as uow:
        assert [p.id for p in uow.projects.all()] == ["P-1"]


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/db", "sqlite://", ""])
def test_a_url_of_nothing_supported_says_what_is(url):
    with pytest.raises(StoreError, match=f"^'{url}' is not ") as raised:
        Database(url)
    assert type(raised.value) is StoreError


def test_a_lease_and_a_time_may_be_of_any_zone(work, at):
    with work() as uow:
        uow.outbox.add(Message(key="k", kind="notice", due_at=at))
        local = at.astimezone(None) - timedelta(seconds=1)
        assert uow.outbox.claim_due(local, 1, timedelta(minutes=1)) == []


def test_neither_psycopg_nor_alembic_is_imported_before_it_is_needed(tmp_path):
    script = (
        "import sys; from pmo_engine.store.database import Database; Database('sqlite:///x');"
        "print([m for m in ('psycopg', 'alembic') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
