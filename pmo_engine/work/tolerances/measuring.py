"""How far what a tolerance measures is from its plan, now, for a record or a whole project."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.authority.tolerances import of_all, of_one
from pmo_engine.feel.clockwork import move_months
from pmo_engine.model.durations import Months
from pmo_engine.queries.record_facts import record_of
from pmo_engine.store import tables

if TYPE_CHECKING:
    from pmo_engine.authority.tolerances import Standing
    from pmo_engine.policy import Tolerance
    from pmo_engine.policy.tolerances import Allowance
    from pmo_engine.work.governance import Context


def standing_of(
    c: Context, tolerance: Tolerance, row: tables.Entry | tables.Project, *, since_first: bool
) -> Standing | None:
    """Give how a record, or a project, stands; None where nothing is known of it."""
    measured = tolerance.measured
    assert measured is not None  # those alone are asked about
    register = c.policy.registers[measured.register]
    if isinstance(row, tables.Entry):
        if row.register_name != register.id:
            return None
        record = record_of(c.policy, register, row, register.root, c.today)
        return of_one(measured, record, c.today, since_first=since_first)
    entries = c.uow.entries.of_project(row.id, register.id)
    records = (record_of(c.policy, register, e, register.root, c.today) for e in entries)
    return of_all(measured, records, row.stage, since_first=since_first)


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
