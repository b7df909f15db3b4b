"""Comparisons in English: with a value, between days, of how many there are, in a list."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pmo_engine.feel import nodes as n
from pmo_engine.feel.walk import walk
from pmo_engine.prose import vocabulary as v
from pmo_engine.prose.several import one_in_words
from pmo_engine.prose.values import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pmo_engine.prose.sentences import Speaker

_COUNTS = {
    (">", 0): True,
    (">=", 1): True,
    ("!=", 0): True,
    ("=", 0): False,
    ("<", 1): False,
    ("<=", 0): False,
}
"""What a comparison of a count says: that there is one, or that there is none."""

_OPPOSITE: Mapping[str, Literal[">", "<"]] = {"<=": ">", ">=": "<"}
"""How what is "not at most" and "not no later than" is said without a second no."""


def comparison_in_words(to: Speaker, node: n.Comparison, *, holds: bool) -> str:
    """Say that a comparison holds, or that it does not."""
    operator, left, right = node.operator, node.left, node.right
    if right == n.Literal(None) and operator in {"=", "!="}:
        a_value = "a value" if (operator == "!=") is holds else "no value"
        has = "has" if to.verb(left, holds=True) == "is " else "have"
        return f"{to.noun(left)} {has} {a_value}"
    if (there := _count(node)) is not None:
        listed, some = there
        return f"there is {'at least one' if some is holds else 'no'} {one_in_words(to, listed)}"
    if operator == "!=":
        operator, holds = "=", not holds
    if not holds and to.sure is None and operator in _OPPOSITE:
        operator, holds = _OPPOSITE[operator], True
    match left, right:
        case n.Path(), n.Literal(bool() as value) if operator == "=":
            return to.clause(left, holds=holds is value)
    if (days := _days(left)) is not None and isinstance(right, n.Literal):
        unit, start, end = days
        number = f"{v.HOW_MANY[operator]}{to.noun(right)} {unit}"
        be = "are"
        if right.value == 1:
            be, number = "is", number.removesuffix("s")
        return f"there {be} {v.negation(holds)}{number} from {to.noun(start)} to {to.noun(end)}"
    verbs = v.IS_WHEN if v.is_moment(left) or v.is_moment(right) else v.IS
    with _speaking_once(to, left, right):
        one = to.side(left)
        return f"{one} {to.verb(left, holds=holds)}{verbs[operator]}{to.side(right)}"


def _count(node: n.Comparison) -> tuple[n.Node, bool] | None:
    """Give the list of which a count is compared, and whether that says that there is one."""
    match node:
        case n.Comparison(operator, n.Call(n.Name("count"), (listed,)), n.Literal(Decimal() as of)):
            some = _COUNTS.get((operator, int(of))) if of == int(of) else None
            base = listed.base if isinstance(listed, n.Filter) else listed
            return (listed, some) if some is not None and isinstance(base, n.Name) else None
        case _:
            return None


def _days(node: n.Node) -> tuple[str, n.Node, n.Node] | None:
    """Give between what an expression counts days, and of which sort they are."""
    match node:
        case n.Path(n.Arithmetic("-", end, start), "days"):
            return "days", start, end
        case n.Call(n.Name("working_days_between"), (start, end)):
            return "working days", start, end
        case _:
            return None


@contextmanager
def _speaking_once(to: Speaker, left: n.Node, right: n.Node) -> Iterator[None]:
    """Speak of a record once in a comparison of its own fields: "the line's cost, its plan"."""
    root = _only_record(left, right)
    if root is None:
        yield
    else:
        with to.pronoun_for(root):
            yield


def _only_record(left: n.Node, right: n.Node) -> str | None:
    """Give the record whose fields are all that both sides speak of."""
    roots = set()
    for side in (left, right):
        paths = [each for each in walk(side) if isinstance(each, n.Path)]
        if any(not isinstance(each, _PLAIN) for each in walk(side)):
            return None
        bases = [each.base for each in paths if isinstance(each.base, n.Name)]
        bare = [each for each in walk(side) if isinstance(each, n.Name)]
        if len(bases) != len(bare):
            return None
        roots |= {each.name for each in bases}
    return roots.pop() if len(roots) == 1 else None


_PLAIN = (n.Path, n.Name, n.Literal, n.Arithmetic)


def membership_in_words(to: Speaker, node: n.Membership, *, holds: bool) -> str:
    """Say that a value is one of some, or that it is not."""
    value, tests = node.value, node.tests
    match tests:
        case (n.ListLiteral(items),) if items and v.are_constants([value]):
            if not v.are_constants(items):
                one = "one of" if holds else "none of"
                said = joined([to.noun(each) for each in items], "or" if holds else "and")
                return f"{one} {said} is {to.noun(value)}"
            return _is(to, value, tests, holds=holds)
        case _:
            return _is(to, value, tests, holds=holds)


def _is(to: Speaker, value: n.Node, tests: Sequence[n.Node], *, holds: bool) -> str:
    """Say that something is one of several, or neither this nor that."""
    say: Callable[[Speaker, n.Node, n.Node], str] = test_in_words
    match tests:
        case (n.ListLiteral(items),) if items:
            say, tests = _item_in_words, items
        case _:
            pass
    said, one = to.noun(value), len(tests) == 1
    verb = to.verb(value, holds=holds or not one)
    each = [say(to, test, value) for test in tests]
    listed = joined(each, "or") if holds or one else f"neither {joined(each, 'nor')}"
    return f"{said} {verb}{listed}"


def _item_in_words(to: Speaker, item: n.Node, value: n.Node) -> str:
    """Say an item of a list: its value, or for a range what lies in it."""
    return test_in_words(to, item, value) if isinstance(item, n.RangeLiteral) else to.noun(item)


def test_in_words(to: Speaker, test: n.Node, value: n.Node) -> str:
    """Say a test of a value without the value: "above 5", "scope", "at least 1 and below 3"."""
    match test:
        case n.UnaryTest(operator, operand):
            verbs = v.IS_WHEN if v.is_moment(value) or v.is_moment(operand) else v.IS
            return f"{verbs[operator]}{to.noun(operand)}"
        case n.RangeLiteral():
            return range_in_words(to, test)
        case n.ListLiteral(items) if items:
            return f"one of {joined([_item_in_words(to, each, value) for each in items], 'or')}"
        case n.Literal():
            return to.noun(test)
        case _:
            return f"in {to.noun(test)}"


def range_in_words(to: Speaker, node: n.RangeLiteral) -> str:
    """Say the ends of a range."""
    ends = []
    if node.low is not None:
        ends.append(f"{v.IS['>=' if node.low_included else '>']}{to.noun(node.low)}")
    if node.high is not None:
        ends.append(f"{v.IS['<=' if node.high_included else '<']}{to.noun(node.high)}")
    return " and ".join(ends)
