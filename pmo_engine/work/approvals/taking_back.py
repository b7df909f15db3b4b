"""What is asked of people no more: closed, in the journal, and told to those who were asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.queries.obligations import ANSWERS
from pmo_engine.work.notices import wording as notices

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context

Released: TypeAlias = "list[tuple[Obligation, list[str]]]"
"""What was withdrawn, each with those for whom it waited."""


def take_back(c: Command, rows: Iterable[Obligation], why: str, heard: Collection[str]) -> None:
    """Withdraw what is open of some obligations and tell those for whom it waited ``why``.

    ``heard``: who is told of it otherwise.
    """
    tell_released(c, release(c, rows, why), why, heard)


def release(c: Command, rows: Iterable[Obligation], why: str) -> Released:
    """Withdraw what is open of some obligations, and what is put to answer it.

    Nobody is told yet.
    """
    released: Released = []
    gone = [each for each in rows if each.status == "open"]
    named = {each.id for each in gone}
    put = [each for each in answers_put(c, gone) if each.id not in named]
    for row in [*gone, *put]:
        people = notices.waited_for(c, row)
        c.uow.obligations.close(row, "withdrawn")
        body = {"obligation": row.id, "rule": row.rule, "kind": row.kind, "target": row.target}
        told = {**body, "why": why, "asked": people}
        c.journal("obligation.withdrawn", told, row.chain, row.subject_id)
        released.append((row, people))
    return released


def answers_put(c: Context, rows: Iterable[Obligation]) -> list[Obligation]:
    """Give the open approvals by which bodies vote on answers to exceptions among some rows."""
    found = [each for each in rows if each.kind == "exception"]
    ids = {each.id for each in found}
    near = [
        e for subject in {e.subject_id for e in found} for e in c.uow.obligations.open_for(subject)
    ]
    return [each for each in near if each.details.get(ANSWERS, {}).get("to") in ids]


def tell_released(c: Command, released: Released, why: str, heard: Collection[str]) -> None:
    """Tell those who are asked no more; whoever did it needs no notice."""
    for row, people in released:
        key, subject = f"{row.id}/withdrawn", f"{row.details['title']} no longer waits for you"
        told = [each for each in people if each not in {c.actor, *heard}]
        notices.send(c, [notices.notice(c, key, each, subject, why, row.project) for each in told])
