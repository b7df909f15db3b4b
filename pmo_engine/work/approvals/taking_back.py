"""What is asked of people no more: closed, in the journal, and told to those who were asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.work.notices import wording as notices

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.command import Command

Released: TypeAlias = "list[tuple[Obligation, list[str]]]"
"""What was withdrawn, each with those for whom it waited."""


def take_back(c: Command, rows: Iterable[Obligation], why: str, heard: Collection[str]) -> None:
    """Withdraw what is open of some obligations and tell those for whom it waited ``why``.

    ``heard``: who is told of it otherwise.
    """
    tell_released(c, release(c, rows, why), why, heard)


def release(c: Command, rows: Iterable[Obligation], why: str) -> Released:
    """Withdraw what is open of some obligations; nobody is told yet."""
    released: Released = []
    for row in [each for each in rows if each.status == "open"]:
        people = notices.waited_for(c, row)
        c.uow.obligations.close(row, "withdrawn")
        body = {"obligation": row.id, "rule": row.rule, "kind": row.kind, "target": row.target}
        told = {**body, "why": why, "asked": people}
        c.journal("obligation.withdrawn", told, row.chain, row.subject_id)
        released.append((row, people))
    return released


def tell_released(c: Command, released: Released, why: str, heard: Collection[str]) -> None:
    """Tell those who are asked no more; whoever did it needs no notice."""
    for row, people in released:
        key, subject = f"{row.id}/withdrawn", f"{row.details['title']} no longer waits for you"
        told = [each for each in people if each not in {c.actor, *heard}]
        notices.send(c, [notices.notice(c, key, each, subject, why, row.project) for each in told])
