"""A version of the policy, as what people are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.work.errors import CommandError
from pmo_engine.work.versions.adoption import decided
from pmo_engine.work.versions.catalogue import title

if TYPE_CHECKING:
    from pmo_engine.store.tables import PolicyVersion
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.subjects import Ballot
    from pmo_engine.work.versions.open_work import Judged


class VersionKind:
    """See ``SubjectKind``."""

    def get(self, uow: UnitOfWork, id: str) -> PolicyVersion:
        return uow.policy_versions.get(id)

    def lock(self, uow: UnitOfWork, id: str) -> PolicyVersion:
        return uow.policy_versions.lock(id)

    def requesters(self, _c: Context, row: PolicyVersion) -> set[str]:
        return {row.drafted_by, row.submitted_by or row.drafted_by}

    def status(self, row: PolicyVersion) -> str:
        return row.status

    def settle(self, c: Command, row: PolicyVersion, ballot: Ballot) -> str:
        return decided(c, row, ballot)

    def advised(self, _c: Command, row: PolicyVersion) -> str:
        return self.status(row)

    def answered(self, _c: Command, row: PolicyVersion) -> str:
        raise CommandError(f"{title(row)} is voted on with 'pmo approve' or 'pmo reject'")

    def open(self, _c: Context) -> list[PolicyVersion]:
        """Give none: a version that waits for its adoption is under no version."""
        return []

    def called(self, row: PolicyVersion) -> str:
        return title(row)

    def judge(self, _c: Context, row: PolicyVersion) -> Judged | str:
        return f"{title(row)} is under no version"

    def go_on_under(self, _c: Command, _judged: Judged) -> None:
        """Do nothing, since nothing is judged."""


KIND = VersionKind()
