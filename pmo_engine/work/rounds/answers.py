"""Records that are entered or changed answer the rounds that collect their register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.vocabulary import LEFT_OUT
from pmo_engine.work.approvals.eligible import standing_of
from pmo_engine.work.governance import System
from pmo_engine.work.rounds.ending import keep_answer, look_whether_all
from pmo_engine.work.rounds.naming import closes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.store import tables
    from pmo_engine.work.command import Command


def answer_rounds(c: Command, written: Iterable[tables.Entry]) -> None:
    """Take records that were written for answers, where whoever wrote them may answer.

    That is who is asked, and who closes the round: an officer enters what projects send in. What is
    blocked or refused is not given.
    """
    if not c.policy.rounds or isinstance(c.actor, System):
        return
    keys: dict[str, dict[str, str]] = {}
    for each in written:
        if each.standing not in LEFT_OUT:
            keys.setdefault(each.project, {})[each.register_name] = each.key
    for project, subjects in c.uow.returns.waiting(keys).items():
        for subject in subjects:
            _answer(c, subject, keys[project])


def _answer(c: Command, subject: str, keys: dict[str, str]) -> None:
    c.uow.subjects.lock(subject)
    row = c.uow.returns.get(subject)
    for each in c.uow.obligations.open_for(subject):
        if each.target in keys and _may(c, row, each):
            note = f"{keys[each.target]} was entered or changed"
            c.uow.obligations.close(each, "met")
            keep_answer(c, each, "entered", note)
            body = {"obligation": each.id, "subject": row.title, "kind": each.kind, "note": note}
            c.journal("answered", body, each.chain, subject)
    look_whether_all(c, row.round_id)


def _may(c: Command, row: tables.Return, asked: tables.Obligation) -> bool:
    if standing_of(c, asked, c.actor).may:
        return True
    return closes(c, c.uow.rounds.get(row.round_id), row.project)
