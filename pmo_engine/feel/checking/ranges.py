"""Ranges that are written as something else, which can be read and does not mean them."""

from __future__ import annotations

from collections.abc import Iterator

from pmo_engine.feel import nodes as n
from pmo_engine.feel.checking.problems import Problem
from pmo_engine.source.codes import NOT_AN_EXPRESSION


def differences(node: n.Membership) -> Iterator[Problem]:
    """Find ``in [4-9]``, a list of one number, which takes one end from the other."""
    for test in node.tests:
        match test:
            case n.ListLiteral((n.Arithmetic("-", n.Literal(), n.Literal()) as one,)):
                message = "this takes one value from the other, and is no range"
                yield Problem(one.start, one.end, NOT_AN_EXPRESSION, message, "write [low..high]")
