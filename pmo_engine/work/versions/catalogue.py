"""The policy's versions as people name and look at them; see `queries.versions` for their list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.model.frozen import dataclass
from pmo_engine.queries.obligations import obligations_about
from pmo_engine.queries.versions import (
    AdoptionApproval,
    AdoptionVote,
    VersionState,
    comments_on,
    version_state,
)
from pmo_engine.store import tables
from pmo_engine.work.approvals.hopeless import why_hopeless
from pmo_engine.work.errors import CommandError
from pmo_engine.work.subjects import Locked, OfSubject

if TYPE_CHECKING:
    from pmo_engine.policy import Policy
    from pmo_engine.queries.obligations import ObligationState
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context, Governance

LIVE = frozenset({"draft", "comment", "submitted", "adopted"})
OPEN = frozenset({"draft", "comment", "submitted"})
SHORTEST = 4  # of the beginning of a digest


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
    return version_state(row, comments_on(c, [row.id]).get(row.id, ()), **more)


def show(governance: Governance, version: str) -> VersionState:
    """Give one version with its comments, and what it changes as it was put up for adoption."""
    with governance.reading() as c:
        row = version_named(c.uow, version)
        asked = obligations_about(c, row.id)
        return shown(c, row, approvals=[_approval(c, each) for each in asked])


def _approval(c: Context, asked: ObligationState) -> AdoptionApproval:
    votes = [
        AdoptionVote(person=vote.person, name=vote.name, choice=vote.choice, reason=vote.reason)
        for vote in asked.votes
    ]
    return AdoptionApproval(
        id=asked.id,
        of=asked.target,
        status=asked.status,
        due=asked.due_at,
        votes=votes,
        hopeless=why_hopeless(c, c.uow.obligations.get(asked.id)),
    )
