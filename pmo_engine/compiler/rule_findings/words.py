"""Boxes of an event's facts in words: "a change with cost above its budget"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.compiler.rule_findings.measures import Difference, is_fact
from pmo_engine.compiler.table_findings.regions import Box, bits
from pmo_engine.compiler.table_findings.words import side_in_words
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.model.names import words
from pmo_engine.prose.names import called, possessive, with_article
from pmo_engine.prose.values import joined

if TYPE_CHECKING:
    from pmo_engine.compiler.rule_findings.conditions import Space
    from pmo_engine.compiler.table_findings.axes import Axis, Mask
    from pmo_engine.feel.nodes import Node
    from pmo_engine.policy import Policy
    from pmo_engine.prose.sentences import Speaker

_BELOW, _AT, _ABOVE = 1, 2, 4
_RELATIONS: Mapping[int, str] = {
    _BELOW: "below",
    _AT: "equal to",
    _ABOVE: "above",
    _BELOW | _AT: "up to",
    _AT | _ABOVE: "of at least",
    _BELOW | _ABOVE: "other than",
}
_OF_MOMENTS: Mapping[int, str] = {
    _BELOW: "before",
    _AT: "equal to",
    _ABOVE: "after",
    _BELOW | _AT: "up to",
    _AT | _ABOVE: "not before",
    _BELOW | _ABOVE: "other than",
}
_MOMENTS = (t.DATE, t.DATE_TIME)
_NOT_GIVEN = "not given"


def speaker(policy: Policy) -> Speaker:
    """Give who says expressions, which few policies that are right need."""
    from pmo_engine.prose.sentences import Speaker  # noqa: PLC0415 - as said

    return Speaker(policy)


def record_in_words(noun: str, box: Box, space: Space, policy: Policy) -> str:
    """Say which records a box is of: "a change request with cost up to 0 GBP"."""
    pairs = zip(box, space.axes.items(), strict=True)
    sides = [(key, mask, axis) for mask, (key, axis) in pairs if mask != axis.domain]
    with_ = [_side(*side, policy) for side in sides if not _is_truth(side[0], side[2])]
    clauses = [_clause(*side, policy) for side in sides if _is_truth(side[0], side[2])]
    said = with_article(called(noun, policy))
    said += f" with {joined(with_)}" if with_ else ""
    return said + (f" for which {joined(clauses)}" if clauses else "")


def _is_truth(key: Node, axis: Axis) -> bool:
    return axis.type == t.BOOLEAN and not is_fact(key)


def _clause(key: Node, mask: Mask, axis: Axis, policy: Policy) -> str:
    holds = axis.segments[next(bits(mask))].low is True
    return speaker(policy).clause(key, holds=holds)


def _side(key: Node, mask: Mask, axis: Axis, policy: Policy) -> str:
    if isinstance(key, Difference):
        return _difference(key, mask, axis, policy)
    named = axis if axis.name else replace(axis, name=speaker(policy).noun(key))
    return side_in_words(mask, named, _NOT_GIVEN)


def _difference(key: Difference, mask: Mask, axis: Axis, policy: Policy) -> str:
    """Say how two facts lie to each other: "due before today", "cost above its budget"."""
    is_moment = key.left.static_type in _MOMENTS
    if len(axis.places) == 1 and not any(map(bool, map(_amount, axis.places))):
        relation = (_OF_MOMENTS if is_moment else _RELATIONS)[mask]
        return f"{_fact(key.left, policy)} {relation} {_other(key, policy)}"
    name = f"{_fact(key.left, policy)} less {_other(key, policy)}"
    if key.left.static_type == t.DATE:
        name = f"the days from {_other(key, policy)} to {_fact(key.left, policy)}"
    return side_in_words(mask, replace(axis, name=name), _NOT_GIVEN)


def _amount(value: object) -> object:
    return getattr(value, "amount", value)


def _fact(node: Node, policy: Policy) -> str:
    match node:
        case n.Path(n.Name(root), name):
            return words(called(name, policy, of=root))
        case _:
            return speaker(policy).noun(node)


def _other(key: Difference, policy: Policy) -> str:
    """Name the other fact: one of the same record is "its"."""
    match key.left, key.right:
        case n.Path(n.Name(one)), n.Path(n.Name(other), name) if one == other:
            return possessive("it", called(name, policy, of=other)).replace("it's", "its")
        case _:
            return speaker(policy).noun(key.right)
