"""Looks again at what is open when people, roles, delegations or interests have changed.

Whoever may act on something by now and was not told yet is asked, once; what nobody may act on any
more goes up, or is stuck; what somebody may act on again is not.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.model.shape import Shape
from pmo_engine.store.errors import StoreError
from pmo_engine.work.acts import SWEEP
from pmo_engine.work.approvals import limits, rising
from pmo_engine.work.approvals.asking import (
    able,
    come_free,
    get_stuck,
    is_within_reach,
    next_able,
    why_stuck,
)
from pmo_engine.work.approvals.deciding import under_its_version
from pmo_engine.work.approvals.eligible import case_of, cases
from pmo_engine.work.approvals.found_out import make_void, void_votes
from pmo_engine.work.approvals.roles_near import roles_near
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.notices.asking import notices_asking
from pmo_engine.work.people.gathered import known_people, people
from pmo_engine.work.subjects import Office, OfSubject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.governance import Context, Governance

Post: TypeAlias = "tuple[str, str | None]"
"""A role, and the project in which it is held, or None for all."""
LOOKED = "people looked at"
"""The setting that keeps what people were when open work was looked at last."""
BATCH = 500


class Looked(Shape):
    """How many people were asked who could not be before."""

    asked: int


def look_again(governance: Governance, by: str = SYSTEM) -> int:
    """Look at all that is open where people have changed since; gives how many were asked."""
    with governance.reading() as c:
        now = _people_in_short(c)
        if c.uow.settings.get(LOOKED) == now:
            return 0
        due = {row.subject_id for row in _due(c)}
        waiting = c.uow.obligations.open_for_roles() if limits.can_change(c.policy) else []
    limits.look_again(governance, dict.fromkeys(row.subject_id for row in waiting))
    asked = look_at_all(governance, due, by)
    carry_out(governance, Order(by, SWEEP, Office(), Looked), partial(_remember, now=now))
    return asked


def have_changed(governance: Governance, *persons: str, posts: Iterable[Post] = ()) -> None:
    """Ask at once whoever may act by now on what waits for these people, by any way of theirs.

    ``posts``: roles that they hold no more, each with its project or None for all. What changed of
    them is kept already: where the store refuses now, the next sweep sees to it.
    """
    with suppress(StoreError):
        with governance.reading() as c:
            due = {case.row.subject_id for case in near(c, persons, posts) if is_due(case)}
        look_at_all(governance, due)


def are_found_out(governance: Governance, *persons: str) -> None:
    """Look at once at what these people voted on, and at all else that waits for them.

    Accounts are one person's by now, or somebody has an interest: votes may not count for it.
    """
    with suppress(StoreError):
        with governance.reading() as c:
            accounts = {account for each in persons for account in people(c).accounts(each)}
            voted = c.uow.votes.subjects_of(accounts)
        look_at_all(governance, voted)
        have_changed(governance, *accounts)


def near(c: Context, persons: Iterable[str], posts: Iterable[Post]) -> list[Case]:
    """Gather what waits for people, by any way of theirs, or for roles that they held."""
    there = people(c)
    found: dict[str, Obligation] = {}
    for each in persons:
        by_project, office = roles_near(c, there, each)
        for role, project in posts:
            (office if project is None else by_project.setdefault(project, set())).add(role)
        rows = c.uow.obligations.waiting_for(by_project, office, each)
        found |= {row.id: row for row in rows if is_put_to_roles(row)}
    return cases(c, list(found.values()))


def look_at_all(governance: Governance, subjects: Iterable[str], by: str = SYSTEM) -> int:
    """Look again at all that is open about some subjects; gives how many were asked."""
    orders = (Order(by, SWEEP, OfSubject(each), Looked) for each in sorted(subjects))
    return sum(carry_out(governance, order, _look_again).asked for order in orders)


def is_put_to_roles(row: Obligation) -> bool:
    """Tell whether something was asked of roles, and not of whoever submitted it."""
    return row.details["role"] is not None or "signatures" in row.details


def _remember(c: Command, *, now: str) -> Looked:
    c.uow.settings.put(LOOKED, now)
    return Looked(asked=0)


def _people_in_short(c: Context) -> str:
    """Give a digest of everything by which people may act today."""
    known, on = known_people(c), c.today
    found = known.people
    parts = (
        sorted(map(repr, found.holdings)),
        sorted(repr(each) for each in found.delegations if each.holds(on)),
        sorted(repr(each) for each in found.absences if each.holds(on)),
        sorted(found.same.items()),
        sorted(each.id for each in known.declared_between(on, on)),
        sorted(map(repr, found.units.projects.items())),
        sorted(map(repr, found.units.programmes.items())),
        sorted(each.id for each in found.units.offices.values() if each.is_open(on)),
        c.policy.digest,
        limits.last_changed(c.policy, on),
    )
    return sha256(repr(parts).encode()).hexdigest()


def _due(c: Context) -> list[Obligation]:
    rows = c.uow.obligations.open_for_roles()
    return [
        case.row
        for first in range(0, len(rows), BATCH)
        for case in cases(c, rows[first : first + BATCH])
        if is_due(case)
    ]


def is_due(case: Case) -> bool:
    """Tell whether looking at something again would ask anybody, or let it go up."""
    if void_votes(case):
        return True
    if not case.turn:
        return False
    may = able(case.standings())
    if may and rising.beyond_reach(case):
        return case.row.stuck_since is None or any(next_able(case, role) for role in case.turn)
    if may:
        return case.row.stuck_since is not None or bool(_unheard(case, may))
    return case.row.stuck_since is None or any(next_able(case, role) for role in case.turn)


def _unheard(case: Case, may: list[str]) -> list[str]:
    told = set(case.row.details.get("told", ()))
    return [each for each in dict.fromkeys(may) if each not in told]


def _look_again(c: Command) -> Looked:
    asked = 0
    rows = c.uow.obligations.of_subject(c.on.row.id)
    given = [row for row in rows if row.kind == "approval" and row.status in {"open", "met"}]
    if given:
        make_void(c, case_of(c, given[0]))
    for row in c.uow.obligations.open_for(c.on.row.id):
        if is_put_to_roles(row):
            asked += look_at(c, case_of(c, row))
    return Looked(asked=asked)


def look_at(c: Command, case: Case) -> int:
    """Ask whoever may act on something by now and was not told; let it go up where nobody may."""
    row, found = case.row, case.standings()
    if not case.turn:
        return 0
    may = [*able(found), *_gone_up(c, case)]
    if not may:
        get_stuck(c, row, why_stuck(case, found, case.deciding))
        return 0
    if why := rising.beyond_reach(case):
        rising.go_up(under_its_version(c), row, why)
        return 0
    come_free(c, row)
    unheard = _unheard(case, may)
    if unheard:
        told = [*row.details.get("told", ()), *unheard]
        c.uow.obligations.change(row, details={**row.details, "told": told})
        notices.send(c, notices_asking(case.c, row, unheard))
        body = {"obligation": row.id, "subject": row.details["title"], "told": unheard}
        c.journal("obligation.asked", body, row.chain, row.subject_id)
    return len(unheard)


def _gone_up(c: Command, case: Case) -> list[str]:
    """Let it wait for those above each role of which nobody may act any more."""
    people: list[str] = []
    if is_within_reach(case):
        return people
    for role in case.turn:
        if able(case.standings([role])) or any(
            able(case.standings([up])) for up in case.deciding if up not in case.asked
        ):
            continue
        upward = next_able(case, role)
        if upward is not None:
            c.uow.addressees.add(case.row.id, role=upward, project=case.row.project)
            people += able(case.standings([upward]))
    if people and case.is_decision:
        rising.begin(under_its_version(c), case.row)
    return people
