"""What arithmetic comes to, for each pair of kinds of values, shared by every back-end.

Nothing here raises: what the standard calls an error is ``None``, and ``Missing`` goes through.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal, DecimalException
from typing import Any, TypeAlias

from pmo_engine.feel import clockwork
from pmo_engine.feel.kinds import DATE, DATE_TIME, DAYS, MONEY, MONTHS, NUMBER, STRING, TIME, kind
from pmo_engine.feel.limits import bounded
from pmo_engine.feel.nodes import ArithmeticOperator
from pmo_engine.feel.numbers import CONTEXT, power
from pmo_engine.feel.temporal import TemporalError, WideDuration
from pmo_engine.feel.values import Missing
from pmo_engine.model.durations import Months
from pmo_engine.model.money import CurrencyMismatch, Money, MoneyError

Pair: TypeAlias = tuple[str, str]

# What the standard calls an error: anything else that is raised is a fault of ours, and shown.
_ERRORS = (DecimalException, ZeroDivisionError, CurrencyMismatch, MoneyError, TemporalError)


def arithmetic(operator: ArithmeticOperator, left: Any, right: Any) -> Any:
    """Work out ``left operator right``; ``None`` where the standard gives no result."""
    if isinstance(left, Missing) or isinstance(right, Missing):
        return Missing.of(left, right)
    operation = _ARITHMETIC[operator].get((kind(left), kind(right)))
    if operation is None:
        return None
    try:
        return operation(left, right)
    except _ERRORS:
        return None


def negate(value: Any) -> Any:
    """Work out ``-value``."""
    if isinstance(value, Decimal):
        return value.copy_negate()
    if isinstance(value, timedelta | WideDuration | Months | Money):
        return -value
    return value if isinstance(value, Missing) else None


def _times_money(number: Decimal, money: Money) -> Money:
    return money * number


def _flipped(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: operation(right, left)


def _add_back(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: operation(left, -right)


_SHIFTS: dict[Pair, Callable[[Any, Any], Any]] = {
    (DATE, DAYS): clockwork.move_date,
    (DATE, MONTHS): clockwork.move_months,
    (DATE_TIME, DAYS): clockwork.move_moment,
    (DATE_TIME, MONTHS): clockwork.move_months,
    (TIME, DAYS): clockwork.move_time,
}
_PLUS: dict[Pair, Callable[[Any, Any], Any]] = {
    (NUMBER, NUMBER): CONTEXT.add,
    (STRING, STRING): lambda left, right: bounded(left + right),
    (MONEY, MONEY): lambda left, right: left + right,
    (DAYS, DAYS): clockwork.add,
    (MONTHS, MONTHS): clockwork.add_months,
    **_SHIFTS,
    **{(right, left): _flipped(shift) for (left, right), shift in _SHIFTS.items()},
}
_MINUS: dict[Pair, Callable[[Any, Any], Any]] = {
    (NUMBER, NUMBER): CONTEXT.subtract,
    (MONEY, MONEY): lambda left, right: left - right,
    (DAYS, DAYS): clockwork.subtract,
    (MONTHS, MONTHS): clockwork.subtract_months,
    (DATE, DATE): clockwork.elapsed,
    (DATE, DATE_TIME): clockwork.elapsed,
    (DATE_TIME, DATE): clockwork.elapsed,
    (DATE_TIME, DATE_TIME): clockwork.elapsed,
    (TIME, TIME): clockwork.elapsed,
    **{pair: _add_back(shift) for pair, shift in _SHIFTS.items()},
}
_TIMES: dict[Pair, Callable[[Any, Any], Any]] = {
    (NUMBER, NUMBER): CONTEXT.multiply,
    (MONEY, NUMBER): lambda left, right: left * right,
    (NUMBER, MONEY): _times_money,
    (DAYS, NUMBER): clockwork.scale,
    (NUMBER, DAYS): _flipped(clockwork.scale),
    (MONTHS, NUMBER): clockwork.scale_months,
    (NUMBER, MONTHS): _flipped(clockwork.scale_months),
}
_BY: dict[Pair, Callable[[Any, Any], Any]] = {
    (NUMBER, NUMBER): CONTEXT.divide,
    (MONEY, NUMBER): lambda left, right: left / right,
    (MONEY, MONEY): lambda left, right: left / right,
    (DAYS, NUMBER): clockwork.divide,
    (DAYS, DAYS): clockwork.ratio,
    (MONTHS, NUMBER): clockwork.divide_months,
    (MONTHS, MONTHS): clockwork.ratio_of_months,
}
_ARITHMETIC: dict[str, dict[Pair, Callable[[Any, Any], Any]]] = {
    "+": _PLUS,
    "-": _MINUS,
    "*": _TIMES,
    "/": _BY,
    "**": {(NUMBER, NUMBER): power},
}
