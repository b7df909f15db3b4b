"""How static types go together: which can be compared, what arithmetic and choice give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from pmo_engine.feel import types as t
from pmo_engine.feel.bounds import bounds_of, unbounded
from pmo_engine.feel.kinds import (
    DATE,
    DATE_TIME,
    DAYS,
    MONEY,
    MONTHS,
    NUMBER,
    ORDERED,
    STRING,
    TIME,
    kind,
)
from pmo_engine.feel.signatures import Signature
from pmo_engine.feel.temporal import Time, WideDateTime, zone_of
from pmo_engine.feel.values import EqualityTest, Range
from pmo_engine.model.money import Money

OPEN = frozenset({"any", "null"})

_SHIFTED = {(DATE, DAYS), (DATE, MONTHS), (DATE_TIME, DAYS), (DATE_TIME, MONTHS), (TIME, DAYS)}
_RESULTS: dict[str, dict[tuple[str, str], str]] = {
    "+": {
        **{(each, each): each for each in (NUMBER, STRING, MONEY, DAYS, MONTHS)},
        **{(value, by): value for value, by in _SHIFTED},
        **{(by, value): value for value, by in _SHIFTED},
    },
    "-": {
        **{(each, each): each for each in (NUMBER, MONEY, DAYS, MONTHS)},
        **{(left, right): DAYS for left in (DATE, DATE_TIME) for right in (DATE, DATE_TIME)},
        (TIME, TIME): DAYS,
        **{(value, by): value for value, by in _SHIFTED},
    },
    "*": {
        (NUMBER, NUMBER): NUMBER,
        **{(each, NUMBER): each for each in (MONEY, DAYS, MONTHS)},
        **{(NUMBER, each): each for each in (MONEY, DAYS, MONTHS)},
    },
    "/": {
        **{(each, NUMBER): each for each in (NUMBER, MONEY, DAYS, MONTHS)},
        **{(each, each): NUMBER for each in (MONEY, DAYS, MONTHS)},
    },
    "**": {(NUMBER, NUMBER): NUMBER},
}


def kind_of(type_: t.Type) -> str:
    """Give the kind of the values of a type; ``any`` where it is known only at run time."""
    match type_:
        case t.Simple(name):
            return name
        case t.EnumType():
            return STRING
        case t.MoneyType():
            return MONEY
        case t.ListType():
            return "list"
        case t.ContextType():
            return "context"
        case t.RangeType():
            return "range"
        case t.FunctionType():
            return "function"


def is_open(*types: t.Type) -> bool:
    """Tell whether one of the types says nothing, so that nothing can be wrong with it."""
    return any(kind_of(each) in OPEN for each in types)


def comparable(left: t.Type, right: t.Type) -> bool:
    """Tell whether values of two types can be equal; a date can equal the moment it begins."""
    kinds = {kind_of(left), kind_of(right)}
    return is_open(left, right) or len(kinds) == 1 or kinds == {DATE, DATE_TIME}


def ordered(left: t.Type, right: t.Type) -> bool:
    """Tell whether values of two types have an order."""
    kinds = {kind_of(left), kind_of(right)} - OPEN
    return len(kinds) <= 1 and kinds <= ORDERED


def currencies_differ(left: t.Type, right: t.Type) -> bool:
    """Tell whether two types are money in two currencies."""
    if not (isinstance(left, t.MoneyType) and isinstance(right, t.MoneyType)):
        return False
    return len({left.currency, right.currency} - {None}) > 1


def zones_differ(left: t.Type, right: t.Type) -> bool:
    """Tell whether one of two times, or two moments, has a zone and the other has none."""
    if not (isinstance(left, t.Simple) and isinstance(right, t.Simple)) or left != right:
        return False
    return {left.zoned, right.zoned} == {True, False}


def arithmetic_type(operator: str, left: t.Type, right: t.Type) -> t.Type | None:
    """Give the type of ``left operator right``; ``None`` where it never has a result."""
    if is_open(left, right):
        return t.ANY
    found = _RESULTS[operator].get((kind_of(left), kind_of(right)))
    if found == MONEY:
        return unbounded(join(*(each for each in (left, right) if isinstance(each, t.MoneyType))))
    for each in (left, right):
        if isinstance(each, t.Simple) and each.name == found:
            return unbounded(each)
    return t.BY_NAME[found] if found else None


def join(*types: t.Type) -> t.Type:
    """Give the type of a value that is of one of some types."""
    return reduce(_join, types) if types else t.ANY


def _join(left: t.Type, right: t.Type) -> t.Type:
    if left == right and bounds_of(left) != bounds_of(right):
        left, right = unbounded(left), unbounded(right)
    match left, right:
        case t.Simple(name, zoned), t.Simple(other, other_zoned) if name == other:
            return left if zoned == other_zoned else t.BY_NAME[name]
    if right in {left, t.NULL}:
        return left
    match left, right:
        case t.NULL, _:
            return right
        case t.MoneyType(), t.MoneyType():
            return t.MoneyType()
        case t.ListType(first), t.ListType(second):
            return t.ListType(_join(first, second))
        case t.RangeType(first), t.RangeType(second):
            return t.RangeType(_join(first, second))
        case t.EnumType(first, closed), t.EnumType(second, as_well):
            return t.EnumType(tuple(dict.fromkeys((*first, *second))), closed and as_well)
        case ((t.EnumType() | t.STRING), (t.EnumType() | t.STRING)):
            return t.STRING
        case _:
            return t.ANY


def type_of_value(value: Any) -> t.Type:
    """Give the type of a constant."""
    match value:
        case Money(currency=currency):
            return t.MoneyType(currency)
        case list():
            return t.ListType(join(*map(type_of_value, value)))
        case dict():
            return t.ContextType(tuple((k, type_of_value(each)) for k, each in value.items()))
        case Range(low, high):
            return t.RangeType(
                join(*(type_of_value(end) for end in (low, high) if end is not None))
            )
        case EqualityTest(_, operand):
            return t.RangeType(type_of_value(operand))
        case None:
            return t.NULL
        case Time() | datetime() | WideDateTime():
            return t.Simple(kind(value), zoned=zone_of(value) is not None)
        case _:
            return t.BY_NAME.get(kind(value), t.ANY)


def fits(given: t.Type, expected: t.Type) -> bool:
    """Tell whether a value of a type may do for a parameter, with the standard's conversions."""
    if is_open(given, expected):
        return True
    if isinstance(expected, t.ListType):
        return fits(given.item if isinstance(given, t.ListType) else given, expected.item)
    if isinstance(given, t.ListType):  # a list of one is taken for what it holds
        return fits(given.item, expected)
    if kind_of(given) == DATE and kind_of(expected) == DATE_TIME:
        return True
    if isinstance(given, t.FunctionType) and isinstance(expected, t.FunctionType):
        return len(given.parameters) == len(expected.parameters)
    return kind_of(given) == kind_of(expected)


