"""Conditions in normal form: the branches in which one is true and those in which it is false.

A branch is a conjunction of tests of attributes, and becomes one rule of the library. A test of
an attribute that is not there fails, so where neither form has a branch that holds, the
condition is not known (or null): its meaning is the tracing walk's to say.
"""

from __future__ import annotations

import operator as python
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.feel.nodes import ComparisonOperator
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.engines.durable.encoding import Code

_OPERATORS = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
_PYTHON = {
    "=": python.eq,
    "!=": python.ne,
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}
OPPOSITE: dict[ComparisonOperator, ComparisonOperator] = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}
MIRRORED: dict[ComparisonOperator, ComparisonOperator] = {
    "=": "=",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}


@dataclass(frozen=True, slots=True)
class Test:
    """One test of an attribute, against a constant or (with ``attribute``) another attribute."""

    attribute: str
    operator: ComparisonOperator
    against: Code
    other: bool = False  # ``against`` names an attribute

    @property
    def attributes(self) -> tuple[str, ...]:
        """Name the attributes that it looks at."""
        return (self.attribute, str(self.against)) if self.other else (self.attribute,)

    def patterns(self) -> list[dict[str, Any]]:
        """Say it in the library's words."""
        right: Any = {"$m": self.against} if self.other else self.against
        test: dict[str, Any] = {self.attribute: right}
        if self.operator != "=":
            test = {_OPERATORS[self.operator]: test}
        # The library takes a comparison with an attribute that is not there for true.
        return [{"$ex": {self.against: 1}}, test] if self.other else [test]


Branch: TypeAlias = tuple[Test, ...]
Form: TypeAlias = tuple[Branch, ...]
ALWAYS: Form = ((),)
NEVER: Form = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """When a condition is true, and when it is false."""

    true: Form
    false: Form

    def negated(self) -> Pair:
        """Swap the two."""
        return Pair(self.false, self.true)


def constant(*, holds: bool) -> Pair:
    """Be true or false in every case."""
    return Pair(ALWAYS, NEVER) if holds else Pair(NEVER, ALWAYS)


def checked(
    attribute: str, operator: ComparisonOperator, against: Code, *, other: bool = False
) -> Pair:
    """Test an attribute; false is the opposite test, not the absence of the first."""
    return Pair(
        ((Test(attribute, operator, against, other),),),
        ((Test(attribute, OPPOSITE[operator], against, other),),),
    )


def is_flag(attribute: str, value: int) -> Form:
    """Hold where the attribute is there and has this value."""
    return ((Test(attribute, "=", value),),)


def either(*forms: Form) -> Form:
    """Hold where one of the forms does."""
    return tuple(dict.fromkeys(branch for form in forms for branch in form))


def both(*forms: Form) -> Form:
    """Hold where all of the forms do; the product of their branches."""
    return reduce(_product, forms, ALWAYS)


def conjunction(pairs: Iterable[Pair]) -> Pair:
    """Kleene's and."""
    pairs = list(pairs)
    return Pair(both(*(pair.true for pair in pairs)), either(*(pair.false for pair in pairs)))


def disjunction(pairs: Iterable[Pair]) -> Pair:
    """Kleene's or."""
    return conjunction(pair.negated() for pair in pairs).negated()


def pattern(branch: Branch) -> dict[str, Any]:
    """Give the library's pattern over one fact."""
    patterns = [each for test in branch for each in test.patterns()]
    if not patterns:
        return {"kind": "case"}
    return {"$and": patterns} if len(patterns) > 1 else patterns[0]


def _product(left: Form, right: Form) -> Form:
    joined = (tuple(dict.fromkeys((*a, *b))) for a in left for b in right)
    return tuple(dict.fromkeys(branch for branch in joined if not _impossible(branch)))


def _impossible(branch: Branch) -> bool:
    """Tell whether an attribute is to equal a constant that fails another test of it."""
    fixed = {t.attribute: t.against for t in branch if t.operator == "=" and not t.other}
    return any(
        test.attribute in fixed
        and not test.other
        and not _PYTHON[test.operator](fixed[test.attribute], test.against)
        for test in branch
    )
