"""Statements as drivers take them do what SQLAlchemy's do, for every kind of parameter."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pmo_engine.store.base import Table
from pmo_engine.store.columns import Moment
from pmo_engine.store.database import Database
from pmo_engine.store.errors import Duplicate, StoreError, Unreachable, Unstorable
from pmo_engine.store.prepared import (
    COMPILED,
    Compiled,
    _prepared,
    ask,
    execute,
    insert_rows,
    prepare,
)
from pmo_engine.store.tables import JournalHead, Message

OUTBOX = Table.metadata.tables[Message.__tablename__].c
HEADS = Table.metadata.tables[JournalHead.__tablename__].c
LATER = (
    update(OUTBOX.key.table)
    .where(
        OUTBOX.due_at < bindparam("at", type_=Moment),
        or_(OUTBOX.kind == "notice", OUTBOX.key == bindparam("also")),
    )
    .values(due_at=bindparam("at", type_=Moment))
)


def test_a_parameter_that_stands_twice_and_a_fixed_one(db, work, at):
    due, kinds = at - timedelta(days=1), {"1": "notice", "2": "flow", "3": "flow"}
    with work() as uow:
        uow.outbox.add_all([Message(key=key, kind=kind, due_at=due) for key, kind in kinds.items()])
    with db._engine.begin() as connection:
        assert execute(connection, LATER, {"at": at, "also": "2"}) == []
        rows = connection.execute(select(OUTBOX.key, OUTBOX.due_at).order_by(OUTBOX.key)).all()
    assert [(key, moment) for key, moment in rows] == [("1", at), ("2", at), ("3", due)]


def test_each_of_several_is_carried_out(db):
    move = (
        update(HEADS.chain.table)
        .where(HEADS.chain == bindparam("of"))
        .values(seq=bindparam("seq"), hash=bindparam("hash"))
    )
    with db._engine.begin() as connection:
        insert_rows(
            connection,
            "journal_heads",
            [{"chain": name, "seq": 0, "hash": "0"} for name in ("a", "b", "c")],
        )
        moved = [{"of": "a", "seq": 1, "hash": "x"}, {"of": "c", "seq": 3, "hash": "z"}]
        execute(connection, move, *moved)
        found = execute(connection, select(HEADS.chain, HEADS.seq, HEADS.hash))
    assert sorted(map(tuple, found)) == [("a", 1, "x"), ("b", 0, "0"), ("c", 3, "z")]


def test_what_is_not_given_is_null_and_what_is_fixed_stays(db):
    made = prepare(LATER, db._engine.dialect)
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    assert [*made.fixed.values()] == ["notice"]
    values = made.parameters({"at": moment})
    given = list(values) if made.by_place else [values[name] for name in made.names]
    by_name = dict(zip(made.names, given, strict=True))
    assert by_name["also"] is None
    assert "notice" in given


SOME = select(HEADS.chain, HEADS.seq).where(
    HEADS.chain.in_(bindparam("chains", expanding=True)), HEADS.seq.in_((1, 2))
)


@pytest.mark.parametrize(
    ("chains", "found"),
    [([], []), (["a"], [("a", 1)]), (["c", "b", "a"], [("a", 1), ("b", 2)])],
)
def test_a_list_stands_for_several(db, chains, found):
    heads = [
        {"chain": chain, "seq": seq, "hash": "0"}
        for chain, seq in zip("abc", (1, 2, 3), strict=True)
    ]
    with db._engine.begin() as connection:
        insert_rows(connection, "journal_heads", heads)
        assert sorted(ask(connection, SOME, {"chains": chains})) == found
        assert sorted(ask(connection, SOME, {"chains": chains[::-1]})) == found


HEAD = {"chain": "a", "seq": 1, "hash": "0"}


@pytest.mark.parametrize(
    ("rows", "error"),
    [([HEAD, HEAD], Duplicate), ([{**HEAD, "chain": "\ud800"}], Unstorable)],
)
def test_what_a_driver_refuses_is_an_error_of_the_store(db, rows, error):
    with pytest.raises(error), db._writing.begin() as connection:
        insert_rows(connection, "journal_heads", rows)
    with db._writing.begin() as connection:
        assert execute(connection, select(HEADS.chain)) == []


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_server_that_goes_away_is_said_and_asked_anew(db, server):
    with db._engine.connect() as connection:
        number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with psycopg.connect(server, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [number])
        with pytest.raises(Unreachable, match="postgresql://"):
            execute(connection, select(HEADS.chain))
        assert connection.invalidated
        with pytest.raises(StoreError, match="failed before"):
            execute(connection, select(HEADS.chain))
    with db._engine.begin() as connection:
        assert execute(connection, select(HEADS.chain)) == []


def test_a_connection_is_not_used_again_after_an_interrupt(db, monkeypatch):
    def interrupted(*_):
        monkeypatch.undo()
        raise KeyboardInterrupt

    with db._engine.connect() as connection:
        connection.begin()
        monkeypatch.setattr(type(connection.connection), "cursor", interrupted)
        with pytest.raises(KeyboardInterrupt):
            execute(connection, select(HEADS.chain))
        assert connection.invalidated


def test_engines_of_a_kind_share_what_was_compiled(tmp_path):
    """The second store of a process compiles nothing that the first has compiled."""
    one, two = (Database(f"sqlite:///{tmp_path / name}.db") for name in ("one", "two"))
    compiled = []
    for store in (one, two):
        store.migrate()
        with store.read() as uow:
            uow.entries.open()
            uow.projects.all()
        compiled.append((len(COMPILED), _prepared.cache_info().misses))
        store.close()
    assert compiled[0] == compiled[1]


def test_those_of_another_kind_do_not():
    key, other = (sqlite.dialect(), "a"), (postgresql.dialect(), "a")
    found = Compiled(2)
    found[key] = "compiled"
    assert found.get((sqlite.dialect(), "a")) == "compiled"
    assert found.get((sqlite.dialect(), "b")) is None
    assert found.get(other, "none") == "none"
