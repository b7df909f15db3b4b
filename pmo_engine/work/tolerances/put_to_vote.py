"""An answer to an exception that is a body's to give: put to its vote, given once that passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.acts import Act
from pmo_engine.model.names import words
from pmo_engine.model.signatures import Signatory, Signatures
from pmo_engine.policy.decision import Obligation
from pmo_engine.queries.obligations import ANSWERS, RAISED_BY
from pmo_engine.store import tables
from pmo_engine.work.approvals.bodies import bodies_of
from pmo_engine.work.approvals.eligible import standing_of
from pmo_engine.work.approvals.hopeless import why_hopeless
from pmo_engine.work.approvals.taking_back import answers_put, take_back
from pmo_engine.work.approvals.votes import vote_for
from pmo_engine.work.errors import Refusal
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.obligations import Asked, open_obligation
from pmo_engine.work.timed.things import Place, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.work.command import Command
    from pmo_engine.work.subjects import Ballot

ACT = Act("answer", "exception")
NOTE = "note"
"""The answer to an exception of a rule's own condition: in words alone."""


def put_note(c: Command, exception: tables.Obligation, note: str) -> tables.Obligation:
    """Put to the body what is done about an exception for which there are no four answers."""
    said = {"as": NOTE, "by": str(c.actor), "reason": note, "granted": {}}
    return put(c, exception, {**said, "body": c.standing.role})


def put(c: Command, exception: tables.Obligation, said: Mapping[str, Any]) -> tables.Obligation:
    """Put an answer to the body that its giver has a seat on; they vote for it, if they may.

    Raises Refusal where an answer is put already that can be decided, or none can be.
    """
    _make_room(c, exception)
    role, about = c.standing.role, c.on.row
    thing = Record(about) if isinstance(about, tables.Entry) else Place(about)
    item = Obligation(
        "approval",
        exception.rule,
        role,
        exception.binding,
        role=role,
        act=str(ACT),
        signatures=Signatures((Signatory(role, None),), 1, distinct=False),
    )
    why = (in_words(c, said), *exception.reasons)
    row = open_obligation(
        c,
        thing.subject(c),
        Asked(item, why, exception.decision_id),
        beside=True,
        due=exception.due_at,
        more={name: exception.details[name] for name in (RAISED_BY,) if name in exception.details},
    )
    c.uow.obligations.change(row, details={**row.details, ANSWERS: {**said, "to": exception.id}})
    if hopeless := why_hopeless(c, row):
        raise Refusal(f"{row.details['title']}: {hopeless}")
    if standing_of(c, row, str(c.actor)).may:
        vote_for(c, row, c.standing, said["reason"])
    return row


def _make_room(c: Command, exception: tables.Obligation) -> None:
    """Refuse a second answer beside one that can be decided; take back what cannot be any more."""
    there = answers_put(c, [exception])
    for row in there:
        if not why_hopeless(c, row):
            body, way = role_in_words(row.target, c.policy), row.details[ANSWERS]["as"]
            raise Refusal(
                f"{exception.details['title']}: {way} is put to {body} already; vote on it with"
                f" 'pmo approve {row.id[:8]}' or 'pmo reject {row.id[:8]}'"
            )
    take_back(c, there, "It could not be decided any more, and another answer is put.", ())


def in_words(c: Command, said: Mapping[str, Any]) -> str:
    """Say what is put: "Bo Lund puts a concession (project cost: up to 118,500 GBP): steel."."""
    ways = {"plan": "that a plan be asked for", "concession": "a concession"}
    ways |= {"tolerance": "more tolerance", "stop": "that it be stopped", NOTE: "what is done"}
    granted = "; ".join(f"{words(n)}: up to {e['up_to']}" for n, e in said["granted"].items())
    up_to = f" ({granted})" if granted else ""
    return f"{c.actor_name} puts {ways[said['as']]} to you{up_to}: {said['reason']}"


def tally_of(row: tables.Obligation) -> str:
    """Say how the votes on what was put stand."""
    return "; ".join(each.tally for each in bodies_of(row).values())


def on_refusal(c: Command, ballot: Ballot) -> None:
    """Tell whoever put an answer that it is refused: the exception waits for another one."""
    said, row = ballot.approval.details[ANSWERS], ballot.approval
    subject = f"{row.details['title']}: what you put is refused"
    why = f" {ballot.reason}" if ballot.reason else ""
    body = f"The exception waits for another answer.{why}"
    key = f"{row.id}/refused"
    notices.send(c, [notices.notice(c, key, said["by"], subject, body, row.project)])
