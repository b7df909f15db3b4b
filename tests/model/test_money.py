"""Money is exact, has one currency, and says what is wrong with what it cannot read."""

import subprocess
import sys
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.money import CurrencyMismatch, Money, MoneyError, minor_digits, money_in

GBP = st.integers(-(10**17), 10**17).map(lambda pence: Money(Decimal(pence) / 100, "GBP"))


def gbp(amount: str) -> Money:
    return Money(Decimal(amount), "GBP")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("50000 GBP", "50000 GBP"),
        ("50000.00 GBP", "50000 GBP"),
        ("50000.01 GBP", "50000.01 GBP"),
        ("50000.5 GBP", "50000.50 GBP"),
        ("-0.50 EUR", "-0.50 EUR"),
        ("-0 EUR", "0 EUR"),
        ("007 USD", "7 USD"),
        ("1000 JPY", "1000 JPY"),
        ("1.125 KWD", "1.125 KWD"),
        ("999999999999999999.99 GBP", "999999999999999999.99 GBP"),
    ],
)
def test_it_is_read_and_printed(text, printed):
    assert str(Money.parse(text)) == printed
    assert Money.parse(printed) == Money.parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("50,000 GBP", "'50,000 GBP' has grouping commas: write 50000 GBP"),
        ("5.001 GBP", "'5.001 GBP' has 3 decimal places, GBP has 2"),
        ("5.0 JPY", "'5.0 JPY' has 1 decimal places, JPY has 0"),
        ("5 GPB", "unknown currency 'GPB': write 5 GBP"),
        ("5 gbp", "unknown currency 'gbp': write 5 GBP"),
        ("5 QQQ", "unknown currency 'QQQ'"),
        ("5 XAU", "unknown currency 'XAU'"),
        ("GBP 5", "'GBP 5' is not money"),
        ("5  GBP", "'5  GBP' is not money"),
        ("5 GBP\n", r"'5 GBP\\n' is not money"),
        ("1e3 GBP", "'1e3 GBP' is not money"),
        ("+5 GBP", "is not money"),
        (".5 GBP", "is not money"),
        ("5. GBP", "is not money"),
        ("NaN GBP", "is not money"),
        ("٣ GBP", "is not money"),
        ("1234567890123456789 GBP", "is not money"),
        ("", "'' is not money: write amount, space and currency, as in 50000.01 GBP"),
    ],
)
def test_what_is_not_money_is_quoted(text, message):
    with pytest.raises(MoneyError, match=message.replace("?", r"\?")):
        Money.parse(text)


def test_a_long_text_is_cut_in_the_message():
    with pytest.raises(MoneyError) as raised:
        Money.parse("9" * 10_000 + " GBP")
    assert len(str(raised.value)) < 150


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_an_amount_is_finite(amount):
    with pytest.raises(MoneyError, match="finite"):
        gbp(amount)


def test_an_amount_is_never_a_float():
    with pytest.raises(TypeError, match="Decimal"):
        Money(0.1, "GBP")
    with pytest.raises(TypeError):
        gbp("1") * 0.1
    with pytest.raises(TypeError):
        gbp("1") / 0.1


def test_currencies_have_their_own_minor_digits():
    assert [minor_digits(code) for code in ("GBP", "JPY", "KWD", "CLF")] == [2, 0, 3, 4]


def test_equal_money_has_one_hash():
    assert gbp("5") == gbp("5.00")
    assert len({gbp("5"), gbp("5.00"), gbp("5E0")}) == 1
    assert gbp("5") != Money(Decimal(5), "EUR")
    assert gbp("5") != Decimal(5)


@pytest.mark.parametrize("op", ["__lt__", "__le__", "__gt__", "__ge__", "__add__", "__sub__"])
def test_two_currencies_do_not_mix(op):
    with pytest.raises(CurrencyMismatch, match="5 GBP and 5 EUR are in different currencies"):
        getattr(gbp("5"), op)(Money(Decimal(5), "EUR"))


