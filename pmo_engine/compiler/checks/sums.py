"""Checks of cumulative limits beside those for each case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.authority.bounds import same
from pmo_engine.authority.titles import role_in_words
from pmo_engine.compiler.checks.check import check
from pmo_engine.feel import types as t
from pmo_engine.policy.acts import noun_of
from pmo_engine.prose.names import act_in_words
from pmo_engine.prose.values import joined
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pmo_engine.policy import Authority, Policy


@check(codes.SUM_ALONE)
def sums_do_not_decide_alone(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a sum that is there for records for which no limit for each case is."""
    for terms in policy.terms.values():
        for item in terms.authority:
            beside = [
                each
                for each in terms.authority
                if each.act == item.act and each.cumulative is None and each.limits
            ]
            if item.cumulative is None or not beside or _always_beside(policy, item, beside):
                continue
            role, act = role_in_words(item.role, policy), act_in_words(item.act, policy)
            names = joined([f"'{each.id}'" for each in beside])
            there = "is" if len(beside) == 1 else "are"
            message = f"where {names} {there} not there, '{item.id}' alone lets {role} {act}"
            message += ", up to the whole sum in one case"
            hint = "give it the same conditions, or the other cases a limit of their own"
            yield at(item.mark, codes.SUM_ALONE, message, hint)


def _always_beside(policy: Policy, item: Authority, beside: Sequence[Authority]) -> bool:
    """Tell whether some limit for each case is there wherever a sum is."""
    if any(_wherever(item, each) for each in beside):
        return True
    for field in dict.fromkeys(only.field for each in beside for only in each.of):
        parts = [each for each in beside if _by_field_alone(item, each, field)]
        values = [value for each in parts for only in each.of for value in only.values]
        domain = _domain(policy, item, field)
        if domain and all(any(same(one, other) for other in values) for one in domain):
            return True
    return False


def _wherever(item: Authority, other: Authority, but: str = "") -> bool:
    """Tell whether an authority is there wherever another is, its condition on a field apart."""
    mine = {only.field: only.values for only in item.of}
    fields = all(
        only.field == but
        or (
            only.field in mine
            and all(any(same(one, each) for each in only.values) for one in mine[only.field])
        )
        for only in other.of
    )
    asking = not other.requesters or (
        bool(item.requesters) and set(item.requesters) <= set(other.requesters)
    )
    away = other.in_absence_of in {None, item.in_absence_of}
    return fields and asking and away and other.while_vacant in {None, item.while_vacant}


def _by_field_alone(item: Authority, other: Authority, field: str) -> bool:
    return any(only.field == field for only in other.of) and _wherever(item, other, field)


def _domain(policy: Policy, item: Authority, field: str) -> Collection[Any]:
    """Give the values of a field for which an authority is there, as far as they can be listed."""
    named = next((only.values for only in item.of if only.field == field), None)
    register = policy.register_of(noun_of(item.act))
    if named is not None or register is None or field not in register.fields:
        return named or ()
    kind = register.fields[field].type
    if isinstance(kind, t.EnumType):
        return kind.values
    return (True, False) if kind == t.BOOLEAN else ()
