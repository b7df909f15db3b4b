"""Binds expressions: parsed, parameters put in, typed; each problem at its place."""

from __future__ import annotations

from dataclasses import fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pmo_engine import policy as tree
from pmo_engine.compiler.binding.mending import Fault, of_problem, of_syntax, tell
from pmo_engine.compiler.binding.registers import Names
from pmo_engine.compiler.binding.tolerances import Tolerances, as_constants
from pmo_engine.feel import types as t
from pmo_engine.feel.checking.checker import Checked, check, check_condition
from pmo_engine.feel.checking.hints import role_hint
from pmo_engine.feel.checking.typed import with_types
from pmo_engine.feel.counting import AGGREGATES, counting
from pmo_engine.feel.functions import LEAST_SENIOR, TOLERANCE
from pmo_engine.feel.mentions import acts_named
from pmo_engine.feel.nodes import Call, Conditional, ListLiteral, Literal, Name, Node
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse
from pmo_engine.feel.syntax.writing import Writing
from pmo_engine.feel.walk import walk
from pmo_engine.source.codes import NOT_LITERAL, UNKNOWN_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.compiler.binding.context import Findings
    from pmo_engine.source.yaml_source import Text


NOTHING: Tolerances = MappingProxyType({})


def bind_expression(
    findings: Findings,
    text: Text,
    names: Mapping[str, t.Type],
    parameters: Mapping[str, Any],
    *,
    condition: bool,
    known: Tolerances = NOTHING,
    counted: bool = True,
) -> tree.Expression | None:
    """Parse and type an expression; None where it cannot be parsed.

    Its aggregates are of the records that are ``counted``; or of all that it is given.
    """

    def faults_of(written: str) -> list[Fault]:
        labels = _labels(findings.labels, names)
        writing = Writing(findings.currency, zone=findings.zone, labels=labels)
        given = (names, parameters, known, writing)
        return faults(written, *given, condition=condition, roles=findings.roles)

    try:
        node = with_parameters(parse(str(text)), parameters)
    except FeelSyntaxError:
        tell(findings, text, faults_of)
        return None
    if counted and any(each in text for each in AGGREGATES):
        node = counting(node, _registers(names))
    checked = _checked(node, text, names, known, condition=condition)
    if checked.problems:
        tell(findings, text, faults_of)
    for act, start in acts_named(node) if LEAST_SENIOR in text else ():
        if not act:
            hint = f'{LEAST_SENIOR}("approve change_request", change.cost)'
            message = f"'{LEAST_SENIOR}' takes an act as a text"
            findings.add(text.place(start), NOT_LITERAL, message, hint)
    return tree.Expression(text, with_types(node, checked), checked.type, text.mark)


def _registers(names: Mapping[str, t.Type]) -> frozenset[str]:
    """Choose the names that stand for the records of registers, as these have a standing."""
    return frozenset(
        name
        for name, kind in names.items()
        if isinstance(kind, t.ListType)
        and isinstance(kind.item, t.ContextType)
        and any(entry == "standing" for entry, _ in kind.item.entries)
    )


def faults(
    text: str,
    names: Mapping[str, t.Type],
    parameters: Mapping[str, Any],
    known: Tolerances,
    writing: Writing,
    *,
    condition: bool,
    roles: frozenset[str] = frozenset(),
) -> list[Fault]:
    """Say what is wrong with a text as an expression."""
    try:
        node = with_parameters(parse(str(text)), parameters)
    except FeelSyntaxError as error:
        return [of_syntax(text, error, error.start, writing)]
    absent = names.absent if isinstance(names, Names) else {}
    found = []
    for problem in _checked(node, text, names, known, condition=condition).problems:
        fault = of_problem(text, problem, writing)
        name = text[problem.start : problem.end]
        if name in absent:
            fault = fault._replace(hint=absent[name], respelling=None)
        elif name in roles and problem.code is UNKNOWN_NAME and f'"{name}"' not in problem.known:
            fault = fault._replace(hint=role_hint(name), respelling=None)
        found.append(fault)
    return found


def _labels(
    labels: Mapping[str, tuple[str, ...]], names: Mapping[str, t.Type]
) -> dict[str, tuple[str, ...]]:
    """Give what people call the facts that an expression sees."""
    seen = {
        label: tuple(each for each in paths if each.partition(".")[0] in names)
        for label, paths in labels.items()
    }
    return {label: paths for label, paths in seen.items() if paths}


def _checked(
    node: Node, text: str, names: Mapping[str, t.Type], known: Tolerances, *, condition: bool
) -> Checked:
    typed = as_constants(node, known) if TOLERANCE in text and TOLERANCE not in names else node
    return check_condition(typed, names) if condition else check(typed, names)


def with_parameters(node: Node, parameters: Mapping[str, Any]) -> Node:
    """Put the values of a pack's parameters in the place of their names."""
    if not parameters:
        return node
    if isinstance(node, Name):
        if node.name not in parameters:
            return node
        return Literal(parameters[node.name], start=node.start, end=node.end)
    changes = {
        item.name: _replaced(getattr(node, item.name), parameters)
        for item in fields(node)
        if item.name not in {"start", "end", "value"} or isinstance(getattr(node, item.name), Node)
    }
    if isinstance(node, Call) and isinstance(node.function, Name):
        changes["function"] = node.function  # no parameter is a function
    return replace(node, **changes)


def _replaced(value: Any, parameters: Mapping[str, Any]) -> Any:
    if isinstance(value, Node):
        return with_parameters(value, parameters)
    if isinstance(value, tuple):
        return tuple(_replaced(item, parameters) for item in value)
    return value


def mentioned(text: Text) -> frozenset[str]:
    """Name everything that a text mentions; nothing where it is no expression."""
    try:
        return frozenset(node.name for node in walk(parse(str(text))) if isinstance(node, Name))
    except FeelSyntaxError:
        return frozenset()


def words_of(node: Node) -> frozenset[str] | None:
    """Give the texts that an expression may come to, or the items of the list that it comes to.

    None where that is not known beforehand.
    """
    match node:
        case Literal(str(word)):
            return frozenset({word})
        case Conditional(_, consequence, alternative):
            one, other = words_of(consequence), words_of(alternative)
            return None if one is None or other is None else one | other
        case Call(Name(function)) if function == LEAST_SENIOR:
            return frozenset()  # the policy's own, whichever it is
        case ListLiteral(items):
            words = [words_of(item) for item in items]
            known = [each for each in words if each is not None]
            return frozenset().union(*known) if len(known) == len(words) else None
        case _:
            type_ = node.static_type
            item = type_.item if isinstance(type_, t.ListType) else type_
            return frozenset(item.values) if isinstance(item, t.EnumType) else None
