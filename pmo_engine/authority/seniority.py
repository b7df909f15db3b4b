"""Where the authority of roles does not fit their standing: what the checks of terms look for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pmo_engine.model.money import Money
from pmo_engine.policy.selection import holders_of, superior

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Authority, Policy


def exceeding(policy: Policy) -> Iterator[tuple[Authority, Authority, date | None]]:
    """Find limits above that of a senior for the same act reckoned alike, with the first day."""
    for junior in _all(policy):
        for role in above(policy, junior.role):
            terms = policy.terms.get(role)
            for senior in terms.authority if terms else ():
                if _reckoned(senior) == _reckoned(junior):
                    yield from ((junior, senior, day) for day in _days(junior, senior)[:1])


def _reckoned(item: Authority) -> tuple[Any, ...]:
    """Give all that has to be alike for two limits to be compared."""
    away = (item.requesters, item.in_absence_of, item.while_vacant)
    return item.act, item.cumulative, item.of, *away


def _all(policy: Policy) -> Iterator[Authority]:
    return (item for terms in policy.terms.values() for item in terms.authority)


def above(policy: Policy, role: str) -> Iterator[str]:
    """Name the roles senior to one, from the next on."""
    current, seen = policy.roles.get(role), 0
    while current is not None and current.senior is not None and seen < len(policy.roles):
        yield current.senior
        current, seen = policy.roles.get(current.senior), seen + 1


def _days(junior: Authority, senior: Authority) -> list[date | None]:
    """List the days from which the junior's limit is above the senior's; None for ever."""
    starts = {limit.start for item in (junior, senior) for limit in item.limits}
    days = sorted(starts, key=lambda start: start or date.min)
    return [day for day in days if _isabove(junior, senior, day or date.min)]


def _isabove(junior: Authority, senior: Authority, day: date) -> bool:
    one, other = junior.limit_on(day), senior.limit_on(day)
    if one is None or other is None or other.value is None:
        return False
    if isinstance(one.value, Money) and isinstance(other.value, Money):
        return one.value > other.value
    return one.value is None


def open_ended(policy: Policy) -> Iterator[Authority]:
    """Find the authority of the most senior who may do an act, if it ends and nobody is above.

    Over what is reserved nobody else has any, however senior.
    """
    for act in dict.fromkeys(item.act for item in _all(policy)):
        for role, limits in holders_of(policy, act, date.max)[-1:]:
            limited = [
                item for item, limit in limits if limit.value is not None or item.is_conditional
            ]
            if limited and (is_reserved(policy, act) or superior(policy, role) is None):
                yield limited[0]


def is_reserved(policy: Policy, act: str) -> bool:
    """Tell whether anybody has reserved an act to themselves."""
    return any(act in terms.reserved_acts for terms in policy.terms.values())


def overruled(policy: Policy) -> Iterator[tuple[Authority, str]]:
    """Find authority over acts that others have reserved to themselves, with who has."""
    for role, terms in policy.terms.items():
        for item in _all(policy):
            reserving = policy.terms[item.role].reserved_acts
            if item.act in terms.reserved_acts and item.act not in reserving:
                yield item, role
