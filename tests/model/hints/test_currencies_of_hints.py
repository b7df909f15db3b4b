"""Of which currency an amount is that somebody wrote, and what is said of another one."""

import pytest

from pmo_engine.model.hints.values import currencies_named, money_meant
from pmo_engine.model.money import Money, MoneyError, amounts_meant, other_currency


@pytest.mark.parametrize(
    ("text", "currency", "meant"),
    [
        ("$5", "", ()),  # whose dollars nobody knows
        ("$5", "USD", ("5 USD",)),
        ("$5", "EUR", ()),
        ("A$5", "USD", ("5 AUD",)),
        ("$5 CAD", "USD", ("5 CAD",)),
        ("5 USD GBP", "USD", ()),
        ("£5k", "", ("5000 GBP",)),
        ("¥5", "JPY", ("5 JPY",)),
    ],
)
def test_what_an_amount_means(text: str, currency: str, meant: tuple[str, ...]) -> None:
    assert money_meant(text, currency) == meant


def test_signs_that_several_share() -> None:
    assert currencies_named("$5") == ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN")
    assert currencies_named("¥5") == ("JPY", "CNY")
    assert currencies_named("5 yen") == ("JPY",)
    assert currencies_named("HK$ 5") == ("HKD",)
    assert currencies_named("5000") == ()


@pytest.mark.parametrize(
    ("text", "expected", "said"),
    [
        ("£5", "USD", "that is in GBP, and amounts are in USD here: write it in USD"),
        (
            "$5",
            "EUR",
            (
                "that is in USD or in CAD or in AUD, or the like, and amounts are in EUR here: "
                "write it in EUR"
            ),
        ),
        ("$5", "USD", ""),
        ("£5", "", ""),
        ("5 per", "USD", ""),
        ("5000", "USD", ""),
    ],
)
def test_what_is_said_of_another_currency(text: str, expected: str, said: str) -> None:
    assert other_currency(text, expected) == said


def test_an_amount_of_another_currency_is_not_meant() -> None:
    assert amounts_meant("£5", "USD") == ()
    assert amounts_meant("£5") == ("5 GBP",)


def test_an_error_says_of_which_currency_it_is() -> None:
    with pytest.raises(MoneyError, match="'£5' is not money: that is in GBP, and amounts are"):
        Money.parse("£5", "USD")
    with pytest.raises(MoneyError, match="unknown currency 'GPB': amounts are in USD here"):
        Money.parse("5 GPB", "USD")
