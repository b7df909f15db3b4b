"""Functions on numbers, and on money and durations where they mean the same."""

from __future__ import annotations

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
    InvalidOperation,
    Overflow,
)
from typing import Any

from pmo_engine.feel.builtins.register import Table
from pmo_engine.feel.numbers import CONTEXT
from pmo_engine.feel.types import (
    BOOLEAN,
    DAYS_TIME_DURATION,
    NUMBER,
    STRING,
    YEARS_MONTHS_DURATION,
    MoneyType,
    Type,
)
from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money

FUNCTIONS = Table()

MIN_SCALE, MAX_SCALE = -6111, 6176
_SEPARATORS = {" ", ",", "."}
_function = FUNCTIONS.enter


def _same(argument: Type, *_: Type) -> Type:
    return argument


@_function("abs", {"n": NUMBER}, NUMBER)
@_function("abs", {"n": MoneyType()}, _same)
@_function("abs", {"n": DAYS_TIME_DURATION}, DAYS_TIME_DURATION)
@_function("abs", {"n": YEARS_MONTHS_DURATION}, YEARS_MONTHS_DURATION)
def _abs(value: Any) -> Decimal | Money | timedelta | Months:
    return value.copy_abs() if isinstance(value, Decimal) else abs(value)


@_function("sqrt", {"number": NUMBER}, NUMBER)
def _sqrt(number: Decimal) -> Decimal | None:
    return None if number < 0 else CONTEXT.sqrt(number)


@_function("exp", {"number": NUMBER}, NUMBER)
def _exp(number: Decimal) -> Decimal | None:
    try:
        return CONTEXT.exp(number)
    except Overflow:
        return None


@_function("log", {"number": NUMBER}, NUMBER)
def _log(number: Decimal) -> Decimal | None:
    return CONTEXT.ln(number) if number > 0 else None


@_function("odd", {"number": NUMBER}, BOOLEAN)
def _odd(number: Decimal) -> bool | None:
    return int(number) % 2 == 1 if number == number.to_integral_value() else None


@_function("even", {"number": NUMBER}, BOOLEAN)
def _even(number: Decimal) -> bool | None:
    return int(number) % 2 == 0 if number == number.to_integral_value() else None


@_function("modulo", {"dividend": NUMBER, "divisor": NUMBER}, NUMBER)
def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """Give what is left, with the sign of the divisor: dividend - divisor * floor(quotient)."""
    if not divisor:
        return None
    rest = _EXACT.remainder(dividend, divisor)
    rest = _EXACT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest
    return CONTEXT.plus(rest)


@_function("decimal", {"n": NUMBER, "scale": NUMBER}, NUMBER)
@_function("decimal", {"n": MoneyType(), "scale": NUMBER}, _same)
def _decimal(value: Decimal | Money, scale: Decimal) -> Decimal | Money | None:
    return _rounded(value, scale, ROUND_HALF_EVEN)


def _rounded(value: Decimal | Money, scale: Decimal, rounding: str) -> Decimal | Money | None:
    if not isinstance(value, Money):
        return _rounded_number(value, scale, rounding)
    amount = _rounded_number(value.amount, scale, rounding)
    return None if amount is None else Money(amount, value.currency)


def _rounded_number(number: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    places = int(scale)
    if not MIN_SCALE <= places <= MAX_SCALE:
        return None
    if -number.as_tuple().exponent <= places:  # type: ignore[operator]
        return number
    try:
        unit = Decimal((0, (1,), -places))
        return number.quantize(unit, rounding, _WIDE)
    except InvalidOperation:
        return None


# Quantising needs as many digits as the number has, which is at most 34, and one more to round up.
# The quotient of two numbers may have as many digits as their exponents are apart.
_EXACT = Context(prec=2 * (CONTEXT.Emax + CONTEXT.prec), Emin=-10 * CONTEXT.Emax, traps=[])
_WIDE = Context(prec=40, Emin=CONTEXT.Emin, Emax=CONTEXT.Emax + MAX_SCALE, traps=[InvalidOperation])


def _rounding(name: str, rounding: str, scale: str) -> None:
    def round_it(
        value: Decimal | Money, places: Decimal | None = Decimal(0)
    ) -> Decimal | Money | None:
        return None if places is None else _rounded(value, places, rounding)

    _function(name, {"n": NUMBER, scale: NUMBER}, NUMBER)(round_it)
    _function(name, {"n": MoneyType(), scale: NUMBER}, _same)(round_it)


for _name, _way in {
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}.items():
    _rounding(_name, _way, "scale")
_rounding("floor", ROUND_FLOOR, "scale?")
_rounding("ceiling", ROUND_CEILING, "scale?")


@_function("number", {"from": NUMBER}, NUMBER)
def _same_number(value: Decimal) -> Decimal:
    return value


@_function(
    "number",
    {"from": STRING, "grouping separator?": STRING, "decimal separator?": STRING},
    NUMBER,
)
def _number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    separators = [each for each in (grouping, point) if each is not None]
    if grouping not in _SEPARATORS | {None} or point not in {".", ",", None}:
        return None
    if len(set(separators)) < len(separators):
        return None
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    return _plain_number(plain)


def _plain_number(text: str) -> Decimal | None:
    if not set(text) <= set("0123456789.-+eE") or len(text) > 10_000:  # noqa: PLR2004
        return None
    try:
        value = CONTEXT.create_decimal(text)
    except DecimalException:
        return None
    return value if value.is_finite() else None
