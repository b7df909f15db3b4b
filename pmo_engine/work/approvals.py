"""Votes: who decides, once each, never about their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from pmo_engine.store import tables
from pmo_engine.work import notices
from pmo_engine.work.authorization import require_vote, roles_of
from pmo_engine.work.errors import CommandError, Refusal, the_one
from pmo_engine.work.gates import close_review
from pmo_engine.work.records import settle_entry

if TYPE_CHECKING:
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.desk import Desk


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote, and what became of its subject."""

    obligation: str
    title: str
    person: str
    choice: str
    status: str  # of the subject: submitted, approved, rejected, or the gate's outcome

    def as_dict(self) -> dict[str, Any]:
        """Give the shape that the command line prints."""
        return {
            "obligation": self.obligation,
            "title": self.title,
            "person": self.person,
            "choice": self.choice,
            "status": self.status,
        }


def vote(
    desk: Desk,
    obligation: str,
    *,
    by: str,
    choice: tables.Choice,
    reason: str = "",
    outcome: tables.Outcome | None = None,
) -> Voted:
    """Decide an approval. For a gate, ``outcome`` says which; an approval means go.

    Raises Refusal: not theirs to decide, their own request, or decided already.
    """
    with desk.transaction(by) as uow:
        row = uow.obligations.lock(obligation)
        if row.kind != "approval":
            raise CommandError(f"{row.details['title']}: {row.kind} is not a thing to vote on")
        if row.status != "open":
            raise Refusal(
                f"{row.details['title']} is decided already: this approval is {row.status}"
            )
        require_vote(uow, row, by, desk.today())
        _refuse_same(uow, row, by, choice)
        uow.votes.cast(row.id, by, choice, reason)
        uow.journal.add(
            row.project,
            "voted",
            {
                "obligation": row.id,
                "subject": row.details["title"],
                "choice": choice,
                "reason": reason,
            },
        )
        status = _count(desk, uow, row, by, choice, outcome)
        return Voted(row.id, row.details["title"], by, choice, status)


def _refuse_same(
    uow: UnitOfWork, row: tables.Obligation, person: str, choice: tables.Choice
) -> None:
    for earlier in uow.votes.current(row.id):
        if earlier.person == person and earlier.choice == choice:
            raise Refusal(f"{person} voted {choice} on {row.details['title']} already")


def _count(
    desk: Desk,
    uow: UnitOfWork,
    row: tables.Obligation,
    by: str,
    choice: tables.Choice,
    outcome: tables.Outcome | None,
) -> str:
    """Act on the votes: one that approves or rejects decides."""
    if choice == "abstain":
        return "submitted"
    uow.obligations.close(row, "met")
    if row.subject_kind == "gate_review":
        return close_review(desk, uow, row, by, choice, outcome)
    entry = uow.entries.get(row.subject_id)
    if choice == "reject":
        settle_entry(desk, uow, entry, "rejected", by)
    elif not _binding(uow, row):
        settle_entry(desk, uow, entry, "approved", by)
    _tell_asker(desk, uow, row, entry)
    return entry.status


def _binding(uow: UnitOfWork, row: tables.Obligation) -> list[tables.Obligation]:
    """Give what must still happen before the subject of an approval is approved."""
    still = uow.obligations.open_for(row.subject_kind, row.subject_id)
    return [other for other in still if other.binding == "shall"]


def _tell_asker(desk: Desk, uow: UnitOfWork, row: tables.Obligation, entry: tables.Entry) -> None:
    asker = uow.entries.versions(entry.id)[0].by
    if entry.status in {"approved", "rejected"}:
        subject = f"{row.details['title']} is {entry.status}"
        key = f"{entry.id}/{entry.version}/{entry.status}"
        notices.send(uow, [notices.notice(desk, key, asker, subject, "", entry.project)])


def inbox(desk: Desk, person: str) -> list[tables.Obligation]:
    """List what is open for a person, the earliest due first."""
    with desk.reading() as uow:
        uow.people.get(person)
        held = {item.role for item in uow.people.holdings(person, desk.today())}
        rows = uow.obligations.open_for_anyone()
        mine = [
            row
            for row in rows
            if held & {row.target, *row.details.get("escalated_to", [])}
            and {row.target, *row.details.get("escalated_to", [])}
            & set(roles_of(uow, person, row.project, desk.today()))
        ]
        return sorted(mine, key=lambda row: (row.due_at is None, row.due_at, row.project, row.id))


def shown(row: tables.Obligation) -> dict[str, Any]:
    """Give what waits for somebody as the command line prints it."""
    return {
        "id": row.id,
        "title": row.details["title"],
        "project": row.project,
        "kind": row.kind,
        "for": row.target,
        "due": None if row.due_at is None else row.due_at.isoformat(timespec="minutes"),
        "reasons": row.reasons,
    }


def find(desk: Desk, beginning: str) -> str:
    """Find an obligation by its id or the beginning of it; raises CommandError."""
    with desk.reading() as uow:
        found = uow.obligations.beginning_with(beginning)
    return the_one(found, beginning, "obligation")


def outcome_named(name: str | None) -> tables.Outcome | None:
    """Read a gate's outcome; raises CommandError for one that there is not."""
    known: tuple[tables.Outcome, ...] = get_args(tables.Outcome)
    if name is not None and name not in known:
        raise CommandError(f"'{name}' is no outcome; there are {', '.join(known)}")
    return next((outcome for outcome in known if outcome == name), None)
