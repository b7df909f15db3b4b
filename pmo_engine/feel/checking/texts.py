"""Texts written in expressions, held against the words that a value can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
OF_TEXTS = frozenset(
    {"string", "upper case", "lower case", "replace"}
    | {"substring", "substring before", "substring after"}
)
"""Functions that make another text of a text."""
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


def words_given(call: n.Call, types: Sequence[t.Type]) -> t.EnumType | None:
    """Give the words that a function of texts makes of each word that a value can be.

    ``types`` are those of the arguments; the others of them have to be constants.
    """
    name = call.function.name if isinstance(call.function, n.Name) else ""
    if name not in OF_TEXTS or call.names:
        return None
    word, *others = types or (t.ANY,)
    constants = [each.value for each in call.arguments[1:] if isinstance(each, n.Literal)]
    if not isinstance(word, t.EnumType) or len(constants) < len(others):
        return None
    made = [BUILTINS[name].call([each, *constants], ()) for each in word.values]
    texts = tuple(dict.fromkeys(each for each in made if isinstance(each, str)))
    return t.EnumType(texts, word.closed) if texts else None


def joined(left: t.Type, right: t.Type, node: n.Arithmetic) -> t.EnumType | None:
    """Give the words that there are with a constant before or after each."""
    match node:
        case n.Arithmetic("+", _, n.Literal(str(after))) if isinstance(left, t.EnumType):
            return t.EnumType(tuple(f"{each}{after}" for each in left.values), left.closed)
        case n.Arithmetic("+", n.Literal(str(before)), _) if isinstance(right, t.EnumType):
            return t.EnumType(tuple(f"{before}{each}" for each in right.values), right.closed)
        case _:
            return None


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
