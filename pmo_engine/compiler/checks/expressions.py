"""Checks of expressions: values that there may not be, for facts as the types allow them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.acts import is_known
from pmo_engine.compiler.checks.check import check
from pmo_engine.compiler.table_findings.axes import constant
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.counting import AS_ENTERED
from pmo_engine.feel.functions import role_and_act
from pmo_engine.feel.walk import children, walk
from pmo_engine.model.vocabulary import LEFT_OUT
from pmo_engine.policy.selection import holders_of
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Expression, InForce, Policy, Rule, Table, TableRow

_OPERATIONS = (
    *(n.Comparison, n.Arithmetic, n.Between, n.Negation),
    *(n.Membership, n.UnaryTest, n.RangeLiteral),
)


@check(codes.NO_LIMIT_TO_COMPARE)
def limits_can_be_compared(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of comparisons with the limit of a role that has none: they come to nothing."""
    for rule in policy.rules:
        yield from compared_with_none(policy, rule)


def compared_with_none(policy: Policy, rule: Rule) -> Iterator[Diagnostic]:
    """Warn of the comparisons of one rule with the limit of a role that has none."""
    for text in rule.expressions:
        if "authority" in text.text or "headroom" in text.text:
            yield from _without_limit(policy, text, rule.in_force)


def _without_limit(policy: Policy, text: Expression, span: InForce) -> Iterator[Diagnostic]:
    for node in walk(text.node):
        for part in children(node) if isinstance(node, _OPERATIONS) else ():
            if not isinstance(part, n.Call) or (asked := _limit_asked(part)) is None:
                continue
            function, role, act = asked
            if not is_known(policy, act):
                continue
            if any(not _is_limited(policy, *asked, day) for day in _days(policy, role, act, span)):
                what = "cumulative limit" if function == "headroom" else "limit"
                message = f"'{role}' has no {what} to '{act}', and nothing compares with none"
                hint = "give it one, or ask 'least_senior' who may"
                yield at(text.place(part), codes.NO_LIMIT_TO_COMPARE, message, hint)


