"""Notices on their way: through a real mail server, past failures, never twice."""

import socket
from datetime import timedelta

import pytest

from pmo_engine.notify.channel import AppriseChannel
from pmo_engine.notify.errors import DeliveryError, NotDeliverable, PutOff
from pmo_engine.notify.inbox import InboxServer
from pmo_engine.queries import notices
from pmo_engine.queries.notices import Unsent
from pmo_engine.queries.people import people
from pmo_engine.store import tables
from pmo_engine.testing import World
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.notices import delivery, unsent
from pmo_engine.work.notices.delivery import Delivered
from pmo_engine.work.people.people import add_person, change_person
from tests.stories.conftest import DATABASES

pytestmark = DATABASES


def people_with(world: World, **addresses: str) -> None:
    """Add heads of the office with addresses of their own."""
    for person, address in addresses.items():
        world.person(person, "pmo_head", address=address)


@pytest.fixture
def office(world: World) -> World:
    world.person("sam")
    return world


def failed(office: World) -> list[Unsent]:
    with office.governance.reading() as c:
        return list(notices.unsent(c).items)


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_notice_arrives_by_mail_with_its_reasons(office: World) -> None:
    with InboxServer() as server:
        people_with(office, hana=server.address("hana@office.example"))
        office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
        done = delivery.deliver(office.governance, AppriseChannel(allowed=frozenset({"mailto"})))
        [mail] = server.messages("hana@office.example")
    assert mail.subject == "Change request CR-1 of P-1 needs your decision: 80,000 GBP"
    assert "80,000 GBP" in mail.body
    assert done.sent == 1


def test_an_unreachable_host_holds_up_nobody_and_is_tried_again(office: World) -> None:
    gone = f"mailto://127.0.0.1:{unused_port()}/gil@office.example?from=pmo@office.example"
    with InboxServer() as server:
        people_with(office, gil=gone, hana=server.address("hana@office.example"))
        office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
        channel = AppriseChannel()
        first = delivery.deliver(office.governance, channel)
        assert len(server.messages("hana@office.example")) == 1
        assert first.retried == 2  # gil's, and petra's, whose mail server is none either
        again = delivery.deliver(office.governance, channel)
        assert (again.sent, again.retried) == (0, 0)  # not before its time
        office.clock.forward(timedelta(minutes=1))
        later = delivery.deliver(office.governance, channel)
        assert (later.sent, later.retried) == (0, 2)
        assert len(server.messages("hana@office.example")) == 1
    [message] = waiting(office, "gil")
    with office.governance.reading() as c:
        tries = c.uow.outbox.tries(message.id)
    assert [attempt.ok for attempt in tries] == [False, False]
    assert message.due_at - office.clock.now() == timedelta(minutes=2)


def test_a_notice_that_could_not_be_handed_over_yet_keeps_nobody_from_voting(office: World) -> None:
    office.person("hana", "pmo_head")
    office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
    delivery.deliver(office.governance, AppriseChannel())
    assert len(waiting(office, "hana")) == 1  # for another attempt
    assert office.vote("hana").status == "approved"
    assert len(waiting(office, "hana")) == 1


def waiting(world: World, person: str) -> list[tables.Message]:
    with world.governance.reading() as c:
        return [m for m in c.uow.outbox.with_state("waiting") if m.recipient == person]


def test_it_waits_twice_as_long_each_time_and_gives_up(office: World) -> None:
    def never(message: tables.Message, address: str) -> None:
        raise DeliveryError("the server is away")

    office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
    waits = []
    for _ in range(delivery.MOST_ATTEMPTS):
        delivery.deliver(office.governance, never)
        now = office.clock.now()
        waits += [message.due_at - now for message in waiting(office, "petra")]
        office.clock.forward(timedelta(days=1))
    minutes = [wait.total_seconds() / 60 for wait in waits]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]
    assert delivery.deliver(office.governance, never) == Delivered(sent=0, retried=0, failed=0)
    with office.governance.reading() as c:
        [failed] = c.uow.outbox.with_state("failed")
    assert failed.last_error == "the server is away"


