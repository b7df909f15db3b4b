"""Which roles somebody holds, and who holds one, for a project or for all.

Roles for offices and programmes count where these are near, which the pure ``People`` say; where
nobody holds any, one statement answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model import people as model
from pmo_engine.work.people.gathered import people

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.store.tables import RoleHolding
    from pmo_engine.work.governance import Context
    from pmo_engine.work.subjects import Locked


def roles_of(c: Context, person: str, project: str | None, on: date | None = None) -> list[str]:
    """Name the roles that a person holds for a project, or for the office, on a day (today)."""
    return sorted({each.role for each in holdings_of(c, person, project, on)})


def holdings_of(
    c: Context, person: str, project: str | None, on: date | None = None
) -> list[RoleHolding]:
    """Give the holdings of a person that count for a project, or for the office, on a day."""
    day = on or c.today
    held = c.uow.people.holdings(person, day)
    if all(each.unit is None for each in held):
        return [each for each in held if each.project in {None, project}]
    there = people(c, day)
    return [each for each in held if there.counts(pure(each), project, day)]


def pure(row: RoleHolding) -> model.RoleHolding:
    """Give a row of the store as the pure questions take it."""
    span = (row.person, row.role, row.project, row.from_date, row.to_date)
    return model.RoleHolding(*span, row.acting, row.unit)


def holders(c: Context, role: str, project: str | None, on: date | None = None) -> list[str]:
    """Name who holds a role for a project, or for the office, on a day (today), by id."""
    day = on or c.today
    found = c.uow.people.holders(role, project, day)
    if any(unit is not None for _, unit in found):
        return sorted(people(c, day).holders(role, project, day))
    return [person for person, _ in found]


def held_at(c: Context, role: str, project: str | None, unit: str | None, on: date) -> list[str]:
    """Name who holds a role where a post is: for the very unit, or whoever counts for a project."""
    if unit is None:
        return holders(c, role, project, on)
    rows = c.uow.people.of_unit(unit, role)
    return [each.person for each in rows if pure(each).holds(on)]


def roles_at(c: Context, person: str, on: Locked) -> list[str]:
    """Name the roles that a person holds today where something is: a project, a unit, or all."""
    if on.unit is None:
        return roles_of(c, person, on.place)
    held = c.uow.people.holdings(person, c.today)
    if all(each.unit is None for each in held):
        return sorted({each.role for each in held if each.project is None})
    around = people(c).units.around(on.unit)
    mine = (each for each in held if each.unit in around or each.project is each.unit is None)
    return sorted({each.role for each in mine})
