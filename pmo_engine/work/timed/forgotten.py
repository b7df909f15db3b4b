"""What time asked of a project or an office by a rule that the policy has no more is taken back.

Nothing but time judges these, by the version of its day: no other event would find it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import MOTION
from pmo_engine.work.acts import SWEEP
from pmo_engine.work.approvals.taking_back import take_back
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.subjects import OfSubject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.policy import Policy
    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.governance import Governance

WHY = "It is not asked for any more: the policy has no such rule any more."


class TakenBack(Shape):
    """How much was taken back."""

    count: int


def forgotten(rows: Iterable[Obligation], policy: Policy) -> list[Obligation]:
    """Choose what no rule of a policy asks for; ``rows``: what is open of projects and offices."""
    known = {MOTION, *(rule.id for rule in policy.rules)}
    return [row for row in rows if known.isdisjoint({row.rule, *row.also_rules})]


def take_back_forgotten(governance: Governance, by: str) -> None:
    """Take it back, each project and office in a command of its own."""
    with governance.reading() as c:
        due = {row.subject_id for row in forgotten(c.uow.obligations.open_of_places(), c.policy)}
    for subject in sorted(due):
        order = Order(by, SWEEP, OfSubject(subject), TakenBack)
        carry_out(governance, order, _take_back)


def _take_back(c: Command) -> TakenBack:
    rows = forgotten(c.uow.obligations.open_for(c.on.row.id), c.policy)
    take_back(c, rows, WHY, ())
    return TakenBack(count=len(rows))
