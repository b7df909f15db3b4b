"""The outbox: once per key, given to one deliverer at a time, with every attempt recorded."""

from datetime import timedelta

import pytest

from pmo_engine.store.tables import Message

LEASE = timedelta(minutes=5)


@pytest.fixture
def notice(at):
    def make(key, hours=0, **values):
        return Message(key=key, kind="notice", due_at=at + timedelta(hours=hours), **values)

    return make


@pytest.fixture
def claim(work, at):
    """Claims up to ten messages some hours after the start, in a transaction of its own."""

    def claim_(hours=0):
        with work(hours) as uow:
            return uow.outbox.claim_due(at + timedelta(hours=hours), 10, LEASE)

    return claim_


def test_a_key_is_taken_once(db, work, notice, at):
    with work() as uow:
        assert uow.outbox.add(notice("a", subject="first", recipient="bo", payload={"n": 1}))
        assert not uow.outbox.add(notice("a", subject="again"))
    with work(hours=1) as uow:
        assert not uow.outbox.add(notice("a", subject="later"))
        assert uow.outbox.add_all([notice("a"), notice("c"), notice("b")]) == {"b", "c"}
        assert uow.outbox.add_all([]) == frozenset()
    with db.read() as uow:
        first, *others = uow.outbox.with_state("waiting")
    assert (first.subject, first.recipient, first.payload) == ("first", "bo", {"n": 1})
    assert (first.created_at, first.attempts) == (at, 0)
    assert [message.key for message in others] == ["b", "c"]


def test_a_message_is_kept_with_the_transaction_or_not_at_all(undone, notice, claim):
    with undone() as uow:
        uow.outbox.add(notice("a"))
    assert claim() == []


def test_what_is_due_is_claimed_in_order_and_up_to_the_limit(work, notice, at):
    with work() as uow:
        uow.outbox.add_all([notice("b", 1), notice("a", 1), notice("c", 0), notice("d", 3)])
    with work(hours=2) as uow:
        now = at + timedelta(hours=2)
        assert [m.key for m in uow.outbox.claim_due(now, 2, LEASE)] == ["c", "a"]
        (last,) = uow.outbox.claim_due(now, 2, LEASE)
    assert (last.key, last.state, last.attempts) == ("b", "claimed", 1)
    assert last.claimed_until == now + LEASE


def test_a_delivered_message_is_done(db, work, notice, claim, at):
    with work() as uow:
        uow.outbox.add(notice("a"))
    (message,) = claim()
    with work(hours=1) as uow:
        uow.outbox.succeeded(message)
    assert claim(hours=9) == []
    with db.read() as uow:
        (sent,) = uow.outbox.with_state("sent")
        (attempt,) = uow.outbox.tries(sent.id)
    assert (sent.claimed_until, sent.last_error) == (None, None)
    assert (attempt.number, attempt.ok, attempt.error) == (1, True, None)
    assert attempt.at == at + timedelta(hours=1)


def test_a_failed_message_is_tried_again_when_it_is_time_and_in_the_end_given_up(
    db, work, notice, claim, at
):
    with work() as uow:
        uow.outbox.add(notice("a"))
    (message,) = claim()
    with work() as uow:
        uow.outbox.failed(message, "no route", retry_at=at + timedelta(hours=2))
    assert claim(hours=1) == []
    (message,) = claim(hours=2)
    assert (message.attempts, message.last_error) == (2, "no route")
    with work(hours=2) as uow:
        uow.outbox.failed(message, "refused")
    assert claim(hours=9) == []
    with db.read() as uow:
        (given_up,) = uow.outbox.with_state("failed")
        attempts = [(a.number, a.ok, a.error) for a in uow.outbox.tries(given_up.id)]
    assert given_up.last_error == "refused"
    assert attempts == [(1, False, "no route"), (2, False, "refused")]


def test_a_message_whose_deliverer_vanished_is_given_out_again(db, work, notice, claim):
    with work() as uow:
        uow.outbox.add(notice("a"))
    (vanished,) = claim()
    assert claim() == []
    (again,) = claim(hours=1)
    assert again.attempts == 2
    with work(hours=1) as uow:
        uow.outbox.failed(vanished, "came back late")
    with db.read() as uow:
        (still,) = uow.outbox.with_state("claimed")
    assert still.last_error is None
    with work(hours=1) as uow:
        uow.outbox.succeeded(again)
    with db.read() as uow:
        assert [a.ok for a in uow.outbox.tries(again.id)] == [False, True]


def test_a_late_success_counts(db, work, notice, claim):
    with work() as uow:
        uow.outbox.add(notice("a"))
    (slow,) = claim()
    claim(hours=1)
    with work(hours=1) as uow:
        uow.outbox.succeeded(slow)
    with db.read() as uow:
        assert [message.key for message in uow.outbox.with_state("sent")] == ["a"]
    assert claim(hours=9) == []
