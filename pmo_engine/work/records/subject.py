"""An entry of a register, as what people are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.decisions.passing import lets_pass
from pmo_engine.model.acts import Act
from pmo_engine.model.event_names import UPDATED, EventName
from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.policy.acts import APPROVE
from pmo_engine.queries.obligations import ANSWERS, MOVE, answered
from pmo_engine.queries.records import changes_since
from pmo_engine.work.acts import RESCIND
from pmo_engine.work.errors import CommandError
from pmo_engine.work.facts import entry_event
from pmo_engine.work.obligations import is_beside, judged_by
from pmo_engine.work.people.acting import are_one
from pmo_engine.work.records import moves
from pmo_engine.work.records.interests import interests_of
from pmo_engine.work.records.settlement import (
    approve_if_done,
    given_since_changed,
    note_blocks,
    settle_entry,
    subject_of,
    tell_lapsed,
    tell_requester,
)
from pmo_engine.work.versions.open_work import Judged, wanted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pmo_engine.authority.interests import Interest
    from pmo_engine.store.tables import Entry, Obligation
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.subjects import Ballot


REFUSED = {"waiting": "rejected", "blocked": "rejected", "approved": "rescinded"}
"""What a record becomes of which an approval is refused: before its outcome, and after it."""


class EntryKind:
    """See ``SubjectKind``."""

    def get(self, uow: UnitOfWork, id: str) -> Entry:
        return uow.entries.get(id)

    def lock(self, uow: UnitOfWork, id: str) -> Entry:
        return uow.entries.lock(id)

    def many(self, uow: UnitOfWork, ids: Collection[str]) -> list[Entry]:
        return uow.entries.many(ids)

    def interests(self, c: Context, rows: Sequence[Entry]) -> dict[str, tuple[Interest, ...]]:
        return interests_of(c, rows)

    def act(self, c: Context, row: Entry) -> str:
        register = c.policy.registers.get(row.register_name)
        return f"{APPROVE} {row.register_name if register is None else register.noun}"

    def governing(self, c: Context, row: Entry) -> Context:
        return c.under(row)

    def says_since(self, row: Entry) -> int:
        """Of one that is decided, nothing changes that anybody decides on."""
        return row.matter_version if row.standing in UNDECIDED else 0

    def changes(self, c: Context, row: Entry, version: int) -> list[str]:
        return changes_since(c, row, version)

    def status(self, row: Entry) -> str:
        return row.status

    def settle(self, c: Command, row: Entry, ballot: Ballot) -> str:
        under = c.under(row)
        if MOVE in ballot.approval.details:
            return moves.on_approval(under, row, ballot)
        if ANSWERS in ballot.approval.details:
            from pmo_engine.work.tolerances.answers import on_ballot  # noqa: PLC0415 - goes by this

            return on_ballot(under, ballot)
        if Act.parse(ballot.approval.act).verb == RESCIND.verb:
            return _on_rescission(under, row, ballot)
        if ballot.choice == "reject":
            why = {"reason": ballot.reason} if ballot.reason else {}
            settle_entry(under, row, REFUSED[row.standing], why)
        else:
            approve_if_done(under, row, ballot)
        tell_requester(under, row, ballot)
        return row.status

    def advised(self, c: Command, row: Entry) -> str:
        return self.answered(c, row)

    def lapsed(self, c: Command, row: Entry, approval: Obligation) -> None:
        """Tell the requester; a change of the record asks anew, of what has to be given."""
        under = c.under(row)
        if approval.binding == "should":
            approve_if_done(under, row)
        if row.standing in UNDECIDED:
            tell_lapsed(under, row, approval)

    def allows(self, c: Command, row: Entry, ballot: Ballot) -> None:
        """Refuse a vote on a move by whoever asked for it."""
        asked = ballot.approval.details.get(MOVE)
        if asked is not None and are_one(c, asked["by"], c.actor):
            raise CommandError(
                f"{c.actor_name} asked that {row.key} be moved, and has no vote on it"
            )

    def against(self, _c: Command, _row: Entry, _approval: Obligation) -> str:
        return ""

    def answered(self, c: Command, row: Entry) -> str:
        if row.standing == "blocked":
            note_blocks(c.under(row), row)
        approve_if_done(c.under(row), row)
        return row.status

    def open(self, c: Context) -> list[Entry]:
        return c.uow.entries.open()

    def called(self, row: Entry) -> str:
        return f"{row.key} of {row.project}"

    def judge(self, c: Context, row: Entry) -> Judged | str:
        register = c.policy.registers.get(row.register_name)
        if register is None:
            return f"it has no {row.register_name}"
        event = entry_event(c, row, EventName.of(register.noun, UPDATED))
        decision = c.rules.engine.decide(event)
        rows, asked = c.uow.obligations.of_subject(row.id), tuple(wanted(decision))
        given = (
            *given_since_changed(row, rows),
            *answered(rows, ((each.item, each.reasons) for each in asked)),
        )
        return Judged(
            row,
            subject_of(c, row),
            ((event, decision),),
            asked,
            tuple(judged_by(c, event.name, c.now, [r for r in rows if r.status == "open"])),
            given,
            tuple(each for each in rows if each.status == "open" and is_beside(each)),
        )

    def go_on_under(self, c: Command, judged: Judged) -> None:
        row = c.uow.entries.get(judged.work.id)
        c.uow.entries.put_under(row, c.policy.digest)
        note_blocks(c, row)
        if lets_pass(c.policy, judged.decisions[0][1]):
            settle_entry(c, row, "approved")
        else:
            approve_if_done(c, row)


def _on_rescission(c: Command, row: Entry, ballot: Ballot) -> str:
    """Undo an approval where the body that is asked votes so; else it stands."""
    if ballot.choice == "approve" and row.standing == "approved":
        settle_entry(c, row, "rescinded", why={"reason": ballot.reason})
        tell_requester(c, row, ballot)
    return row.status


KIND = EntryKind()
