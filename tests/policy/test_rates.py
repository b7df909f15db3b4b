"""Amounts of other currencies, by dated rates."""

from datetime import date

import pytest

from pmo_engine.feel.wire import WireError
from pmo_engine.model.money import Money
from pmo_engine.policy.events import EventError, read_event
from pmo_engine.policy.rates import in_own_currency
from tests.small_policy import check_text

RATES = """
kind: rates
rates:
  - {of: EUR, from: 2026-01-01, rate: 0.87, source: Note 1}
  - {of: EUR, from: 2026-04-01, to: 2026-06-01, rate: 0.86, source: Note 2}
  - {of: EUR, from: 2026-07-01, rate: 0.855, source: Note 3}
  - {of: JPY, rate: 0.00512345, source: Note 4}
"""


def read(at: str, **change: object):
    policy = check_text(RATES).policy
    assert policy is not None
    raw = {"event": "change.submitted", "at": at, "project": "P-1", "facts": {"change": change}}
    return policy, read_event(policy, raw)


@pytest.mark.parametrize(
    ("at", "given", "worth"),
    [
        ("2026-03-31T12:00:00Z", "100 EUR", "87 GBP"),
        ("2026-04-01T12:00:00Z", "100 EUR", "86 GBP"),
        ("2026-07-01T12:00:00Z", "1 EUR", "0.86 GBP"),
        ("2026-07-01T12:00:00Z", "3 EUR", "2.56 GBP"),
        ("2026-07-01T12:00:00Z", "-3 EUR", "-2.56 GBP"),
        ("2026-07-01T12:00:00Z", "1000000 JPY", "5123.45 GBP"),
        ("2026-07-01T12:00:00Z", "100 GBP", "100 GBP"),
    ],
)
def test_an_amount_of_another_currency_is_that_of_its_day(at: str, given: str, worth: str) -> None:
    assert read(at, cost=given)[1].facts["change"]["cost"] == Money.parse(worth)


def test_a_day_begins_at_the_office() -> None:
    assert read("2026-03-31T23:30:00Z", cost="100 EUR")[1].facts["change"]["cost"] == Money.parse(
        "86 GBP"
    )


def test_a_record_that_is_decided_counts_by_the_day_of_its_decision() -> None:
    policy, _ = read("2026-08-01T12:00:00Z")
    raw = [
        {"cost": "100 EUR", "decided_at": "2026-03-01T12:00:00Z"},
        {"cost": "100 EUR", "decided_at": "nonsense"},
        {"cost": "100 GBP"},
    ]
    found = in_own_currency(policy, policy.facts["changes"], raw, "changes", date(2026, 8, 1))
    assert [each["cost"] for each in found] == ["87 GBP", "85.50 GBP", "100 GBP"]
    assert found[2] is raw[2]


def test_the_day_of_a_decision_is_one_at_the_office() -> None:
    policy, _ = read("2026-08-01T12:00:00Z")
    raw = [{"cost": Money.parse("100 EUR"), "decided_at": "2026-03-31T23:30:00Z"}]
    found = in_own_currency(policy, policy.facts["changes"], raw, "changes", date(2026, 8, 1))
    assert found[0]["cost"] == "86 GBP"


def test_an_amount_without_a_rate_is_told_by_its_place_counted_from_one() -> None:
    policy, _ = read("2026-08-01T12:00:00Z")
    raw = [{"cost": "1 GBP"}, {"cost": "1 EUR"}]
    with pytest.raises(WireError, match=r"changes\[2\]\.cost: there is no rate of EUR"):
        in_own_currency(policy, policy.facts["changes"], raw, "changes", date(2026, 6, 15))


def test_a_day_without_a_rate_has_none() -> None:
    for at in ("2026-06-01T12:00:00Z", "2025-12-31T12:00:00Z"):
        with pytest.raises(EventError, match=r"change\.cost: there is no rate of EUR on 20"):
            read(at, cost="100 EUR")
    with pytest.raises(EventError, match="is not in GBP"):
        read("2026-03-01T12:00:00Z", cost="100 USD")
    with pytest.raises(EventError, match="is not money"):
        read("2026-03-01T12:00:00Z", cost="EUR 100")


def test_what_has_no_amount_of_another_currency_is_the_same_object() -> None:
    policy, _ = read("2026-03-01T12:00:00Z")
    given = {"cost": "100 GBP", "of_no_such_type": 3}
    day = date(2026, 3, 1)
    assert in_own_currency(policy, policy.facts["change"], given, "change", day) is given
    with pytest.raises(WireError, match="no rate of EUR on 2026-06-30"):
        in_own_currency(policy, policy.facts["change"], {"cost": "1 EUR"}, "", date(2026, 6, 30))
