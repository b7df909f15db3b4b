"""A version of the policy takes force on its day: once, before anything else is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.work.acts import TAKE_FORCE
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.subjects import OfSubject
from pmo_engine.work.versions.catalogue import journal
from pmo_engine.work.versions.open_work import bring_under, judge, lock_open_work

if TYPE_CHECKING:
    from pmo_engine.store.policies.versions import Term
    from pmo_engine.store.tables import PolicyVersion
    from pmo_engine.work.governance import Governance


class TookForce(Shape):
    """Whether a version took force now; it does so once."""

    now: bool


def bring_into_force(governance: Governance, due: list[Term]) -> None:
    """Let versions take force, each in a command of its own; a second time does nothing."""
    for term in due:
        order = Order(SYSTEM, TAKE_FORCE, OfSubject(term.version_id), TookForce)
        carry_out(governance, order, _take_force)


def _take_force(c: Command) -> TookForce:
    row: PolicyVersion = c.on.row
    if row.took_force_at is not None:
        return TookForce(now=False)
    take_force(c.by_rules(c.version(row.digest)), row)
    return TookForce(now=True)


def take_force(c: Command, row: PolicyVersion) -> None:
    """Let a version that is adopted, whose rules ``c`` is under, replace the one before it."""
    c.uow.policy_versions.change(row, took_force_at=c.now)
    for other in c.uow.policy_versions.all():
        if other.id != row.id and other.status == "adopted" and other.took_force_at is not None:
            c.uow.policy_versions.change(other, status="superseded")
    moved, left = _follow(c) if row.applies_to_open else (0, {})
    journal(c, row, "took_force", {"open_work": moved, "left": left})


def _follow(c: Command) -> tuple[int, dict[str, str]]:
    """Bring all open work under the version; gives how much that was, and why some was left."""
    moved, left = 0, {}
    for kind, work in lock_open_work(c):
        judged = judge(c, kind, work)
        if isinstance(judged, str):
            left[work.id] = judged
        else:
            bring_under(c, kind, judged)
            moved += 1
    return moved, left
