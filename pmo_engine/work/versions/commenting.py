"""Comments on a version of the policy, and the answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.documents import clauses
from pmo_engine.source.diagnostics import nearest
from pmo_engine.store import tables
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.permissions import require_person
from pmo_engine.work.versions.catalogue import OPEN, journal, shown, title, version_named

if TYPE_CHECKING:
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk

OPEN_COMMENT = "Open comment "


def comment(
    desk: Desk, version: str, text: str, *, by: str, clause: str | None = None
) -> dict[str, Any]:
    """Comment on a version, or on one clause of it; said again it changes nothing."""
    if not text.strip():
        raise CommandError("a comment needs words")
    with desk.transaction(by) as uow:
        require_person(uow, by)
        row = uow.policy_versions.lock(version_named(uow, version).id)
        _require_open(row, "takes no more comments")
        if clause is not None:
            _require_clause(desk, row, clause)
        earlier = uow.policy_comments.of_version(row.id)
        if not any((each.by, each.clause, each.text) == (by, clause, text) for each in earlier):
            made = tables.PolicyComment(
                policy_id=row.id,
                number=len(earlier) + 1,
                clause=clause,
                text=text,
                at=desk.clock.now(),
                by=by,
            )
            _add_comment(desk, uow, row, made)
        return shown(uow, row)


def _add_comment(
    desk: Desk, uow: UnitOfWork, row: tables.PolicyVersion, made: tables.PolicyComment
) -> None:
    uow.policy_comments.add(made)
    body = {"number": made.number, "clause": made.clause, "text": made.text}
    journal(uow, row, "commented", body)
    if row.drafted_by != made.by:
        subject = f"{title(row)}: comment {made.number} by {made.by}"
        key = f"{row.id}/comment-{made.number}"
        told = notices.notice(desk, key, row.drafted_by, subject, made.text, None)
        notices.send(uow, [told])
    _remind_of_comments(uow, row)


def answer(desk: Desk, version: str, number: int, text: str, *, by: str) -> dict[str, Any]:
    """Answer a comment, which closes it."""
    if not text.strip():
        raise CommandError("an answer needs words")
    with desk.transaction(by) as uow:
        require_person(uow, by)
        row = uow.policy_versions.lock(version_named(uow, version).id)
        _require_open(row, "takes no more answers")
        found = [each for each in uow.policy_comments.of_version(row.id) if each.number == number]
        if not found:
            raise CommandError(f"{title(row)} has no comment {number}")
        if not uow.policy_comments.answer(found[0], text):
            raise Refusal(f"comment {number} on {title(row)} is answered already")
        journal(uow, row, "answered", {"number": number, "text": text})
        _remind_of_comments(uow, row)
        return shown(uow, row)


def _remind_of_comments(uow: UnitOfWork, row: tables.PolicyVersion) -> None:
    """Show those who are to decide which comments are still open."""
    for approval in uow.obligations.open_for("policy_version", row.id):
        kept = [line for line in approval.reasons if not line.startswith(OPEN_COMMENT)]
        uow.obligations.change(approval, reasons=[*kept, *open_comments(uow, row)])


def open_comments(uow: UnitOfWork, row: tables.PolicyVersion) -> list[str]:
    """Say each comment that nobody answered."""
    return [
        f"{OPEN_COMMENT}{each.number} by {each.by}"
        f"{f' on {each.clause}' if each.clause else ''}: {each.text}"
        for each in uow.policy_comments.of_version(row.id)
        if each.answer is None
    ]


def _require_open(row: tables.PolicyVersion, otherwise: str) -> None:
    if row.status not in OPEN:
        raise Refusal(f"{title(row)} is {row.status} and {otherwise}")


def _require_clause(desk: Desk, row: tables.PolicyVersion, clause: str) -> None:
    known = [each.id for each in clauses(desk.shelf.desk_of(row.digest).policy)]
    if clause not in known:
        hint = nearest(clause, known)
        raise CommandError(
            f"{title(row)} has no clause '{clause}'{f' ({hint})' if hint else ''}; "
            f"'pmo policy diff' and 'pmo policy render' name them"
        )
