"""What kind of thing a value is, by the standard's names, and whether it is of a type."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pmo_engine.feel import types as t
from pmo_engine.feel.nodes import TypeName
from pmo_engine.feel.temporal import Time, WideDate, WideDateTime, WideDuration
from pmo_engine.feel.values import (
    Builtin,
    EqualityTest,
    Function,
    Missing,
    Range,
    Record,
    missing_in,
)
from pmo_engine.model.durations import HourDuration, Months
from pmo_engine.model.money import Money

NUMBER, STRING, MONEY = "number", "string", "money"
DATE, TIME, DATE_TIME = "date", "time", "date and time"
DAYS, MONTHS = "days and time duration", "years and months duration"
ORDERED = frozenset({NUMBER, STRING, MONEY, DATE, TIME, DATE_TIME, DAYS, MONTHS})
QUANTITIES = frozenset({NUMBER, MONEY, DAYS, MONTHS})

KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: NUMBER,
    str: STRING,
    Money: MONEY,
    date: DATE,
    WideDate: DATE,
    Time: TIME,
    datetime: DATE_TIME,
    WideDateTime: DATE_TIME,
    timedelta: DAYS,
    HourDuration: DAYS,
    WideDuration: DAYS,
    Months: MONTHS,
    list: "list",
    dict: "context",
    Record: "context",
    Range: "range",
    EqualityTest: "range",
    Function: "function",
    Builtin: "function",
    Missing: "missing",
}


def kind(value: object) -> str:
    """Name the kind of a value; TypeError for what no expression can hold."""
    found = KINDS.get(type(value))
    if found is not None:
        return found
    for each in type(value).__mro__:
        if each in KINDS:
            return KINDS[each]
    raise TypeError(f"{type(value).__name__} is not a value of an expression")


def conforms(value: Any, expected: t.Type) -> bool:
    """Tell whether a value is of a type; null is of every type but ``Any`` asks nothing."""
    match expected:
        case t.Simple("any"):
            return True
        case _ if value is None:
            return expected == t.NULL
        case t.Simple(name):
            return kind(value) == name
        case t.MoneyType(currency):
            return isinstance(value, Money) and currency in {None, value.currency}
        case t.EnumType(values, closed):
            return value in values if closed else isinstance(value, str)
        case t.ListType(item):
            return isinstance(value, list) and all(_may_be(each, item) for each in value)
        case t.ContextType(entries):
            return isinstance(value, dict) and all(
                name in value and _may_be(value[name], each) for name, each in entries
            )
        case t.RangeType(item):
            return isinstance(value, Range | EqualityTest) and all(
                _may_be(e, item) for e in _ends(value)
            )
        case t.FunctionType(parameters):
            return isinstance(value, Function | Builtin) and _takes(value, len(parameters))


def is_instance(value: Any, written: TypeName) -> bool | Missing | None:
    """Work out ``value instance of type``: null is an instance of nothing but ``Null``."""
    if isinstance(value, Missing):
        return value
    expected = type_of(written)
    if expected is None:
        return None
    if isinstance(value, list | dict):
        return _is_made_of(value, expected)
    return conforms(value, expected) and (value is not None or expected == t.NULL)


def _is_made_of(value: list[Any] | dict[str, Any], expected: t.Type) -> bool | Missing:
    """Tell whether a list or context is of a type; open where that may hang on what is missing."""
    if conforms(value, expected):
        return True
    alike = isinstance(expected, t.ListType if isinstance(value, list) else t.ContextType)
    missing = missing_in(value) if alike else []
    return Missing.of(*missing) if missing else False


def is_argument(value: Any, written: TypeName | None) -> bool:
    """Tell whether a value may be given for a parameter of a type as written, if one is."""
    if written is None or isinstance(value, Missing):
        return True
    expected = type_of(written)
    return expected is not None and _may_be(value, expected)


def type_of(written: TypeName) -> t.Type | None:
    """Give the type that a type as written means; ``None`` where it means none."""
    parts = [type_of(each) for each in written.arguments]
    entries = [(name, type_of(each)) for name, each in written.entries]
    known = [part for part in parts if part is not None]
    fields = tuple((name, part) for name, part in entries if part is not None)
    if len(known) < len(parts) or len(fields) < len(entries):
        return None
    match written.name:
        case "list":
            return t.ListType(known[0] if known else t.ANY)
        case "range":
            return t.RangeType(known[0] if known else t.ANY)
        case "context":
            return t.ContextType(fields, open=True)
        case "function" if known:
            return t.FunctionType(tuple(known[:-1]), known[-1])
        case "money":
            return t.MoneyType()
        case name:
            return t.BY_NAME.get(name)


def _may_be(value: object, expected: t.Type) -> bool:
    return value is None or conforms(value, expected)


def _ends(value: Range | EqualityTest) -> tuple[Any, ...]:
    return (value.operand,) if isinstance(value, EqualityTest) else (value.low, value.high)


def _takes(function: Function | Builtin, count: int) -> bool:
    return isinstance(function, Builtin) or len(function.parameters) == count
