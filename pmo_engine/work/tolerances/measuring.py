"""How far what a tolerance measures is from its plan, now, for a record or a whole project."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.feel.clockwork import move_months
from pmo_engine.feel.wire import to_json
from pmo_engine.model.durations import Months
from pmo_engine.model.frozen import dataclass
from pmo_engine.store import tables
from pmo_engine.work.record_facts import record_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.feel.values import Record
    from pmo_engine.policy import Tolerance
    from pmo_engine.policy.tolerances import Allowance
    from pmo_engine.work.governance import Context

COUNTED = frozenset({"waiting", "approved", "ended"})
"""The standings of records that are in a sum."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A forecast, what it is held against (None: nothing), and the records that it comes from.

    ``drivers``: of a sum, each record by how far it is from its own plan, the furthest first.
    """

    forecast: Any
    against: Any
    drivers: tuple[tuple[str, Any], ...] = ()

    @property
    def basis(self) -> str:
        """Say in one text against what it is held, so that a change of it is noticed."""
        return "" if self.against is None else str(to_json(self.against))


def standing_of(
    c: Context, tolerance: Tolerance, row: tables.Entry | tables.Project, *, since_first: bool
) -> Standing | None:
    """Give how a record, or a project, stands; None where nothing is known of it."""
    measured = tolerance.measured
    assert measured is not None  # those alone are asked about
    against = measured.first if since_first else measured.against
    register = c.policy.registers[measured.register]
    if isinstance(row, tables.Entry):
        if row.register_name != register.id:
            return None
        record = record_of(c.policy, register, row, register.root, c.today)
        return _of_one(c, tolerance, record, against)
    return _of_all(tolerance, list(_counted(c, tolerance, row)), against)


def _counted(c: Context, tolerance: Tolerance, project: tables.Project) -> Iterator[Record]:
    """Give the records of a project that are in the sum."""
    measured = tolerance.measured
    assert measured is not None  # as above
    register = c.policy.registers[measured.register]
    for entry in c.uow.entries.of_project(project.id, register.id):
        if entry.standing in COUNTED:
            record = record_of(c.policy, register, entry, register.root, c.today)
            if not measured.of_stage or record.get("stage") == project.stage:
                yield record


def _of_one(
    c: Context, tolerance: Tolerance, record: Record, against: str | None
) -> Standing | None:
    measured = tolerance.measured
    assert measured is not None  # as above
    met = None if measured.met is None else record.get(measured.met)
    forecast = record.get(measured.forecast) if met is None else met
    if met is None and isinstance(forecast, date) and measured.met is not None:
        forecast = max(forecast, c.today)
    plan = None if against is None else record.get(against)
    if forecast is None or (against is not None and plan is None):
        return None
    return Standing(forecast, plan)


def _of_all(tolerance: Tolerance, records: list[Record], against: str | None) -> Standing | None:
    measured = tolerance.measured
    assert measured is not None  # as above
    name = measured.forecast
    known = [each for each in records if each.get(name) is not None]
    known = [each for each in known if against is None or each.get(against) is not None]
    if not known:
        return None
    forecast = _sum(each[name] for each in known)
    if against is None:
        return Standing(forecast, None)
    off = {each["key"]: each[name] - each[against] for each in known}
    worst = sorted(off.items(), key=lambda pair: pair[1], reverse=not measured.falls)
    return Standing(forecast, _sum(each[against] for each in known), tuple(worst))


def _sum(values: Iterator[Any]) -> Any:
    total = next(values)
    for each in values:
        total += each
    return total


def limit_of(c: Context, tolerance: Tolerance, allows: Allowance, stands: Standing) -> Any:
    """Give up to where a forecast may go by an amount of a tolerance."""
    value, plan = allows.value, stands.against
    falls = tolerance.measured is not None and tolerance.measured.falls
    if plan is None:
        return value
    match allows.measure:
        case "percentage":
            assert isinstance(value, Decimal)  # which a share is
            return plan * ((1 - value) if falls else (1 + value))
        case "working days":
            assert isinstance(value, Decimal)  # a number of them
            return _working_day(c, plan, int(value))
        case "months":
            assert isinstance(value, Months)  # as measured
            return move_months(plan, value)
        case _:
            return plan - value if falls else plan + value


def _working_day(c: Context, day: date, days: int) -> date:
    while days > 0:
        day += timedelta(days=1)
        days -= c.policy.calendar.is_working_day(day)
    return day


def is_worse(tolerance: Tolerance, one: Any, other: Any) -> bool:
    """Tell whether a value is worse than another one."""
    falls = tolerance.measured is not None and tolerance.measured.falls
    return bool(one < other if falls else one > other)
