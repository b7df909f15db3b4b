"""Sums that go on as a list grows and its window moves are those of all of it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from pmo_engine.authority.sums import spent
from pmo_engine.compiler.loading import load_policy
from pmo_engine.feel.values import Record
from pmo_engine.model.money import Money
from pmo_engine.policy.events import FromRegister

POLICY = load_policy(Path(__file__).parents[1] / "stories" / "city.yaml")
REGISTER = POLICY.registers["change_requests"]
(LIMIT,) = (each for each in POLICY.terms["pmo_head"].authority if each.cumulative is not None)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def gbp(amount: int) -> Money:
    return Money(Decimal(amount), "GBP")


def change(number: int, decided_at: datetime | None, cost: int = 10) -> Record:
    standing = "waiting" if decided_at is None else "approved"
    values = {"key": f"CR-{number}", "cost": gbp(cost), "decided_at": decided_at}
    return Record("changes", {**values, "status": standing, "standing": standing})


def sum_of(records: list[Record], now: datetime, running: dict | None) -> object:
    listed = FromRegister(records, [], None, running)
    facts = {"changes": listed, "now": now, REGISTER.root: {"key": "CR-new"}}
    return spent(POLICY, REGISTER, LIMIT, facts)


@pytest.mark.parametrize(
    ("decided", "now", "money"),
    [
        (START, START + 90 * DAY, 20),
        (START, START + 90 * DAY + timedelta(seconds=1), 10),
        (START + DAY, START + 91 * DAY, 20),
        (START - DAY, START + 90 * DAY, 10),
    ],
)
def test_what_leaves_the_window_counts_no_more(decided, now, money):
    records, running = [change(1, decided)], {}
    assert sum_of(records, START, running) == gbp(10)
    records.append(change(2, None))
    assert sum_of(records, now, running) == gbp(money)


def test_the_window_goes_back_with_the_clock():
    records, running = [change(1, START - 80 * DAY)], {}
    assert sum_of(records, START + 20 * DAY, running) == gbp(0)
    assert sum_of(records, START, running) == gbp(10)


@pytest.mark.parametrize("seed", range(20))
def test_going_on_adds_up_to_what_all_of_it_does(seed):
    chance, now, records, running = Random(seed), START, [], {}
    for number in range(25):
        if chance.random() < 0.7:
            ago = timedelta(days=chance.randrange(0, 120))
            records.append(change(number, chance.choice((None, now - ago)), chance.randrange(99)))
        assert sum_of(records, now, running) == sum_of(records, now, None)
        now += timedelta(days=chance.choice((0, 0, 1, 30)))
