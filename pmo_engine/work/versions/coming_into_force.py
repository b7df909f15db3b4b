"""A version of the policy takes force on its day: once, before anything else is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.store.errors import DatabaseReadOnly
from pmo_engine.work.rulebook import SYSTEM
from pmo_engine.work.versions.catalogue import journal
from pmo_engine.work.versions.open_work import carry_out, judge, open_work

if TYPE_CHECKING:
    from pmo_engine.store.tables import PolicyVersion
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.governance import Shelf
    from pmo_engine.work.rulebook import Desk


def current_desk(shelf: Shelf) -> Desk:
    """Give the desk of the version in force now; one whose day has come takes force first.

    In a database that is open for reading only, open work is shown as it was left.
    """
    due = shelf.due()
    try:
        for term in due:
            bring_into_force(shelf.desk_of(term.digest), term.version_id)
    except DatabaseReadOnly:
        return shelf.desk()
    if due:
        shelf.forget()
    return shelf.desk()


def bring_into_force(desk: Desk, version_id: str) -> None:
    """Let a version take force, in a transaction of its own; a second time does nothing."""
    with desk.transaction(SYSTEM) as uow:
        row = uow.policy_versions.lock(version_id)
        if row.took_force_at is None:
            take_force(desk, uow, row, SYSTEM)


def take_force(desk: Desk, uow: UnitOfWork, row: PolicyVersion, by: str) -> None:
    """Let a version that is adopted, ``desk``'s own, take the place of the one before it."""
    uow.policy_versions.change(row, took_force_at=desk.clock.now())
    for other in uow.policy_versions.all():
        if other.id != row.id and other.status == "adopted" and other.took_force_at is not None:
            uow.policy_versions.change(other, status="superseded")
    moved, left = _follow(desk, uow, by) if row.applies_to_open else (0, {})
    journal(uow, row, "took_force", {"open_work": moved, "left": left})


def _follow(desk: Desk, uow: UnitOfWork, by: str) -> tuple[int, dict[str, str]]:
    """Bring all open work under the version; gives how much that was, and why some was left."""
    moved, left = 0, {}
    for work in open_work(uow):
        judged = judge(desk, uow, work)
        if isinstance(judged, str):
            left[work.id] = judged
        else:
            carry_out(desk, uow, judged, by)
            moved += 1
    return moved, left
