"""Checking calls: which way of calling a function the arguments fit, and what it then gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.bounds import unbounded
from pmo_engine.feel.builtins import BUILTINS, SIGNATURES
from pmo_engine.feel.checking.calls import problems_of_call
from pmo_engine.feel.checking.emptiness import PARTIAL
from pmo_engine.feel.checking.frames import Frame
from pmo_engine.feel.checking.hints import ONE_CURRENCY, ZONE_HINT, zone_message
from pmo_engine.feel.checking.problems import Problem
from pmo_engine.feel.checking.texts import words_given
from pmo_engine.feel.compatibility import (
    currencies_differ,
    described,
    fits,
    is_open,
    takes,
    type_of_value,
    unlike,
    zones_differ,
)
from pmo_engine.feel.functions import GOVERNANCE, role_and_act
from pmo_engine.feel.signatures import Signature
from pmo_engine.source.codes import MIXED_CURRENCIES, NOT_LITERAL, WRONG_ARGUMENTS, Code, Severity

_CLOCK = {"now", "today"}
# The parameters of functions that a function is given to: which arguments they will have.
_GIVEN_TO = {"sort": ("item", "item"), "list replace": ("item", "newItem")}


class Checking(Protocol):
    """What a check of a call needs of the check of an expression."""

    problems: list[Problem]
    partial: list[n.Node]

    def type(self, node: n.Node, frame: Frame) -> t.Type:
        """Give the type of an expression."""

    def function(self, node: n.FunctionLiteral, frame: Frame, given: Sequence[t.Type]) -> t.Type:
        """Give the type of a function that will be called with such arguments."""

    def add(self, node: n.Node, code: Code, message: str, hint: str = "") -> None:
        """Note a problem."""


def call_type(checker: Checking, node: n.Call, frame: Frame) -> t.Type:
    """Give the type of what a call gives."""
    name = node.function.name if isinstance(node.function, n.Name) else ""
    known = frame.find(name)
    if known is None and name in SIGNATURES:
        if name in PARTIAL:
            checker.partial.append(node)
        arguments = _arguments(checker, node, frame)
        found = _signatures(checker, node, SIGNATURES[name], arguments)
        return words_given(node, arguments) or _clock_written(node) or found
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


def _clock_written(node: n.Call) -> t.Type | None:
    """Give the type of ``date and time("...")``, whose text tells whether it has a zone."""
    match node:
        case n.Call(n.Name("time" | "date and time" as name), (n.Literal(str(text)),)):
            value = BUILTINS[name].call([text], ())
            return None if value is None else type_of_value(value)
        case _:
            return None


def _applied(
    checker: Checking, node: n.Call, function: t.FunctionType, arguments: Sequence[t.Type]
) -> None:
    wanted = len(function.parameters)
    if len(function.names) == wanted:
        name = node.function.name if isinstance(node.function, n.Name) else "function"
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
        checker.add(node, WRONG_ARGUMENTS, *_refusal(node, given, signatures))
        return t.ANY
    bound = fitting.bind(arguments, node.names) or []
    if apart := unlike(fitting, bound):
        checker.problems.append(_apart(node, fitting, signatures, apart))
        return t.ANY
    checker.problems += _of_functions(node, fitting, bound)
    result = fitting.result
    if not callable(result):
        return result
    return unbounded(result(*(each or t.NULL for each in bound)))


def _of_functions(
    node: n.Call, signature: Signature, bound: Sequence[t.Type | None]
) -> Iterator[Problem]:
    """Warn of a function that gives what the one it is given to cannot use, once it calls it."""
    for parameter, given in zip(signature.parameters, bound, strict=False):
        wanted = parameter.type
        if not isinstance(wanted, t.FunctionType) or not isinstance(given, t.FunctionType):
            continue
        if not fits(given.result, wanted.result):
            gives, asked = t.describe(given.result), t.describe(wanted.result)
            message = f"'{parameter.name}' gives {gives}, not {asked}"
            yield Problem(node.start, node.end, WRONG_ARGUMENTS, message, "", "warning")


def _apart(
    node: n.Call,
    signature: Signature,
    signatures: Sequence[Signature],
    apart: tuple[t.Type, t.Type],
) -> Problem:
    """Say which kinds of arguments do not go together; a warning where there may be none."""
    severity: Severity = "warning" if signature.of_nothing else "error"
    given = " and ".join(dict.fromkeys(map(t.describe, apart)))
    if currencies_differ(*apart):
        return Problem(
            node.start, node.end, MIXED_CURRENCIES, f"mixes {given}", ONE_CURRENCY, severity
        )
    if zones_differ(*apart):
        message = zone_message(apart[0])
        return Problem(node.start, node.end, WRONG_ARGUMENTS, message, ZONE_HINT, severity)
    message, hint = _refusal(node, given, signatures)
    return Problem(node.start, node.end, WRONG_ARGUMENTS, message, hint, severity)


def _refusal(node: n.Call, given: str, signatures: Sequence[Signature]) -> tuple[str, str]:
    name = node.function.name if isinstance(node.function, n.Name) else "it"
    wanted = " or ".join(dict.fromkeys(described(name, each) for each in signatures))
    return f"'{name}' cannot take {given}", f"it is {wanted}"


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
