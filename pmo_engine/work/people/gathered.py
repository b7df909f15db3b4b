"""What the store holds of people, as the pure questions of authority take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.people import People
from pmo_engine.model.people import RoleHolding

if TYPE_CHECKING:
    from pmo_engine.work.governance import Context


def people(c: Context) -> People:
    """Gather who holds what today, who decides for whom, and who is away."""
    rows = c.uow.people.in_force(c.today)
    return People(tuple(RoleHolding(*each) for each in rows))
