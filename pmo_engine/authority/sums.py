"""What a cumulative limit has taken up: approved in its window, and waiting before the record."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from pmo_engine.authority.bounds import every, is_of, same
from pmo_engine.feel.values import Missing
from pmo_engine.model.durations import Span, add_months
from pmo_engine.model.moments import first_moment, utc, wall_clock
from pmo_engine.model.money import Money
from pmo_engine.policy.events import FromRegister
from pmo_engine.policy.registers import SUBMITTED
from pmo_engine.policy.terms import STANDING, SUMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pmo_engine.policy import Authority, Cumulative, Policy, Register

APPROVED = "approved"
WAITING = "waiting"
_NO_KEY = object()
_NOTHING = Decimal(0)


def spent(
    policy: Policy, register: Register | None, item: Authority, facts: Mapping[str, Any]
) -> Money | Missing:
    """Give what a cumulative authority has taken up, the record in hand apart.

    That is what was approved within its window, and what waits and was entered before the record.
    What the event does not give is not known: the project's records by their plural, or, of the
    whole office, the sum under ``standing.sums``, which may stand for a project's records, too.
    """
    assert item.cumulative is not None
    standing = facts.get(STANDING)
    given = None if standing is None else (standing.get(SUMS) or {}).get(item.id)
    if given is not None:
        return given  # type: ignore[no-any-return]
    if register is None or register.value is None:
        return Money(_NOTHING, policy.currency)
    if item.cumulative.across == "office":
        return Missing((f"{STANDING}.{SUMS}",))
    records = facts.get(register.plural)
    if records is None:
        return Missing((register.plural,))
    if not records:
        return Money(_NOTHING, policy.currency)
    own = facts.get(register.root) or {}
    since = beginning(policy, item, facts["now"])
    add = partial(added_up, policy, register, item, own, since=since)
    if not isinstance(records, FromRegister):
        return add(records)
    return _gone_on(item, own, records, add, since)


class Running(NamedTuple):
    """What the first so many of a list added up to, where the window began ``since``.

    ``first``: when the first of the approved ones that count was decided, where any was.
    """

    so_many: int
    total: Money
    since: datetime | None
    first: datetime | None

    def holds(self, since: datetime | None) -> bool:
        """Tell whether it is the same in a window that began then."""
        if self.since is None or since is None:
            return self.since is since
        return self.since <= since and (self.first is None or since <= self.first)


def _gone_on(
    item: Authority,
    own: Any,
    records: FromRegister,
    add: Callable[[Sequence[Any]], Money | Missing],
    since: datetime | None,
) -> Money | Missing:
    """Add up what has come to a list since its beginning was added up; none of it is twice."""
    field = None if item.cumulative is None else item.cumulative.field
    alike = None if field is None else repr(own.get(field))
    key = (item.id, alike, None if records.grows else own.get("key"))
    before = records.running.get(key)
    if before is not None and not before.holds(since):
        before = None
    new = records if before is None else records[before.so_many :]
    more = add(new)
    if isinstance(more, Missing):
        return more
    total = more if before is None else before.total + more
    first = _first_decided(new, since)
    if before is not None and before.first is not None:
        first = before.first if first is None else min(first, before.first)
    records.running[key] = Running(len(records), total, since, first)
    return total


def _first_decided(records: Iterable[Any], since: datetime | None) -> datetime | None:
    if since is None:
        return None
    decided = (each.get("decided_at") for each in records if _standing(each) == APPROVED)
    return min((at for at in decided if at is not None and at >= since), default=None)


def added_up(
    policy: Policy,
    register: Register,
    item: Authority,
    own: Any,
    records: Iterable[Any],
    since: datetime | None,
) -> Money | Missing:
    """Add up what counts of records since then, in the order in which they were entered.

    Of those that wait the ones before the record itself count, or all where it is not among them;
    a credit that waits frees nothing yet.
    """
    total = nothing = Money(_NOTHING, policy.currency)
    missing = []
    for record, status in _counted(own, records, since):
        part = _part(nothing, register, item, own, record, status)
        if isinstance(part, Missing):
            missing.append(part)
        elif part is not nothing:
            total += part
    return Missing.of(*missing) if missing else total


def _counted(
    own: Any, records: Iterable[Any], since: datetime | None
) -> Iterator[tuple[Any, str | None]]:
    """Give the records that may count, each with its status; None where nobody gave it."""
    key, before = own.get("key", _NO_KEY), True
    for record in records:
        if record.get("key") == key:
            before = False
            continue
        status, decided = _standing(record), record.get("decided_at")
        inside = since is None or decided is None or decided >= since
        if status is None or (inside if status == APPROVED else before and status == WAITING):
            yield record, status


def _standing(record: Any) -> str | None:
    """Say how a record stands to its decision; where nobody gave that, its status tells."""
    status = record.get("status")
    found: str | None = record.get("standing", WAITING if status == SUBMITTED else status)
    return found


def _part(
    nothing: Money, register: Register, item: Authority, own: Any, record: Any, status: str | None
) -> Money | Missing:
    """Give what one record takes up; of one that waits, what is not known counts for nothing."""
    counts = _agrees(register, item.cumulative, own, record)
    if item.of:
        counts = every((counts, is_of(item, record, record.path)))
    if counts is False:
        return nothing
    value = record.get(register.value)
    if status == WAITING:
        return nothing if value is None or counts is not True else max(value, nothing)
    if isinstance(counts, Missing):
        return counts
    if status is None or value is None:
        return record.missing("status" if status is None else register.value)  # type: ignore[no-any-return]
    return value  # type: ignore[no-any-return]


def _agrees(
    register: Register, cumulative: Cumulative | None, own: Any, record: Any
) -> bool | Missing:
    name = None if cumulative is None else cumulative.field
    if name is None:
        return True
    mine, its = own.get(name), record.get(name)
    if mine is None:
        return Missing((f"{register.root}.{name}",))
    if its is None:
        return record.missing(name)  # type: ignore[no-any-return]
    return same(mine, its)


def beginning(policy: Policy, item: Authority, now: datetime) -> datetime | None:
    """Give when a limit's window began: days on the stopwatch, months to the same local time.

    None where it has no beginning.
    """
    cumulative = item.cumulative
    if cumulative is None:
        return None
    over = cumulative.over
    if isinstance(over, Span) and over.unit in {"day", "week"}:
        return utc(now) - timedelta(**{f"{over.unit}s": int(over.amount)})
    zone = ZoneInfo(policy.calendar.zone)
    if over == "financial year":
        return first_moment(_year_began(wall_clock(now, zone), *cumulative.year_from), zone)
    if not isinstance(over, Span):
        return None
    months = int(over.amount) * (12 if over.unit == "year" else 1)
    return first_moment(add_months(wall_clock(now, zone), -months), zone)


def _year_began(wall: datetime, month: int, day: int) -> datetime:
    begun = (wall.month, wall.day) >= (month, day)
    return datetime(wall.year - (not begun), month, day)  # noqa: DTZ001 - what the clocks show
