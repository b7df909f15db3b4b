"""Subjects are locked, numbers given out, requests answered: each once, whoever else asks."""

import threading
import time
from datetime import timedelta

import psycopg
import pytest

from pmo_engine.store.errors import DatabaseLocked, Duplicate, NotFound, Refused
from pmo_engine.store.tables import Decision, GateReview, Request, Subject


def test_each_kind_of_work_is_a_subject(db, work, change, at):
    with work() as uow:
        entry = uow.entries.add(change(), title="Change request CR-1 of P-1", requester="bo")
        review = GateReview(project="P-1", gate="G2", opened_at=at, opened_by="ana")
        uow.gate_reviews.add(review, title="Gate G2 of P-1")
    with db.read() as uow:
        asked, reviewed = uow.subjects.get(entry.id), uow.subjects.get(review.id)
    assert (asked.kind, asked.project, asked.requester) == ("entry", "P-1", "bo")
    assert (asked.title, asked.created_at) == ("Change request CR-1 of P-1", at)
    assert (reviewed.kind, reviewed.requester, reviewed.chain) == ("gate_review", "ana", "P-1")


def test_a_fourth_kind_needs_no_table_of_its_own(db, work, portfolio, at):
    charter = Subject(kind="charter", title="The charter", requester="ana", created_at=at)
    with work() as uow:
        uow.subjects.add(charter)
    with db.read() as uow:
        assert uow.subjects.get(charter.id).chain == "office"


def test_a_decision_is_about_something(add_decision):
    add_decision("e-1")
    with pytest.raises(Refused, match="that is not there; add that first"):
        add_decision("e-0")


@pytest.fixture
def add_decision(work, decision):
    def add(subject: str) -> Decision:
        with work() as uow:
            return uow.decisions.add(decision(subject_id=subject))

    return add


def test_a_locked_subject_is_as_it_is_now(work, portfolio):
    with work() as uow:
        assert uow.subjects.lock("e-1").title == "Change request e-1"
        with pytest.raises(NotFound, match="no subject 'e-0'"):
            uow.subjects.lock("e-0")
        assert [each.id for each in uow.subjects.lock_all(["e-3", "e-1", "e-0"])] == ["e-1", "e-3"]


def test_one_of_two_waits_for_a_subject(open_database, portfolio, at):
    first, second = open_database(), open_database(lock_timeout=0.2)
    with first.unit_of_work("ana", at) as uow:
        uow.subjects.lock("e-1")
        with pytest.raises(DatabaseLocked), second.unit_of_work("bo", at) as other:
            other.subjects.lock("e-1")


WRITERS_SIDE_BY_SIDE = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


@WRITERS_SIDE_BY_SIDE
def test_what_others_hold_can_be_left_out(open_database, portfolio, at):
    first, second = open_database(), open_database()
    with first.unit_of_work("ana", at) as uow, second.unit_of_work("bo", at) as other:
        uow.subjects.lock("e-2")
        found = other.subjects.lock_all(["e-1", "e-2", "e-3"], skip_locked=True)
        assert [each.id for each in found] == ["e-1", "e-3"]


@WRITERS_SIDE_BY_SIDE
@pytest.mark.parametrize("asked", [["e-1", "e-3"], ["e-3", "e-1"]])
def test_several_are_locked_in_one_order_however_they_are_asked_for(
    url, open_database, portfolio, at, asked
):
    """Who waits for the first holds none that comes after it: no two wait for one another."""
    moved_behind_the_others(url, "e-1")
    first, several, last = open_database(), open_database(), open_database(lock_timeout=0.5)

    def lock_several() -> None:
        with several.unit_of_work("bo", at) as uow:
            uow.subjects.lock_all(asked)

    waiting = threading.Thread(target=lock_several)
    with first.unit_of_work("ana", at) as uow:
        uow.subjects.lock("e-1")
        waiting.start()
        until_somebody_waits(url)
        with last.unit_of_work("cy", at) as other:
            other.subjects.lock("e-3")
    waiting.join()


def moved_behind_the_others(url: str, id: str) -> None:
    """It lies there last, and the database knows that it need not look into an index."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE subjects SET title = title WHERE id = %s", (id,))
        connection.execute("ANALYZE subjects")


def until_somebody_waits(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(400):
            row = connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
            if row != (0,):
                return
            time.sleep(0.05)
    pytest.fail("nobody waits for a subject that is locked")


@WRITERS_SIDE_BY_SIDE
def test_a_locked_subject_can_be_referred_to(open_database, portfolio, decision, at):
    first, second = open_database(), open_database(lock_timeout=0.2)
    with first.unit_of_work("ana", at) as uow:
        uow.subjects.lock("e-1")
        with second.unit_of_work("bo", at) as other:
            other.decisions.add(decision())


def next_risk(uow, project="P-1"):
    return uow.entries.next_key(project, "risks", "R")


def test_a_register_has_its_own_numbers(db, work):
    with work() as uow:
        assert [next_risk(uow) for _ in range(3)] == ["R-1", "R-2", "R-3"]
        assert next_risk(uow, "P-2") == "R-1"
    with work() as uow:
        assert next_risk(uow) == "R-4"


def test_a_key_that_somebody_gave_is_passed_over(work, change):
    with work() as uow:
        uow.entries.add(change(key="CR-2"))
        uow.entries.add(change(key="CR-3", register_name="risks"))
        uow.entries.add(change(key="CR-4", project="P-2"))
    with work() as uow:
        keys = [uow.entries.next_key("P-1", "change_requests", "CR") for _ in range(3)]
    assert keys == ["CR-1", "CR-3", "CR-4"]


def test_what_another_register_has_come_to_takes_no_key_away(work, change):
    with work() as uow:
        uow.entries.add(change(key="CR-1"))
        assert [next_risk(uow), next_risk(uow)] == ["R-1", "R-2"]
        assert uow.entries.next_key("P-1", "change_requests", "CR") == "CR-2"
    with work() as uow:
        assert uow.entries.next_key("P-1", "change_requests", "CR") == "CR-3"


def test_no_number_is_given_twice(open_database, at):
    given = []

    def enter() -> None:
        database = open_database(lock_timeout=30)
        for _ in range(10):
            with database.unit_of_work("ana", at) as uow:
                given.append(next_risk(uow))

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == sorted(f"R-{number}" for number in range(1, 41))


def test_a_number_that_was_undone_is_given_again(work, undone):
    with undone() as uow:
        assert next_risk(uow) == "R-1"
    with work() as uow:
        assert next_risk(uow) == "R-1"


def request_of(id, at, answer):
    return Request(id=id, act="submit change_request", actor="ana", at=at, answer=answer)


def test_a_request_is_answered_once(db, work, at):
    with work() as uow:
        assert uow.requests.find("r-1") is None
        uow.requests.add(request_of("r-1", at, {"key": "CR-1"}))
        uow.requests.add(request_of("r-2", at, None))
    with db.read() as uow:
        assert uow.requests.get("r-1").answer == {"key": "CR-1"}
        assert uow.requests.find("r-2").answer is None
        assert uow.requests.find("r-2").at == at
    with pytest.raises(Duplicate), work() as uow:
        uow.requests.add(request_of("r-1", at + timedelta(1), {}))


def test_a_unit_of_work_knows_its_time(work, at):
    with work(hours=2) as uow:
        assert uow.at == at + timedelta(hours=2)
