"""Two machines whose clocks differ work in one store."""

from datetime import datetime, timedelta

import pytest

from pmo_engine.model.clock import SystemClock
from pmo_engine.store import tables
from pmo_engine.testing import World
from pmo_engine.work.governance import Governance
from pmo_engine.work.notices import delivery
from pmo_engine.work.notices.delivery import Delivered
from pmo_engine.work.versions.coming_into_force import bring_into_force

pytestmark = pytest.mark.parametrize("place", [("compiled", "postgresql")], indirect=True)


class AnHourAhead(SystemClock):
    def now(self) -> datetime:
        return super().now() + timedelta(hours=1)


def at(world: World, clock: SystemClock) -> Governance:
    return Governance(world.database, clock, {}, "compiled", lambda: world.policy, bring_into_force)


@pytest.mark.parametrize(
    ("one", "another"),
    [(SystemClock(), AnHourAhead()), (AnHourAhead(), SystemClock())],
    ids=["behind", "ahead"],
)
def test_nothing_is_sent_twice(world: World, one: SystemClock, another: SystemClock) -> None:
    world.person("sam")
    for _ in range(3):
        world.submit("P-1", "change_requests", "sam", cost="80000 GBP")
    sent: list[str] = []

    def nowhere(message: tables.Message, address: str) -> None:
        raise AssertionError(f"{message.key} is on its way already")

    def slowly(message: tables.Message, address: str) -> None:
        sent.append(message.key)
        there = delivery.deliver(at(world, another), nowhere)
        assert there == Delivered(sent=0, retried=0, failed=0)

    assert delivery.deliver(at(world, one), slowly).sent == len(sent) == 3
    assert len(set(sent)) == len(sent)


def test_what_a_killed_deliverer_had_is_given_out_by_the_stores_own_clock(world: World) -> None:
    world.person("sam")
    world.submit("P-1", "change_requests", "sam", cost="80000 GBP")
    late = SystemClock().now() + timedelta(hours=1)
    for seconds, found in ((0, 1), (0, 1), (600, 1), (600, 0)):
        lease = timedelta(seconds=seconds)
        with world.database.unit_of_work("pmo-engine", late) as uow:
            claimed = uow.outbox.claim_due(late, 10, lease, "notice", by_machine=True)
        assert len(claimed) == found
