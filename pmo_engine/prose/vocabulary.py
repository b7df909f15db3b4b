"""The words that expressions are said with, and how the smaller parts of them are read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.temporal import TemporalError, WideDate, WideDateTime, parse_temporal
from pmo_engine.prose.values import joined, value_in_words

CLAUSES = (
    n.Comparison,
    n.Between,
    n.Membership,
    n.Not,
    n.Conjunction,
    n.Disjunction,
    n.Quantified,
    n.InstanceOf,
)
_MOMENTS = frozenset({t.DATE, t.DATE_TIME})
COMPOUND = (n.Conjunction, n.Disjunction, n.Conditional, n.Quantified)
IS = {"=": "", "!=": "not ", "<": "below ", "<=": "at most ", ">": "above ", ">=": "at least "}
IS_WHEN = {**IS, "<": "before ", "<=": "no later than ", ">": "after ", ">=": "no earlier than "}
ARITHMETIC = {"+": "plus", "-": "minus", "*": "times", "/": "divided by", "**": "to the power of"}
OF_LIST = {
    "sum": "the sum of",
    "min": "the least of",
    "max": "the greatest of",
    "mean": "the mean of",
    "median": "the median of",
}
OF_ONE = {
    "abs": "the absolute value of {}",
    "string length": "the length of {}",
    "floor": "{} rounded down",
    "ceiling": "{} rounded up",
    "upper case": "{} in capitals",
    "lower case": "{} in small letters",
    "day of week": "the day of the week of {}",
    "month of year": "the month of {}",
    "string": "{} as text",
}
ROUNDED = {
    "round up": "{} rounded up",
    "round down": "{} rounded down",
    "round half up": "{} rounded",
    "round half down": "{} rounded",
    "decimal": "{} rounded",
}
OF_ROLE = {"authority": "", "headroom": "what is left of "}
VERBS = {
    "contains": "contains",
    "list contains": "contains",
    "starts with": "starts with",
    "ends with": "ends with",
    "matches": "matches",
}
PLURAL = re.compile(r"[^siu]s$")
FROM_TEXT = frozenset({"date", "time", "date and time", "duration"})
GIVING_MOMENTS = frozenset({"date", "date and time", "today", "now"})


def are_constants(nodes: Iterable[n.Node]) -> bool:
    """Tell whether all of these are said as they stand."""
    return all(isinstance(node, n.Literal) for node in nodes)


def place(condition: n.Node) -> str | None:
    """Say which item a filter that is a number picks; None for any other filter."""
    if not (isinstance(condition, n.Literal) and isinstance(condition.value, Decimal)):
        return None
    number = condition.value
    if abs(number) == 1:
        return "the first" if number > 0 else "the last"
    end = "" if number > 0 else " from the end"
    return f"number {value_in_words(abs(number))}{end}"


def rounded(said: str, places: Decimal) -> str:
    """Say to how many decimal places something is rounded."""
    if places == 0:
        return f"{said} to a whole number"
    digits = value_in_words(places)
    return f"{said} to {digits} decimal place{'' if places == 1 else 's'}"


def read(text: str) -> str:
    """Say the date, time or duration that a text is."""
    try:
        return value_in_words(parse_temporal(text))
    except TemporalError:
        return value_in_words(text)


def type_name(type_: n.TypeName) -> str:
    """Say a type as it is written."""
    inner = [type_name(each) for each in type_.arguments]
    inner += [f"{name}: {type_name(each)}" for name, each in type_.entries]
    return f"{type_.name} of {joined(inner)}" if inner else type_.name


def is_clause(node: n.Node) -> bool:
    """Tell whether a call is said as a clause: "the title contains ..."."""
    match node:
        case n.Call(n.Name(name)):
            return name in VERBS or name == "is_known"
        case _:
            return False


def be(node: n.Node) -> str:
    """Choose the verb: a fact whose name is a plural takes "are"."""
    if isinstance(node, n.Call) and node.function == n.Name("working_days_between"):
        return "are"
    if not isinstance(node, n.Name | n.Path):
        return "is"
    return "are" if PLURAL.search(node.name) else "is"


def head_of(said: str) -> str:
    """Give the noun that something is called by: the "term" of a "term in years"."""
    return re.split(r" (?:in|of|per|over|for|by|at|on|with) ", said, maxsplit=1)[0]


def negation(holds: bool) -> str:  # noqa: FBT001 - read as "not, unless it holds"
    """Give "not " unless it holds."""
    return "" if holds else "not "


def is_moment(node: n.Node) -> bool:
    """Tell whether an expression is a day or a moment, which come before and after others."""
    match node:
        case n.Literal(value):
            return isinstance(value, date | WideDate | WideDateTime)
        case n.Name() | n.Path():
            return type_of(node) in _MOMENTS
        case n.Call(n.Name(name)):
            return name in GIVING_MOMENTS
        case n.Arithmetic("+" | "-", left, right):
            return is_moment(left) and not is_moment(right)
        case _:
            return False


def type_of(node: n.Node) -> t.Type:
    """Give the type that the checker found; anything where it did not."""
    return node.static_type or t.ANY
