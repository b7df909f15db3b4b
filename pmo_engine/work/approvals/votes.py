"""Votes: who decides, once each, never about their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from pmo_engine.store import tables
from pmo_engine.work.errors import CommandError, Refusal, the_one
from pmo_engine.work.gates.course import close_review
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.permissions import deciding_roles, require_holder, require_vote, roles_of
from pmo_engine.work.records.settlement import approve_if_done, settle_entry
from pmo_engine.work.versions import adoption

if TYPE_CHECKING:
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk


ANSWERED = frozenset({"evidence", "exception", "assessment"})
OTHERWISE = {
    "approval": "vote with 'pmo approve' or 'pmo reject'",
    "information": "give the fact with 'pmo update'",
    "block": "change the record with 'pmo update'",
    "assessment": "use 'pmo gate answer'",
    "evidence": "use 'pmo gate'",
    "exception": "use 'pmo gate'",
    "notice": "nothing is asked",
}


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
            row.chain,
            "voted",
            {
                "obligation": row.id,
                "subject": row.details["title"],
                "choice": choice,
                "reason": reason,
            },
        )
        status = _count(desk, uow, row, by, choice, reason, outcome)
    if row.subject_kind == "policy_version":
        desk.shelf.forget()
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
    reason: str,
    outcome: tables.Outcome | None,
) -> str:
    """Act on the votes: one that approves or rejects decides."""
    if choice == "abstain":
        return _held(uow, row).status
    uow.obligations.close(row, "met")
    match row.subject_kind:
        case "gate_review":
            return close_review(desk, uow, row, by, choice, outcome)
        case "policy_version":
            return adoption.decided(desk, uow, row, choice, reason)
    entry = uow.entries.get(row.subject_id)
    under = desk.of(entry)
    if choice == "reject":
        settle_entry(under, uow, entry, "rejected", by)
    else:
        approve_if_done(under, uow, entry, by)
    _tell_asker(desk, uow, row, entry)
    return entry.status


def _held(
    uow: UnitOfWork, row: tables.Obligation
) -> tables.Entry | tables.GateReview | tables.PolicyVersion:
    match row.subject_kind:
        case "gate_review":
            return uow.gate_reviews.get(row.subject_id)
        case "policy_version":
            return uow.policy_versions.get(row.subject_id)
        case "entry":
            return uow.entries.get(row.subject_id)


def answer(desk: Desk, obligation: str, *, by: str, note: str = "") -> Voted:
    """Say that evidence, an exception report or an assessment of a record is there.

    Approvals are voted on, missing facts are given by an update. Raises Refusal, CommandError.
    """
    with desk.transaction(by) as uow:
        row = uow.obligations.lock(obligation)
        title = row.details["title"]
        if row.subject_kind != "entry" or row.kind not in ANSWERED:
            raise CommandError(f"{title}: {row.kind} is not answered; {OTHERWISE[row.kind]}")
        if row.status != "open":
            raise Refusal(f"{title}: this {row.kind} is {row.status} already")
        require_holder(uow, row, by, desk.today())
        uow.obligations.close(row, "met")
        body = {"obligation": row.id, "subject": title, "kind": row.kind, "note": note}
        uow.journal.add(row.chain, "answered", body)
        entry = uow.entries.get(row.subject_id)
        approve_if_done(desk.of(entry), uow, entry, by)
        return Voted(row.id, title, by, "answer", entry.status)


def _tell_asker(desk: Desk, uow: UnitOfWork, row: tables.Obligation, entry: tables.Entry) -> None:
    asker = uow.entries.versions(entry.id)[0].by
    if entry.status in {"approved", "rejected"}:
        subject = f"{row.details['title']} is {entry.status}"
        key = f"{entry.id}/{entry.version}/{entry.status}"
        values = {
            "title": row.details["title"],
            "project": entry.project,
            "status": entry.status,
        }
        said = notices.worded(desk, "decided", values, subject, "")
        notices.send(uow, [notices.notice(desk, key, asker, *said, entry.project)])


def inbox(desk: Desk, person: str) -> list[tables.Obligation]:
    """List what is open for a person, the earliest due first."""
    with desk.reading() as uow:
        uow.people.get(person)
        held = {item.role for item in uow.people.holdings(person, desk.today())}
        rows = uow.obligations.open_for_anyone()
        candidates = [row for row in rows if not held.isdisjoint(deciding_roles(row))]
        roles = {
            project: roles_of(uow, person, project, desk.today())
            for project in {row.project for row in candidates}
        }
        mine = [r for r in candidates if not set(roles[r.project]).isdisjoint(deciding_roles(r))]
        return sorted(mine, key=lambda row: (row.due_at is None, row.due_at, row.chain, row.id))


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
