"""Which values a bound policy is made of, and how each is taken apart and put together again.

This is the list of all that an artefact can hold: nothing in a file names a class or a function
but by a name of this list, and nothing here does more than make a value of plain parts.
"""

from __future__ import annotations

from collections import deque
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pmo_engine.feel import nodes, temporal, types
from pmo_engine.feel.values import Range, Record
from pmo_engine.model.ballots import Portion, Tally
from pmo_engine.model.durations import HourDuration, Months, Share, Span
from pmo_engine.model.event_names import EventName
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money, meet, minor_digits
from pmo_engine.model.working_time.calendar import WorkingCalendar
from pmo_engine.model.working_time.day_rules import DayRule
from pmo_engine.model.working_time.public_holidays import YearsHolidays, known_holidays
from pmo_engine.policy import (
    acts,
    expressions,
    gates,
    notices,
    organisation,
    packs,
    policy,
    rates,
    registers,
    reports,
    rounds,
    rules,
    strategies,
    tables,
    terms,
    tolerances,
)
from pmo_engine.policy.decision import WhenTimeIsUp
from pmo_engine.policy.figures import dashboard, declared
from pmo_engine.policy.suites import suite
from pmo_engine.source.marked import Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

MODULES: tuple[ModuleType, ...] = (
    nodes,
    types,
    temporal,
    acts,
    expressions,
    dashboard,
    declared,
    gates,
    notices,
    organisation,
    packs,
    policy,
    rates,
    registers,
    reports,
    rounds,
    rules,
    strategies,
    suite,
    tables,
    terms,
    tolerances,
)
"""Every dataclass of these is a part of a policy's tree."""

MODELS: tuple[type, ...] = (
    *(Months, Share, Span, DayRule),
    *(Portion, Tally, WhenTimeIsUp, Range),
)


AHEAD = range(2010, 2060)
"""The years whose public holidays are kept: the library is slow to load."""

_OF_CALENDARS = tuple(
    each.name for each in fields(WorkingCalendar) if each.init and each.name != "known"
)


Parts = list[list[Any]]
"""The parts of some values of one class: a list for each part; of one value if it has none."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How values of one class are taken apart, one by one, and put together, several at once."""

    apart: Callable[[Any], Iterable[Any]]
    together: Callable[[Parts], list[Any]]


def one_by_one(make: Callable[..., Any]) -> Callable[[Parts], list[Any]]:
    """Put values together by a call for each."""
    return lambda parts: list(map(make, *parts)) if parts else [make()]


def _of_dataclass(cls: type[Any]) -> Shape:
    names = [each.name for each in fields(cls) if each.init]

    def apart(value: Any) -> list[Any]:
        return [getattr(value, name) for name in names]

    return Shape(apart, _fields_put(cls, names))


def _fields_put(cls: type[Any], names: Iterable[str]) -> Callable[[Parts], list[Any]]:
    """Put dataclasses together without their ``__init__``, which would be compiled for it."""

    def together(parts: Parts) -> list[Any]:
        made = [object.__new__(cls) for _ in (parts[0] if parts else range(1))]
        for name, values in zip(names, parts, strict=True):
            deque(map(object.__setattr__, made, repeat(name), values), maxlen=0)
        if hasattr(cls, "__post_init__"):
            for each in made:
                each.__post_init__()
        return made

    return together


def dataclasses_of(modules: Iterable[ModuleType]) -> dict[str, type]:
    """Find the dataclasses that modules define, by name."""
    return {
        name: found
        for module in modules
        for name, found in vars(module).items()
        if is_dataclass(found) and isinstance(found, type) and found.__module__ == module.__name__
    }


def _flat(items: Iterable[tuple[Any, ...]]) -> list[Any]:
    return [part for item in items for part in item]


def _dict(*parts: Any) -> dict[Any, Any]:
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _record(path: str, declared: tuple[str, ...], *parts: Any) -> Record:
    return Record(path, _dict(*parts), declared)


def _mapping(mark: Any, *parts: Any) -> Mapping:
    made = Mapping(mark)
    for name, key_mark, value in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        made.keys_at[name] = key_mark
        made[name] = value
    return made


