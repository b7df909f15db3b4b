"""The functions of governance: who may do what up to how much, and what is left of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pmo_engine.feel.values import Function, Missing
from pmo_engine.model.durations import add_months
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.moments import first_moment, utc, wall_clock
from pmo_engine.model.money import Money
from pmo_engine.model.working_time.hours import CalendarError
from pmo_engine.policy.selection import Holders, Selection, holders_of, superior

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.model.working_time.calendar import WorkingCalendar
    from pmo_engine.policy import Authority, Cumulative, Limit, Policy, Register
    from pmo_engine.policy.tolerances import Amount

APPROVED = "approved"


def functions(selection: Selection, facts: Mapping[str, Any]) -> dict[str, Function]:
    """Give the governance functions as values, with this epoch's limits and these facts."""
    calendar = selection.policy.calendar
    return {
        "authority": Function(("role", "act"), partial(authority, selection)),
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


def authority(selection: Selection, role: str, act: str) -> Money | None:
    """Give the lowest per-case limit of ``role`` for ``act``; None: unlimited or none."""
    return authority_on(selection.policy, role, act, selection.day)


def authority_on(policy: Policy, role: str, act: str, day: date) -> Money | None:
    """Give the same on a day."""
    values = [
        limit.value
        for item, limit in _limits(policy, role, act, day)
        if item.cumulative is None and limit.value is not None
    ]
    return min(values, default=None)


def headroom(
    selection: Selection, facts: Mapping[str, Any], role: str, act: str
) -> Money | Missing | None:
    """Give what the cumulative limits of ``role`` for ``act`` leave; None: not limited so."""
    left: list[Money] = []
    register = _register_of(selection.policy, act)
    for item, limit in _limits(selection.policy, role, act, selection.day):
        if item.cumulative is None or limit.value is None:
            continue
        used = spent(selection, register, item.cumulative, facts)
        if isinstance(used, Missing):
            return used
        left.append(limit.value - used)
    return min(left, default=None)


def spent(
    selection: Selection,
    register: Register | None,
    cumulative: Cumulative,
    facts: Mapping[str, Any],
) -> Money | Missing:
    """Add up what was approved of a register within the window, the record itself apart.

    Where an event gives no list of the project's other records, there are none to add. With a
    field (``supplier``) only those count that agree with the record in it.
    """
    total = Money(Decimal(0), selection.policy.currency)
    if register is None or register.value is None:
        return total
    own = facts.get(register.root) or {}
    since = _beginning(selection, cumulative, facts["now"])
    for record in facts.get(register.plural) or []:
        if record.get("key") == own.get("key", object()) or not _counts(record, since):
            continue
        agrees = _agrees(register, cumulative, own, record)
        value = record.get(register.value)
        if isinstance(agrees, Missing):
            return agrees
        if agrees and value is None:
            return record.missing(register.value)  # type: ignore[no-any-return]
        if agrees:
            total += value
    return total


def cumulative_fields(selection: Selection) -> frozenset[str]:
    """Name the fields (``supplier``) by which some limit adds up the records that agree in it."""
    found = (item.cumulative for t in selection.policy.terms.values() for item in t.authority)
    return frozenset(each.field for each in found if each is not None and each.field is not None)


def _beginning(selection: Selection, cumulative: Cumulative, now: datetime) -> datetime:
    """Give when the window began: days on the stopwatch, months to the same local time."""
    span = cumulative.over
    if span.unit in {"day", "week"}:
        return utc(now) - timedelta(**{f"{span.unit}s": int(span.amount)})
    months = int(span.amount) * (12 if span.unit == "year" else 1)
    zone = ZoneInfo(selection.policy.calendar.zone)
    return first_moment(add_months(wall_clock(now, zone), -months), zone)


def _agrees(register: Register, cumulative: Cumulative, own: Any, record: Any) -> bool | Missing:
    name = cumulative.field
    if name is None:
        return True
    mine, its = own.get(name), record.get(name)
    if mine is None:
        return Missing((f"{register.root}.{name}",))
    if its is None:
        return record.missing(name)  # type: ignore[no-any-return]
    return bool(mine == its)


def _counts(record: Mapping[str, Any], since: datetime) -> bool:
    decided = record.get("decided_at")
    return record.get("status") == APPROVED and (decided is None or decided >= since)


@dataclass(frozen=True, slots=True)
class Approver:
    """Who must approve, by which authority, with which limit in words."""

    role: str
    clause: str


def least_senior(
    selection: Selection, facts: Mapping[str, Any], act: str = ""
) -> Approver | Missing:
    """Find the least senior role whose terms let it do ``act`` to the event's record.

    Without an act, to approve it. Where nobody's terms cover it, it goes up from the most senior of
    those who may do it at all, by the terms of reference.
    """
    value = _value(selection.register, facts)
    if isinstance(value, Missing):
        return value
    holders = selection.holders_for(act) if act else selection.holders
    return _least_of(selection, holders, selection.register, value, facts)


def who_may(
    selection: Selection, facts: Mapping[str, Any], act: str, amount: Money | None = None
) -> str | Missing | None:
    """Name the least senior role whose terms cover an amount; without one, the event's record.

    None where nobody may, or where there is nothing to measure. Of another register than the
    event's only what the event gives is added up.
    """
    register = _register_of(selection.policy, act)
    holders = holders_of(selection.policy, act, selection.day)
    if amount is None and register is selection.register:
        value = _value(register, facts)
        if isinstance(value, Missing):
            return value
        amount = value
    if not holders or amount is None or amount.currency != selection.policy.currency:
        return None
    found = _least_of(selection, holders, register, amount, facts)
    return found if isinstance(found, Missing) else found.role


@dataclass(frozen=True, slots=True)
class Covered:
    """Whether a role's terms let it do an act to a record, by which clause, and why in words.

    ``yes`` is ``Missing`` where it cannot be told; ``clause`` cites what decides it.
    """

    yes: bool | Missing
    clause: str
    why: str


def covers(selection: Selection, facts: Mapping[str, Any], role: str, act: str) -> Covered:
    """Tell whether ``role`` may do ``act`` (``approve change_request``) to the record of ``facts``.

    Asked when somebody is asked, and again at the vote with the facts of that moment.
    """
    held = dict(selection.holders_for(act))
    if role not in held:
        return Covered(yes=False, clause="", why=f"the terms do not let {role} {act}")
    register, limits = _register_of(selection.policy, act), held[role]
    value = _value(register, facts)
    if isinstance(value, Missing):
        return Covered(value, clause="", why=f"not known: {', '.join(value.paths)}")
    for item, limit in limits:
        within = _covers(selection, register, ((item, limit),), value, facts)
        if isinstance(within, Missing):
            return Covered(within, clause_of(item, limit), f"not known: {', '.join(within.paths)}")
        if not within:
            return Covered(yes=False, clause=clause_of(item, limit), why=f"beyond {limit.value}")
    clause = clause_of(*limits[0]) if limits else f"reserved to {role}"
    return Covered(yes=True, clause=clause, why=f"{role} may {act}")


def _register_of(policy: Policy, act: str) -> Register | None:
    return policy.register_of(act.partition(" ")[2])


def _least_of(
    selection: Selection,
    holders: Holders,
    register: Register | None,
    value: Money | None,
    facts: Mapping[str, Any],
) -> Approver | Missing:
    for role, limits in holders:
        covered = _covers(selection, register, limits, value, facts)
        if isinstance(covered, Missing):
            return covered
        if covered:
            return Approver(role, clause_of(*limits[0]) if limits else f"reserved to {role}")
    last = holders[-1][0] if holders else ""
    upward = superior(selection.policy, last) or last
    return Approver(upward, f"beyond the authority of {last}")


def clause_of(item: Authority, limit: Limit) -> str:
    """Cite an authority with the source of its value."""
    return f"{item.id} ({limit.source})" if limit.source else item.id


def _value(register: Register | None, facts: Mapping[str, Any]) -> Money | Missing | None:
    if register is None or register.value is None:
        return None
    record = facts.get(register.root)
    if record is None:
        return Missing((register.root,))
    value: Money | None = record.get(register.value)
    return Missing((f"{register.root}.{register.value}",)) if value is None else value


def _covers(
    selection: Selection,
    register: Register | None,
    limits: tuple[tuple[Authority, Limit], ...],
    value: Money | None,
    facts: Mapping[str, Any],
) -> bool | Missing:
    for item, limit in limits:
        if limit.value is None or value is None:
            continue
        total = _total(selection, register, item, value, facts)
        if isinstance(total, Missing):
            return total
        if total > limit.value:
            return False
    return True


def _total(
    selection: Selection,
    register: Register | None,
    item: Authority,
    value: Money,
    facts: Mapping[str, Any],
) -> Money | Missing:
    """Give what a limit is held against: the value, with what was approved before if it adds up."""
    if item.cumulative is None:
        return value
    used = spent(selection, register, item.cumulative, facts)
    return used if isinstance(used, Missing) else value + used


@dataclass(frozen=True, slots=True)
class Considered:
    """A limit that was looked at for the event's record: ``total`` is what is measured against it.

    ``total`` is ``None`` for a record without a value, or where the limit is none.
    """

    role: str
    authority: Authority
    limit: Limit
    value: Money | None
    total: Money | None

    @property
    def covers(self) -> bool:
        """Tell whether the limit is not exceeded."""
        return self.total is None or self.limit.value is None or self.total <= self.limit.value


def considered(
    selection: Selection, facts: Mapping[str, Any], act: str = ""
) -> Iterator[Considered]:
    """Give the limits that are looked at, up to and with those of the role that covers the record.

    Nothing where the value, or what was approved before, is not known.
    """
    value = _value(selection.register, facts)
    if isinstance(value, Missing):
        return
    for role, limits in selection.holders_for(act) if act else selection.holders:
        looked_at = []
        for item, limit in limits:
            counts = limit.value is not None and value is not None
            total = (
                _total(selection, selection.register, item, value, facts)
                if counts and value is not None
                else None
            )
            if isinstance(total, Missing):
                return
            looked_at.append(Considered(role, item, limit, value, total))
        yield from looked_at
        if all(each.covers for each in looked_at):
            return


def _limits(policy: Policy, role: str, act: str, day: date) -> tuple[tuple[Authority, Limit], ...]:
    return dict(holders_of(policy, act, day)).get(role, ())