def takes(signature: Signature, given: Sequence[t.Type], names: Sequence[str]) -> bool:
    """Tell whether a function can be called so with arguments of such types."""
    bound = signature.bind(given, names)
    if bound is None:
        return False
    last = len(signature.parameters) - 1
    return all(
        each is None or fits(each, signature.parameters[min(index, last)].type)
        for index, each in enumerate(bound)
    )


def unlike(signature: Signature, given: Sequence[t.Type | None]) -> tuple[t.Type, t.Type] | None:
    """Give two types among the arguments (or their items) between which a function has no result.

    Twice the same is one that it does not take.
    """
    if not signature.alike:
        return None
    looked_at = [_looked_at(signature, each) for each in given if each is not None]
    known = [each for each in looked_at if not is_open(each)]
    for each in known:
        if kind_of(each) not in signature.alike:
            return each, each
        mixed = currencies_differ(each, known[0]) or zones_differ(each, known[0])
        if kind_of(each) != kind_of(known[0]) or mixed:
            return known[0], each
    return None


def _looked_at(signature: Signature, given: t.Type) -> t.Type:
    if isinstance(given, t.RangeType):
        return given.item
    return given.item if isinstance(given, t.ListType) and not signature.variadic else given


def described(name: str, signature: Signature) -> str:
    """Write how a function is called."""
    parameters = ", ".join(
        f"{each.name}: {t.describe(each.type)}{'?' * each.optional}"
        for each in signature.parameters
    )
    return f"{name}({parameters}{', ...' * signature.variadic})"