def _sequence(mark: Any, *parts: Any) -> Sequence:
    made = Sequence(parts)
    made.mark = mark
    return made


def _money(amount: Decimal, currency: str, digits: int) -> Money:
    """Make money as it was bound: to ask again whether there is such a currency takes its time."""
    meet(currency, digits)
    made = object.__new__(Money)
    object.__setattr__(made, "amount", amount)
    object.__setattr__(made, "currency", currency)
    return made


def _calendar_apart(value: WorkingCalendar) -> list[Any]:
    """Take a calendar apart, with the days of the years in which it will be asked for them."""
    known = {} if value.holidays is None else known_holidays(value.holidays, AHEAD)
    years = ((str(year), *map(_days, found)) for year, found in known.items())
    return [*(getattr(value, name) for name in _OF_CALENDARS), "\n".join(map(",".join, years))]


def _calendar(*parts: Any) -> WorkingCalendar:
    years = (line.split(",") for line in parts[-1].splitlines())
    known = {int(year): YearsHolidays(*map(_dates, days)) for year, *days in years}
    return WorkingCalendar(**dict(zip(_OF_CALENDARS, parts[:-1], strict=True)), known=known)


def _days(days: Iterable[date]) -> str:
    return " ".join(day.isoformat() for day in sorted(days))


def _dates(text: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, text.split()))


def _clock(value: datetime | time) -> tuple[Any, ...]:
    return value.replace(tzinfo=None, fold=0).isoformat(), value.tzinfo, value.fold


def _plain(apart: Callable[[Any], Iterable[Any]], make: Callable[..., Any]) -> Shape:
    return Shape(apart, one_by_one(make))


_PLAIN: dict[type, Shape] = {
    tuple: _plain(tuple, lambda *parts: parts),
    frozenset: _plain(lambda value: sorted(value, key=repr), lambda *parts: frozenset(parts)),
    list: _plain(list, lambda *parts: list(parts)),
    dict: _plain(lambda value: _flat(value.items()), _dict),
    Record: _plain(lambda value: (value.path, tuple(value.fields), *_flat(value.items())), _record),
    Mapping: _plain(
        lambda value: (
            value.mark,
            *_flat((name, value.keys_at[name], item) for name, item in value.items()),
        ),
        _mapping,
    ),
    Sequence: _plain(lambda value: (value.mark, *value), _sequence),
    WorkingCalendar: _plain(_calendar_apart, _calendar),
    Money: _plain(
        lambda value: (value.amount, value.currency, minor_digits(value.currency)), _money
    ),
    Decimal: _plain(lambda value: (str(value),), Decimal),
    Fraction: _plain(lambda value: value.as_integer_ratio(), Fraction),
    date: _plain(lambda value: (value.isoformat(),), date.fromisoformat),
    datetime: _plain(
        _clock,
        lambda text, zone, fold: datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold),
    ),
    time: _plain(
        _clock, lambda text, zone, fold: time.fromisoformat(text).replace(tzinfo=zone, fold=fold)
    ),
    timedelta: _plain(lambda value: (value.days, value.seconds, value.microseconds), timedelta),
    HourDuration: _plain(lambda value: (+value, value.by_clock), HourDuration.of),
    timezone: _plain(lambda value: (value.utcoffset(None),), timezone),
    ZoneInfo: _plain(lambda value: (value.key,), ZoneInfo),
    EventName: _plain(lambda value: (str(value),), EventName),
    FactPath: _plain(lambda value: (str(value),), FactPath),
}

CLASSES: dict[type, Shape] = {
    **{found: _of_dataclass(found) for found in dataclasses_of(MODULES).values()},
    **{found: _of_dataclass(found) for found in MODELS},
    **_PLAIN,
}
"""All that a tree may hold, beside text, whole numbers, booleans, ``None``, marks and texts."""

CHANGEABLE = frozenset({list, dict, Record, Mapping, Sequence})
"""Two of these are two, however much they look alike."""
