"""Notices on their way: through a real mail server, past failures, never twice."""

import socket
from datetime import timedelta

import pytest

from pmo_engine.notify.channel import AppriseChannel
from pmo_engine.notify.errors import DeliveryError, NotDeliverable
from pmo_engine.notify.inbox import InboxServer
from pmo_engine.store import tables
from pmo_engine.testing import World
from pmo_engine.work.notices import delivery
from pmo_engine.work.people import portfolio


def people_with(world: World, **addresses: str) -> None:
    """Add heads of the office with addresses of their own."""
    for person, address in addresses.items():
        portfolio.add_person(
            world.desk, person=person, name=person, address=address, by="administrator"
        )
        portfolio.hold(world.desk, person=person, role="pmo_head", by="administrator")


@pytest.fixture
def office(world: World) -> World:
    world.person("sam")
    return world


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_notice_arrives_by_mail_with_its_reasons(office: World) -> None:
    with InboxServer() as server:
        people_with(office, hana=server.address("hana@office.example"))
        office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
        done = delivery.deliver(office.desk, AppriseChannel(allowed=frozenset({"mailto"})))
        [mail] = server.messages("hana@office.example")
    assert mail.subject == "Change request CR-1 of P-1 needs your decision"
    assert "80,000 GBP" in mail.body
    assert done.sent == 1


def test_an_unreachable_host_holds_up_nobody_and_is_tried_again(office: World) -> None:
    gone = f"mailto://127.0.0.1:{unused_port()}/gil@office.example?from=pmo@office.example"
    with InboxServer() as server:
        people_with(office, gil=gone, hana=server.address("hana@office.example"))
        office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
        channel = AppriseChannel()
        first = delivery.deliver(office.desk, channel)
        assert len(server.messages("hana@office.example")) == 1
        assert first.retried == 1
        again = delivery.deliver(office.desk, channel)
        assert (again.sent, again.retried) == (0, 0)  # not before its time
        office.clock.forward(timedelta(minutes=1))
        later = delivery.deliver(office.desk, channel)
        assert (later.sent, later.retried) == (0, 1)
        assert len(server.messages("hana@office.example")) == 1
    [message] = waiting(office, "gil")
    with office.desk.reading() as uow:
        tries = uow.outbox.tries(message.id)
    assert [attempt.ok for attempt in tries] == [False, False]
    assert message.due_at - office.clock.now() == timedelta(minutes=2)


def waiting(world: World, person: str) -> list[tables.Message]:
    with world.desk.reading() as uow:
        return [m for m in uow.outbox.with_state("waiting") if m.recipient == person]


def test_it_waits_twice_as_long_each_time_and_gives_up(office: World) -> None:
    def never(message: tables.Message, address: str) -> None:
        raise DeliveryError("the server is away")

    office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
    waits = []
    for _ in range(delivery.MOST_ATTEMPTS):
        delivery.deliver(office.desk, never)
        now = office.clock.now()
        waits += [message.due_at - now for message in waiting(office, "petra")]
        office.clock.forward(timedelta(days=1))
    minutes = [wait.total_seconds() / 60 for wait in waits]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]
    assert delivery.deliver(office.desk, never) == delivery.Delivered(0, 0, 0)
    with office.desk.reading() as uow:
        [failed] = uow.outbox.with_state("failed")
    assert failed.last_error == "the server is away"


def test_what_no_attempt_would_bring_over_fails_at_once(office: World) -> None:
    people_with(office, gil="file:///etc/passwd", ida="")
    office.submit("P-1", "change_requests", "sam", cost="80000 GBP")

    def channel(message: tables.Message, address: str) -> None:
        if address.startswith("file"):
            raise NotDeliverable("file is not allowed")

    assert delivery.deliver(office.desk, channel) == delivery.Delivered(1, 0, 2)


def test_a_message_whose_deliverer_vanished_is_given_out_again(office: World) -> None:
    office.submit("P-1", "change_requests", "sam", cost="80000 GBP")

    def vanish(message: tables.Message, address: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        delivery.deliver(office.desk, vanish)
    assert office.inbox("petra").subjects == []
    office.clock.forward(delivery.LEASE)
    assert len(office.inbox("petra").subjects) == 1
