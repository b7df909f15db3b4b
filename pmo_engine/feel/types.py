"""Static types of expressions, and their names in people's words."""

from __future__ import annotations

from dataclasses import field
from typing import Any, TypeAlias

from pmo_engine.model.frozen import dataclass
from pmo_engine.source.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which values of an ordered type may be given: from one to another, both included.

    ``whole``: whole numbers alone; ``percent``: so many of a hundred; ``among``: no others than
    these. ``mark`` is where that is said.
    """

    low: Any = None
    high: Any = None
    whole: bool = False
    percent: bool = False
    among: tuple[Any, ...] = ()
    mark: Mark | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Simple:
    """A type without parts, by its standard name.

    Of times and moments, ``zoned`` tells those with an offset from UTC from those without; ``None``
    where that is known only at run time. ``bounds`` are those of a field's values; with or without
    them a type is the same.
    """

    name: str
    zoned: bool | None = field(default=None, compare=False)
    bounds: Bounds | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class MoneyType:
    """An amount of money; a currency of ``None`` is one that is known only at run time."""

    currency: str | None = None
    bounds: Bounds | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class EnumType:
    """A string that is one of a few; one that is not ``closed`` may be another, unexpectedly."""

    values: tuple[str, ...]
    closed: bool = True


@dataclass(frozen=True, slots=True)
class ListType:
    """A list of items of one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class ContextType:
    """A context or record; one that is ``open`` may have entries beside those named."""

    entries: tuple[tuple[str, Type], ...]
    name: str = ""
    open: bool = False

    def entry(self, name: str) -> Type | None:
        """Give the type of one entry, ``None`` where it is not declared."""
        return dict(self.entries).get(name)


@dataclass(frozen=True, slots=True)
class RangeType:
    """A range between two values of one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function of so many parameters; ``names`` is empty where they have none."""

    parameters: tuple[Type, ...]
    result: Type
    names: tuple[str, ...] = field(default=(), compare=False)


Type: TypeAlias = Simple | MoneyType | EnumType | ListType | ContextType | RangeType | FunctionType

ANY = Simple("any")
NULL = Simple("null")
NUMBER = Simple("number")
STRING = Simple("string")
BOOLEAN = Simple("boolean")
DATE = Simple("date")
TIME = Simple("time")
DATE_TIME = Simple("date and time")
DAYS_TIME_DURATION = Simple("days and time duration")
YEARS_MONTHS_DURATION = Simple("years and months duration")
MOMENT = Simple(DATE_TIME.name, zoned=True)
"""A date and time as facts have it: with its zone, so that it is one moment everywhere."""

BY_NAME: dict[str, Type] = {
    "Any": ANY,
    "Null": NULL,
    **{
        each.name: each
        for each in (
            NUMBER,
            STRING,
            BOOLEAN,
            DATE,
            TIME,
            DATE_TIME,
            DAYS_TIME_DURATION,
            YEARS_MONTHS_DURATION,
        )
    },
}
"""The types without parts by the names that expressions call them."""


def describe(type_: Type) -> str:
    """Say what a type is, in people's words: ``a number``, ``a list of dates``."""
    match type_:
        case Simple(bounds=bounds):
            return _bounded(_SIMPLE.get(type_, f"a {type_.name}"), bounds)
        case MoneyType(currency, bounds):
            return _bounded(f"money in {currency}" if currency else "money", bounds)
        case EnumType(values):
            return "one of " + ", ".join(values)
        case ListType(item):
            return "a list" if item == ANY else f"a list ({describe(item)} each)"
        case ContextType(name=name):
            return f"a record ({name})" if name else "a context"
        case RangeType(item):
            return "a range" if item == ANY else f"a range (of {describe(item)})"
        case FunctionType(parameters, result):
            count = len(parameters)
            gives = "" if result == ANY else f" that gives {describe(result)}"
            return f"a function of {count} argument{'s' * (count != 1)}{gives}"


def _bounded(said: str, bounds: Bounds | None) -> str:
    if bounds is None:
        return said
    said = "a percentage" if bounds.percent else said
    said = said.replace("a ", "a whole ", 1) if bounds.whole and not bounds.percent else said
    if bounds.among:
        return f"{said} among {', '.join(map(str, bounds.among))}"
    low = "" if bounds.low is None else f" from {bounds.low}"
    high = "" if bounds.high is None else f" {'to' if low else 'up to'} {bounds.high}"
    return f"{said}{low}{high}"


_SIMPLE = {
    ANY: "anything",
    NULL: "null",
    STRING: "text",
    BOOLEAN: "true or false",
    DAYS_TIME_DURATION: "a duration in days and time",
    YEARS_MONTHS_DURATION: "a duration in years and months",
}