def test_what_no_attempt_would_bring_over_fails_at_once(office: World) -> None:
    people_with(office, gil="mailto://mail.example/gil@office.example?from=a@b.example", ida="")
    office.submit("P-1", "change_requests", "sam", cost="80000 GBP")

    def channel(message: tables.Message, address: str) -> None:
        if message.recipient == "gil":
            raise NotDeliverable("no such mailbox")

    assert delivery.deliver(office.governance, channel) == Delivered(sent=1, retried=0, failed=2)


def test_what_a_stopped_delivery_had_claimed_is_due_at_once(office: World) -> None:
    office.submit("P-1", "change_requests", "sam", cost="80000 GBP")

    def vanish(message: tables.Message, address: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        delivery.deliver(office.governance, vanish)
    assert len(office.inbox("petra").subjects) == 1


def test_the_claims_of_killed_deliverers_are_no_attempts(office: World) -> None:
    office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
    for _ in range(2 * delivery.MOST_ATTEMPTS):
        with office.database.unit_of_work("pmo-engine", office.clock.now()) as uow:
            assert uow.outbox.claim_due(office.clock.now(), 10, delivery.LEASE, "notice")
        office.clock.forward(delivery.LEASE)

    def away(message: tables.Message, address: str) -> None:
        raise DeliveryError("the server is away")

    assert delivery.deliver(office.governance, away).retried == 1
    office.clock.forward(delivery.FIRST_DELAY)
    assert len(office.inbox("petra").subjects) == 1


class Unforeseen(Exception):
    pass


def test_whatever_a_channel_raises_is_one_failed_attempt(office: World) -> None:
    people_with(office, gil="mailto://gil:s3cret@mail.example/gil@office.example")
    office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
    delivered = []

    def channel(message: tables.Message, address: str) -> None:
        if message.recipient == "gil":
            raise Unforeseen(f"{address}\n\x1b[2J {'x' * 1_000}")
        delivered.append(message.recipient)

    assert delivery.deliver(office.governance, channel) == Delivered(sent=1, retried=1, failed=0)
    assert delivered == ["petra"]
    [message] = waiting(office, "gil")
    error = str(message.last_error)
    assert error.startswith("Unforeseen: mailto://gil:***")
    assert "s3cret" not in error
    assert error.isprintable()
    assert len(error) <= 400
    for _ in range(delivery.MOST_ATTEMPTS):
        office.clock.forward(timedelta(days=1))
        delivery.deliver(office.governance, channel)
    assert waiting(office, "gil") == []


def test_what_was_put_off_is_no_attempt(office: World) -> None:
    office.submit("P-1", "change_requests", "sam", cost="80000 GBP")

    def silent(message: tables.Message, address: str) -> None:
        raise PutOff("its server did not answer a moment ago")

    assert delivery.deliver(office.governance, silent) == Delivered(sent=0, retried=1, failed=0)
    [message] = waiting(office, "petra")
    assert (message.attempts, message.due_at - office.clock.now()) == (0, delivery.FIRST_DELAY)


def test_a_server_that_hangs_holds_up_nobody(office: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, InboxServer() as server:
        port = silent.getsockname()[1]
        stuck = [f"mailto://127.0.0.1:{port}/g{n}@office.example?from=p@q.example" for n in "123"]
        people_with(office, **{f"gil{n}": address for n, address in enumerate(stuck)})
        people_with(office, hana=server.address("hana@office.example"))
        office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
        channel = AppriseChannel(within=4)
        done = delivery.deliver(office.governance, channel)
        assert len(server.messages("hana@office.example")) == 1
    assert done.retried >= 3
    attempts = {
        message.recipient: message.attempts
        for n in range(3)
        for message in waiting(office, f"gil{n}")
    }
    assert attempts == {"gil0": 1, "gil1": 0, "gil2": 0}


def test_of_two_mailboxes_one_wrong_the_good_one_has_one_copy(office: World) -> None:
    with InboxServer(unknown={"old@office.example"}) as server:
        both = server.address("hana@office.example") + "&to=old@office.example"
        people_with(office, hana=both)
        office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
        for _ in range(3):
            delivery.deliver(office.governance, AppriseChannel())
            office.clock.forward(timedelta(days=1))
        assert len(server.messages("hana@office.example")) == 1
    [partly] = [one for one in failed(office) if one.recipient == "hana"]
    assert partly.state == "sent in part"
    assert "old@office.example: 550" in partly.error


def test_what_failed_is_listed_and_sent_again_under_its_message_id(office: World) -> None:
    with InboxServer(unknown={"hana@office.example"}) as server:
        people_with(office, hana=server.address("hana@office.example"))
        office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
        assert delivery.deliver(office.governance, AppriseChannel()).failed == 1
        [one] = [each for each in failed(office) if each.recipient == "hana"]
        assert (one.kind, one.state, one.attempts) == ("notice", "failed", 1)
        assert "550" in one.error
        server._unknown = frozenset()
        assert unsent.resend(office.governance, [one.id[:12]], by="petra").number == 1
        assert failed(office) == []
        assert delivery.deliver(office.governance, AppriseChannel()).sent == 1
        [mail] = server.messages("hana@office.example")
        assert mail.message["Message-ID"] == f"<{one.id}@office.example>"
    with office.governance.reading() as c:
        last = c.uow.journal.read("office", 0)[-1]
    assert (last.kind, last.actor, last.body) == ("notices.resent", "petra", {"ids": [one.id]})


def test_all_that_failed_are_sent_again_where_none_is_named(office: World) -> None:
    people_with(office, gil="", ida="")
    office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
    office.inbox("petra")
    assert {one.recipient for one in failed(office)} == {"gil", "ida"}
    with pytest.raises(CommandError, match="no failed notice has an id that begins with 'zzz'"):
        unsent.resend(office.governance, ["zzz"], by="petra")
    assert unsent.resend(office.governance, [], by="petra").number == 2
    assert unsent.resend(office.governance, [], by="petra").number == 0


@pytest.mark.parametrize(
    "address",
    ["ana@office.example", "file:///etc/passwd", "json://10.0.0.1/x", "ntfy://host/?attach=x"],
)
def test_an_address_is_checked_when_it_is_given(office: World, address: str) -> None:
    with pytest.raises(CommandError, match="^gil: "):
        add_person(office.governance, person="gil", name="Gil", address=address, by="petra")
    with office.governance.reading() as c:
        assert "gil" not in {row.id for row in people(c).items}


def test_a_new_address_is_checked_and_used(office: World) -> None:
    with InboxServer(unknown={"old@office.example"}) as server:
        people_with(office, hana=server.address("old@office.example"))
        office.submit("P-1", "change_requests", "sam", cost="80000 GBP")
        assert delivery.deliver(office.governance, AppriseChannel()).failed == 1
        for wrong in ("hana@office.example", "json://10.0.0.1/", "file:///x"):
            with pytest.raises(CommandError, match="^hana: "):
                change_person(office.governance, person="hana", address=wrong, by="hana")
        with pytest.raises(Refusal, match="Sam may not change address"):
            change_person(office.governance, person="hana", address="", by="sam")
        new = server.address("hana@office.example")
        change_person(office.governance, person="hana", address=new, by="hana")
        unsent.resend(office.governance, [], by="petra")
        delivery.deliver(office.governance, AppriseChannel())
        assert len(server.messages("hana@office.example")) == 1
    with office.governance.reading() as c:
        lines = [
            line for line in c.uow.journal.read("office", 0) if line.kind.startswith("person.")
        ]
    last = lines[-1]
    assert (last.kind, last.body["person"], "mailto" in str(last.body)) == (
        "person.changed",
        "hana",
        False,
    )
