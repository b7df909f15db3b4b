"""Ballots that nothing can decide: too few members may vote, and why the others may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.work.approvals.bodies import bodies_of, of_body
from pmo_engine.work.approvals.eligible import case_of

if TYPE_CHECKING:
    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.approvals.bodies import Body
    from pmo_engine.work.governance import Context


def why_hopeless(c: Context, row: Obligation) -> str:
    """Say why an open approval cannot be decided as who may vote stands today; else nothing."""
    if row.status != "open":
        return ""
    votes = c.uow.votes.current(row.id)
    for body in bodies_of(row).values():
        result = of_body(c, row, body.role, [each for each in votes if each.role == body.role])
        if result.state == "lapsed":
            said = f"it cannot be decided as it stands: {result.why}"
            return "; ".join([said, *_who_may_not(c, row, body)])
    return ""


def _who_may_not(c: Context, row: Obligation, body: Body) -> list[str]:
    """Say of each member who has no vote why that is."""
    case = case_of(c, row)
    found = case.standings([body.role])
    return [
        f"{c.uow.people.name_of(each.person)} {each.why_not}"
        for each in found
        if each.person in body.voting and not each.may
    ]
