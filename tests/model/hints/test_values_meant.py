"""What somebody meant who wrote a value as a letter would have it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.hints.values import (
    Misread,
    money_meant,
    number_meant,
    part_meant,
    share_meant,
    span_meant,
    yes_or_no,
)
from pmo_engine.model.money import Money, MoneyError


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("£50,000", ["50000 GBP"]),
        ("€ 50.000,00", ["50000 EUR"]),
        ("GBP 50000", ["50000 GBP"]),
        ("50,000.01 gbp", ["50000.01 GBP"]),
        ("1 250 000 EUR", ["1250000 EUR"]),
        ("CHF 1'000", ["1000 CHF"]),
        ("CHF 1\u2019000.\u2013", ["1000 CHF"]),
        ("50k GBP", ["50000 GBP"]),
        ("1.5m GBP", ["1500000 GBP"]),
        ("2 million euros", ["2000000 EUR"]),
        ("5,5 EUR", ["5.5 EUR"]),
        ("-£5", ["-5 GBP"]),
        ("£10,000 GBP", ["10000 GBP"]),
        ("1,23,456 INR", ["123456 INR"]),
        ("10\u00a0000\u202f€", ["10000 EUR"]),
        ("50.000 GBP", ["50000 GBP", "50 GBP"]),  # on two sides of a border
        ("0.005 GBP", ["0.005 GBP"]),  # no group begins with 0
        ("5,000,00 GBP", []),  # 5,000.00 or 500,000: whoever wrote it has to say
        ("5.000.00 EUR", []),
        ("1,000,000,0 GBP", []),
        ("$5", []),  # of which country?
        ("5", []),
        ("5 GBP EUR", []),
        ("£5 EUR", []),
        ("five GBP", ["5 GBP"]),
        ("half a million pounds", ["500000 GBP"]),
        ("5,000 GBP CR", ["-5000 GBP", "5000 GBP"]),
        ("£5,000/-", ["5000 GBP"]),
        ("up to and including £5,000", ["5000 GBP"]),
        ("£5,000 (inclusive)", ["5000 GBP"]),
        ("under £5,000", []),
        ("£5,000 incl. VAT", []),
        ("1,2345 GBP", []),
        ("12,34,56 GBP", []),
        ("", []),
        ("9" * 50 + " GBP", []),
    ],
)
def test_money(text: str, meant: list[str]) -> None:
    assert list(money_meant(text)) == meant


@pytest.mark.parametrize(
    ("text", "currency", "meant"),
    [
        ("$5", "CAD", "5 CAD"),
        ("¥500", "CNY", "500 CNY"),
        ("500 kr", "DKK", "500 DKK"),
        ("£5", "USD", "5 GBP"),  # never another currency than the one that is written
        ("10,000", "USD", "10000 USD"),
        ("10k", "JPY", "10000 JPY"),
    ],
)
def test_the_currency_of_a_policy(text: str, currency: str, meant: str) -> None:
    assert money_meant(text, currency) == (meant,)


GROUPS = st.sampled_from([",", ".", " ", "'", "\u2019", "\u00a0", "\u2009", "\u202f"])
PLACES = st.sampled_from(["£{}", "{} GBP", "GBP {}", "{}GBP", "{} gbp", "£ {}", "“{} GBP”"])


@given(st.integers(1_000, 10**12), st.integers(0, 99), GROUPS, PLACES)
def test_no_amount_is_changed(whole: int, pence: int, group: str, place: str) -> None:
    point = "," if group == "." else "."
    written = f"{whole:,}".replace(",", group) + f"{point}{pence:02}"
    assert amounts(place.format(written)) == {Decimal(f"{whole}.{pence:02}")}


@given(st.integers(1_000, 10**12), GROUPS, PLACES)
def test_no_whole_amount_is_changed(whole: int, group: str, place: str) -> None:
    written = f"{whole:,}".replace(",", group)
    meant = amounts(place.format(written))
    assert Decimal(whole) in meant
    assert len(meant) == 1 or (group == "." and whole < 1_000_000)


@given(st.decimals(0, 10**9, places=2), PLACES)
def test_an_amount_without_groups_is_itself(amount: Decimal, place: str) -> None:
    assert amounts(place.format(f"{amount:f}")) == {amount}


def amounts(text: str) -> set[Decimal]:
    return {Decimal(each.removesuffix(" GBP")) for each in money_meant(text)}


def test_what_is_no_amount_of_a_currency_is_not_offered() -> None:
    for text in ("0.005 GBP", "1.005 GBP", "5.5 JPY", "5 XXY"):
        with pytest.raises(MoneyError) as raised:
            Money.parse(text)
        assert raised.value.readings == ()


def test_errors_say_what_may_be_meant() -> None:
    with pytest.raises(MoneyError, match="'10' is not money: write 10 USD"):
        Money.parse("10", "USD")
    with pytest.raises(MoneyError, match="50.000 GBP' .*: write 50000 GBP or 50 GBP"):
        Money.parse("50.000 GBP")
    assert str(Misread("'a' is no b", ("b",), ", as in c")) == "'a' is no b: write b"
    assert str(Misread("'a' is no b", (), ", as in c")) == "'a' is no b, as in c"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1,000", ["1000"]),
        ("1.000", ["1000", "1"]),
        ("4,5", ["4.5"]),
        ("5k", ["5000"]),
        ("five", ["5"]),
        ("-1 000,5", ["-1000.5"]),
        ("0,5", ["0.5"]),
        ("1,2,3", []),
        ("many", []),
    ],
)
def test_numbers(text: str, meant: list[str]) -> None:
    assert list(number_meant(text)) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3 business days", ["3 working days"]),
        ("three working days", ["3 working days"]),
        ("Three Days", ["3 days"]),
        ("3wd", ["3 working days"]),
        ("3d", ["3 days"]),
        ("1 workday", ["1 working day"]),
        ("24hrs", ["24 hours"]),
        ("2 work-hours", ["2 working hours"]),
        ("2 weeks", ["2 weeks"]),
        ("a week", ["1 week"]),
        ("3 working weeks", []),
        ("3 fortnights", []),
        ("a while", []),
        ("3", ["3 working days", "3 days", "3 hours"]),
    ],
)
def test_spans(text: str, meant: list[str]) -> None:
    assert list(span_meant(text)) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0.5", ["50 %"]),
        ("50", ["50 %"]),
        ("1", ["100 %", "1 %"]),
        ("150", ["150 %"]),
        ("1/2", ["50 %"]),
        ("half", ["50 %"]),
        ("66,7 percent", ["66.7 %"]),
        ("two thirds", []),  # no decimal is as much
        ("-5", []),
        ("some", []),
    ],
)
def test_shares(text: str, meant: list[str]) -> None:
    assert list(share_meant(text)) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("50 %", ["1/2"]),
        ("66,7 %", ["667/1000"]),
        ("half", ["1/2"]),
        ("a third", ["1/3"]),
        ("two-thirds", ["2/3"]),
        ("½", ["1/2"]),
        ("2 / 3", ["2/3"]),
        ("3/2", []),
        ("three", ["3"]),
        ("most", []),
    ],
)
def test_parts(text: str, meant: list[str]) -> None:
    assert list(part_meant(text)) == meant


def test_yes_and_no() -> None:
    assert yes_or_no(" Yes ") == ("true",)
    assert yes_or_no("off") == ("false",)
    assert yes_or_no("perhaps") == ()
