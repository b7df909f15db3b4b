"""Expressions as English, with or without the values of a case in brackets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.model.patterns import pattern
from pmo_engine.policy import Expression
from pmo_engine.prose.sentences import Speaker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy import Policy

SEVERAL = 2
_OPENING = "(those for which"
_THOSE = pattern(rf"{re.escape(_OPENING)} [^()]*\)")


def in_words(expression: Expression | n.Node, policy: Policy) -> str:
    """Say an expression: "the change's cost is above 50,000 GBP"."""
    return _said(expression, Speaker(policy))


def with_values(expression: Expression | n.Node, policy: Policy, scope: Mapping[str, Any]) -> str:
    """Say an expression with this case's values: "the change's cost (80,000 GBP) is above ..."."""
    return _said(expression, Speaker(policy, scope))


def derived_in_words(fact: str, value: Expression, policy: Policy) -> str:
    """Say what a rule makes of a fact: "the order is major if its growth is above 5 GBP"."""
    speaker = Speaker(policy)
    if value.type != t.BOOLEAN:
        return f"{speaker.noun(n.Name(fact))} is {_said(value, speaker)}"
    if isinstance(value.node, n.Literal):
        return speaker.clause(n.Name(fact), holds=value.node.value is True)
    return f"{speaker.clause(n.Name(fact))} if {speaker.clause(value.node)}"


def truth_in_words(
    node: n.Node, policy: Policy, scope: Mapping[str, Any], *, holds: bool = True
) -> str:
    """Say with this case's values that a condition holds, or that it does not."""
    return Speaker(policy, scope).clause(node, holds=holds)


def _said(expression: Expression | n.Node, speaker: Speaker) -> str:
    if isinstance(expression, n.Node):
        return _once(speaker.anything(expression, t.ANY))
    return _once(speaker.anything(expression.node, expression.type))


def _once(said: str) -> str:
    """Say which of a list's items are meant the first time only, if it is the same each time."""
    found = _THOSE.findall(said)
    if len(found) < SEVERAL or len({*found}) > 1 or said.count(_OPENING) > len(found):
        return said
    before, those, after = said.partition(found[0])
    return f"{before}{those}{after.replace(those, '(the same ones)')}"
