"""An entry of a register, as what people are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.work.records.settlement import approve_if_done, settle_entry, tell_requester

if TYPE_CHECKING:
    from pmo_engine.store.tables import Entry
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.subjects import Ballot


class EntryKind:
    """See ``SubjectKind``."""

    def get(self, uow: UnitOfWork, id: str) -> Entry:
        return uow.entries.get(id)

    def lock(self, uow: UnitOfWork, id: str) -> Entry:
        return uow.entries.lock(id)

    def requesters(self, c: Context, row: Entry) -> set[str]:
        """Name who wrote what is asked; whoever decided about it wrote its later versions."""
        return {v.by for v in c.uow.entries.versions(row.id) if v.status == "submitted"}

    def status(self, row: Entry) -> str:
        return row.status

    def settle(self, c: Command, row: Entry, ballot: Ballot) -> str:
        under = c.under(row)
        if ballot.choice == "reject":
            settle_entry(under, row, "rejected")
        else:
            approve_if_done(under, row)
        tell_requester(under, row, ballot)
        return row.status

    def answered(self, c: Command, row: Entry) -> str:
        approve_if_done(c.under(row), row)
        return row.status


KIND = EntryKind()
