"""Checking calls: which way of calling a function the arguments fit, and what it then gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pmo_engine.policy.feel import nodes as n
from pmo_engine.policy.feel import types as t
from pmo_engine.policy.feel.builtins import SIGNATURES
from pmo_engine.policy.feel.calls import problems_of_call
from pmo_engine.policy.feel.compatibility import (
    currencies_differ,
    described,
    is_open,
    takes,
    unlike,
)
from pmo_engine.policy.feel.frames import Frame
from pmo_engine.policy.feel.functions import GOVERNANCE, role_and_act
from pmo_engine.policy.feel.problems import MIXED_CURRENCIES, NOT_LITERAL, WRONG_ARGUMENTS, Problem
from pmo_engine.policy.feel.signatures import Signature

_CLOCK = {"now", "today"}
# The parameters of functions that a function is given to: which arguments they will have.
_GIVEN_TO = {"sort": ("item", "item"), "list replace": ("item", "newItem")}


class Checking(Protocol):
    """What a check of a call needs of the check of an expression."""

    problems: list[Problem]

    def type(self, node: n.Node, frame: Frame) -> t.Type:
        """Give the type of an expression."""

    def function(self, node: n.FunctionLiteral, frame: Frame, given: Sequence[t.Type]) -> t.Type:
        """Give the type of a function that will be called with such arguments."""

    def add(self, node: n.Node, code: str, message: str, hint: str = "") -> None:
        """Note a problem."""


def call_type(checker: Checking, node: n.Call, frame: Frame) -> t.Type:
    """Give the type of what a call gives."""
    name = node.function.name if isinstance(node.function, n.Name) else ""
    known = frame.find(name)
    if known is None and name in SIGNATURES:
        return _signatures(checker, node, SIGNATURES[name], _arguments(checker, node, frame))
    if known is None and name in GOVERNANCE:
        return _governance(checker, node, name, frame)
    function = checker.type(node.function, frame)
    arguments = [checker.type(each, frame) for each in node.arguments]
    if name in _CLOCK and not arguments:
        return function
    if isinstance(function, t.FunctionType):
        _applied(checker, node, function, arguments)
        return function.result
    if not is_open(function):
        checker.add(node, WRONG_ARGUMENTS, f"{t.describe(function)} is not a function")
    return t.ANY


def _applied(
    checker: Checking, node: n.Call, function: t.FunctionType, arguments: Sequence[t.Type]
) -> None:
    wanted = len(function.parameters)
    if len(function.names) == wanted:
        name = node.function.name if isinstance(node.function, n.Name) else "the function"
        checker.problems += problems_of_call(node, name, function, arguments)
    elif len(arguments) != wanted:
        message = f"the function takes {wanted} arguments, not {len(arguments)}"
        checker.add(node, WRONG_ARGUMENTS, message)


def _governance(checker: Checking, node: n.Call, name: str, frame: Frame) -> t.Type:
    function = GOVERNANCE[name]
    if function.names_role_and_act and role_and_act(node) is None:
        hint = f'{name}("project_manager", "approve change_request")'
        checker.add(node, NOT_LITERAL, f"'{name}' takes a role and an act as texts", hint)
        return function.result
    arguments = _arguments(checker, node, frame)
    return _signatures(checker, node, (function.calling(print),), arguments)


def _signatures(
    checker: Checking, node: n.Call, signatures: Sequence[Signature], arguments: Sequence[t.Type]
) -> t.Type:
    fitting = next((each for each in signatures if takes(each, arguments, node.names)), None)
    if fitting is None:
        given = ", ".join(t.describe(each) for each in arguments) or "nothing"
        _refused(checker, node, given, signatures)
        return t.ANY
    bound = fitting.bind(arguments, node.names) or []
    if apart := unlike(fitting, bound):
        if currencies_differ(*apart):
            both = " and ".join(map(t.describe, apart))
            checker.add(node, MIXED_CURRENCIES, f"mixes {both}")
        else:
            _refused(checker, node, " and ".join(dict.fromkeys(map(t.describe, apart))), signatures)
        return t.ANY
    result = fitting.result
    return result(*(each or t.NULL for each in bound)) if callable(result) else result


def _refused(checker: Checking, node: n.Call, given: str, signatures: Sequence[Signature]) -> None:
    name = node.function.name if isinstance(node.function, n.Name) else "it"
    wanted = " or ".join(dict.fromkeys(described(name, each) for each in signatures))
    checker.add(node, WRONG_ARGUMENTS, f"'{name}' cannot take {given}", f"it is {wanted}")


def _arguments(checker: Checking, node: n.Call, frame: Frame) -> list[t.Type]:
    """Give the arguments' types; a function among them knows what it will be called with."""
    types: dict[int, t.Type] = {
        index: checker.type(each, frame)
        for index, each in enumerate(node.arguments)
        if not isinstance(each, n.FunctionLiteral)
    }
    for index, each in enumerate(node.arguments):
        if isinstance(each, n.FunctionLiteral):
            types[index] = checker.function(each, frame, _given(node, types))
    return [types[index] for index in range(len(types))]


def _given(node: n.Call, types: dict[int, t.Type]) -> tuple[t.Type, ...]:
    name = node.function.name if isinstance(node.function, n.Name) else ""
    listed = types.get(node.names.index("list") if "list" in node.names else 0, t.ANY)
    added = types.get(node.names.index("newItem") if "newItem" in node.names else 2, t.ANY)
    item = listed.item if isinstance(listed, t.ListType) else listed
    given = {"item": item, "newItem": added}
    return tuple(given[each] for each in _GIVEN_TO.get(name, ()))
