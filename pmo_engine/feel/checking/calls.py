"""Calls of functions whose parameters have names and types, such as decision tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.checking.hints import ZONE_HINT
from pmo_engine.feel.checking.problems import Problem, Wanted
from pmo_engine.feel.compatibility import currencies_differ, fits, zones_differ
from pmo_engine.source.codes import MIXED_CURRENCIES, NOT_IN_ENUMERATION, WRONG_ARGUMENTS, Code
from pmo_engine.source.diagnostics import nearest


def problems_of_call(
    node: n.Call, name: str, function: t.FunctionType, types: Sequence[t.Type]
) -> Iterator[Problem]:
    """Check the arguments of a call, which are of ``types``."""
    names = node.names or function.names
    wanted = dict(zip(function.names, function.parameters, strict=True))
    unknown = [each for each in node.names if each not in wanted]
    if unknown:
        hint = nearest(unknown[0], wanted) or _described(name, wanted)
        message = f"'{name}' takes no '{unknown[0]}'"
        yield Problem(node.start, node.end, WRONG_ARGUMENTS, message, hint)
    elif len(node.arguments) != len(function.parameters):  # of which two may have one name
        message = f"'{name}' takes {len(function.parameters)} arguments, not {len(node.arguments)}"
        yield Problem(node.start, node.end, WRONG_ARGUMENTS, message, _described(name, wanted))
    else:
        for parameter, argument, found in zip(names, node.arguments, types, strict=True):
            problems = misfits(argument, found, wanted[parameter], WRONG_ARGUMENTS)
            yield from (
                replace(each, message=f"'{parameter}': {each.message}") for each in problems
            )


def misfits(node: n.Node, found: t.Type, wanted: t.Type, code: Code) -> Iterator[Problem]:
    """Say what keeps a value that is ``found`` from being of the type that is ``wanted``."""
    message = f"{t.describe(found)} where {t.describe(wanted)} is expected"
    place = (Wanted(node.start, node.end, wanted),)
    if currencies_differ(found, wanted):
        yield Problem(node.start, node.end, MIXED_CURRENCIES, message)
    elif not fits(found, wanted):
        yield Problem(node.start, node.end, code, message, wanted=place)
    elif zones_differ(found, wanted):
        message = f"{t.describe(found)} without a zone where one with a zone is expected"
        yield Problem(node.start, node.end, code, message, ZONE_HINT)
    elif isinstance(wanted, t.EnumType):
        for word in _words(node):
            if word.value not in wanted.values:
                message = f"'{word.value}' is not one of {', '.join(wanted.values)}"
                hint = nearest(str(word.value), wanted.values)
                place = (Wanted(word.start, word.end, wanted),)
                yield Problem(word.start, word.end, NOT_IN_ENUMERATION, message, hint, wanted=place)


def _words(node: n.Node) -> Iterator[n.Literal]:
    """Go through the texts that an expression may come to as they stand."""
    match node:
        case n.Literal(str()):
            yield node
        case n.Conditional(_, consequence, alternative):
            yield from _words(consequence)
            yield from _words(alternative)


def _described(name: str, wanted: Mapping[str, t.Type]) -> str:
    parameters = ", ".join(f"{each}: {t.describe(type_)}" for each, type_ in wanted.items())
    return f"it is {name}({parameters})"
