"""Arithmetic in generated code: on amounts in one context, on dates and durations with care."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from pmo_engine.feel import types as t
from pmo_engine.feel.numbers import CONTEXT, power

NUMERIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
    "**": power,
}
_DAYS, _MONTHS = t.DAYS_TIME_DURATION, t.YEARS_MONTHS_DURATION
SHIFTS: dict[tuple[t.Type, str, t.Type], t.Type] = {
    (t.DATE, "-", t.DATE): _DAYS,
    (t.DATE, "-", t.DATE_TIME): _DAYS,
    (t.DATE_TIME, "-", t.DATE): _DAYS,
    (t.DATE_TIME, "-", t.DATE_TIME): _DAYS,
    **{
        (moment, sign, length): moment
        for moment in (t.DATE, t.DATE_TIME)
        for sign in ("+", "-")
        for length in (_DAYS, _MONTHS)
    },
}


def of_amounts(left: t.Type, operator: str, right: t.Type) -> t.Type | None:
    """Give the type that arithmetic on numbers and amounts of one currency has."""
    match left, operator, right:
        case (t.NUMBER, _, t.NUMBER):
            return t.NUMBER
        case (t.MoneyType(str()), "+" | "-", t.MoneyType()) if left == right:
            return left
        case (t.MoneyType(str()), "/", t.MoneyType()) if left == right:
            return t.NUMBER
        case (t.MoneyType(str()), "*" | "/", t.NUMBER):
            return left
        case (t.NUMBER, "*", t.MoneyType(str())):
            return right
        case _:
            return None
