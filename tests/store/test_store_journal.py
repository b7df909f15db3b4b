"""The journal: only ever added to, chained, and every change of it found."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import psycopg
import pytest
from sqlalchemy import delete, update

from pmo_engine.queries.audit import Break, breaks_in
from pmo_engine.store.errors import DatabaseReadOnly, Refused, Unstorable
from pmo_engine.store.journal import START, line_hash
from pmo_engine.store.tables import OFFICE, Table

JOURNAL = Table.metadata.tables["journal"]
HEADS = Table.metadata.tables["journal_heads"]
SECOND = (JOURNAL.c.chain == "P-1") & (JOURNAL.c.seq == 2)
BODY = {"entry": "CR-1", "cost": "80000.00 GBP", "steps": [1, None, True, "é"]}


@pytest.fixture
def journal(work):
    """Three lines of P-1 and one of the office, by two transactions."""
    with work() as uow:
        uow.journal.add("P-1", "submitted", BODY)
        uow.journal.add(OFFICE, "adopted", {"policy": "city"})
        uow.journal.add("P-1", "decided", {"status": "waiting"})
    with work(hours=1) as uow:
        uow.journal.add("P-1", "voted", {"choice": "approve"})


@pytest.fixture
def tamper(db):
    """Runs SQL as an administrator would who first switches the protection off."""

    def tamper_(statement):
        with db._writing.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            else:
                connection.exec_driver_sql("DROP TRIGGER IF EXISTS journal_no_UPDATE")
                connection.exec_driver_sql("DROP TRIGGER IF EXISTS journal_no_DELETE")
            connection.execute(statement)

    return tamper_


def test_lines_are_chained_with_actor_and_time(db, journal, at):
    with db.read() as uow:
        first, second, third = uow.journal.read("P-1")
        assert [line.kind for line in uow.journal.read("P-1", after=2)] == ["voted"]
        heads = [(head.chain, head.seq, head.hash) for head in uow.journal.chains()]
        (office,) = uow.journal.read(OFFICE)
        assert uow.journal.read("P-2") == []
    assert [line.seq for line in (first, second, third)] == [1, 2, 3]
    assert (first.actor, first.kind, first.body, first.at) == ("ana", "submitted", BODY, at)
    assert third.at == at + timedelta(hours=1)
    assert (first.previous_hash, second.previous_hash) == (START, first.hash)
    assert heads == [("P-1", 3, third.hash), (OFFICE, 1, office.hash)]


def test_the_hash_of_a_line_is_the_same_everywhere(db, journal):
    text = (
        '{"actor":"ana","at":"2026-03-02T09:00:00+00:00","body":{"cost":"80000.00 GBP",'
        '"entry":"CR-1","steps":[1,null,true,"é"]},"chain":"P-1","form":3,"kind":"submitted",'
        f'"previous_hash":"{"0" * 64}","seq":1,"subject_id":null,"through":null}}'
    )
    with db.read() as uow:
        first = uow.journal.read("P-1")[0]
    assert first.hash == sha256(text.encode()).hexdigest()
    assert line_hash(first.model_dump()) == first.hash


def test_a_unit_of_work_reads_what_it_added(work):
    with work() as uow:
        uow.journal.add("P-1", "a", {})
        assert [line.kind for line in uow.journal.read("P-1")] == ["a"]
        uow.journal.add("P-1", "b", {})
    with work() as uow:
        assert [line.seq for line in uow.journal.read("P-1")] == [1, 2]
        assert breaks_in(uow) == []


def test_what_was_undone_leaves_no_gap(db, work, undone, journal):
    with undone() as uow:
        uow.journal.add("P-1", "lost", {})
    with work() as uow:
        uow.journal.add("P-1", "kept", {})
    with db.read() as uow:
        assert [line.kind for line in uow.journal.read("P-1", after=3)] == ["kept"]
        assert breaks_in(uow) == []


@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal SET actor = 'bo' WHERE seq = 1", "DELETE FROM journal WHERE seq = 3"],
)
def test_the_journal_is_only_added_to(db, journal, statement):
    with pytest.raises(Refused, match="only ever added to"), db._writing.begin() as connection:
        connection.exec_driver_sql(statement)
    with db.read() as uow:
        assert breaks_in(uow) == []


def test_the_journal_is_not_emptied_at_once(postgresql_url):
    with (
        psycopg.connect(postgresql_url) as connection,
        pytest.raises(psycopg.IntegrityError, match="only ever added to"),
    ):
        connection.execute("TRUNCATE journal")


def test_an_untouched_journal_is_whole(db, journal):
    with db.read() as uow:
        assert breaks_in(uow) == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "bo"},
        {"kind": "rejected"},
        {"body": {"status": "clear"}},
        {"at": datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC)},
        {"hash": "00"},
    ],
)
def test_an_altered_line_is_found(db, journal, tamper, change):
    tamper(update(JOURNAL).where(SECOND).values(change))
    with db.read() as uow:
        found = breaks_in(uow)
    assert Break("P-1", 2, "was altered: its hash is not that of its content") in found
    assert {found.chain for found in found} == {"P-1"}


def test_an_altered_line_with_a_new_hash_is_found_by_the_next(db, journal, tamper):
    with db.read() as uow:
        line = uow.journal.read("P-1")[1].model_dump()
    new = {"actor": "bo", "hash": line_hash({**line, "actor": "bo"})}
    tamper(update(JOURNAL).where(SECOND).values(new))
    with db.read() as uow:
        assert breaks_in(uow) == [Break("P-1", 3, "does not follow from the line before it")]


def test_a_missing_line_is_found(db, journal, tamper):
    tamper(delete(JOURNAL).where(SECOND))
    with db.read() as uow:
        assert breaks_in(uow) == [Break("P-1", 3, "follows line 1: lines are missing")]


def test_a_cut_off_end_is_found(db, journal, tamper):
    tamper(delete(JOURNAL).where(JOURNAL.c.seq == 3))
    with db.read() as uow:
        assert breaks_in(uow) == [
            Break("P-1", 3, "the head does not match the last line, which is 2")
        ]


def test_a_vanished_chain_and_a_vanished_head_are_found(db, journal, tamper):
    tamper(delete(JOURNAL).where(JOURNAL.c.chain == OFFICE))
    tamper(delete(HEADS).where(HEADS.c.chain == "P-1"))
    with db.read() as uow:
        assert breaks_in(uow) == [
            Break("P-1", 3, "the chain has no head"),
            Break(OFFICE, 1, "the head does not match the last line, which is 0"),
        ]


def test_a_line_that_is_not_exact_is_refused(db, work):
    with pytest.raises(Unstorable, match="a float"), work() as uow:
        uow.journal.add("P-1", "paid", {"amount": 0.1})
    with db.read() as uow:
        assert uow.journal.chains() == []


def test_reading_adds_no_lines(db):
    with pytest.raises(DatabaseReadOnly), db.read() as uow:
        uow.journal.add("P-1", "a", {})


OLD = {"chain": "P-2", "actor": "ana", "kind": "submitted", "body": BODY, "through": None}
OLDEST_TEXT = (
    '{"actor":"ana","at":"2026-03-02T09:00:00+00:00","body":{"cost":"80000.00 GBP",'
    '"entry":"CR-1","steps":[1,null,true,"é"]},"chain":"P-2","kind":"submitted",'
    f'"previous_hash":"{START}","seq":1}}'
)
OLD_TEXT = (
    '{"actor":"ana","at":"2026-03-02T09:00:00+00:00","body":{"cost":"80000.00 GBP",'
    '"entry":"CR-1","steps":[1,null,true,"é"]},"chain":"P-2","form":2,"kind":"submitted",'
    f'"previous_hash":"{START}","seq":1,"through":null}}'
)


@pytest.fixture
def old_line(db, at):
    """Adds a line as earlier versions wrote them, or in another form."""

    def old_line_(form=1, text=OLDEST_TEXT):
        line = {**OLD, "at": at, "seq": 1, "previous_hash": START, "form": form}
        line["hash"] = sha256(text.encode()).hexdigest()
        with db._writing.begin() as connection:
            connection.execute(JOURNAL.insert(), [line])
            connection.execute(HEADS.insert(), [{"chain": "P-2", "seq": 1, "hash": line["hash"]}])

    return old_line_


@pytest.mark.parametrize(("form", "text"), [(1, OLDEST_TEXT), (2, OLD_TEXT)])
def test_an_old_line_is_whole_in_its_own_form_and_new_ones_follow(db, work, old_line, form, text):
    old_line(form, text)
    with work() as uow:
        uow.journal.add("P-2", "decided", {})
    with db.read() as uow:
        assert breaks_in(uow) == []
        assert [line.form for line in uow.journal.read("P-2")] == [form, 3]


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        (2, "was altered: its hash is not that of its content"),
        (3, "was altered: its hash is not that of its content"),
        (4, "cannot be checked: the form 4 of a line of the journal is not known"),
    ],
)
def test_a_line_in_another_form_is_found(db, old_line, form, wrong):
    old_line(form)
    with db.read() as uow:
        assert breaks_in(uow) == [Break("P-2", 1, wrong)]


def test_the_account_that_somebody_came_through_is_told(db, at, tamper):
    with db.unit_of_work("ana", at, through="ana.smith@host") as uow:
        uow.journal.add("P-1", "voted", {})
        uow.journal.add("P-1", "voted", {})
    with db.read() as uow:
        assert uow.journal.read("P-1")[1].through == "ana.smith@host"
        assert breaks_in(uow) == []
    tamper(update(JOURNAL).where(SECOND).values(through="bo@host"))
    with db.read() as uow:
        assert [found.seq for found in breaks_in(uow)] == [2]


def test_what_a_line_is_about_cannot_be_changed(db, work, tamper):
    with work() as uow:
        uow.journal.add("P-1", "voted", {}, "e-1")
        uow.journal.add("P-1", "voted", {}, "e-1")
    with db.read() as uow:
        assert [line.subject_id for line in uow.journal.read("P-1")] == ["e-1", "e-1"]
        assert breaks_in(uow) == []
    tamper(update(JOURNAL).where(SECOND).values(subject_id="e-2"))
    with db.read() as uow:
        assert [found.seq for found in breaks_in(uow)] == [2]


def test_large_numbers_are_hashed_as_text(db, work):
    with work() as uow:
        uow.journal.add("P-1", "counted", {"number": 2**60, "name": "\U0001f600 \ufb33"})
    with db.read() as uow:
        assert breaks_in(uow) == []
        assert uow.journal.read("P-1")[0].body["number"] == 2**60


def test_a_chain_that_was_looked_at_goes_on_from_where_it_stands(db, work, journal):
    with work() as uow:
        first = uow.journal.head("P-1")
        assert (uow.journal.moved("P-1"), uow.journal.head("P-9")) == (None, None)
        uow.journal.add("P-1", "voted", {})
        second = uow.journal.read("P-1")[-1].hash
        uow.journal.add("P-1", "voted", {})
        uow.journal.write()
        lines = uow.journal.read("P-1")
        assert uow.journal.moved("P-1") == (first, lines[-1].hash)
        assert (lines[-3].hash, lines[-2].hash) == (first, second)
        assert uow.journal.told == {"P-1"}
    with db.read() as uow:
        assert uow.journal.head("P-1") == lines[-1].hash
        assert list(breaks_in(uow)) == []
        assert [line.seq for line in uow.journal.read("P-1")] == [1, 2, 3, 4, 5]
