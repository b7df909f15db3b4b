"""What generated code may rely on: a value of the declared type, or an exception."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache, partial
from typing import Any, NoReturn, TypeAlias
from zoneinfo import ZoneInfo

from pmo_engine.feel import types as t
from pmo_engine.feel.arithmetic import arithmetic
from pmo_engine.feel.values import Missing
from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money

Guard: TypeAlias = Callable[[Any], Any]

ZONES = (timezone, ZoneInfo)
MOST_ROWS = 1_000  # longer lists are the reference's, which bounds the work of an expression


class Detour(Exception):
    """The ordinary case this is not: the reference judges the rule."""


def leave(*_: object) -> NoReturn:
    """Leave the generated code."""
    raise Detour


class Gone:
    """Stands for a fact that is missing, null or of another type; every use is a detour."""

    __slots__ = ()
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = leave
    __bool__ = __hash__ = __iter__ = leave


GONE = Gone()

CLASSES: dict[t.Type, type] = {
    t.NUMBER: Decimal,
    t.STRING: str,
    t.BOOLEAN: bool,
    t.DATE: date,
    t.YEARS_MONTHS_DURATION: Months,
}


@cache
def guard_of(kind: t.Type) -> Guard | None:
    """Give a function that returns what code works with, or raises; None: no such type.

    Money becomes its amount, and ``t.NULL`` asks whether the value is null.
    """
    match kind:
        case t.MoneyType(str(currency)):
            return partial(_amount, currency)
        case t.ListType():
            return _rows
        case t.NULL:
            return _is_null
        case t.DATE_TIME:
            return _moment
        case t.DAYS_TIME_DURATION:
            return _duration
        case _:
            wanted = CLASSES.get(kind)
            return None if wanted is None else partial(_of_class, wanted)


def shifted(guard: Guard, operator: Any, left: Any, right: Any) -> Any:
    """Do arithmetic with dates and durations; anything but an everyday result is a detour."""
    return guard(arithmetic(operator, left, right))


def whole_second(value: datetime) -> datetime:
    """Give the moment as it is compared: to the second, on the line of time.

    Python compares moments of one named zone by what its clocks show.
    """
    if type(value.tzinfo) is not timezone:
        value = value.astimezone(UTC)
    return value.replace(microsecond=0) if value.microsecond else value


def _of_class(wanted: type, value: Any) -> Any:
    if type(value) is wanted:
        return value
    raise Detour


def _amount(currency: str, value: Any) -> Decimal:
    if type(value) is Money and value.currency == currency:
        return value.amount
    raise Detour


def _rows(value: Any) -> list[Any]:
    if type(value) is list and len(value) <= MOST_ROWS:
        return value
    raise Detour


def _is_null(value: Any) -> bool:
    if type(value) is Missing:  # a derived fact may be
        raise Detour
    return value is None


def _moment(value: Any) -> datetime:
    if type(value) is datetime and type(value.tzinfo) in ZONES:
        return value
    raise Detour


def _duration(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    raise Detour
