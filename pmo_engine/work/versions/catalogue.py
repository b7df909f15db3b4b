"""The policy's versions as people name, list and look at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import Field

from pmo_engine.model.shape import Shape, iso
from pmo_engine.policy.changes import Effect
from pmo_engine.store import tables
from pmo_engine.work.errors import CommandError
from pmo_engine.work.subjects import Locked, OfSubject

if TYPE_CHECKING:
    from pmo_engine.policy import Policy
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context, Governance

LIVE = frozenset({"draft", "comment", "submitted", "adopted"})
OPEN = frozenset({"draft", "comment", "submitted"})
SHORTEST = 4  # of the beginning of a digest


class Comment(Shape):
    """What somebody said about a version, or about one clause of it."""

    number: int
    clause: str | None
    by: str
    at: str
    text: str
    answer: str | None
    answered_by: str | None


class AdoptionVote(Shape):
    """How somebody voted on a version."""

    person: str
    choice: str
    reason: str


class AdoptionApproval(Shape):
    """Of whom the adoption of a version is asked."""

    id: str
    of: str
    status: str
    due: str | None
    votes: list[AdoptionVote]


class VersionState(Shape):
    """A version of the policy as it stands; times are ISO 8601."""

    id: str
    name: str
    version: str
    digest: str
    status: str
    in_force_from: str | None
    applies_to_open: bool
    drafted_by: str
    drafted_at: str
    comment_until: str | None
    submitted_by: str | None
    decided_at: str | None
    binds_from: str | None
    took_force_at: str | None
    reason: str
    comments: list[Comment]
    changes: Effect
    in_force: bool | None = Field(default=None, exclude_if=lambda value: value is None)
    approvals: list[AdoptionApproval] | None = Field(
        default=None, exclude_if=lambda value: value is None
    )


@dataclass(frozen=True, slots=True)
class OfVersion:
    """A command about a version, as people name it; one that is no draft yet is the office's."""

    version: str | Policy

    def lock(self, uow: UnitOfWork) -> Locked:
        if not isinstance(self.version, str):
            return Locked()
        return OfSubject(version_named(uow, self.version).id).lock(uow)


def in_force(c: Context) -> Policy | None:
    """Give the policy that was adopted and binds now; None where none was ever adopted."""
    return None if c.governance.in_force(c.now) is None else c.policy


def version_named(uow: UnitOfWork, name: str) -> tables.PolicyVersion:
    """Find a version by what it is called, or by the beginning of its digest.

    Of drafts with the same version the one that still counts is meant, else the newest.
    """
    found = uow.policy_versions.called(name)
    exact = [row for row in found if row.policy_version == name]
    begun = found if len(name) >= SHORTEST else []
    candidates = exact or begun
    live = [row for row in candidates if row.status in LIVE] or candidates[-1:]
    if not live:
        known = ", ".join(dict.fromkeys(row.policy_version for row in uow.policy_versions.all()))
        there = f"there are {known}" if known else "there are none yet"
        raise CommandError(f"no version of the policy is called '{name}'; {there}")
    if len({row.digest for row in live}) > 1:
        raise CommandError(f"{len(live)} versions are called '{name}'; give more of the digest")
    return live[-1]


def title(row: tables.PolicyVersion) -> str:
    """Say how people call a version."""
    return f"Version {row.policy_version} of {row.name}"


def journal(c: Command, row: tables.PolicyVersion, what: str, body: dict[str, Any]) -> None:
    """Tell the office's chain what happened to a version."""
    told = {"subject": title(row), "version": row.policy_version, "digest": row.digest}
    c.journal(f"policy.{what}", {**told, **body}, tables.OFFICE, row.id)


def shown(c: Context, row: tables.PolicyVersion, **more: Any) -> VersionState:
    """Give a version as it stands."""
    return VersionState(
        id=row.id,
        name=row.name,
        version=row.policy_version,
        digest=row.digest,
        status=row.status,
        in_force_from=iso(row.in_force_from),
        applies_to_open=row.applies_to_open,
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at.isoformat(),
        comment_until=iso(row.comment_until),
        submitted_by=row.submitted_by,
        decided_at=iso(row.decided_at),
        binds_from=iso(row.binds_from),
        took_force_at=iso(row.took_force_at),
        reason=row.reason,
        comments=[_comment(each) for each in c.uow.policy_comments.of_version(row.id)],
        changes=row.effect,
        **more,
    )


def _comment(row: tables.PolicyComment) -> Comment:
    return Comment(
        number=row.number,
        clause=row.clause,
        by=row.by,
        at=row.at.isoformat(),
        text=row.text,
        answer=row.answer,
        answered_by=row.answered_by,
    )


def versions(governance: Governance) -> list[VersionState]:
    """List every version that was ever drafted, the oldest first; which is in force is marked."""
    with governance.reading() as c:
        term = governance.in_force(c.now)
        return [
            shown(c, row, in_force=term is not None and row.id == term.version_id)
            for row in c.uow.policy_versions.all()
        ]


def show(governance: Governance, version: str) -> VersionState:
    """Give one version with its comments, and what it changes as it was put up for adoption."""
    with governance.reading() as c:
        row = version_named(c.uow, version)
        asked = [_approval(c, each) for each in c.uow.obligations.of_subject(row.id)]
        return shown(c, row, approvals=asked)


def _approval(c: Context, row: tables.Obligation) -> AdoptionApproval:
    votes = [
        AdoptionVote(person=vote.person, choice=vote.choice, reason=vote.reason)
        for vote in c.uow.votes.all_of(row.id)
    ]
    return AdoptionApproval(
        id=row.id, of=row.target, status=row.status, due=iso(row.due_at), votes=votes
    )
