"""The policy's versions as people name, list and look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.store import tables
from pmo_engine.work.errors import CommandError

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.policy import Policy
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk

LIVE = frozenset({"draft", "comment", "submitted", "adopted"})
OPEN = frozenset({"draft", "comment", "submitted"})
SHORTEST = 4  # of the beginning of a digest


def in_force(desk: Desk) -> Policy | None:
    """Give the policy that was adopted and binds now; None where none was ever adopted."""
    return None if desk.shelf.in_force(desk.clock.now()) is None else desk.policy


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


def journal(uow: UnitOfWork, row: tables.PolicyVersion, what: str, body: dict[str, Any]) -> None:
    """Tell the office's chain what happened to a version."""
    told = {"subject": title(row), "version": row.policy_version, "digest": row.digest}
    uow.journal.add(tables.OFFICE, f"policy.{what}", {**told, **body})


def shown(uow: UnitOfWork, row: tables.PolicyVersion) -> dict[str, Any]:
    """Give a version as the command line prints it."""
    said = uow.policy_comments.of_version(row.id)
    return {
        "id": row.id,
        "name": row.name,
        "version": row.policy_version,
        "digest": row.digest,
        "status": row.status,
        "in_force_from": iso(row.in_force_from),
        "applies_to_open": row.applies_to_open,
        "drafted_by": row.drafted_by,
        "drafted_at": row.drafted_at.isoformat(),
        "comment_until": iso(row.comment_until),
        "submitted_by": row.submitted_by,
        "decided_at": iso(row.decided_at),
        "binds_from": iso(row.binds_from),
        "took_force_at": iso(row.took_force_at),
        "reason": row.reason,
        "comments": [
            {
                "number": each.number,
                "clause": each.clause,
                "by": each.by,
                "at": each.at.isoformat(),
                "text": each.text,
                "answer": each.answer,
                "answered_by": each.answered_by,
            }
            for each in said
        ],
        "changes": row.effect,
    }


def iso(moment: date | None) -> str | None:
    """Give a day or a moment as JSON has it."""
    return None if moment is None else moment.isoformat()


def versions(desk: Desk) -> list[dict[str, Any]]:
    """List every version that was ever drafted, the oldest first; which is in force is marked."""
    term = desk.shelf.in_force(desk.clock.now())
    with desk.reading() as uow:
        return [
            {**shown(uow, row), "in_force": term is not None and row.id == term.version_id}
            for row in uow.policy_versions.all()
        ]


def show(desk: Desk, version: str) -> dict[str, Any]:
    """Give one version with its comments, and what it changes as it was put up for adoption."""
    with desk.reading() as uow:
        row = version_named(uow, version)
        approvals = uow.obligations.of_subject("policy_version", row.id)
        asked = [
            {
                "id": each.id,
                "of": each.target,
                "status": each.status,
                "due": iso(each.due_at),
                "votes": [
                    {"person": vote.person, "choice": vote.choice, "reason": vote.reason}
                    for vote in uow.votes.all_of(each.id)
                ],
            }
            for each in approvals
        ]
        return {**shown(uow, row), "approvals": asked}
