"""For whom something waits, and what waits for somebody."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from pmo_engine.store.database import Database
from pmo_engine.store.errors import Duplicate, Refused
from pmo_engine.store.tables import Addressee


@pytest.fixture
def asked(work, approval, at):
    """Four approvals of P-1, P-2 and the office, due or not."""

    def asked_(id, role=None, project="P-1", due=None, person=None):
        with work() as uow:
            due_at = None if due is None else at + timedelta(hours=due)
            uow.obligations.add(approval(id=id, target=id, project=project, due_at=due_at))
            uow.addressees.add(id, role=role, person=person, project=project)

    asked_("o-1", "sponsor", due=3)
    asked_("o-2", "pmo_head", due=2)
    asked_("o-3", "sponsor", project="P-2")
    asked_("o-4", "pmo_head", project=None, due=2)
    asked_("o-5", person="ana", due=1)
    return asked_


def waiting(db, roles, office, person, **paging):
    with db.read() as uow:
        return [row.id for row in uow.obligations.waiting_for(roles, office, person, **paging)]


@pytest.mark.parametrize(
    ("roles", "office", "person", "found"),
    [
        ({"P-1": ["sponsor"]}, [], "bo", ["o-1"]),
        ({"P-1": ["sponsor", "pmo_head"]}, [], "bo", ["o-2", "o-1"]),
        ({"P-2": ["sponsor", "pmo_head"]}, [], "bo", ["o-3"]),
        ({"P-2": ["pmo_head"]}, [], "bo", []),
        ({}, ["pmo_head"], "bo", ["o-2", "o-4"]),
        ({"P-2": ["sponsor"]}, ["pmo_head", "sponsor"], "ana", ["o-5", "o-2", "o-4", "o-1", "o-3"]),
        ({}, [], "ana", ["o-5"]),
        ({}, [], "bo", []),
    ],
)
def test_what_waits_is_found_by_role_project_and_person(db, asked, roles, office, person, found):
    assert waiting(db, roles, office, person) == found


def test_pages_follow_one_another(db, asked, at):
    asked("o-0", "sponsor")
    asked("o-6", "sponsor", due=2)
    everything = ["o-5", "o-2", "o-4", "o-6", "o-1", "o-0", "o-3"]
    mine = ({}, ["pmo_head", "sponsor"], "ana")
    assert waiting(db, *mine) == everything
    due = {"o-5": 1, "o-2": 2, "o-4": 2, "o-6": 2, "o-1": 3}
    for number, id in enumerate(everything, 1):
        place = (at + timedelta(hours=due[id]) if id in due else None, id)
        assert waiting(db, *mine, after=place) == everything[number:]
        assert waiting(db, *mine, after=place, limit=2) == everything[number : number + 2]


def test_what_is_closed_waits_for_nobody(db, work, asked, at):
    with work(hours=1) as uow:
        uow.obligations.close(uow.obligations.get("o-1"), "met")
        assert [row.until for row in uow.addressees.of("o-1")] == [at + timedelta(hours=1)]
        assert [row.until for row in uow.addressees.of("o-3")] == [None]
    assert waiting(db, {}, ["sponsor"], "bo") == ["o-3"]


def test_what_goes_up_waits_for_both(db, work, asked, at):
    with work(hours=2) as uow:
        assert uow.addressees.add("o-1", role="board", project="P-1", by_rung=2) is not None
        assert uow.addressees.add("o-1", role="board", project="P-1", by_rung=3) is None
        assert uow.addressees.add("o-1", role="sponsor", project="P-1", by_rung=3) is None
    with db.read() as uow:
        told = [(row.role, row.by_rung, row.since) for row in uow.addressees.of("o-1")]
    assert told == [("sponsor", None, at), ("board", 2, at + timedelta(hours=2))]
    assert waiting(db, {"P-1": ["board"]}, [], "bo") == ["o-1"]


def test_new_ones_go_in_with_what_they_belong_to(db, work, approval, at):
    with work() as uow:
        uow.addressees.add_new([Addressee(obligation_id="o-9", person="bo", since=at)])
        uow.obligations.add(approval(id="o-9"))
    assert waiting(db, {}, [], "bo") == ["o-9"]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"role": "sponsor"}, Duplicate),
        ({"role": None, "person": None}, Refused),
        ({"role": "board", "person": "ana"}, Refused),
        ({"person": "zed"}, Refused),
        ({"role": "board", "obligation_id": "o-0"}, Refused),
        ({"role": "board", "project": "P-0"}, Refused),
    ],
)
def test_it_waits_for_a_role_or_a_person_once(work, asked, at, values, error):
    with pytest.raises(error), work() as uow:
        uow.addressees.add_new([Addressee(**{"obligation_id": "o-1", "since": at} | values)])


def test_what_waits_for_others_is_not_gone_through(sqlite_url):
    """Without statistics SQLite would take an index of all that is open; it must have no such."""
    asked = []
    db = Database(sqlite_url)

    @event.listens_for(db._engine, "before_cursor_execute")
    def _(_connection, _cursor, sql, given, *_):
        asked.append((sql, given))

    with db.read() as uow:
        uow.obligations.waiting_for({"P-1": ["sponsor"]}, ["pmo_head"], "ana", limit=50)
    sql, given = asked[-1]
    with db.snapshot() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)
        steps = [step.detail for step in plan if " obligations" in step.detail]
    db.close()
    assert steps == ["SEARCH obligations USING INDEX sqlite_autoindex_obligations_1 (id=?)"]
