"""The functions of governance: who may do what up to how much, and what is left of it."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from pmo_engine.authority.bounds import amount, applies, plain, shares
from pmo_engine.authority.limits import least_of, limits_of, measured, value_of
from pmo_engine.authority.sums import spent
from pmo_engine.feel.values import Function, Missing
from pmo_engine.model.money import Money
from pmo_engine.model.working_time.hours import CalendarError
from pmo_engine.policy.selection import Selection, holders_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from pmo_engine.model.working_time.calendar import WorkingCalendar
    from pmo_engine.policy import Authority, Limit, Policy, Register
    from pmo_engine.policy.tolerances import Amount


def functions(selection: Selection, facts: Mapping[str, Any]) -> dict[str, Function]:
    """Give the governance functions as values, with this epoch's limits and these facts."""
    calendar = selection.policy.calendar
    return {
        "authority": Function(("role", "act"), partial(authority, selection, facts)),
        "headroom": Function(("role", "act"), partial(headroom, selection, facts)),
        "least_senior": Function(("act", "amount"), partial(who_may, selection, facts)),
        "tolerance": Function(("level", "of"), partial(tolerance, selection)),
        "working_days_between": Function(("from", "to"), partial(working_days_between, calendar)),
    }


def working_days_between(calendar: WorkingCalendar, start: date, end: date) -> Decimal | None:
    """Count the working days from one day to another; None for years the calendar does not know."""
    try:
        return Decimal(calendar.working_days_between(start, end))
    except CalendarError:
        return None


def tolerance(selection: Selection, level: str, of: str) -> Amount | None:
    """Give the value of a level's tolerance; None where none is set yet."""
    found = selection.policy.tolerances.get((level, of))
    dated = found.on(selection.day) if found is not None else None
    return None if dated is None else dated.value


def authority(
    selection: Selection, facts: Mapping[str, Any], role: str, act: str
) -> Money | Missing | None:
    """Give the lowest per-case limit of ``role`` for ``act``; None: unlimited or none."""
    return _least(
        applied if isinstance(applied, Missing) else amount(limit.value, facts)
        for item, limit, applied in _applied(selection, facts, role, act)
        if item.cumulative is None
    )


def hangs_on_facts(selection: Selection, role: str, act: str) -> bool:
    """Tell whether the per-case limit of a role for an act is another for other records."""
    return any(
        item.cumulative is None and (item.is_conditional or shares(limit.value))
        for item, limit in limits_of(selection, role, act)
    )


def authority_on(policy: Policy, role: str, act: str, day: date) -> Money | None:
    """Give the limit on a day, where it is the same for every record; None where it is not."""
    held = dict(holders_of(policy, act, day)).get(role, ())
    each = [(item, limit.value) for item, limit in held if item.cumulative is None]
    if any(item.is_conditional or shares(value) for item, value in each):
        return None
    return min((value for _, bound in each if (value := plain(bound)) is not None), default=None)


def headroom(
    selection: Selection, facts: Mapping[str, Any], role: str, act: str
) -> Money | Missing | None:
    """Give what the cumulative limits of ``role`` for ``act`` leave; None: not limited so."""
    register = measured(selection, act, facts)
    return _least(
        applied if isinstance(applied, Missing) else _left(selection, register, item, limit, facts)
        for item, limit, applied in _applied(selection, facts, role, act)
        if item.cumulative is not None and limit.value is not None
    )


def _left(
    selection: Selection,
    register: Register | None,
    item: Authority,
    limit: Limit,
    facts: Mapping[str, Any],
) -> Money | Missing | None:
    bound, used = amount(limit.value, facts), spent(selection.policy, register, item, facts)
    if isinstance(bound, Missing) or isinstance(used, Missing):
        return Missing.of(bound, used)
    return None if bound is None else bound - used


def _least(values: Iterable[Money | Missing | None]) -> Money | Missing | None:
    found = list(values)
    if missing := [each for each in found if isinstance(each, Missing)]:
        return Missing.of(*missing)
    return min((each for each in found if isinstance(each, Money)), default=None)


def _applied(
    selection: Selection, facts: Mapping[str, Any], role: str, act: str
) -> Iterator[tuple[Authority, Limit, Literal[True] | Missing]]:
    """Give the limits of a role for an act that are there, or may be."""
    register = measured(selection, act, facts)
    for item, limit in limits_of(selection, role, act):
        applied = applies(selection.policy, item, register, facts)
        if applied is not False:
            yield item, limit, applied


def who_may(
    selection: Selection, facts: Mapping[str, Any], act: str, amount: Money | None = None
) -> str | Missing | None:
    """Name the least senior role whose terms cover an amount; without one, the event's record.

    None where nobody may, or where there is nothing to measure. Of another register than the
    event's only what the event gives is added up.
    """
    register = selection.policy.register_of(act.partition(" ")[2])
    holders = selection.holders_for(act)
    if amount is None and register is selection.register:
        value = value_of(register, facts)
        if isinstance(value, Missing):
            return value
        amount = value
    if not holders or amount is None or amount.currency != selection.policy.currency:
        return None
    found = least_of(selection, holders, register, amount, facts)
    return found if isinstance(found, Missing) else found.role
