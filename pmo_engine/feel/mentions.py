"""The roles and acts that an expression names in functions of governance, each with its offset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from pmo_engine.feel.functions import LEAST_SENIOR, literal_arguments
from pmo_engine.feel.nodes import Call, Comparison, ListLiteral, Literal, Membership, Name, Node
from pmo_engine.feel.walk import walk

Named: TypeAlias = tuple[str, int]
ROLE_FUNCTIONS = ("authority", "headroom")


def roles_named(node: Node) -> Iterator[Named]:
    """Give the roles that are asked about, and those with which the least senior is compared."""
    for function in ROLE_FUNCTIONS:
        yield from ((role, at) for role, _, at in literal_arguments(node, function))
    for each in walk(node):
        match each:
            case Comparison("=" | "!=", one, other) if _asks(one) or _asks(other):
                yield from (*_texts(one), *_texts(other))
            case Membership(value, tests) if _asks(value):
                yield from (found for test in tests for found in _texts(test))


def acts_named(node: Node) -> Iterator[Named]:
    """Give the acts that are asked about; one of no literal text is the text "" at its call."""
    for function in ROLE_FUNCTIONS:
        yield from ((act, at) for _, act, at in literal_arguments(node, function))
    yield from acts_sought(node)


def acts_sought(node: Node) -> Iterator[Named]:
    """Give the acts for which somebody is looked for, as ``acts_named`` does."""
    for each in walk(node):
        if isinstance(each, Call) and _asks(each) and each.arguments:
            given = dict(zip(each.names or ("act",), each.arguments, strict=False))
            yield from list(_texts(given.get("act"))) or [("", each.start)]


def _asks(node: Node) -> bool:
    return isinstance(node, Call) and node.function == Name(LEAST_SENIOR)


def _texts(node: Node | None) -> Iterator[Named]:
    match node:
        case Literal(str() as text):
            yield text, node.start
        case ListLiteral(items):
            yield from (found for item in items for found in _texts(item))
