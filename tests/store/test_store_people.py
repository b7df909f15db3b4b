"""Roles are held in spans, once at a time; ended, and held again."""

import threading
from datetime import date

import pytest

from pmo_engine.store.errors import DatabaseLocked, Refused
from pmo_engine.store.tables import RoleHolding


def day(month, day=1):
    return date(2026, month, day)


@pytest.fixture
def hold(work, portfolio):
    def hold_(first, last=None, person="ana", role="sponsor", project="P-1"):
        with work() as uow:
            holding = RoleHolding(
                person=person, role=role, project=project, from_date=first, to_date=last
            )
            return uow.people.hold(holding)

    return hold_


@pytest.mark.parametrize(
    ("first", "last"),
    [(day(3), day(6)), (day(1), day(3)), (day(6), None), (day(4), day(5)), (day(1), None)],
)
@pytest.mark.parametrize("project", ["P-1", None])
def test_a_role_is_held_once_at_a_time(hold, project, first, last):
    hold(day(3), day(6), project=project)
    with pytest.raises(Refused, match="overlaps another"):
        hold(first, last, project=project)


def test_a_role_that_is_held_for_good_is_not_held_again(hold):
    hold(day(3))
    with pytest.raises(Refused, match="overlaps another"):
        hold(day(9), day(10))


def test_others_and_other_times_are_free(hold):
    hold(day(3), day(6, 30))
    hold(day(7), day(8))
    hold(day(1), day(2, 28))
    hold(day(3), person="bo")
    hold(day(3), role="pmo_head")
    hold(day(3), project="P-2")
    hold(day(3), project=None)


def test_a_role_is_ended_and_held_again(db, work, hold):
    holding = hold(day(3))
    with work() as uow:
        assert uow.people.end(holding, day(6))
        assert holding.to_date == day(6)
        assert not uow.people.end(holding, day(8))
    hold(day(7))
    with db.read() as uow:
        spans = [(held.from_date, held.to_date) for held in uow.people.all_holdings("ana")]
    assert spans == [(day(3), day(6)), (day(7), None)]


def test_a_role_does_not_end_before_it_begins(work, hold):
    holding = hold(day(3))
    with pytest.raises(Refused), work() as uow:
        uow.people.end(holding, day(2))


def test_two_at_once_do_not_give_a_role_twice(open_database, portfolio, at):
    outcomes = []

    def give():
        database = open_database(lock_timeout=30)
        try:
            with database.unit_of_work("ana", at) as uow:
                held = RoleHolding(person="ana", role="sponsor", from_date=day(3))
                uow.people.hold(held)
            outcomes.append("held")
        except Refused:
            outcomes.append("refused")

    threads = [threading.Thread(target=give) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["held", *["refused"] * 7]


def test_what_is_relied_on_is_not_ended_meanwhile(open_database, hold, at):
    holding = hold(day(3))
    first, second = open_database(), open_database(lock_timeout=0.2)
    with first.unit_of_work("ana", at) as uow:
        assert [held.role for held in uow.people.lock_holdings("ana")] == ["sponsor"]
        with pytest.raises(DatabaseLocked), second.unit_of_work("bo", at) as other:
            other.people.end(holding, day(6))
