"""The time of a vote: when it is over, what an objection ends, and what a late quorum adds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.model.ballots import is_quorate
from pmo_engine.policy import RequireApproval, RequireAssessment
from pmo_engine.store import tables
from pmo_engine.work.approvals.bodies import bodies_of, keep, rules_for, tally_of
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.people.places import calendar_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pmo_engine.model.durations import Span
    from pmo_engine.policy import Voting
    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.approvals.bodies import Body
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context

OF_THE_APPROVAL = 0
"""The number of the timer at which an approval's own time is up; a body's is below it."""


def start_own(c: Context, row: Obligation) -> None:
    """Set the timer at which an approval's own time is up, where something follows then."""
    if row.details.get("when_time_is_up") and row.due_at is not None:
        c.uow.rungs.set(_timer(row, OF_THE_APPROVAL, row.details["role"] or "", row.due_at))


def time_for(c: Context, row: Obligation) -> Span | None:
    """Give the time that the rule or gate which asked for it allows, where it is asked again."""
    asked = {row.rule, *row.also_rules}
    kind = RequireApproval if row.kind == "approval" else RequireAssessment
    effects = (effect for rule in c.policy.rules if rule.id in asked for effect in rule.then)
    given = [each.within for each in effects if isinstance(each, kind)]
    given += [gate.within for id, gate in c.policy.gates.items() if id in asked]
    return next(filter(None, given), c.policy.default_within)


def start(c: Context, row: Obligation, roles: Iterable[str]) -> bool:
    """Set the timers that end the votes of bodies that are asked now; tells whether any is."""
    asked = [body for body in bodies_of(row).values() if body.role in roles]
    for body in asked:
        voting = _voting(c, body)
        if voting is not None and voting.silence is not None:
            _close_in(c, row, body, voting.silence.within)
        elif voting is not None and voting.written is not None:
            _close_in(c, row, body, voting.written.within)
    return bool(asked)


def _voting(c: Context, body: Body) -> Voting | None:
    terms = c.policy.terms.get(body.role)
    return None if terms is None else terms.voting


def _close_in(c: Context, row: Obligation, body: Body, within: Span) -> None:
    closes = calendar_for(c, row.project).deadline(c.now, within)
    c.uow.rungs.set(_timer(row, number_of(row, body.role), body.role, closes))
    keep(c, row, replace(body, closes=closes.isoformat()))


def _timer(row: Obligation, number: int, role: str, due_at: datetime) -> tables.Rung:
    return tables.Rung(obligation_id=row.id, rung=number, due_at=due_at, action="close", role=role)


def number_of(row: Obligation, role: str) -> int:
    """Give the number of the timer of a body's vote."""
    found = bodies_of(row)
    return OF_THE_APPROVAL - (found[role].place or 1 + list(found).index(role))


def after_vote(c: Command, row: Obligation) -> None:
    """See what a vote does to the time of a ballot: an objection, or a quorum that comes late."""
    votes = c.uow.votes.current(row.id)
    for body in bodies_of(row).values():
        mine = [each for each in votes if each.role in {"", body.role}]
        tally = tally_of(c, row, body, mine)
        if body.silence and tally.against:
            _put_to_the_vote(c, row, body)
        elif not body.quorate and is_quorate(rules_for(c, body), tally):
            _quorum_reached(c, row, body)


def _put_to_the_vote(c: Command, row: Obligation, body: Body) -> None:
    """End the silence: the matter is voted on, in writing where the terms give a time for that."""
    body = replace(body, silence=False, closes=None)
    voting = _voting(c, body)
    if voting is not None and voting.written is not None:
        _close_in(c, row, body, voting.written.within)
    else:
        c.uow.rungs.stop(row.id, number_of(row, body.role))
        keep(c, row, body)
    title = row.details["title"]
    said = (f"{title} is put to the vote", f"{c.actor_name} objects.")
    notices.send(
        c,
        [
            notices.notice(c, f"{row.id}/objection", each, *said, row.project)
            for each in body.voting
        ],
    )
    c.journal("objected", {"obligation": row.id, "subject": title, "body": body.role}, row.chain)


def _quorum_reached(c: Command, row: Obligation, body: Body) -> None:
    body = replace(body, quorate=True)
    voting, closes = _voting(c, body), body.closes_at
    if voting is None or voting.extension is None or closes is None or body.extended:
        keep(c, row, body)
        return
    calendar, late = calendar_for(c, row.project), voting.extension
    if calendar.deadline(c.now, late.reached_within) < closes:
        keep(c, row, body)
        return
    longer = calendar.deadline(closes, late.by)
    c.uow.rungs.set(_timer(row, number_of(row, body.role), body.role, longer))
    keep(c, row, replace(body, extended=True, closes=longer.isoformat()))
    title = row.details["title"]
    told = {"obligation": row.id, "subject": title, "closes": longer.isoformat()}
    c.journal("vote.extended", {**told, "body": body.role}, row.chain)
    until = f"It is open until {notices.shown(c, longer)}; its quorum was reached late."
    said = (f"The vote on {title} is open longer", until)
    key = f"{row.id}/extended/{body.role}/{closes.isoformat()}"
    people = [each for each in body.voting if each != c.actor]
    notices.send(c, [notices.notice(c, key, each, *said, row.project) for each in people])
