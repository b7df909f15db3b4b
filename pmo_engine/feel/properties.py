"""The properties of values that are no contexts: ``date.year``, ``range.start`` and so on."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pmo_engine.feel.kinds import kind
from pmo_engine.feel.temporal import (
    SECOND,
    AnyDuration,
    date_of,
    nanoseconds,
    offset_of,
    ordinal,
    time_of,
    zone_name,
    zone_of,
)
from pmo_engine.feel.types import ANY, BOOLEAN, DAYS_TIME_DURATION, NUMBER, STRING, Type
from pmo_engine.feel.values import EqualityTest, Range

Getter = Callable[[Any], Any]


def property_of(value: Any, name: str) -> Any:
    """Give a property of a value, ``None`` where it has none of that name."""
    if isinstance(value, EqualityTest):  # (= 10) is [10..10]; what is unequal has no ends
        operand = value.operand
        value = Range(operand, operand, True, True) if value.operator == "=" else None  # noqa: FBT003
    getter = _PROPERTIES.get(kind(value), {}).get(name)
    return None if getter is None else getter(value)


def has_property(value: Any, name: str) -> bool:
    """Tell whether a value has a property of that name, which may be null."""
    unequal = isinstance(value, EqualityTest) and value.operator == "!="
    return not unequal and name in _PROPERTIES.get(kind(value), {})


def property_type(of: str, name: str) -> Type | None:
    """Give the type of a property of the values of a kind, ``None`` where there is none."""
    return _TYPES.get(name, NUMBER) if name in _PROPERTIES.get(of, {}) else None


def property_names(of: str) -> tuple[str, ...]:
    """List the properties that values of a kind have."""
    return tuple(_PROPERTIES.get(of, {}))


def weekday(value: Any) -> int:
    """Number the days of the week from Monday, 1, to Sunday, 7."""
    return (ordinal(date_of(value)) - 1) % 7 + 1


def _part_of_duration(unit: int, of: int) -> Getter:
    """Take a part of a duration, of the duration's sign: ``-PT90M`` has -1 hours, -30 minutes."""

    def part(value: AnyDuration) -> Decimal:
        return _signed(nanoseconds(value), unit * SECOND, of)

    return part


def _signed(value: int, unit: int, of: int) -> Decimal:
    size = abs(value) // unit % of
    return Decimal(-size if value < 0 else size)


PARTS = {
    "month": (1, 12),
    "day": (1, 31),
    "weekday": (1, 7),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 59),
}
"""Whole numbers, from the first to the last, that a part of a moment comes to."""
DATED = frozenset({"date", "date and time", "time"})

_FOREVER = 10**12
_DATE: dict[str, Getter] = {
    "year": lambda value: Decimal(date_of(value).year),
    "month": lambda value: Decimal(date_of(value).month),
    "day": lambda value: Decimal(date_of(value).day),
    "weekday": lambda value: Decimal(weekday(value)),
}
_CLOCK: dict[str, Getter] = {
    "time offset": offset_of,
    "timezone": lambda value: zone_name(zone_of(value)),
}
_TIME: dict[str, Getter] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": lambda value: Decimal(value.second),
    **_CLOCK,
}
_DATE_TIME: dict[str, Getter] = {
    **_DATE,
    "hour": lambda value: Decimal(time_of(value).hour),
    "minute": lambda value: Decimal(time_of(value).minute),
    "second": lambda value: Decimal(time_of(value).second),
    **_CLOCK,
}
_PROPERTIES: dict[str, dict[str, Getter]] = {
    "date": _DATE,
    "time": _TIME,
    "date and time": _DATE_TIME,
    "days and time duration": {
        "days": _part_of_duration(86_400, _FOREVER),
        "hours": _part_of_duration(3600, 24),
        "minutes": _part_of_duration(60, 60),
        "seconds": _part_of_duration(1, 60),
    },
    "years and months duration": {
        "years": lambda value: _signed(value.count, 12, _FOREVER),
        "months": lambda value: _signed(value.count, 1, 12),
    },
    "range": {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_included,
        "end included": lambda value: value.high_included,
    },
}
_TYPES: dict[str, Type] = {
    "time offset": DAYS_TIME_DURATION,
    "timezone": STRING,
    "start": ANY,
    "end": ANY,
    "start included": BOOLEAN,
    "end included": BOOLEAN,
}
