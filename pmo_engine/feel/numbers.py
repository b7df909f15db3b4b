"""Numbers: decimals of 34 digits (IEEE 754 decimal128), in a context of their own."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """Raise a number to a power; ArithmeticError where that is no number, as for 0 ** -2.5."""
    found = CONTEXT.power(base, exponent)
    if not found.is_finite():
        raise DivisionByZero
    return found
