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
    assert [message.key for message in others] == ["c", "b"]  # as they were put


def test_a_message_is_kept_with_the_transaction_or_not_at_all(undone, notice, claim):
    with undone() as uow:
        uow.outbox.add(notice("a"))
    assert claim() == []


def test_what_is_due_is_claimed_in_order_and_up_to_the_limit(work, notice, at):
    with work() as uow:
        uow.outbox.add_all([notice("b", 1), notice("a", 1), notice("c", 0), notice("d", 3)])
    with work(hours=2) as uow:
        now = at + timedelta(hours=2)
        assert [m.key for m in uow.outbox.claim_due(now, 2, LEASE)] == ["c", "b"]
        (last,) = uow.outbox.claim_due(now, 2, LEASE)
    assert (last.key, last.state, last.attempts) == ("a", "claimed", 0)
    assert last.claimed_until == now + LEASE


def test_a_lease_is_over_at_its_end_and_not_before(work, notice, at):
    with work() as uow:
        uow.outbox.add(notice("a"))
        assert uow.outbox.claim_due(at, 1, LEASE)
    with work() as uow:
        assert uow.outbox.claim_due(at + LEASE - timedelta(microseconds=1), 1, LEASE) == []
        assert uow.outbox.claim_due(at + LEASE, 1, LEASE)


def test_what_somebody_else_let_be_sent_again_is_not_begun_anew(work, notice, claim, at):
    with work() as uow:
        uow.outbox.add(notice("a"))
    (message,) = claim()
    with work() as uow:
        uow.outbox.failed(message, "550")
    with work() as uow:
        (failed,) = uow.outbox.unsent()
        assert uow.outbox.send_again(failed, at)
        assert not uow.outbox.send_again(failed, at)


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
    assert (sent.claimed_until, sent.last_error, sent.attempts) == (None, None, 1)
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
    assert (message.attempts, message.last_error) == (1, "no route")
    with work(hours=2) as uow:
        uow.outbox.failed(message, "refused")
    assert claim(hours=9) == []
    with db.read() as uow:
        (given_up,) = uow.outbox.with_state("failed")
        attempts = [(a.number, a.ok, a.error) for a in uow.outbox.tries(given_up.id)]
    assert (given_up.last_error, given_up.attempts) == ("refused", 2)
    assert attempts == [(1, False, "no route"), (2, False, "refused")]


def test_a_message_whose_deliverer_vanished_is_given_out_again(db, work, notice, claim):
    with work() as uow:
        uow.outbox.add(notice("a"))
    (vanished,) = claim()
    assert claim() == []
    (again,) = claim(hours=1)
    assert again.attempts == 0  # a claim is no attempt
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


def test_what_was_not_tried_is_due_again_and_no_attempt(db, work, notice, claim, at):
    with work() as uow:
        uow.outbox.add_all([notice("a"), notice("b")])
    first, second = claim()
    with work() as uow:
        uow.outbox.put_off(first)
        uow.outbox.put_off(second, at + timedelta(hours=1))
    (again,) = claim()
    assert (again.key, again.attempts, again.due_at) == ("a", 0, at)
    assert {message.key for message in claim(hours=2)} == {"a", "b"}
    with db.read() as uow:
        assert uow.outbox.tries(first.id) == uow.outbox.tries(second.id) == []


def test_a_claim_that_was_taken_over_gives_nothing_back(db, work, notice, claim):
    with work() as uow:
        uow.outbox.add(notice("a"))
    (vanished,) = claim()
    claim(hours=1)
    with work(hours=1) as uow:
        uow.outbox.put_off(vanished)
    with db.read() as uow:
        assert [message.key for message in uow.outbox.with_state("claimed")] == ["a"]


def test_what_failed_or_reached_a_part_is_listed_and_begins_anew(db, work, notice, claim, at):
    with work() as uow:
        uow.outbox.add_all([notice("a"), notice("b"), notice("c"), notice("d")])
    a, b, c, _ = claim()
    with work() as uow:
        uow.outbox.failed(a, "550")
        uow.outbox.succeeded(b, "bo: 550")
        uow.outbox.succeeded(c)
    with db.read() as uow:
        failed, partly = uow.outbox.unsent()
        assert uow.outbox.unsent("flow") == []
        assert [message.key for message in uow.outbox.unsent("notice")] == ["a", "b"]
    assert (failed.key, failed.state, failed.last_error) == ("a", "failed", "550")
    assert (partly.key, partly.state, partly.last_error) == ("b", "sent", "bo: 550")
    with work(hours=1) as uow:
        for message in (failed, partly):
            uow.outbox.send_again(message, at + timedelta(hours=1))
    with db.read() as uow:
        assert uow.outbox.unsent() == []
    anew = [message for message in claim(hours=1) if message.key in "ab"]
    assert [(m.key, m.attempts, m.last_error) for m in anew] == [("a", 0, None), ("b", 0, None)]
    with work(hours=1) as uow:
        uow.outbox.failed(anew[0], "551")
    with db.read() as uow:
        tries = [(one.number, one.error) for one in uow.outbox.tries(a.id)]
    assert tries == [(1, "550"), (2, "551")]
