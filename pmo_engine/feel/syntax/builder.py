"""Called by the parser as it reduces each rule of the grammar: tokens and nodes in, a node out."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, DecimalException
from typing import Any, TypeAlias, TypedDict, cast

from lark import Token, Transformer

from pmo_engine.feel import nodes
from pmo_engine.feel.nodes import Node, TypeName
from pmo_engine.feel.numbers import CONTEXT
from pmo_engine.feel.temporal import TemporalError, parse_temporal
from pmo_engine.feel.walk import walk
from pmo_engine.model.money import Money, MoneyError

Parts: TypeAlias = list[Any]
_Arguments: TypeAlias = tuple[tuple[Node, ...], tuple[str, ...]]

MAX_EXPONENT = 6144
_TOO_LARGE = Decimal((0, (1,), MAX_EXPONENT + 1))
_CONSTANTS = {"true": True, "false": False, "null": None}
_MONEY_TEXT = re.compile(r"-?[\d.,]+\s+[A-Za-z]+")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|([\"'\\nrt]))")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


class _Span(TypedDict):
    start: int
    end: int


class Invalid(Exception):
    """Something the grammar lets through and the language does not: where, what, what instead."""

    def __init__(self, message: str, start: int, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.start, self.hint = message, start, hint


class Builder(Transformer[Token, Node]):
    """One method for each rule of ``grammar.lark``; every token of the rule is among the parts."""

    def start(self, parts: Parts) -> Node:
        return cast("Node", parts[0])

    def unary_tests(self, parts: Parts) -> Node:
        """Build the condition of a table's cell, whose tested value is the name ``?``."""
        tests = _nodes(parts)
        value = nodes.Name("?")
        plain = tuple(test for test in tests if not _mentions_value(test))
        conditions = [test for test in tests if _mentions_value(test)]
        if plain:
            conditions.insert(0, nodes.Membership(value, plain, **_span(parts)))
        one = conditions[0] if len(conditions) == 1 else nodes.Disjunction(tuple(conditions))
        negated = isinstance(parts[0], Token)
        return nodes.Not(one, **_span(parts)) if negated else one

    def disjunction(self, parts: Parts) -> Node:
        return nodes.Disjunction(_nodes(parts), **_span(parts))

    def conjunction(self, parts: Parts) -> Node:
        return nodes.Conjunction(_nodes(parts), **_span(parts))

    def comparison(self, parts: Parts) -> Node:
        left, operator, right = parts
        return nodes.Comparison(operator.value, left, right, **_span(parts))

    def between(self, parts: Parts) -> Node:
        value, _, low, _, high = parts
        return nodes.Between(value, low, high, **_span(parts))

    def membership(self, parts: Parts) -> Node:
        return nodes.Membership(parts[0], (parts[2],), **_span(parts))

    def membership_of_several(self, parts: Parts) -> Node:
        value, *tests = _nodes(parts)
        return nodes.Membership(value, tuple(tests), **_span(parts))

    def unary_test(self, parts: Parts) -> Node:
        return nodes.UnaryTest(parts[0].value, parts[1], **_span(parts))

    def unary_value(self, parts: Parts) -> Node:
        """Build ``(> 5)``, which is a range; ``(= 5)`` and ``(!= 5)`` stay tests."""
        operator, operand, span = parts[1].value, parts[2], _span(parts)
        match operator:
            case "<" | "<=":
                return nodes.RangeLiteral(None, operand, False, operator == "<=", **span)  # noqa: FBT003
            case ">" | ">=":
                return nodes.RangeLiteral(operand, None, operator == ">=", False, **span)  # noqa: FBT003
            case _:
                return nodes.UnaryTest(operator, operand, **span)

    def arithmetic(self, parts: Parts) -> Node:
        left, operator, right = parts
        return nodes.Arithmetic(operator.value, left, right, **_span(parts))

    def negation(self, parts: Parts) -> Node:
        sign, operand = parts
        if sign == "+":
            raise Invalid("unexpected '+'", sign.start_pos, "a number has no plus sign before it")
        if isinstance(operand, nodes.Literal) and isinstance(operand.value, Decimal):
            return nodes.Literal(operand.value.copy_negate(), **_span(parts))
        if isinstance(operand, nodes.Literal) and isinstance(operand.value, Money):
            return nodes.Literal(-operand.value, **_span(parts))
        return nodes.Negation(operand, **_span(parts))

    def conditional(self, parts: Parts) -> Node:
        condition, consequence, alternative = _nodes(parts)
        return nodes.Conditional(condition, consequence, alternative, **_span(parts))

    def for_loop(self, parts: Parts) -> Node:
        return nodes.ForLoop(parts[1], parts[3], **_span(parts))

    def quantified(self, parts: Parts) -> Node:
        return nodes.Quantified(parts[0].value, parts[1], parts[3], **_span(parts))

    def iterators(self, parts: Parts) -> tuple[nodes.Iterator, ...]:
        return tuple(part for part in parts if isinstance(part, nodes.Iterator))

    def iterator(self, parts: Parts) -> Node:
        domain, *until = _nodes(parts)
        last = until[0] if until else None
        return nodes.Iterator(parts[0].value, domain, last, **_span(parts))

    def function(self, parts: Parts) -> Node:
        parameters = [part for part in parts if isinstance(part, tuple)]
        names = tuple(name for name, _ in parameters)
        _unique(names, parts[0].start_pos, "parameter")
        types = tuple(kind for _, kind in parameters) if any(k for _, k in parameters) else ()
        return nodes.FunctionLiteral(names, parts[-1], types, **_span(parts))

    def external(self, parts: Parts) -> Node:
        raise Invalid(
            "external functions are not supported",
            next(part.start_pos for part in parts if getattr(part, "type", "") == "EXTERNAL"),
            "write the function's body as an expression",
        )

    def parameter(self, parts: Parts) -> tuple[str, TypeName | None]:
        return parts[0].value, parts[2] if len(parts) > 1 else None

    def instance_of(self, parts: Parts) -> Node:
        return nodes.InstanceOf(parts[0], parts[2], **_span(parts))

    def path(self, parts: Parts) -> Node:
        return nodes.Path(parts[0], parts[2].value, **_span(parts))

    def filter(self, parts: Parts) -> Node:
        return nodes.Filter(parts[0], parts[2], **_span(parts))

    def call(self, parts: Parts) -> Node:
        function, span = parts[0], _span(parts)
        given: _Arguments = parts[2] if isinstance(parts[2], tuple) else ((), ())
        arguments, names = given
        if function == nodes.Name("not") and len(arguments) == 1 and names in {(), ("negand",)}:
            return nodes.Not(arguments[0], **span)
        return nodes.Call(function, arguments, names, **span)

    def positional(self, parts: Parts) -> _Arguments:
        return _nodes(parts), ()

    def named_arguments(self, parts: Parts) -> _Arguments:
        pairs = [part for part in parts if isinstance(part, tuple)]
        names = tuple(name for name, _ in pairs)
        values = tuple(value for _, value in pairs)
        _unique(names, values[0].start, "argument")
        return values, names

    def named(self, parts: Parts) -> tuple[str, Node]:
        return _words(parts[0]), parts[2]

    def number(self, parts: Parts) -> Node:
        try:
            value = CONTEXT.create_decimal(parts[0].value)
        except DecimalException:
            value = _TOO_LARGE
        if abs(value.adjusted()) > MAX_EXPONENT:
            raise Invalid("the number is too large or too small", parts[0].start_pos)
        return nodes.Literal(value, **_span(parts))

    def string(self, parts: Parts) -> Node:
        return nodes.Literal(_unescape(parts[0].value[1:-1]), **_span(parts))

    def at_literal(self, parts: Parts) -> Node:
        text = _unescape(parts[0].value[1:].strip()[1:-1])
        try:
            value = Money.parse(text) if _MONEY_TEXT.fullmatch(text) else parse_temporal(text)
        except (TemporalError, MoneyError) as error:
            raise Invalid(str(error), parts[0].start_pos) from None
        return nodes.Literal(value, **_span(parts))

    def constant(self, parts: Parts) -> Node:
        return nodes.Literal(_CONSTANTS[parts[0].value], **_span(parts))

    def name(self, parts: Parts) -> Node:
        return nodes.Name(_words(parts[0]), **_span(parts))

    def group(self, parts: Parts) -> Node:
        inner: Node = parts[1]
        return replace(inner, **_span(parts))

    def list(self, parts: Parts) -> Node:
        return nodes.ListLiteral(_nodes(parts), **_span(parts))

    def range(self, parts: Parts) -> Node:
        opening, low, _, high, closing = parts
        return nodes.RangeLiteral(low, high, opening == "[", closing == "]", **_span(parts))

    def range_end(self, parts: Parts) -> Token:
        return cast("Token", parts[0])

    def context(self, parts: Parts) -> Node:
        entries = tuple(part for part in parts if isinstance(part, tuple))
        _unique(tuple(key for key, _ in entries), parts[0].start_pos, "entry")
        return nodes.ContextLiteral(entries, **_span(parts))

    def entry(self, parts: Parts) -> tuple[str, Node]:
        key = parts[0]
        is_string = isinstance(key, Token) and key.type == "STRING"
        return _unescape(key.value[1:-1]) if is_string else str(key), parts[2]

    def field(self, parts: Parts) -> Token:
        token = cast("Token", parts[0])
        return token.update(value=_words(token))

    def plain_type(self, parts: Parts) -> Node:
        return TypeName(_words(parts[0]), **_span(parts))

    def generic_type(self, parts: Parts) -> Node:
        return TypeName(parts[0].value[:-1].strip(), (parts[1],), **_span(parts))

    def context_type(self, parts: Parts) -> Node:
        entries = tuple(part for part in parts if isinstance(part, tuple))
        return TypeName("context", (), entries, **_span(parts))

    def type_entry(self, parts: Parts) -> tuple[str, Node]:
        return parts[0].value, parts[2]

    def function_type(self, parts: Parts) -> Node:
        return TypeName("function", cast("tuple[TypeName, ...]", _nodes(parts)), **_span(parts))


def _nodes(parts: Parts) -> tuple[Node, ...]:
    return tuple(part for part in parts if isinstance(part, Node))


def _span(parts: Parts) -> _Span:
    first, last = parts[0], parts[-1]
    start = first.start_pos if isinstance(first, Token) else first.start
    end = last.end_pos if isinstance(last, Token) else last.end
    return {"start": start or 0, "end": end or 0}


def _unique(names: tuple[str, ...], start: int, noun: str) -> None:
    if len(set(names)) == len(names):
        return
    twice = next(name for index, name in enumerate(names) if name in names[:index])
    raise Invalid(f"the {noun} '{twice}' is written twice", start)


def _words(token: Token) -> str:
    return (
        " ".join(token.value.split()) if " " in token.value or "\n" in token.value else token.value
    )


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_character, text)
    # Two escapes may stand for the two halves of one character beyond the basic plane.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    if digits is None:
        return _ESCAPED.get(found[3], found[3])
    code = int(digits, 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"  # noqa: PLR2004


def _mentions_value(node: Node) -> bool:
    return any(each == nodes.Name("?") for each in walk(node))
