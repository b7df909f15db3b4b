"""Values as durable_rules compares them exactly: 64-bit integers, and text.

A number is counted in half steps of the last decimal place that the constant beside it has: an
even count is on a step, an odd one between two. The constant is always on a step, so every
comparison with it comes out as it would on the decimals themselves, however many places a
value has. What is beyond ``LIMIT`` is put at ``LIMIT``, where no constant can be.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.feel import clockwork
from pmo_engine.feel.temporal import Time, WideDate, WideDateTime, ordinal, zone_name
from pmo_engine.model.durations import HourDuration, Months
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Code: TypeAlias = int | str
LIMIT = 2**62
STRING = "string"
EQUALITY = frozenset({"=", "!="})

# Two operands of which the comparison is true, and two of which it is false.
_TRUE = {"=": (0, 0), "!=": (0, 1), "<": (0, 1), "<=": (0, 1), ">": (1, 0), ">=": (1, 0)}
_FALSE = {"=": (0, 1), "!=": (0, 0), "<": (1, 0), "<=": (1, 0), ">": (0, 1), ">=": (0, 1)}


@dataclass(frozen=True, slots=True)
class Text:
    """A text, as the library orders it."""

    family: str
    code: str


@dataclass(frozen=True, slots=True)
class Number:
    """``units`` / 10 ** ``digits``: money, days since year 1, seconds, months ..."""

    family: str
    units: int
    digits: int = 0

    def shortened(self) -> Number:
        """Drop the zeros at the end of the decimal places."""
        units, digits = self.units, self.digits
        while digits and units % 10 == 0:
            units, digits = units // 10, digits - 1
        return Number(self.family, units, digits)

    def half_steps(self, digits: int) -> int:
        """Count half steps of ``digits`` decimal places."""
        steps, rest = divmod(self.units * _ten_to(digits), _ten_to(self.digits))
        return 2 * steps + bool(rest)


@dataclass(frozen=True, slots=True)
class Kind:
    """How the values of one family are encoded; those of any other are not encoded at all."""

    family: str
    digits: int = 0

    def encode(self, value: object) -> Code | None:
        """Give the code of ``value``, ``None`` where it is not of this kind."""
        plain = _plain(value)
        if plain is None or plain.family != self.family:
            return None
        if isinstance(plain, Text):
            return plain.code
        return max(-LIMIT, min(LIMIT, plain.half_steps(self.digits)))

    def constant(self, value: object) -> Code:
        """Give the code of a constant of this kind."""
        code = self.encode(value)
        if code is None:
            raise TypeError(f"{value!r} is not of the kind {self.family}")
        return code

    @property
    def unlike(self) -> Code:
        """Stand for a value that is unequal to every constant of this kind."""
        return "unlike" if self.family == STRING else LIMIT + 1

    @property
    def held(self) -> Code:
        """Stand for a value that is in a list of constants without being one of them."""
        return "held" if self.family == STRING else LIMIT + 2


def kind_for(constants: Sequence[object]) -> Kind | None:
    """Say how to encode what is compared with ``constants``; ``None`` if the library cannot."""
    plain = [_plain(constant) for constant in constants]
    families = {each.family for each in plain if each is not None}
    if len(families) != 1 or None in plain:
        return None
    numbers = [each.shortened() for each in plain if isinstance(each, Number)]
    digits = max((each.digits for each in numbers), default=0)
    fits = all(abs(each.half_steps(digits)) < LIMIT for each in numbers)
    return Kind(families.pop(), digits) if fits else None


def operands(operator: str, left: object, right: object) -> tuple[Code, Code] | None:
    """Encode two values that are compared with one another; ``None`` if the library cannot."""
    if isinstance(left, bool) and operator not in EQUALITY:
        return None
    match _plain(left), _plain(right):
        case Text(family, a), Text(other, b) if family == other:
            return a, b
        case Number(family) as a, Number(other) as b if family == other:
            a, b = a.shortened(), b.shortened()
            digits = max(a.digits, b.digits)
            return _within(a.half_steps(digits) // 2, b.half_steps(digits) // 2)
    return None


def standing_for(operator: str, *, outcome: bool) -> tuple[int, int]:
    """Give two operands whose comparison comes to ``outcome``."""
    return _TRUE[operator] if outcome else _FALSE[operator]


def _plain(value: Any) -> Number | Text | None:
    read = _READERS.get(type(value))
    return None if read is None else read(value)


def _ten_to(power: int) -> int:
    return int(10**power)


def _decimal(family: str, value: Decimal) -> Number:
    sign, figures, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise TypeError(f"{value} is not a number of the language")
    units = int(Decimal((sign, figures, 0)))
    return (
        Number(family, units * _ten_to(exponent))
        if exponent > 0
        else (Number(family, units, -exponent))
    )


def _moment(value: datetime | WideDateTime | Time) -> Number | None:
    if isinstance(value, Time) and zone_name(value.zone) is not None:
        return None  # it depends on the other how the two compare
    utc, seconds = clockwork.seconds(value)
    family = "time" if isinstance(value, Time) else "date and time"
    return Number(family if utc else f"local {family}", seconds)


def _within(left: int, right: int) -> tuple[int, int]:
    """Give both, or operands in the same order where 64 bits are too few for them."""
    if max(abs(left), abs(right)) < LIMIT:
        return left, right
    return (left > right) - (left < right), 0


def _collated(text: str) -> str:
    # The library orders texts by their escaped bytes and is wrong about prefixes: UTF-8 in
    # hexadecimal is in the order of code points, and a mark below every digit ends it.
    return text.encode("utf-8", "surrogatepass").hex() + "!"


def _length(value: timedelta) -> Number:
    return Number("duration", value // timedelta(microseconds=1))


_READERS: dict[type, Callable[[Any], Number | Text | None]] = {
    bool: lambda value: Number("boolean", int(value)),
    Decimal: lambda value: _decimal("number", value),
    Money: lambda value: _decimal(f"money {value.currency}", value.amount),
    str: lambda value: Text(STRING, _collated(value)),
    datetime: _moment,
    WideDateTime: _moment,
    Time: _moment,
    date: lambda value: Number("date", ordinal(value)),
    WideDate: lambda value: Number("date", ordinal(value)),
    timedelta: _length,
    HourDuration: _length,
    Months: lambda value: Number("months", value.count),
}
