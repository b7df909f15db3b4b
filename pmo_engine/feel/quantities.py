"""Values that can be more or less: numbers, money, days, moments, durations; and their steps.

As a plain number, money is its amount, a day its ordinal, a moment and a duration in days and time
are seconds, a duration in years and months is months.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeAlias, TypeGuard

from pmo_engine.feel import types as t
from pmo_engine.feel.kinds import kind
from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money, minor_digits

Quantity: TypeAlias = Decimal | Money | date | datetime | timedelta | Months

QUANTITIES = frozenset(
    {t.NUMBER, t.DATE, t.DATE_TIME, t.DAYS_TIME_DURATION, t.YEARS_MONTHS_DURATION}
)
FINEST = 6
"""Decimal places beyond which a number is taken to be a result, not something written."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MILLION = 1_000_000
_PARTS = (86_400, 3_600, 60, 1)  # day, hour, minute, second


def is_quantity(value: object) -> TypeGuard[Quantity]:
    """Tell whether a value can be more or less than another of its kind."""
    if isinstance(value, datetime):
        return value.tzinfo is not None
    return isinstance(value, Decimal | Money | timedelta | Months) or type(value) is date


def is_quantity_type(type_: t.Type) -> bool:
    """Tell the same of a static type."""
    return isinstance(type_, t.MoneyType) or type_ in QUANTITIES


def alike(one: Quantity, other: Quantity) -> bool:
    """Tell whether two quantities are of one kind, and of one currency, so that they compare."""
    if isinstance(one, Money) and isinstance(other, Money):
        return one.currency == other.currency
    return kind(one) == kind(other)


def as_number(value: Quantity) -> Decimal:
    """Give a quantity as a plain number."""
    match value:
        case Decimal():
            return value
        case Money(amount):
            return amount
        case datetime():
            return Decimal((value - _EPOCH) // _MICROSECOND) / _MILLION
        case date():
            return Decimal(value.toordinal())
        case timedelta():
            return Decimal(value // _MICROSECOND) / _MILLION
        case Months(count):
            return Decimal(count)


def like(example: Quantity, number: Decimal) -> Quantity | None:
    """Give the quantity of an example's kind for a number; ``None`` beyond what it can hold."""
    try:
        match example:
            case Decimal():
                return number
            case Money(_, currency):
                return Money(number, currency)
            case datetime():
                return _EPOCH + timedelta(microseconds=int(number * _MILLION))
            case date():
                return date.fromordinal(int(number))
            case timedelta():
                return timedelta(microseconds=int(number * _MILLION))
            case Months():
                return Months(int(number))
    except (ArithmeticError, InvalidOperation, ValueError):
        return None


def step_of(value: Quantity) -> Decimal:
    """Give the smallest step from a value as it is written, as a plain number.

    Money: one minor unit. A number: one in its last decimal place (15: 1, 0.85: 0.01). A day: a
    day. A moment: a minute, or a second where it has seconds. A duration: its smallest part.
    """
    match value:
        case Decimal():
            return places(value)
        case Money(_, currency):
            return Decimal(1).scaleb(-minor_digits(currency))
        case datetime():
            return Decimal(1 if value.second or value.microsecond else 60)
        case date():
            return Decimal(1)
        case timedelta():
            seconds = abs(value) // timedelta(seconds=1)
            return Decimal(next((part for part in _PARTS if seconds % part == 0), 1))
        case Months():
            return Decimal(1)


def places(number: Decimal) -> Decimal:
    """Give one unit in the last decimal place of a number; of a whole number 1."""
    exponent = number.as_tuple().exponent
    digits = min(-exponent, FINEST) if isinstance(exponent, int) and exponent < 0 else 0
    return Decimal(1).scaleb(-digits)


def nothing_of(type_: t.Type | None) -> Quantity | None:
    """Give what nothing of a type adds up to; ``None`` of what is not added up, or of any money."""
    match type_:
        case t.MoneyType(str(currency)):
            return Money(Decimal(0), currency)
        case t.NUMBER:
            return Decimal(0)
        case t.DAYS_TIME_DURATION:
            return timedelta()
        case t.YEARS_MONTHS_DURATION:
            return Months(0)
        case _:
            return None


def of_nothing(function: object, type_: t.Type | None) -> Quantity | None:
    """Give what a function that adds up or multiplies comes to for an empty list, in a rule."""
    match getattr(function, "name", ""):
        case "sum":
            return nothing_of(type_)
        case "product":
            return Decimal(1)
        case _:
            return None


def zero_of(type_: t.Type, currency: str, moment: datetime) -> Quantity | None:
    """Give a quantity of a type to begin with, ``None`` where a type has none.

    Nothing of what is counted; of days and moments the one given.
    """
    match type_:
        case t.MoneyType(None):
            return Money(Decimal(0), currency)
        case t.DATE:
            return moment.date()
        case t.DATE_TIME:
            return moment
        case _:
            return nothing_of(type_)
