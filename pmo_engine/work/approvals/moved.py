"""What follows where projects stand elsewhere by now: others may decide, and are asked at once.

Whoever moved them, and decides by it or wants something decided, made a decider: others are told.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from types import NoneType
from typing import TYPE_CHECKING

from pmo_engine.store.errors import StoreError
from pmo_engine.work.acts import SWEEP
from pmo_engine.work.approvals.appointees import tell_of_case
from pmo_engine.work.approvals.asking import able, concerned
from pmo_engine.work.approvals.eligible import cases
from pmo_engine.work.approvals.looking_again import is_due, is_put_to_roles, look_at_all
from pmo_engine.work.command import Order, carry_out
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.subjects import Office

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context, Governance


MOVED = "moved/"
"""The settings that keep who moved a project, until what follows is done."""


def note_move(c: Command, projects: Iterable[str]) -> None:
    """Keep that whoever has this command carried out moves projects."""
    for each in sorted(projects):
        c.uow.settings.put(f"{MOVED}{each}", str(c.actor))


def finish_moves(governance: Governance) -> None:
    """Do what follows of moves after which the store refused it."""
    with governance.reading() as c:
        left = c.uow.settings.beginning_with(MOVED)
    for by in sorted({*left.values()}):
        have_moved(governance, [each for each in left if left[each] == by], by)


def have_moved(governance: Governance, projects: Iterable[str], by: str) -> None:
    """Ask at once whoever may act by now on what waits in projects whose place is another one.

    Where ``by``, who moved them, may decide it by that, or has an interest in it, the head of the
    office and whoever is above are told of everybody who may since. Where the store refuses that
    now, the next sweep sees to it.
    """
    moved = sorted(projects)
    with suppress(StoreError):
        with governance.reading() as c:
            before = _waiting(c, moved)
            heard = {case.row.id: set(case.row.details.get("told", ())) for case in before}
            due = {case.row.subject_id for case in before if is_due(case)}
        look_at_all(governance, due)
        with governance.reading() as c:
            after = [case for case in _waiting(c, moved) if case.row.id in heard]
            gained = [(e.row, who) for e in after for who in _gained(e, heard[e.row.id], by)]
        for row, person in gained:
            tell_of_case(governance, row, person, by, f"since {{by}} moved {row.project}")
        if moved:
            order = Order(SYSTEM, SWEEP, Office(), NoneType)
            carry_out(governance, order, partial(_are_done, projects=moved))


def _are_done(c: Command, *, projects: Iterable[str]) -> None:
    for each in projects:
        c.uow.settings.take_away(f"{MOVED}{each}")


def _waiting(c: Context, projects: Iterable[str]) -> list[Case]:
    rows = [row for each in projects for row in c.uow.obligations.open_in(each)]
    return cases(c, [row for row in rows if is_put_to_roles(row)])


def _gained(case: Case, heard: Collection[str], by: str) -> list[str]:
    """Name who may decide it by now and could not before, where who moved it has a part in that."""
    if not case.is_decision:
        return []
    may = {each for each in able(case.standings()) if each not in heard}
    mover = case.people.one(by)
    return sorted(e for e in may if mover in concerned(case) or case.people.one(e) == mover)
