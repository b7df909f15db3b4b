"""Calls of functions and tables in English."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.feel import nodes as n
from pmo_engine.feel.values import Function
from pmo_engine.model.names import words
from pmo_engine.prose import names
from pmo_engine.prose import vocabulary as v
from pmo_engine.prose.answers import answer_of_table
from pmo_engine.prose.several import loop_in_words
from pmo_engine.prose.values import joined, value_in_words

if TYPE_CHECKING:
    from pmo_engine.prose.sentences import Speaker


def call_in_words(to: Speaker, node: n.Call) -> str:
    """Say what a call stands for."""
    match node:
        case n.Call(n.Name(name), (n.Literal(str(role)), n.Literal(str(act)))) if name in v.OF_ROLE:
            owner = role_in_words(role, to.policy)
            said = f"{v.OF_ROLE[name]}{names.possessive(owner, 'authority')}"
            result = _result_of(to, name, role, act)
            return f"{said} to {names.act_in_words(act, to.policy)}{result}"
        case n.Call(n.Name(name), (whose, n.Literal(str(act)))) if name in v.OF_ROLE:
            said = f"{v.OF_ROLE[name]}the authority of {to.noun(whose)}"
            return f"{said} to {names.act_in_words(act, to.policy)}"
        case n.Call(n.Name("least_senior"), (n.Literal(str(act)), *amounts)):
            of = "".join(f" of {to.noun(each)}" for each in amounts)
            may = f"the least senior role that may {names.act_in_words(act, to.policy)}{of}"
            return may if amounts else f"{may}{_result_of(to, 'least_senior', act)}"
        case n.Call(n.Name("tolerance"), (n.Literal(str(level)), n.Literal(str(of)))):
            owner = names.possessive(f"the {words(level)}", f"{words(of)} tolerance")
            return f"{owner}{_result_of(to, 'tolerance', level, of)}"
        case n.Call(n.Name("append" | "concatenate"), (listed, *others)) if others:
            more = joined([to.noun(each) for each in others])
            return f"{to.noun(listed)} together with {more}"
        case n.Call(n.Name(name), (n.Literal(str(text)),)) if name in v.FROM_TEXT:
            return v.read(text)
        case n.Call(n.Name(name)) if name in to.policy.tables:
            return answer_of_table(to, node, "")
        case n.Call(n.Name(name), (n.ForLoop() as loop,)) if name in v.OF_LIST:
            return loop_in_words(to, loop, v.OF_LIST[name].removesuffix(" of"))
        case n.Call(n.Name(name), (_, _, *_) as several) if name in v.OF_LIST:
            of = v.OF_TWO.get(name, v.OF_LIST[name]) if len(several) == v.TWO else v.OF_LIST[name]
            return f"{of} {joined([to.noun(each) for each in several])}"
        case _:
            return _of_values(to, node)


def _of_values(to: Speaker, node: n.Call) -> str:
    match node:
        case n.Call(n.Name("date"), (one,)) if (said := to.noun(one)).startswith("the moment "):
            return f"the day {said.removeprefix('the moment ')}"
        case n.Call(n.Name(name), (one, n.Literal(Decimal() as places))) if name in v.ROUNDED:
            return v.rounded(v.ROUNDED[name].format(to.noun(one)), places)
        case n.Call(n.Name("count"), (one,)):
            return f"the number of {to.noun(one).removeprefix('the ')}"
        case n.Call(n.Name(name), (one,)) if name in v.OF_LIST:
            return f"{v.OF_LIST[name]} {to.noun(one)}"
        case n.Call(n.Name(name), arguments, ()) if (name, len(arguments)) in v.CALLED:
            template = v.CALLED[name, len(arguments)]
            return template.format(*(to.noun(each) for each in arguments))
        case n.Call(function, arguments, labels):
            given = [to.noun(each) for each in arguments]
            if labels:
                given = [f"{a} as {label}" for a, label in zip(given, labels, strict=True)]
            return f"{_function(to, function)} {joined(given)}".rstrip()


def _function(to: Speaker, function: n.Node) -> str:
    if isinstance(function, n.Name):
        return f"the {words(function.name)} of"
    return f"what {to.noun(function)} gives for"


def _result_of(to: Speaker, function: str, *arguments: str) -> str:
    found = None if to.scope is None else to.scope.get(function)
    if not isinstance(found, Function):
        return ""
    value = found.call(*arguments)
    return f" ({'no limit' if value is None else value_in_words(value)})"
