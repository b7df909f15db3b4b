"""Static checking: the type of an expression, and every problem that can be seen before run time.

What is of an unknown type (``ANY``) may be used for anything, so that nothing is rejected that
would come to a sensible result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.bounds import unbounded
from pmo_engine.feel.builtins import SIGNATURES
from pmo_engine.feel.checking.contradictions import CANDIDATES, contradictions
from pmo_engine.feel.checking.emptiness import of_nothing
from pmo_engine.feel.checking.frames import Frame
from pmo_engine.feel.checking.hints import (
    ONE_CURRENCY,
    ZONE_HINT,
    comparison_hint,
    field_hint,
    name_hint,
    quoted,
    sum_hint,
    summand,
    zone_message,
)
from pmo_engine.feel.checking.invocation import call_type
from pmo_engine.feel.checking.problems import Checked, Problem, Wanted
from pmo_engine.feel.checking.ranges import differences
from pmo_engine.feel.checking.texts import joined, looked_for, strange_texts
from pmo_engine.feel.compatibility import (
    arithmetic_type,
    comparable,
    currencies_differ,
    is_open,
    join,
    kind_of,
    ordered,
    type_of_value,
    zones_differ,
)
from pmo_engine.feel.functions import GOVERNANCE
from pmo_engine.feel.kinds import type_of
from pmo_engine.feel.properties import property_names, property_type
from pmo_engine.feel.walk import children
from pmo_engine.source.codes import (
    FUNCTION_AS_VALUE,
    MIXED_CURRENCIES,
    NOT_A_CONDITION,
    NOT_A_LIST,
    OF_NOTHING,
    UNKNOWN_FIELD,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Code,
    Severity,
)
from pmo_engine.source.diagnostics import closest, nearest

__all__ = ["Checked", "Problem", "check", "check_condition"]

_Typed: TypeAlias = tuple[n.Node, t.Type]

_OF_VALUES = (
    n.Comparison,
    n.Arithmetic,
    n.Negation,
    n.Between,
    n.Membership,
    n.ListLiteral,
    n.UnaryTest,
    n.Conjunction,
    n.Disjunction,
    n.Not,
)
"""What is made of values, and never of functions."""
_DATE_AND_MOMENT = {"date", "date and time"}
_COUNTABLE = (t.NUMBER, t.DATE)


def check(node: n.Node, names: Mapping[str, t.Type]) -> Checked:
    """Check an expression over names of known types."""
    checker = _Checker()
    return checker.checked(node, checker.type(node, Frame(names)))


def check_condition(node: n.Node, names: Mapping[str, t.Type]) -> Checked:
    """Check an expression that has to come to true or false."""
    checker = _Checker()
    return checker.checked(node, checker.condition(node, Frame(names)))


class _Checker:
    """One pass over a tree, collecting problems on the way to its type."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.types: dict[int, t.Type] = {}
        self.candidates: list[n.Node] = []
        self.partial: list[n.Node] = []
        self.told: set[int] = set()

    def checked(self, node: n.Node, found: t.Type) -> Checked:
        """Give what was found; of what is well-typed also whether it can hold, or goes wrong."""
        if all(problem.severity == "warning" for problem in self.problems):
            self.problems += contradictions(self.candidates, self.types)
            self.problems += of_nothing(node, self.partial, self.types)
        return Checked(found, tuple(sorted(self.problems)), self.types, node)

    def add(
        self,
        node: n.Node,
        code: Code,
        message: str,
        hint: str = "",
        severity: Severity = "error",
        wanted: Iterable[_Typed] = (),
        known: tuple[str, ...] = (),
    ) -> None:
        places = tuple(Wanted(each.start, each.end, type_) for each, type_ in wanted)
        found = Problem(node.start, node.end, code, message, hint, severity, places, known)
        self.problems.append(found)

    def type(self, node: n.Node, frame: Frame) -> t.Type:
        if isinstance(node, _OF_VALUES):
            for each in children(node):
                self._expect_value(each, frame)
        found = self.types[id(node)] = self._type(node, frame)
        if isinstance(node, CANDIDATES):
            self.candidates.append(node)
        return found

    def _type(self, node: n.Node, frame: Frame) -> t.Type:  # noqa: C901, PLR0911, PLR0912 - a case for each kind of node
        match node:
            case n.Literal(value):
                return type_of_value(value)
            case n.Name():
                return self._name(node, frame)
            case n.Path():
                return self._path(node, self.type(node.base, frame), node.name)
            case n.Comparison(operator, left, right):
                types = self.type(left, frame), self.type(right, frame)
                self._compare(node, operator, (left, types[0]), (right, types[1]))
                return t.BOOLEAN
            case n.Arithmetic():
                return self._arithmetic(node, frame)
            case n.Negation(operand):
                return self._negation(node, self.type(operand, frame))
            case n.Conjunction(operands) | n.Disjunction(operands):
                for each in operands:
                    self.condition(each, frame)
                return t.BOOLEAN
            case n.Not(operand):
                self.condition(operand, frame)
                return t.BOOLEAN
            case n.Between(value, low, high):
                self._between(node, [(each, self.type(each, frame)) for each in (value, low, high)])
                return t.BOOLEAN
            case n.Membership():
                return self._membership(node, frame)
            case n.UnaryTest(_, operand):
                return t.RangeType(self.type(operand, frame))
            case n.Conditional(condition, consequence, alternative):
                self.condition(condition, frame)
                return join(self.type(consequence, frame), self.type(alternative, frame))
            case n.ListLiteral(items):
                return t.ListType(join(*[self.type(item, frame) for item in items]))
            case n.ContextLiteral(entries):
                return self._context(entries, frame)
            case n.RangeLiteral():
                return self._range(node, frame)
            case n.Filter():
                return self._filter(node, frame)
            case n.ForLoop(iterators, body):
                inner = self._iterated(iterators, frame)
                return t.ListType(self.type(body, Frame({"partial": t.ListType(t.ANY)}, inner)))
            case n.Quantified(_, iterators, condition):
                self.condition(condition, self._iterated(iterators, frame))
                return t.BOOLEAN
            case n.InstanceOf(value, written):
                self.type(value, frame)
                self._written_type(written)
                return t.BOOLEAN
            case n.FunctionLiteral():
                return self.function(node, frame, ())
            case n.Call():
                found = call_type(self, node, frame)
                self.problems += looked_for(node, self.types)
                return found
            case _:
                raise TypeError(f"{type(node).__name__} is not an expression")

    def condition(self, node: n.Node, frame: Frame) -> t.Type:
        self._expect_value(node, frame)
        found = self.type(node, frame)
        if not is_open(found) and found != t.BOOLEAN:
            message = f"a condition is true or false, and this is {t.describe(found)}"
            hint = "compare it with something" if isinstance(node, n.Name | n.Path) else ""
            self.add(node, NOT_A_CONDITION, message, hint)
        return found

    def _expect_value(self, node: n.Node, frame: Frame) -> None:
        """Find the name of a function where the value that it gives is meant."""
        if isinstance(node, n.Name) and id(node) not in self.told and _is_function(node, frame):
            self.told.add(id(node))
            message = f"'{node.name}' is a function, and stands here for a value"
            known = frame.known()
            hint = name_hint(node.name, known) or f"write {node.name}(...)"
            self.add(node, FUNCTION_AS_VALUE, message, hint, known=quoted(node.name, known))

    def _name(self, node: n.Name, frame: Frame) -> t.Type:
        if id(node) in self.told:
            return t.ANY
        found = frame.find(node.name)
        if found is not None:
            return found
        if node.name in SIGNATURES or node.name in GOVERNANCE:
            return t.ANY
        known = frame.known()
        names = quoted(node.name, known) or closest(node.name, _names(known))
        hint = name_hint(node.name, known) or nearest(node.name, _names(known))
        self.add(node, UNKNOWN_NAME, f"unknown name '{node.name}'", hint, known=names)
        return t.ANY

    def _path(self, node: n.Path, base: t.Type, name: str, of: str = "") -> t.Type:
        if is_open(base):
            return t.ANY
        if isinstance(base, t.ListType):
            return t.ListType(self._path(node, base.item, name, "list"))
        if isinstance(base, t.ContextType):
            found, names = base.entry(name), [entry for entry, _ in base.entries]
            found = t.ANY if found is None and base.open else found
            what = f"'{base.name}'" if base.name else "the context"
        elif isinstance(base, t.RangeType) and name in {"start", "end"}:
            return base.item
        else:
            found, names = property_type(kind_of(base), name), list(property_names(kind_of(base)))
            what = t.describe(base)
        if found is None:
            message, start = f"{what} has no field '{name}'", max(node.end - len(name), 0)
            hint, near = nearest(name, names), closest(name, names)
            if not hint and isinstance(base, t.ContextType):
                hint = field_hint(base, name)
            of = of or kind_of(base)
            problem = Problem(start, node.end, UNKNOWN_FIELD, message, hint, known=near, of=of)
            self.problems.append(problem)
        return found or t.ANY

    def _arithmetic(self, node: n.Arithmetic, frame: Frame) -> t.Type:
        left, right = self.type(node.left, frame), self.type(node.right, frame)
        if currencies_differ(left, right):
            self._mixed(node, left, right)
            return t.ANY
        found = arithmetic_type(node.operator, left, right)
        if found is None:
            signs = f"'{node.operator}' does not go between"
            message = f"{signs} {t.describe(left)} and {t.describe(right)}"
            wanted = [(node.right, summand(left)), (node.left, summand(right))]
            self.add(node, WRONG_TYPE, message, sum_hint(left, right), wanted=wanted)
        elif node.operator == "-" and zones_differ(left, right):
            self.add(node, WRONG_TYPE, zone_message(left), ZONE_HINT)
        elif node.operator == "-" and {kind_of(left), kind_of(right)} == _DATE_AND_MOMENT:
            hint = comparison_hint(left, right)
            self.add(node, WRONG_TYPE, "a date counts from its midnight in UTC", hint, "warning")
        return joined(left, right, node) or found or t.ANY

    def _negation(self, node: n.Negation, operand: t.Type) -> t.Type:
        kinds = {"number", "money", "days and time duration", "years and months duration"}
        if not is_open(operand) and kind_of(operand) not in kinds:
            self.add(node, WRONG_TYPE, f"{t.describe(operand)} cannot be negated")
            return t.ANY
        return unbounded(operand)

    def _compare(
        self,
        node: n.Node,
        operator: str,
        left: _Typed,
        right: _Typed,
        severity: Severity = "error",
    ) -> None:
        equality = operator in {"=", "!="}
        if currencies_differ(left[1], right[1]):
            self._mixed(node, left[1], right[1], severity)
        elif not (comparable if equality else ordered)(left[1], right[1]):
            alike = kind_of(left[1]) == kind_of(right[1])
            both = f"{t.describe(left[1])} and {t.describe(right[1])}"
            message = f"{t.describe(left[1])} has no order" if alike else f"compares {both}"
            hint = comparison_hint(left[1], right[1])
            swapped = [(right[0], left[1]), (left[0], right[1])]
            self.add(node, WRONG_TYPE, message, hint, severity, swapped)
        elif zones_differ(left[1], right[1]):
            self.add(node, WRONG_TYPE, zone_message(left[1]), ZONE_HINT, severity)
        elif {kind_of(left[1]), kind_of(right[1])} == _DATE_AND_MOMENT:
            message = "a date is only equal to the moment at which it begins in UTC"
            self.add(node, WRONG_TYPE, message, comparison_hint(left[1], right[1]), "warning")
        elif equality:
            self.problems += strange_texts(left[1], right[0])
            self.problems += strange_texts(right[1], left[0])

    def _mixed(
        self, node: n.Node, left: t.Type, right: t.Type, severity: Severity = "error"
    ) -> None:
        both = f"{t.describe(left)} and {t.describe(right)}"
        self.add(node, MIXED_CURRENCIES, f"mixes {both}", ONE_CURRENCY, severity)

    def _between(self, node: n.Between, parts: Sequence[_Typed]) -> None:
        for end in parts[1:]:
            self._compare(node, "<=", parts[0], end)

    def _membership(self, node: n.Membership, frame: Frame) -> t.Type:
        value = (node.value, self.type(node.value, frame))
        self.problems += differences(node)
        for test in node.tests:
            if isinstance(test, n.UnaryTest):
                operand = (test.operand, self.type(test.operand, frame))
                self._compare(test, test.operator, value, operand)
                continue
            found = self.type(test, frame)
            item = found.item if isinstance(found, t.ListType) else found
            # Nothing is in a list that happens to be empty, whatever its items are.
            may_be_empty = isinstance(found, t.ListType) and not isinstance(test, n.ListLiteral)
            severity: Severity = "warning" if may_be_empty else "error"
            if isinstance(item, t.RangeType):
                self._compare(test, "<=", value, (test, item.item), severity)
            elif not isinstance(value[1], t.ListType):
                self._compare(test, "=", value, (test, item), severity)
        return t.BOOLEAN

    def _context(self, entries: Iterable[tuple[str, n.Node]], frame: Frame) -> t.Type:
        known: dict[str, t.Type] = {}
        inner = Frame(known, frame)
        for name, expression in entries:
            known[name] = self.type(expression, inner)
        return t.ContextType(tuple(known.items()))

    def _range(self, node: n.RangeLiteral, frame: Frame) -> t.Type:
        ends = [(end, self.type(end, frame)) for end in (node.low, node.high) if end is not None]
        if len(ends) > 1:
            self._compare(node, "<=", ends[0], ends[1])
        return t.RangeType(join(*[found for _, found in ends]))

    def _filter(self, node: n.Filter, frame: Frame) -> t.Type:
        base = self.type(node.base, frame)
        item = base.item if isinstance(base, t.ListType) else base
        entries = dict(item.entries) if isinstance(item, t.ContextType) else {}
        unsure = is_open(item) or (isinstance(item, t.ContextType) and item.open)
        inner = Frame({"item": item, **entries}, frame, is_open=unsure)
        condition = self.type(node.condition, inner)
        if condition == t.NUMBER:
            self.partial.append(node)
            return item
        if not is_open(condition) and condition != t.BOOLEAN:
            message = f"a filter is a condition or a number, and this is {t.describe(condition)}"
            self.add(node.condition, NOT_A_CONDITION, message)
        elif is_open(condition) and isinstance(base, t.ListType):
            self._unsure_filter(node.condition)
        return t.ListType(item) if condition == t.BOOLEAN else t.ANY

    def _unsure_filter(self, condition: n.Node) -> None:
        """Tell of a fact alone that may be a place in a list as well as a condition."""
        if isinstance(condition, n.Path):
            message = "this may be a condition, or a place in the list, at which nothing may be"
            hint = "write '= true' after a condition; for a place use a field that is a number"
            self.add(condition, OF_NOTHING, message, hint, severity="warning")

    def _iterated(self, iterators: Iterable[n.Iterator], frame: Frame) -> Frame:
        for each in iterators:
            frame = Frame({each.name: self._item(each, frame)}, frame)
        return frame

    def _item(self, iterator: n.Iterator, frame: Frame) -> t.Type:
        found = self.type(iterator.domain, frame)
        if iterator.until is not None:
            until = self.type(iterator.until, frame)
            self._compare(iterator, "<=", (iterator.domain, found), (iterator.until, until))
            found = t.RangeType(join(found, until))
        if isinstance(found, t.ListType):
            return found.item
        if isinstance(found, t.RangeType) and (is_open(found.item) or found.item in _COUNTABLE):
            return found.item
        if not is_open(found):
            what = "cannot be listed" if isinstance(found, t.RangeType) else "is not a list"
            message = f"goes over {t.describe(found)}, which {what}"
            self.add(iterator.domain, NOT_A_LIST, message)
        return t.ANY

    def _written_type(self, written: n.TypeName) -> t.Type:
        found = type_of(written)
        if found is None:
            hint = nearest(written.name, t.BY_NAME)
            self.add(written, WRONG_TYPE, f"unknown type '{written.name}'", hint)
        return found or t.ANY

    def function(self, node: n.FunctionLiteral, frame: Frame, given: Sequence[t.Type]) -> t.Type:
        """Check a function; ``given`` are the types it will be called with, where known."""
        types = [*given, *[t.ANY] * len(node.parameters)][: len(node.parameters)]
        for index, written in enumerate(node.types):
            if written is not None:
                types[index] = self._written_type(written)
        inner = Frame(dict(zip(node.parameters, types, strict=True)), frame)
        return t.FunctionType(tuple(types), self.type(node.body, inner), node.parameters)


def _is_function(node: n.Name, frame: Frame) -> bool:
    found = frame.find(node.name)
    if found is None:
        return node.name in SIGNATURES or node.name in GOVERNANCE
    return isinstance(found, t.FunctionType)


def _names(known: Mapping[str, t.Type]) -> set[str]:
    return {*known, *SIGNATURES, *GOVERNANCE}
