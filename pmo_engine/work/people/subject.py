"""A project, or the place of an office, as what people are asked about as time goes by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.vocabulary import A_PLACE, MOTION
from pmo_engine.queries.obligations import ANSWERS
from pmo_engine.work.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pmo_engine.authority.interests import Interest
    from pmo_engine.store.tables import Obligation, Project
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.subjects import Ballot

KIND_NAME = A_PLACE


class PlaceKind:
    """See ``SubjectKind``; what it is asked is asked anew by the clock.

    Nobody votes on one, but bodies on their answers to exceptions, and on what becomes of it.
    """

    def get(self, uow: UnitOfWork, id: str) -> Project:
        return uow.projects.get(id)

    def lock(self, uow: UnitOfWork, id: str) -> Project:
        return uow.projects.lock(id)

    def many(self, uow: UnitOfWork, ids: Collection[str]) -> list[Project]:
        return [uow.projects.get(id) for id in sorted(ids)]

    def interests(self, _c: Context, rows: Sequence[Project]) -> dict[str, tuple[Interest, ...]]:
        return {row.id: () for row in rows}

    def act(self, _c: Context, row: Project) -> str:
        return f"answer for {noun_of(row)}"

    def governing(self, c: Context, _row: Project) -> Context:
        return c

    def says_since(self, _row: Project) -> int:
        return 0

    def changes(self, _c: Context, _row: Project, _version: int) -> list[str]:
        return []

    def status(self, row: Project) -> str:
        return row.status

    def settle(self, c: Command, row: Project, ballot: Ballot) -> str:
        if MOTION in ballot.approval.details:
            from pmo_engine.work.people import project_states  # noqa: PLC0415 - goes by this

            return project_states.on_ballot(c, row, ballot)
        if ANSWERS not in ballot.approval.details:
            raise CommandError(f"{called(row)} is not voted on")
        from pmo_engine.work.tolerances.answers import on_ballot  # noqa: PLC0415 - goes by this

        return on_ballot(c, ballot)

    def advised(self, _c: Command, row: Project) -> str:
        return self.status(row)

    def lapsed(self, _c: Command, _row: Project, _approval: Obligation) -> None:
        """Do nothing, since nothing of it is approved."""

    def allows(self, _c: Command, row: Project, ballot: Ballot) -> None:
        if ballot.approval.details.keys().isdisjoint({ANSWERS, MOTION}):
            raise CommandError(f"{called(row)} is not voted on")

    def against(self, _c: Command, _row: Project, _approval: Obligation) -> str:
        return ""

    def answered(self, _c: Command, row: Project) -> str:
        return self.status(row)

    def open(self, _c: Context) -> list[Project]:
        """Give none: the clock judges each by the version of its day."""
        return []

    def called(self, row: Project) -> str:
        return called(row)

    def judge(self, _c: Context, row: Project) -> str:
        return f"{called(row)} is under no version"

    def go_on_under(self, _c: Command, _judged: object) -> None:
        """Do nothing, since nothing is judged."""


def noun_of(row: Project) -> str:
    """Name what a row of the projects is, as events do: ``project`` or ``office``."""
    return "office" if row.is_office else "project"


def called(row: Project) -> str:
    """Say how people call it: "Project P-1", "Office hub"."""
    return f"{row.id[:1].upper()}{row.id[1:]}" if row.is_office else f"Project {row.id}"


KIND = PlaceKind()
