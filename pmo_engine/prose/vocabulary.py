"""The words that expressions are said with, and how the smaller parts of them are read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.temporal import TemporalError, WideDate, WideDateTime, parse_temporal
from pmo_engine.feel.walk import walk
from pmo_engine.model.patterns import pattern
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
LISTS = frozenset({"collect", "rule_order", "output_order"})  # hit policies that give several
OF_TWO = {"min": "the lesser of", "max": "the greater of"}
TWO = 2
CALLED: dict[tuple[str, int], str] = {
    ("abs", 1): "the absolute value of {}",
    ("string length", 1): "the length of {}",
    ("floor", 1): "{} rounded down",
    ("ceiling", 1): "{} rounded up",
    ("upper case", 1): "{} in capitals",
    ("lower case", 1): "{} in small letters",
    ("day of week", 1): "the day of the week of {}",
    ("month of year", 1): "the month of {}",
    ("day of year", 1): "the day of the year of {}",
    ("week of year", 1): "the week of the year of {}",
    ("string", 1): "{} as text",
    ("number", 1): "{} as a number",
    ("date", 1): "the day of {}",
    ("time", 1): "the time of day of {}",
    ("sqrt", 1): "the square root of {}",
    ("mode", 1): "what is most frequent among {}",
    ("product", 1): "the product of {}",
    ("stddev", 1): "the standard deviation of {}",
    ("distinct values", 1): "{}, each value once",
    ("reverse", 1): "{} in reverse order",
    ("flatten", 1): "{} as one list",
    ("sort", 1): "{} in order",
    ("sort", 2): "{} in the order of {}",
    ("modulo", 2): "what remains of {} divided by {}",
    ("index of", 2): "the places of {1} in {0}",
    ("union", 2): "{} together with {}, each value once",
    ("remove", 2): "{} without number {}",
    ("sublist", 2): "{} from number {} on",
    ("sublist", 3): "{0} from number {1} on, {2} of them",
    ("get or else", 2): "{} or, where that is not there, {}",
    ("get value", 2): "what {} has as {}",
    ("substring", 2): "{} from character {} on",
    ("substring", 3): "{0} from character {1} on, {2} of them",
    ("substring before", 2): "what stands in {} before {}",
    ("substring after", 2): "what stands in {} after {}",
    ("string join", 2): "{} put together with {}",
    ("split", 2): "the parts of {} between {}",
    ("replace", 3): "{0} with {2} in the place of {1}",
    ("years and months duration", 2): "the years and months from {} to {}",
    ("working_days_between", 2): "the working days from {} to {}",
}
"""What is said of functions by their names and how many values they are given."""
HOW_MANY = {
    "=": "exactly ",
    "<": "fewer than ",
    "<=": "at most ",
    ">": "more than ",
    ">=": "at least ",
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
    "contains": ("contains", "contain"),
    "list contains": ("includes", "include"),
    "starts with": ("starts with", "start with"),
    "ends with": ("ends with", "end with"),
    "matches": ("matches", "match"),
}
PLURAL = pattern(r"[^siu]s$")
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


def has_compound(node: n.Node) -> bool:
    """Tell whether "and" after a condition could be read as going on with what a filter asks."""
    filters = (each for each in walk(node) if isinstance(each, n.Filter))
    return any(isinstance(part, COMPOUND) for each in filters for part in walk(each.condition))


def be(node: n.Node) -> str:
    """Choose the verb: a fact whose name is a plural takes "are"."""
    if isinstance(node, n.Call) and node.function == n.Name("working_days_between"):
        return "are"
    if not isinstance(node, n.Name | n.Path):
        return "is"
    return "are" if PLURAL.search(node.name) else "is"


def head_of(said: str) -> str:
    """Give the noun that something is called by: the "term" of a "term in years"; "what" is one."""
    if said.startswith("what "):
        return "what"
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
