"""How a round ends: all have answered, somebody closes it, or the next one begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.store.obligations import RETURNED
from pmo_engine.work.approvals.taking_back import release, tell_released
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.rounds.naming import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.store import tables
    from pmo_engine.work.command import Command


def look_whether_all(c: Command, round_id: str) -> bool:
    """Close a round of which nothing is waited for any more; True where it is closed now."""
    row = c.uow.rounds.lock(round_id)
    if row.closed_at is not None or row.asked_at is None or c.uow.returns.is_waited_for(row.id):
        return False
    end(replace(c, actor=SYSTEM), row, "all have answered")
    return True


def end(c: Command, row: tables.Round, reason: str) -> int:
    """Close a round, which is locked; what was not given by then is missing: gives how much."""
    title = title_of(row)
    missing = 0
    for each in c.uow.returns.of_round(row.id):
        for obligation in c.uow.obligations.open_for(each.id):
            _is_missing(c, obligation, f"{title} is closed: {reason}.")
            missing += 1
    c.uow.rounds.change(row, closed_at=c.now, closed_by=c.actor, reason=reason)
    body = {"round": row.round, "period": row.period, "title": title, "reason": reason}
    c.journal("round.closed", {**body, "missing": missing})
    return missing


def _is_missing(c: Command, row: tables.Obligation, why: str) -> None:
    people = notices.waited_for(c, row)
    c.uow.obligations.close(row, "lapsed")
    body = {"obligation": row.id, "rule": row.rule, "target": row.target, "why": why}
    c.journal("obligation.lapsed", body, row.chain, row.subject_id)
    tell_released(c, [(row, people)], why, ())


def excuse(c: Command, project: str, why: str) -> None:
    """Ask a project, which is under way no more, for nothing in the rounds that are open."""
    returns = c.uow.returns.waiting_in(project)
    if not returns:
        return
    c.uow.subjects.lock_all(returns)
    rounds = []
    for each in returns:
        _excuse(c, c.uow.obligations.open_for(each), why)
        rounds.append(c.uow.returns.get(each).round_id)
    for id in sorted(rounds):
        look_whether_all(c, id)


def _excuse(c: Command, rows: Iterable[tables.Obligation], why: str) -> None:
    for row, people in release(c, rows, why):
        keep_answer(c, row, "excused", why)
        tell_released(c, [(row, people)], why, ())


def keep_answer(c: Command, row: tables.Obligation, how: str, note: str) -> None:
    """Keep with what was asked for how it was answered."""
    said = {"how": how, "by": str(c.actor), "note": note}
    c.uow.obligations.change(row, details={**row.details, RETURNED: said})
