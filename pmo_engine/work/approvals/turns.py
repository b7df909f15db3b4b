"""What follows for those who sign next: asked once those before them have signed or answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.durations import Span
from pmo_engine.queries.obligations import ADVICE, voted
from pmo_engine.work.approvals.asking import have_heard
from pmo_engine.work.approvals.counting import signatures_of, standing_of
from pmo_engine.work.approvals.signing import (
    IS_ASKED,
    asked_now,
    counted,
    is_held,
    is_waited_for,
    what_it_does,
)
from pmo_engine.work.notices.asking import tell_to
from pmo_engine.work.obligations import address_to, start_timers
from pmo_engine.work.people.places import calendar_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.command import Command


def go_on(c: Command, row: Obligation) -> None:
    """Keep whose signatures are there, and ask those whose turn it is now."""
    if "signatures" not in row.details:
        return
    before = asked_now(row)
    now, tally = counted(c, row)
    details = {**row.details, "asked": list(now), "tally": tally}
    c.uow.obligations.change(row, details=details)
    newly = [role for role in now if role not in before]
    if over := [role for role in before if role not in now]:
        c.uow.addressees.turn_over(row.id, over)
    if newly:
        c.uow.addressees.turn_again(row.id, newly)
    if row.status == "open" and newly:
        _ask(c, row, newly)


def assign(c: Command, row: Obligation) -> None:
    """Say of each vote that counted for which role it did, where its person has several."""
    if len(signatures_of(row).of) == 1:
        return
    votes = {each.person: each for each in c.uow.votes.current(row.id)}
    for part in standing_of(c, row).parts:
        for person in part.by:
            vote = votes[person]
            if vote.capacity in {"", "own role"} and vote.role != part.signatory.role:
                c.uow.votes.count_for(vote, part.signatory.role)


def release(c: Command, subject: str) -> None:
    """Ask those who decide about a subject, where nobody is asked before them any more."""
    held = [row for row in c.uow.obligations.open_for(subject) if is_held(row)]
    if not held or is_waited_for(c, subject):
        return
    advice = list(_advice(c, subject))
    for row in held:
        details = {name: said for name, said in row.details.items() if name != "held"}
        details[ADVICE] = advice
        c.uow.obligations.change(row, details=details)
        _ask(c, row, asked_now(row))


def _advice(c: Command, subject: str) -> Iterator[str]:
    """Say what those answered, and why, who were asked before others decide."""
    for row in c.uow.obligations.of_subject(subject):
        if row.kind != "approval" or row.status != "met" or what_it_does(row) != IS_ASKED:
            continue
        is_for = row.details.get("outcome") == "approve"
        asked = role_in_words(row.target, c.policy)
        said = [each for each in c.uow.votes.current(row.id) if each.choice != "recuse"]
        called = c.uow.people.names_of(each.person for each in said)
        votes = "; ".join(voted(called[each.person], each.choice, each.reason) for each in said)
        yield f"Asked before, {asked} is {'for' if is_for else 'against'} it: {votes}"


def _ask(c: Command, row: Obligation, roles: Sequence[str]) -> None:
    """Ask roles of it from now on: each has the whole time allowed where it goes in turns."""
    within = row.details.get("within")
    if within is not None:
        due = calendar_for(c, row.project).deadline(c.now, Span.parse(within))
        c.uow.obligations.change(row, due_at=due)
        start_timers(c, row, roles, since=c.now)
    told = address_to(c, row, roles)
    have_heard(c, row, told)
    tell_to(c, row, told, f"{row.id}/{'/'.join(roles)}")
    body = {"obligation": row.id, "subject": row.details["title"], "roles": list(roles)}
    c.journal("obligation.asked", {**body, "told": told}, row.chain, row.subject_id)
