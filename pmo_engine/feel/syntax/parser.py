"""From the text of an expression to its tree, or one error that a person can act on."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache, lru_cache
from typing import cast

from lark import Lark
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from pmo_engine.feel.nodes import Literal, Name, Node
from pmo_engine.feel.syntax import automaton
from pmo_engine.feel.syntax.builder import Builder, Invalid
from pmo_engine.feel.syntax.hints import SEEN, syntax_hint
from pmo_engine.feel.walk import depth, walk

MAX_LENGTH = 64 * 1024
MAX_DEPTH = 100
REMEMBERED = 500  # characters of the longest text whose tree is kept

_STARTS_EXPRESSION = {"NAME", "NUMBER"}
_WORDS = {
    "THEN": "'then'",
    "ELSE": "'else'",
    "RETURN": "'return'",
    "SATISFIES": "'satisfies'",
    "IN": "'in'",
    "AND": "'and'",
    "COLON": "':'",
    "RPAR": "')'",
    "RSQB": "']'",
    "RBRACE": "'}'",
    "FIELD": "a name",
    "TYPE_NAME": "a type",
}
_LAST_WORD = re.compile(r'("[^"]*"|\w+|[^\w\s])\s*$')


class FeelSyntaxError(ValueError):
    """A text that is not an expression: where (offset, line and column from 1) and what to do."""

    def __init__(self, message: str, text: str, start: int, hint: str = "") -> None:
        before = text[:start]
        self.message = message
        self.hint = hint
        self.start = start
        self.line = before.count("\n") + 1
        self.column = start - (before.rfind("\n") + 1) + 1
        super().__init__(f"{message}; {hint}" if hint else message)


def parse(text: str) -> Node:
    """Read an expression; FeelSyntaxError where it is not one."""
    return _read(text, "start")


def parse_unary_tests(text: str) -> Node:
    """Read a table's cell as the condition that it sets on the name ``?``; ``-`` is true."""
    if text.strip() == "-":
        return Literal(True)  # noqa: FBT003 - a constant of the language
    try:
        return _read(text, "unary_tests")
    except FeelSyntaxError as error:
        condition = _condition(text) if text.lstrip().startswith("not") else None
        if condition is None:
            raise error from None
        return condition


def _condition(text: str) -> Node | None:
    """Read ``not(? > 3) and ? < 9``: a condition on ``?`` that only begins like negated tests."""
    try:
        node = _read(text, "start")
    except FeelSyntaxError:
        return None
    return node if any(each == Name("?") for each in walk(node)) else None


def _read(text: str, start: str) -> Node:
    """Parse, or remember: long texts are not kept, since a tree takes 100 times their space."""
    return _remembered(text, start) if len(text) <= REMEMBERED else _parse(text, start)


def _parse(text: str, start: str) -> Node:
    if len(text) > MAX_LENGTH:
        raise FeelSyntaxError(
            f"the expression is longer than {MAX_LENGTH:,} characters",
            text,
            0,
            "split it into derived facts",
        )
    try:
        node = cast("Node", _lark().parse(text, start=start))
    except UnexpectedCharacters as error:
        raise _unexpected_character(text, error) from None
    except UnexpectedToken as error:
        raise _unexpected_token(text, error) from None
    except Invalid as error:
        hint = error.hint or syntax_hint(text, error.start)
        raise FeelSyntaxError(error.message, text, error.start, hint) from None
    if depth(node) > MAX_DEPTH:
        raise FeelSyntaxError(
            f"the expression is nested more than {MAX_DEPTH} levels deep",
            text,
            0,
            "split it into derived facts",
        )
    return node


_remembered = lru_cache(maxsize=8192)(_parse)


@cache
def _lark() -> Lark:
    return automaton.load(Builder(visit_tokens=False))


def _unexpected_character(text: str, error: UnexpectedCharacters) -> FeelSyntaxError:
    at = error.pos_in_stream or 0
    rest = text[at:]
    if rest.lstrip("@ ").startswith('"'):
        return FeelSyntaxError("the text that begins here does not end", text, at, 'end it with "')
    if rest.startswith("/*"):
        return FeelSyntaxError(
            "the comment that begins here does not end", text, at, "end it with */"
        )
    return _unexpected(text, at, rest[:1], error.allowed or set())


def _unexpected_token(text: str, error: UnexpectedToken) -> FeelSyntaxError:
    token = error.token
    if token.type == "$END":
        return _unexpected(text, len(text.rstrip()), "", error.expected)
    return _unexpected(text, token.start_pos or 0, str(token), error.expected)


def _unexpected(text: str, at: int, found: str, expected: Collection[str]) -> FeelSyntaxError:
    before = _LAST_WORD.search(text[max(at - SEEN, 0) : at])
    after = f" after '{before[1]}'" if before else ""
    if _STARTS_EXPRESSION.issubset(expected):
        return FeelSyntaxError(f"expected an expression{after}", text, at, syntax_hint(text, at))
    words = [word for name, word in _WORDS.items() if name in expected]
    wanted = f"expected {words[0]}{after}" if len(words) == 1 else ""
    if not found:
        wanted = wanted or f"the expression is not complete{after}"
        hint = "say what holds otherwise, as in 'else false'" if "ELSE" in expected else ""
        return FeelSyntaxError(wanted, text, at, hint)
    shown = found if len(found) <= SEEN else f"{found[:SEEN]}..."
    message = f"unexpected '{shown}'{after}" + (f", {wanted.removesuffix(after)}" if wanted else "")
    return FeelSyntaxError(message, text, at, syntax_hint(text, at))