@check(codes.OF_WHAT_IS_LEFT_OUT)
def sums_are_of_what_counts(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of sums, counts and extremes that ask for what was refused or is blocked."""
    for rule in policy.rules:
        for text in rule.expressions:
            yield from _of_what_is_left_out(text)


def _of_what_is_left_out(text: Expression) -> Iterator[Diagnostic]:
    for each in walk(text.node):
        if not isinstance(each, n.Filter) or (name := _counted(each.base)) is None:
            continue
        for asked in walk(each.condition):
            if word := _left_out(asked):
                message = f"what is {word} is in no sum or count of '{name}' anyway"
                hint = f"leave it out, or write {AS_ENTERED}({name}) for all of them"
                yield at(text.place(asked), codes.OF_WHAT_IS_LEFT_OUT, message, hint)


def _counted(node: n.Node) -> str | None:
    """Name the register that a list is of, where its records are those that count."""
    while isinstance(node, n.Filter | n.Path):
        node = node.base
    return node.name if isinstance(node, n.Name) and node.counted else None


def _left_out(node: n.Node) -> str | None:
    """Give the first word of a question for a standing that is in no sum."""
    match node:
        case n.Comparison("=", one, other):
            sides: tuple[n.Node, ...] = (one, other)
        case n.Membership(value, tests):
            sides = (value, *(part for test in tests for part in walk(test)))
        case _:
            return None
    if not any(_is_standing(each) for each in sides):
        return None
    words = (each.value for each in sides if isinstance(each, n.Literal))
    return next((str(word) for word in words if word in LEFT_OUT), None)


def _is_standing(node: n.Node) -> bool:
    return isinstance(node, n.Name | n.Path) and node.name in {"standing", "status"}


def _limit_asked(node: n.Call) -> tuple[str, str, str] | None:
    match node.function:
        case n.Name("authority" | "headroom" as function) if found := role_and_act(node):
            return function, found[0], found[1]
        case _:
            return None


def _days(policy: Policy, role: str, act: str, span: InForce) -> list[date]:
    """Give the days from which the role's limits differ, while a rule is in force."""
    first = max(policy.in_force_from or date.min, span.start or date.min)
    terms = policy.terms.get(role)
    own = (item for item in (terms.authority if terms else ()) if item.act == act)
    starts = {limit.start for item in own for limit in item.limits if limit.start is not None}
    return [first, *(day for day in sorted(starts) if day > first and day in span)]


def _is_limited(policy: Policy, function: str, role: str, act: str, day: date) -> bool:
    """Tell whether a limit is there: of each case for ``authority``, in sum for ``headroom``."""
    limits = dict(holders_of(policy, act, day)).get(role, ())
    in_sum = function == "headroom"
    return any(
        (item.cumulative is not None) == in_sum
        and limit.value is not None
        and not item.is_conditional
        for item, limit in limits
    )


@check(codes.MAY_FAULT)
def values_are_there(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of values that there may not be for some facts, where nothing beside them asks."""
    for rule in policy.rules:
        for text in rule.expressions:
            yield from _partial(text, text.node, ())
    for table in policy.tables.values():
        for row in table.rows:
            for text in (*row.when, *row.then):
                yield from _partial(text, text.node, tuple(_asked_in(table, row)))


def _asked_in(table: Table, row: TableRow) -> Iterator[n.Node]:
    """Name the columns that a row has a test of."""
    for column, cell in zip(table.inputs, row.when, strict=True):
        if cell.node != n.Literal(True):  # noqa: FBT003 - what a cell is that everything passes
            yield n.Name(column.name)


def _partial(text: Expression, node: n.Node, beside: tuple[n.Node, ...]) -> Iterator[Diagnostic]:
    """Go down a tree with what is asked beside each part, which may keep it from a fault."""
    if (found := _missing(text, node, beside)) is not None:
        message, hint = found
        yield at(text.place(node), codes.MAY_FAULT, message, hint)
    yield from _below(text, node, beside)


def _missing(text: Expression, node: n.Node, beside: tuple[n.Node, ...]) -> tuple[str, str] | None:
    """Say why a part may have no value, and the way out; None where it has one."""
    match node:
        case n.Arithmetic("/", _, value) | n.Call(n.Name("modulo"), (_, value)):
            why, way_out = "may be 0, and nothing is divided by it", "ask {value} != 0 first"
        case n.Call(n.Name("sqrt"), (value,)):
            why, way_out = "may be below zero, and has no root then", "ask {value} >= 0 first"
        case n.Call(n.Name("log"), (value,)):
            why, way_out = (
                "may not be above zero, and has no logarithm then",
                "ask {value} > 0 first",
            )
        case n.Call(n.Name(name), (value, *_)) if _reads(name, value):
            why = f"may not be written as a {_READ[name]}, and is none then"
            way_out = "write get or else({call}, ...), or ask is defined({call}) first"
        case _:
            return None
    if not _varies(value):
        return _never(text, node, value)
    if _asks(beside, node, value, *_bases(value)):
        return None
    written, call = (text.text[part.start : part.end] for part in (value, node))
    return f"'{written}' {why}", way_out.format(value=written, call=call)


def _never(text: Expression, node: n.Node, value: n.Node) -> tuple[str, str] | None:
    """Say why a part has no value, whatever the facts, as it is made of a constant."""
    found, written = constant(value), text.text[value.start : value.end]
    match node:
        case n.Arithmetic() | n.Call(n.Name("modulo")) if found == 0:
            return "nothing is divided by 0", ""
        case n.Call(n.Name("sqrt")) if isinstance(found, Decimal) and found < 0:
            return f"'{written}' is below zero, and has no root", ""
        case n.Call(n.Name("log")) if isinstance(found, Decimal) and found <= 0:
            return f"'{written}' is not above zero, and has no logarithm", ""
        case n.Call(n.Name(name), (n.Literal(str(word)),)) if name in _READ:
            wrong = BUILTINS[name].call([word], ()) is None
            return (f"{written} is no {_READ[name]}", _WRITTEN[name]) if wrong else None
        case _:
            return None


_WRITTEN = {
    "number": "a number has figures and a point alone",
    "date": 'as in "2026-03-31"',
    "time": 'as in "17:00:00"',
    "date and time": 'as in "2026-03-31T17:00:00Z"',
    "duration": 'as in "P3D" for 3 days, "P2M" for 2 months, "PT4H" for 4 hours',
}
_READ = {
    "number": "number",
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "duration": "duration",
}
_WAYS_OUT = ("get or else", "is defined")


def _reads(name: str, value: n.Node) -> bool:
    """Tell whether a function reads a text that may be anything."""
    return name in _READ and value.static_type == t.STRING


def _varies(value: n.Node) -> bool:
    called = {id(part.function) for part in walk(value) if isinstance(part, n.Call)}
    return any(isinstance(part, n.Name) and id(part) not in called for part in walk(value))


def _below(text: Expression, node: n.Node, beside: tuple[n.Node, ...]) -> Iterator[Diagnostic]:
    match node:
        case n.Conjunction(operands) | n.Disjunction(operands):
            for each in operands:
                others = tuple(other for other in operands if other is not each)
                yield from _partial(text, each, (*beside, *others))
        case n.Conditional(condition, consequence, alternative):
            yield from _partial(text, condition, beside)
            for each in (consequence, alternative):
                yield from _partial(text, each, (*beside, condition))
        case n.Filter(base, condition):
            yield from _partial(text, base, beside)
            yield from _partial(text, condition, (*beside, base))
        case n.Call(n.Name(name), (_, *others)) if name in _WAYS_OUT:
            for each in others:
                yield from _partial(text, each, beside)
        case _:
            for each in children(node):
                yield from _partial(text, each, beside)


def _asks(beside: tuple[n.Node, ...], *values: n.Node) -> bool:
    """Tell whether what stands beside asks about one of some values."""
    return any(part in values for each in beside for part in walk(each))


def _bases(value: n.Node) -> Iterator[n.Node]:
    """Give what a value is of, the record in hand apart."""
    while isinstance(value, n.Path):
        value = value.base
        if not isinstance(value, n.Name):
            yield value