def test_money_is_not_divided_by_money_of_another_currency():
    with pytest.raises(CurrencyMismatch):
        gbp("5") / Money(Decimal(5), "EUR")


def test_money_does_not_compare_with_a_number():
    with pytest.raises(TypeError, match="do not go together"):
        assert gbp("5") < Decimal(6)


def test_arithmetic():
    assert gbp("50000") + gbp("0.01") == gbp("50000.01")
    assert gbp("1") - gbp("3") == gbp("-2")
    assert gbp("10.01") * Decimal("0.5") == gbp("5.005")
    assert 3 * gbp("1.10") == gbp("3.30")
    assert gbp("10") / 4 == gbp("2.5")
    assert gbp("10") / gbp("4") == Decimal("2.5")
    assert -gbp("1") == gbp("-1")
    assert abs(gbp("-1")) == gbp("1")
    assert gbp("1") <= gbp("1.00") < gbp("1.01")
    assert gbp("2") >= gbp("2") > gbp("1.99")


@pytest.mark.parametrize("nothing", [0, Decimal(0), gbp("0")])
def test_division_by_nothing_is_refused(nothing):
    with pytest.raises(ZeroDivisionError, match="0 GBP divided by"):
        gbp("0") / nothing


def test_the_context_of_a_thread_does_not_matter():
    with localcontext() as context:
        context.prec = 3
        total = gbp("123456.78") + gbp("0.01")
        assert str(total) == "123456.79 GBP"
        assert str((total / 3) * 3) == "123456.79 GBP"
        assert total.minor_units() == 12345679


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.005", "0"), ("0.015", "0.02"), ("-2.675", "-2.68"), ("1E3", "1000")]
)
def test_rounding_is_half_to_even(amount, rounded):
    assert str(gbp(amount).quantized()) == str(gbp(rounded))


def test_more_digits_than_the_currency_has_are_kept_and_shown():
    assert str(gbp("10") / 3).startswith("3.33333333333333")
    assert str(gbp("0.0050")) == "0.005 GBP"
    assert str(gbp("1E+3")) == "1000 GBP"


def test_minor_units_are_whole():
    assert gbp("-50000.01").minor_units() == -5000001
    assert Money.parse("12 JPY").minor_units() == 12
    with pytest.raises(MoneyError, match="0.005 GBP is not a whole number"):
        gbp("0.005").minor_units()


@given(GBP)
def test_what_is_printed_is_read_again(money):
    assert Money.parse(str(money)) == money
    assert Money(Decimal(money.minor_units()) / 100, "GBP") == money


@given(GBP, GBP, GBP)
def test_sums_are_exact(a, b, c):
    assert (a + b) + c == a + (b + c)
    assert (a + b) - b == a
    assert (a < b) == (a.minor_units() < b.minor_units())
    assert (a == b) <= (hash(a) == hash(b))


def test_the_table_of_currencies_is_read_when_money_is_met():
    script = (
        "import sys, pmo_engine.model.money as m; assert 'iso4217' not in sys.modules;"
        "m.Money.parse('1 GBP'); assert 'iso4217' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@given(st.decimals(allow_nan=False, allow_infinity=False), st.sampled_from(["GBP", "JPY", "KWD"]))
def test_money_made_of_known_amounts_is_money(amount: Decimal, currency: str) -> None:
    made, usual = money_in(currency)(amount), Money(amount, currency)
    assert made == usual
    assert type(made) is Money
    assert (repr(made), hash(made)) == (repr(usual), hash(usual))


def test_money_is_made_in_no_unknown_currency() -> None:
    with pytest.raises(MoneyError, match="unknown currency 'XYZ'"):
        money_in("XYZ")
    with pytest.raises(MoneyError, match="unknown currency 'XYZ'"):
        Money(Decimal(1), "XYZ")
