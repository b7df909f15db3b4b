"""What was asked for is waived: by whom the terms name, for a reason, never for oneself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.model.names import asked_for
from pmo_engine.queries.obligations import ANSWERS, MOVE
from pmo_engine.work.acts import WAIVE
from pmo_engine.work.approvals.signing import DECIDES, what_it_does
from pmo_engine.work.approvals.votes import Voted
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.permissions import asked
from pmo_engine.work.rounds.ending import keep_answer
from pmo_engine.work.subjects import OfObligation, kind_about

if TYPE_CHECKING:
    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.governance import Governance


def waive(
    governance: Governance,
    obligation: str,
    *,
    by: str,
    reason: str,
    source: str = "",
    request: str | None = None,
) -> Voted:
    """Let a record go on without something that was asked for; those who were asked are told.

    ``source``: the minute or letter that says so. Raises Refusal, and CommandError for no reason.
    """
    if not reason.strip():
        raise CommandError("what is asked for is waived for a reason; give one with --reason")
    order = Order(by, WAIVE, OfObligation(obligation), Voted, request)
    return carry_out(governance, order, partial(_waive, reason=reason, source=source))


def _waive(c: Command, *, reason: str, source: str) -> Voted:
    row = asked(c)
    title = row.details["title"]
    if row.status != "open":
        raise Refusal(f"{title}: this {row.kind} is {row.status} already")
    if _is_left_to_decide(c, row):
        raise Refusal(
            f"{title}: no other approval would decide it, and a waiver decides nothing: it is"
            " approved, rejected, or withdrawn by who asked"
        )
    people = set(notices.waited_for(c, row))
    c.uow.obligations.close(row, "waived")
    if row.kind == "return":
        keep_answer(c, row, "excused", reason)
    body = {"obligation": row.id, "subject": title, "kind": row.kind, "reason": reason}
    body |= {"act": row.act} if row.act else {}
    c.journal("waived", {**body, "source": source} if source else body, row.chain)
    _tell(c, row, sorted(people - {c.actor}), reason)
    status = kind_about(c.uow, row).answered(c, c.on.row)
    return Voted(obligation=row.id, title=title, person=c.actor, choice="waive", status=status)


def _is_left_to_decide(c: Command, row: Obligation) -> bool:
    """Tell whether nothing but this approval would decide what is not decided yet."""
    decided = getattr(c.on.row, "standing", UNDECIDED[0]) not in UNDECIDED
    if not _settles(row) or (decided and MOVE not in row.details):
        return False
    since = kind_about(c.uow, row).says_since(c.on.row)
    return not any(
        _settles(each)
        and _decides_on(each) == _decides_on(row)
        and (each.status == "open" or (each.status == "met" and each.subject_version >= since))
        for each in c.uow.obligations.of_subject(row.subject_id)
        if each.id != row.id
    )


def _settles(row: Obligation) -> bool:
    return row.kind == "approval" and what_it_does(row) == DECIDES


def _decides_on(row: Obligation) -> tuple[object, ...]:
    """Say what of its subject it decides: itself, one of its moves, or the answer to something."""
    return tuple(row.details.get(each) for each in (MOVE, ANSWERS))


def _tell(c: Command, row: Obligation, people: list[str], reason: str) -> None:
    what = notices.asked_in_words(row, c.policy)
    subject = f"{row.details['title']}: {asked_for(row.kind, row.act)} {what} is waived"
    body = f"Waived by {c.actor_name}: {reason}"
    key = f"{row.id}/waived"
    notices.send(c, [notices.notice(c, key, each, subject, body, row.project) for each in people])
