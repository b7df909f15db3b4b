"""Records of registers: listed, and each with its whole story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from pmo_engine.model.shape import Shape, iso
from pmo_engine.queries.view import View

if TYPE_CHECKING:
    from pmo_engine.store.tables import Entry, Obligation, Vote


class RecordRow(Shape):
    """A record as it stands."""

    project: str
    register_name: str = Field(alias="register")
    key: str
    version: int
    status: str
    owner: str | None
    due: str | None
    fields_: dict[str, Any] = Field(alias="fields")


class RecordVersion(Shape):
    """A record as it was, and who made it so."""

    version: int
    status: str
    fields_: dict[str, Any] = Field(alias="fields")
    by: str


class DecisionMade(Shape):
    """What the engine said about a record."""

    event: str
    at: str
    result: dict[str, Any]


class VoteCast(Shape):
    """How somebody voted; one that was changed later is superseded."""

    person: str
    choice: str
    reason: str
    at: str
    superseded: bool


class ObligationState(Shape):
    """What was asked of somebody, and what became of it."""

    id: str
    kind: str
    target: str
    rule: str
    clause: str
    binding: str
    status: str
    opened_at: str | None
    due_at: str | None
    closed_at: str | None
    escalated_to: list[str]
    reasons: list[str]
    votes: list[VoteCast]


class RecordStory(RecordRow):
    """A record with all its versions, decisions, obligations and votes."""

    versions: list[RecordVersion]
    decisions: list[DecisionMade]
    obligations: list[ObligationState]


class Page(Shape):
    """Which records of a register are shown; ``after`` is the key where the page before ended."""

    status: str | None = None
    owner: str | None = None
    after: str | None = None
    limit: int | None = None


ALL = Page()


def records(view: View, project: str, register: str, page: Page = ALL) -> list[RecordRow]:
    """List a page of a project's records of one register, CR-10 after CR-9."""
    view.uow.projects.get(project)
    rows = view.uow.entries.listed(
        project,
        register,
        status=page.status,
        owner=page.owner,
        after=page.after,
        limit=page.limit,
    )
    return [RecordRow(**_row(entry)) for entry in rows]


def story(view: View, entry: Entry) -> RecordStory:
    """Tell all there is about a record."""
    uow = view.uow
    return RecordStory(
        **_row(entry),
        versions=[
            RecordVersion(version=v.version, status=v.status, fields_=v.document, by=v.by)
            for v in uow.entries.versions(entry.id)
        ],
        decisions=[
            DecisionMade(event=d.event, at=d.at.isoformat(), result=d.result)
            for d in uow.decisions.of_subject(entry.id)
        ],
        obligations=obligations_of(view, entry.id),
    )


def obligations_of(view: View, subject: str) -> list[ObligationState]:
    """Give all obligations about a subject, with their votes."""
    return [_obligation(view, row) for row in view.uow.obligations.of_subject(subject)]


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "project": entry.project,
        "register": entry.register_name,
        "key": entry.key,
        "version": entry.version,
        "status": entry.status,
        "owner": entry.owner,
        "due": iso(entry.due),
        "fields": entry.document,
    }


def _obligation(view: View, row: Obligation) -> ObligationState:
    escalated = [each.role for each in view.uow.addressees.of(row.id) if each.by_rung is not None]
    return ObligationState(
        id=row.id,
        kind=row.kind,
        target=row.target,
        rule=row.rule,
        clause=row.clause,
        binding=row.binding,
        status=row.status,
        opened_at=iso(row.opened_at),
        due_at=iso(row.due_at),
        closed_at=iso(row.closed_at),
        escalated_to=[role for role in escalated if role is not None],
        reasons=row.reasons,
        votes=[_vote(vote) for vote in view.uow.votes.all_of(row.id)],
    )


def _vote(vote: Vote) -> VoteCast:
    return VoteCast(
        person=vote.person,
        choice=vote.choice,
        reason=vote.reason,
        at=vote.at.isoformat(),
        superseded=vote.superseded_at is not None,
    )
