"""How far an authority goes for a record: whether it is there at all, and what its limit is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.authority.seniority import above
from pmo_engine.feel.values import Missing
from pmo_engine.model.money import Money
from pmo_engine.model.names import alike
from pmo_engine.policy.fact_paths import fact
from pmo_engine.policy.terms import STANDING, Extreme, ShareOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.policy import Authority, Bound, Only, Policy, Register


def every(truths: Iterable[bool | Missing]) -> bool | Missing:
    """Join what has to hold together: one *no* decides, whatever is missing beside it."""
    found = list(truths)
    if False in found:
        return False
    missing = [each for each in found if isinstance(each, Missing)]
    return Missing.of(*missing) if missing else True


def some(truths: Iterable[bool | Missing]) -> bool | Missing:
    """Join what need not all hold: one *yes* decides, whatever is missing beside it."""
    found = list(truths)
    if True in found:
        return True
    missing = [each for each in found if isinstance(each, Missing)]
    return Missing.of(*missing) if missing else False


# Whether it is there


def applies(
    policy: Policy, item: Authority, register: Register | None, facts: Mapping[str, Any]
) -> bool | Missing:
    """Tell whether an authority is there for the record in hand, at this moment."""
    if not item.is_conditional:
        return True
    parts: list[bool | Missing] = []
    if register is not None and item.of:
        own = facts.get(register.root)
        parts += [_is_one(each, own, register.root) for each in item.of]
    if item.requesters:
        parts.append(_in_line(policy, item.requesters, facts))
    if item.in_absence_of is not None:
        parts.append(_is_away(item.in_absence_of, "absent", facts))
    if item.while_vacant is not None:
        parts.append(_is_away(item.while_vacant, "vacant", facts))
    return every(parts)


def same(one: Any, other: Any) -> bool:
    """Tell whether two values of a field are one, however they are spelt."""
    if isinstance(one, str) and isinstance(other, str):
        return alike(one) == alike(other)
    return bool(one == other)


def is_of(item: Authority, record: Any, path: str) -> bool | Missing:
    """Tell whether a record, which lies at ``path``, is one that the authority is over."""
    return every(_is_one(each, record, path) for each in item.of)


def _is_one(only: Only, record: Any, path: str) -> bool | Missing:
    value = None if record is None else record.get(only.field)
    if value is None:
        return Missing((f"{path}.{only.field}",))
    return any(same(value, each) for each in only.values)


def _in_line(policy: Policy, roles: tuple[str, ...], facts: Mapping[str, Any]) -> bool | Missing:
    """Tell whether who asks holds one of some roles, or one below it."""
    held = _standing(facts, "requester")
    if isinstance(held, Missing):
        return held
    return any(role in roles or not set(roles).isdisjoint(above(policy, role)) for role in held)


def _is_away(role: str, how: str, facts: Mapping[str, Any]) -> bool | Missing:
    away = _standing(facts, how)
    return away if isinstance(away, Missing) else role in away


def _standing(facts: Mapping[str, Any], what: str) -> Any:
    """Give what is so at the moment, as the office says it."""
    found = (facts.get(STANDING) or {}).get(what)
    return Missing((f"{STANDING}.{what}",)) if found is None else found


# How far it goes


def amount(bound: Bound | None, facts: Mapping[str, Any]) -> Money | Missing | None:
    """Give what a limit comes to for these facts; None: unlimited."""
    match bound:
        case ShareOf(share, of):
            whole = fact(facts, of)
            return whole * share.fraction if isinstance(whole, Money) else Missing((str(of),))
        case Extreme(greater, of):
            found = [amount(each, facts) for each in of]
            if missing := [each for each in found if isinstance(each, Missing)]:
                return Missing.of(*missing)
            amounts = [each for each in found if isinstance(each, Money)]
            return max(amounts) if greater else min(amounts)
        case _:
            return bound


def within(total: Money, bound: Bound | None, facts: Mapping[str, Any]) -> bool | Missing:
    """Tell whether a total is within a limit; of a greater or lesser one part may decide."""
    if bound is None:
        return True
    if isinstance(bound, Extreme):
        join = some if bound.greater else every
        return join(within(total, each, facts) for each in bound.of)
    limit = amount(bound, facts)
    return limit if isinstance(limit, Missing) else limit is None or total <= limit


def plain(bound: Bound | None) -> Money | None:
    """Give a limit that is the same for every record; None where it is none, or hangs on facts."""
    return bound if isinstance(bound, Money) else None


def shares(bound: Bound | None) -> tuple[ShareOf, ...]:
    """Name the shares of facts that a limit hangs on."""
    parts = bound.of if isinstance(bound, Extreme) else (bound,)
    return tuple(part for part in parts if isinstance(part, ShareOf))
