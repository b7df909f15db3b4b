"""Values as durable_rules compares them exactly: 64-bit integers, and text.

A decimal is counted in half steps of the last decimal place that its constant has: an even
number is on a step, an odd one lies between two. A constant is always on a step, so that every
comparison with it comes out as it would on the decimals themselves, however many digits a
value has. What lies beyond ``LIMIT`` is put at ``LIMIT``, where no constant can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money

Code: TypeAlias = int | str
LIMIT = 2**62
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# Two operands of which the comparison is true, and two of which it is false.
_TRUE = {"=": (0, 0), "!=": (0, 1), "<": (0, 1), "<=": (0, 1), ">": (1, 0), ">=": (1, 0)}
_FALSE = {"=": (0, 1), "!=": (0, 0), "<": (1, 0), "<=": (1, 0), ">": (0, 1), ">=": (0, 1)}


@dataclass(frozen=True, slots=True)
class Kind:
    """How values of one family are encoded; values of any other are not encoded at all."""

    family: str
    digits: int = 0
    ordered: bool = False

    def encode(self, value: object) -> Code | None:
        """Give the code of ``value``, ``None`` where it is not of this kind."""
        match _plain(value):
            case family, str(text) if family == self.family:
                return _collated(text) if self.ordered else text
            case family, Decimal() as number if family == self.family:
                return _clamped(_half_steps(number, self.digits))
            case family, int(number) if family == self.family:
                return _clamped(number)
        return None


BOOLEAN = Kind("boolean")


def kind_of(constant: object, operator: str) -> Kind | None:
    """Find how to encode what is compared with ``constant``; ``None`` if no integer can."""
    plain = _plain(constant)
    if plain is None:
        return None
    family, value = plain
    ordered = isinstance(value, str) and operator not in {"=", "!="}
    digits = _digits(value) if isinstance(value, Decimal) else 0
    kind = Kind(family, digits, ordered)
    code = kind.encode(constant)
    return None if isinstance(code, int) and abs(code) >= LIMIT else kind


def operands(left: object, right: object) -> tuple[Code, Code] | None:
    """Encode two values that are compared with one another; ``None`` if that is not possible."""
    match _plain(left), _plain(right):
        case (family, str(a)), (other, str(b)) if family == other:
            return _collated(a), _collated(b)
        case (family, Decimal() as a), (other, Decimal() as b) if family == other:
            digits = max(_digits(a), _digits(b))
            return _within(_steps(a, digits), _steps(b, digits))
        case (family, int(a)), (other, int(b)) if family == other:
            return _within(a, b)
    return None


def standing_for(operator: str, *, outcome: bool) -> tuple[int, int]:
    """Give two operands whose comparison comes to ``outcome``."""
    return _TRUE[operator] if outcome else _FALSE[operator]


def _plain(value: Any) -> tuple[str, Code | Decimal] | None:
    kind = type(value)
    if kind is bool:
        return "boolean", int(value)
    if kind is Decimal:
        return "number", value
    if kind is Money:
        return f"money {value.currency}", value.amount
    if kind is str:
        return "string", value
    if kind is date:
        return "date", value.toordinal()
    if kind is datetime and value.tzinfo is not None:
        return "date and time", (value - _EPOCH) // _MICROSECOND
    if kind is timedelta:
        return "duration", value // _MICROSECOND
    if kind is Months:
        return "months", value.count
    return None


def _digits(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _steps(number: Decimal, digits: int) -> int:
    top, bottom = number.as_integer_ratio()
    return top * 10**digits // bottom


def _half_steps(number: Decimal, digits: int) -> int:
    top, bottom = number.as_integer_ratio()
    steps, rest = divmod(top * 10**digits, bottom)
    return 2 * steps + bool(rest)


def _clamped(number: int) -> int:
    return max(-LIMIT, min(LIMIT, number))


def _within(left: int, right: int) -> tuple[int, int]:
    if max(abs(left), abs(right)) < LIMIT:
        return left, right
    return (left > right) - (left < right), 0


def _collated(text: str) -> str:
    # The library orders escaped bytes, and takes a prefix for a greater text: hexadecimal UTF-8
    # is in the order of code points, and the mark below every digit ends it.
    return text.encode("utf-8", "surrogatepass").hex() + "!"
