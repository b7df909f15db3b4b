"""A version of the policy, as what people are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.interests import Interest
from pmo_engine.policy.terms import ADOPT
from pmo_engine.work.errors import CommandError
from pmo_engine.work.subjects import Ballot
from pmo_engine.work.versions.adoption import decided
from pmo_engine.work.versions.catalogue import in_force, title

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pmo_engine.store.tables import Obligation, PolicyVersion
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.versions.open_work import Judged


class VersionKind:
    """See ``SubjectKind``."""

    def get(self, uow: UnitOfWork, id: str) -> PolicyVersion:
        return uow.policy_versions.get(id)

    def lock(self, uow: UnitOfWork, id: str) -> PolicyVersion:
        return uow.policy_versions.lock(id)

    def many(self, uow: UnitOfWork, ids: Collection[str]) -> list[PolicyVersion]:
        return uow.policy_versions.many(ids)

    def interests(
        self, _c: Context, rows: Sequence[PolicyVersion]
    ) -> dict[str, tuple[Interest, ...]]:
        return {row.id: _interests(row) for row in rows}

    def act(self, _c: Context, _row: PolicyVersion) -> str:
        return ADOPT

    def governing(self, c: Context, row: PolicyVersion) -> Context:
        return c if in_force(c) is not None else c.by_rules(c.version(row.digest))

    def says_since(self, _row: PolicyVersion) -> int:
        """Give 0: a version of the policy says the same for ever."""
        return 0

    def changes(self, _c: Context, _row: PolicyVersion, _version: int) -> list[str]:
        return []

    def status(self, row: PolicyVersion) -> str:
        return row.status

    def settle(self, c: Command, row: PolicyVersion, ballot: Ballot) -> str:
        return decided(c, row, ballot)

    def advised(self, _c: Command, row: PolicyVersion) -> str:
        return self.status(row)

    def lapsed(self, c: Command, row: PolicyVersion, approval: Obligation) -> None:
        self.settle(c, row, Ballot(approval, "reject", "no decision in time"))

    def allows(self, c: Context, row: PolicyVersion, ballot: Ballot) -> None:
        """Refuse nothing: a version is adopted or rejected."""

    def against(self, _c: Command, _row: PolicyVersion, _approval: Obligation) -> str:
        return ""

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


def _interests(row: PolicyVersion) -> tuple[Interest, ...]:
    drafted = Interest(row.drafted_by, "author", "drafted this")
    if row.submitted_by is None:
        return (drafted,)
    return Interest(row.submitted_by, "requester", "asked for this"), drafted


KIND = VersionKind()
