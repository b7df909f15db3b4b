"""Money: an exact decimal amount in one ISO 4217 currency."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, Self, overload

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.hints.values import Misread, Readings, currencies_named, money_meant
from pmo_engine.model.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable

_MONEY = pattern(r"(-?[0-9]{1,18}(?:\.([0-9]{1,6}))?) ([A-Za-z]{3})")
_SHOWN = 40
_NAMED = 3

# 34 digits, rounding half to even: IEEE 754 decimal128, as in FEEL, whatever the thread's context.
_EXACT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)


class MoneyError(Misread):
    """A text or an amount that is not money."""


class CurrencyMismatch(ValueError):
    """Two currencies met where only one makes sense."""


_met: dict[str, int] = {}
"""The decimal places of the currencies that this process has met."""


@cache
def _minor_digits() -> dict[str, int]:
    from iso4217 import Currency  # noqa: PLC0415 - reads the whole table: a currency that is new

    return {each.code: each.exponent for each in Currency if each.exponent is not None}


def minor_digits(currency: str) -> int:
    """Return how many decimal places a currency has, after ISO 4217 (GBP 2, JPY 0, KWD 3).

    Raises MoneyError for a code that is not a currency with a minor unit.
    """
    digits = _met.get(currency)
    return _looked_up(currency) if digits is None else digits


def meet(currency: str, digits: int) -> None:
    """Have a currency known with its decimal places, as they were looked up before."""
    _met[currency] = digits


def _looked_up(currency: str) -> int:
    digits = _minor_digits().get(currency)
    if digits is None:
        raise MoneyError(f"unknown currency {currency[:_SHOWN]!r}", _near(currency[:_SHOWN]))
    meet(currency, digits)
    return digits


def _near(code: str) -> Readings:
    meant = (each.removeprefix("1 ") for each in money_meant(f"1 {code}"))
    if named := tuple(each for each in meant if each in _minor_digits()):
        return named
    known = sorted(_minor_digits())
    swapped = [each for each in known if sorted(each) == sorted(code.upper())]
    return tuple(swapped[:1] or get_close_matches(code.upper(), known, n=1))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency; equal when the currency is the same and the amounts are as numbers.

    Arithmetic is exact to 34 digits and is not rounded to the minor unit: see `quantized`.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        amount = self.amount
        if type(amount) is not Decimal or self.currency not in _met or not amount.is_finite():
            self._check()

    def _check(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"an amount of money is a Decimal, not {self.amount!r}")
        if not self.amount.is_finite():
            raise MoneyError(f"an amount of money is finite, not {self.amount}")
        minor_digits(self.currency)

    @classmethod
    def parse(cls, text: str, expected: str = "") -> Self:
        """Read "50000.01 GBP": at most 18 digits and the currency's minor digits, no grouping.

        What is wrong is told for whoever ``expected`` a currency.
        """
        found = _MONEY.fullmatch(text)
        if found is None:
            raise _not_money(text, expected)
        amount, decimals, currency = found.groups()
        try:
            allowed = minor_digits(currency)
        except MoneyError as error:
            near = tuple(
                f"{amount} {each}" for each in error.readings if each == (expected or each)
            )
            wanted = f": amounts are in {expected} here" if expected else ""
            raise MoneyError(error.what, near, wanted) from None
        if decimals and len(decimals) > allowed:
            what = f"{text!r} has {len(decimals)} decimal places, {currency} has {allowed}"
            raise MoneyError(what, amounts_meant(text, expected))
        return cls(Decimal(amount), currency)

    def __str__(self) -> str:
        """Print "50000 GBP" when whole, else all minor digits ("50000.50 GBP") or more if exact."""
        whole, _, part = f"{self.amount:f}".partition(".")
        part = part.rstrip("0")
        if part:
            return f"{whole}.{part.ljust(minor_digits(self.currency), '0')} {self.currency}"
        return f"{'0' if not self.amount else whole} {self.currency}"

    def minor_units(self) -> int:
        """Return the amount in pence, cents ...; MoneyError if it is not a whole number of them."""
        top, bottom = self.amount.as_integer_ratio()
        units, rest = divmod(top * int(10 ** minor_digits(self.currency)), bottom)
        if rest:
            raise MoneyError(f"{self} is not a whole number of minor units: quantise it first")
        return units

    def quantized(self) -> Money:
        """Round half to even to the currency's minor unit."""
        unit = Decimal((0, (1,), -minor_digits(self.currency)))
        return Money(_EXACT.quantize(self.amount, unit), self.currency)

    def _alike(self, other: Money) -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"{self} and {other!r} do not go together")
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self} and {other} are in different currencies")
        return other.amount

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._alike(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._alike(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._alike(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._alike(other)

    def __add__(self, other: Money) -> Money:
        return Money(_EXACT.add(self.amount, self._alike(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(_EXACT.subtract(self.amount, self._alike(other)), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(_EXACT.multiply(self.amount, factor), self.currency)

    __rmul__ = __mul__

    @overload
    def __truediv__(self, other: Money) -> Decimal: ...
    @overload
    def __truediv__(self, other: Decimal | int) -> Money: ...
    def __truediv__(self, other: Money | Decimal | int) -> Decimal | Money:
        """Divide by a number, giving money, or by money of the same currency, giving a number."""
        divisor = self._alike(other) if isinstance(other, Money) else other
        if not divisor:
            raise ZeroDivisionError(f"{self} divided by {other}")
        quotient = _EXACT.divide(self.amount, divisor)
        return quotient if isinstance(other, Money) else Money(quotient, self.currency)

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate(), self.currency)

    def __abs__(self) -> Money:
        return Money(self.amount.copy_abs(), self.currency)


def money_in(currency: str) -> Callable[[Decimal], Money]:
    """Give what makes money of amounts that are known to be finite: it is not looked at again.

    Raises MoneyError for a code that is not a currency with a minor unit.
    """
    minor_digits(currency)
    new, put_amount, put_currency = Money.__new__, _put("amount"), _put("currency")

    def made(amount: Decimal) -> Money:
        money = new(Money)
        put_amount(money, amount)
        put_currency(money, currency)
        return money

    return made


def _put(name: str) -> Callable[[Money, Any], None]:
    put: Callable[[Money, Any], None] = vars(Money)[name].__set__
    return put


def grouped(money: Money) -> str:
    """Print it with its thousands apart: "600,000 GBP"."""
    number, _, currency = str(money).partition(" ")
    return f"{Decimal(number):,f} {currency}"


def _not_money(text: str, expected: str) -> MoneyError:
    meant = amounts_meant(text, expected)
    wrong = "has grouping commas" if meant == (text.replace(",", ""),) else "is not money"
    other = other_currency(text, expected)
    wanted = f": write amount, space and currency, as in 50000.01 {expected or 'GBP'}"
    wanted = f": {other}" if other else wanted
    return MoneyError(f"{text[:_SHOWN]!r} {wrong}", meant, wanted)


def amounts_meant(text: str, expected: str = "") -> Readings:
    """Give what a text may mean; nothing where not all of that is an amount of its currency.

    Where a currency is ``expected``, an amount of another one is nothing that could stand there.
    """
    meant = money_meant(text, expected)
    fits = all(_is_money(each) and each.endswith(expected) for each in meant)
    return meant if fits else ()


def other_currency(text: str, expected: str) -> str:
    """Say of an amount of another currency than is ``expected`` that it is one; nothing else."""
    codes = [each for each in currencies_named(text) if each in _minor_digits()]
    if not expected or not codes or expected in codes:
        return ""
    meant = " or ".join(f"in {each}" for each in codes[:_NAMED])
    others = ", or the like" if codes[_NAMED:] else ""
    return f"that is {meant}{others}, and amounts are in {expected} here: write it in {expected}"


def _is_money(text: str) -> bool:
    found = _MONEY.fullmatch(text)
    places = _minor_digits().get(found[3]) if found else None
    return found is not None and places is not None and len(found[2] or "") <= places
