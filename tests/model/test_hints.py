"""What somebody meant who wrote a value as a letter would have it."""

import pytest

from pmo_engine.model.hints import day_meant, money_meant, span_meant, write


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("£50,000", "50000 GBP"),
        ("€ 50.000,00", "50000 EUR"),
        ("GBP 50000", "50000 GBP"),
        ("50,000.01 gbp", "50000.01 GBP"),
        ("1 250 000 EUR", "1250000 EUR"),
        ("CHF 1'000", "1000 CHF"),
        ("50k GBP", "50000 GBP"),
        ("1.5m GBP", "1500000 GBP"),
        ("5,5 EUR", "5.5 EUR"),
        ("-£5", "-5 GBP"),
        ("$5", ""),  # of which country?
        ("5", ""),
        ("5 GBP EUR", ""),
        ("five GBP", ""),
        ("1,23,456 GBP", ""),
        ("", ""),
        ("9" * 50 + " GBP", ""),
    ],
)
def test_money(text: str, meant: str) -> None:
    assert money_meant(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("31/03/2026", "2026-03-31"),
        ("31.3.2026", "2026-03-31"),
        ("31-03-2026", "2026-03-31"),
        ("03/31/2026", "2026-03-31"),
        ("2026/3/31", "2026-03-31"),
        ("31 March 2026", "2026-03-31"),
        ("31-Mar-2026", "2026-03-31"),
        ("05/05/2026", "2026-05-05"),
        ("01/02/2026", ""),  # two days, on either side of the ocean
        ("31/02/2026", ""),
        ("31/03/26", ""),
        ("31 Smarch 2026", ""),
        ("soon", ""),
    ],
)
def test_days(text: str, meant: str) -> None:
    assert day_meant(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3 business days", "3 working days"),
        ("three working days", "3 working days"),
        ("Three Days", "3 days"),
        ("3wd", "3 working days"),
        ("3d", "3 days"),
        ("1 workday", "1 working day"),
        ("24hrs", "24 hours"),
        ("2 work-hours", "2 working hours"),
        ("3 working weeks", ""),
        ("3 fortnights", ""),
        ("a while", ""),
        ("3", ""),
    ],
)
def test_spans(text: str, meant: str) -> None:
    assert span_meant(text) == meant


def test_what_is_not_known_is_said_otherwise() -> None:
    assert write("5 GBP", ", as in 1 GBP") == ": write 5 GBP"
    assert write("", ", as in 1 GBP") == ", as in 1 GBP"
