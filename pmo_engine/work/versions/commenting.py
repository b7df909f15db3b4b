"""Comments on a version of the policy, and the answers to them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.queries.versions import VersionState
from pmo_engine.source.diagnostics import nearest
from pmo_engine.store import tables
from pmo_engine.work.acts import COMMENT
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.versions.catalogue import (
    OPEN,
    OfVersion,
    journal,
    shown,
    title,
)

if TYPE_CHECKING:
    from pmo_engine.work.governance import Context, Governance

OPEN_COMMENT = "Open comment "


def comment(
    governance: Governance,
    version: str,
    text: str,
    *,
    by: str,
    clause: str | None = None,
    request: str | None = None,
) -> VersionState:
    """Comment on a version, or on one clause of it; said again it changes nothing."""
    if not text.strip():
        raise CommandError("a comment needs words")
    order = Order(by, COMMENT, OfVersion(version), VersionState, request)
    return carry_out(governance, order, partial(_comment, text=text, clause=clause))


def _comment(c: Command, *, text: str, clause: str | None) -> VersionState:
    row: tables.PolicyVersion = c.on.row
    _require_open(row, "takes no more comments")
    if clause is not None:
        _require_clause(c, row, clause)
    earlier = c.uow.policy_comments.of_version(row.id)
    if not any((each.by, each.clause, each.text) == (c.actor, clause, text) for each in earlier):
        made = tables.PolicyComment(
            policy_id=row.id,
            number=len(earlier) + 1,
            clause=clause,
            text=text,
            at=c.now,
            by=c.actor,
        )
        _add_comment(c, row, made)
    return shown(c, row)


def _add_comment(c: Command, row: tables.PolicyVersion, made: tables.PolicyComment) -> None:
    c.uow.policy_comments.add(made)
    body = {"number": made.number, "clause": made.clause, "text": made.text}
    journal(c, row, "commented", body)
    if row.drafted_by != made.by:
        subject = f"{title(row)}: comment {made.number} by {c.actor_name}"
        key = f"{row.id}/comment-{made.number}"
        told = notices.notice(c, key, row.drafted_by, subject, made.text, None)
        notices.send(c, [told])
    _remind_of_comments(c, row)


def answer(
    governance: Governance,
    version: str,
    number: int,
    text: str,
    *,
    by: str,
    request: str | None = None,
) -> VersionState:
    """Answer a comment, which closes it."""
    if not text.strip():
        raise CommandError("an answer needs words")
    order = Order(by, COMMENT, OfVersion(version), VersionState, request)
    return carry_out(governance, order, partial(_answer, number=number, text=text))


def _answer(c: Command, *, number: int, text: str) -> VersionState:
    row: tables.PolicyVersion = c.on.row
    _require_open(row, "takes no more answers")
    found = [each for each in c.uow.policy_comments.of_version(row.id) if each.number == number]
    if not found:
        raise CommandError(f"{title(row)} has no comment {number}")
    if not c.uow.policy_comments.answer(found[0], text):
        raise Refusal(f"comment {number} on {title(row)} is answered already")
    journal(c, row, "answered", {"number": number, "text": text})
    _remind_of_comments(c, row)
    return shown(c, row)


def _remind_of_comments(c: Command, row: tables.PolicyVersion) -> None:
    """Show those who are to decide which comments are still open."""
    for approval in c.uow.obligations.open_for(row.id):
        kept = [line for line in approval.reasons if not line.startswith(OPEN_COMMENT)]
        c.uow.obligations.change(approval, reasons=[*kept, *open_comments(c, row)])


def open_comments(c: Context, row: tables.PolicyVersion) -> list[str]:
    """Say each comment that nobody answered."""
    return [
        f"{OPEN_COMMENT}{each.number} by {c.uow.people.name_of(each.by)}"
        f"{f' on {each.clause}' if each.clause else ''}: {each.text}"
        for each in c.uow.policy_comments.of_version(row.id)
        if each.answer is None
    ]


def _require_open(row: tables.PolicyVersion, otherwise: str) -> None:
    if row.status not in OPEN:
        raise Refusal(f"{title(row)} is {row.status} and {otherwise}")


def _require_clause(c: Context, row: tables.PolicyVersion, clause: str) -> None:
    from pmo_engine.documents import clauses  # noqa: PLC0415 - who votes reads none

    known = [each.id for each in clauses(c.governance.version(row.digest).policy)]
    if clause not in known:
        hint = nearest(clause, known)
        raise CommandError(
            f"{title(row)} has no clause '{clause}'{f' ({hint})' if hint else ''}; "
            f"'pmo policy diff' and 'pmo policy render' name them"
        )
