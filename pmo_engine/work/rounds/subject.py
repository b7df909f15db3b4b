"""What a project is asked for in a round, as what people are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.work.errors import CommandError
from pmo_engine.work.rounds.ending import look_whether_all

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pmo_engine.authority.interests import Interest
    from pmo_engine.store.tables import Obligation, Return
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.subjects import Ballot


class ReturnKind:
    """See ``SubjectKind``; nobody votes on one, and it stays under its version."""

    def get(self, uow: UnitOfWork, id: str) -> Return:
        return uow.returns.get(id)

    def lock(self, uow: UnitOfWork, id: str) -> Return:
        return uow.returns.lock(id)

    def many(self, uow: UnitOfWork, ids: Collection[str]) -> list[Return]:
        return uow.returns.many(ids)

    def interests(self, _c: Context, rows: Sequence[Return]) -> dict[str, tuple[Interest, ...]]:
        return {row.id: () for row in rows}

    def act(self, _c: Context, _row: Return) -> str:
        return "answer round"

    def governing(self, c: Context, row: Return) -> Context:
        return c.under(row)

    def says_since(self, _row: Return) -> int:
        return 0

    def changes(self, _c: Context, _row: Return, _version: int) -> list[str]:
        return []

    def status(self, _row: Return) -> str:
        return "answered"

    def settle(self, _c: Command, row: Return, _ballot: Ballot) -> str:
        raise CommandError(f"{row.title} is not voted on")

    def advised(self, _c: Command, row: Return) -> str:
        return self.status(row)

    def lapsed(self, _c: Command, _row: Return, _approval: Obligation) -> None:
        """Do nothing, since nothing of it is approved."""

    def allows(self, _c: Command, row: Return, _ballot: Ballot) -> None:
        raise CommandError(f"{row.title} is not voted on")

    def against(self, _c: Command, _row: Return, _approval: Obligation) -> str:
        return ""

    def answered(self, c: Command, row: Return) -> str:
        left = len(c.uow.obligations.open_for(row.id))
        if left:
            return f"{left} more to give"
        look_whether_all(c, row.round_id)
        return "all given"

    def open(self, _c: Context) -> list[Return]:
        """Give none: a round ends under the version under which it was opened."""
        return []

    def called(self, row: Return) -> str:
        return row.title

    def judge(self, _c: Context, row: Return) -> str:
        return f"{row.title} is judged by no rule"

    def go_on_under(self, _c: Command, _judged: object) -> None:
        """Do nothing, since nothing is judged."""


KIND = ReturnKind()
