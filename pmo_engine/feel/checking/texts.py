"""Texts written in expressions, held against the words that a value can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.builtins import BUILTINS, SIGNATURES
from pmo_engine.feel.checking.problems import Problem, Wanted
from pmo_engine.source.codes import NOT_IN_ENUMERATION, Severity
from pmo_engine.source.diagnostics import nearest

Types: TypeAlias = Mapping[int, t.Type]  # of nodes, by their ``id``

_LOOKING = frozenset({"list contains", "index of"})
_WITHIN = frozenset({"contains", "starts with", "ends with", "matches"})
_LISTING = frozenset(
    {"distinct values", "concatenate", "union", "append", "flatten", "reverse", "sort"}
)


def strange_texts(of: t.Type, other: n.Node) -> Iterator[Problem]:
    """Find texts that a value is compared with and cannot be."""
    if not isinstance(of, t.EnumType):
        return
    for text in _texts(other):
        if text.value not in of.values:
            message = f"'{text.value}' is not one of {', '.join(of.values)}"
            hint = nearest(str(text.value), of.values)
            wanted = (Wanted(text.start, text.end, of),)
            place = (text.start, text.end)
            yield Problem(*place, NOT_IN_ENUMERATION, message, hint, _severity(of), wanted)


def looked_for(call: n.Call, types: Types) -> Iterator[Problem]:
    """Find texts that a function looks for where they cannot be, in a list or in a word."""
    match call.function, _in_order(call):
        case n.Name(name), [items, one] if name in _LOOKING:
            yield from strange_texts(_item(types.get(id(items))), one)
            yield from strange_texts(types.get(id(one), t.ANY), items)
        case n.Name("is"), [one, other]:
            yield from strange_texts(types.get(id(one), t.ANY), other)
            yield from strange_texts(types.get(id(other), t.ANY), one)
        case n.Name(name), [word, n.Literal(str(text)) as part, *_] if name in _WITHIN:
            yield from _never_within(name, types.get(id(word), t.ANY), part, text)


def _never_within(name: str, of: t.Type, part: n.Node, text: str) -> Iterator[Problem]:
    if isinstance(of, t.EnumType) and not any(_passes(name, each, text) for each in of.values):
        message = f"none of {', '.join(of.values)} {name} '{text}'"
        yield Problem(part.start, part.end, NOT_IN_ENUMERATION, message, "", _severity(of))


def _passes(function: str, word: str, text: str) -> bool:
    return BUILTINS[function].call([word, text], ()) is not False


def _severity(of: t.EnumType) -> Severity:
    return "error" if of.closed else "warning"


def _item(found: t.Type | None) -> t.Type:
    return found.item if isinstance(found, t.ListType) else t.ANY


def _in_order(call: n.Call) -> list[n.Node]:
    """Give the arguments in the order of the parameters; none where they do not fit."""
    if not call.names or not isinstance(call.function, n.Name):
        return list(call.arguments)
    given = dict(zip(call.names, call.arguments, strict=True))
    for signature in SIGNATURES.get(call.function.name, ()):
        names = [each.name for each in signature.parameters if each.name in given]
        if len(names) == len(given):
            return [given[name] for name in names]
    return []


def _texts(node: n.Node) -> Iterator[n.Literal]:
    """Give the texts written as what a value is compared with."""
    match node:
        case n.Literal(str()):
            yield node
        case n.ListLiteral(items):
            for item in items:
                yield from _texts(item)
        case n.Conditional(_, consequence, alternative):
            yield from _texts(consequence)
            yield from _texts(alternative)
        case n.Call(n.Name(name), arguments, ()) if name in _LISTING:
            for each in arguments:
                yield from _texts(each)
