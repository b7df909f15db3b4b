"""A gate review, as what people are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.work.errors import CommandError
from pmo_engine.work.gates.course import close_review

if TYPE_CHECKING:
    from pmo_engine.store.tables import GateReview
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.subjects import Ballot


class ReviewKind:
    """See ``SubjectKind``."""

    def get(self, uow: UnitOfWork, id: str) -> GateReview:
        return uow.gate_reviews.get(id)

    def lock(self, uow: UnitOfWork, id: str) -> GateReview:
        return uow.gate_reviews.lock(id)

    def requesters(self, _c: Context, row: GateReview) -> set[str]:
        return {row.opened_by}

    def status(self, row: GateReview) -> str:
        return row.status

    def settle(self, c: Command, row: GateReview, ballot: Ballot) -> str:
        return close_review(c.under(row), row, ballot)

    def answered(self, _c: Command, row: GateReview) -> str:
        raise CommandError(f"gate {row.gate} is answered with 'pmo gate answer'")


KIND = ReviewKind()
