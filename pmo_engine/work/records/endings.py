"""How a record ends otherwise than by its approval: withdrawn by who asked, or rescinded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pydantic import Field

from pmo_engine.authority.titles import role_in_words
from pmo_engine.model.acts import Act
from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.model.shape import Shape
from pmo_engine.model.signatures import Signatory, Signatures
from pmo_engine.policy.decision import Obligation
from pmo_engine.work.acts import RESCIND, WITHDRAW_RECORD
from pmo_engine.work.approvals import limits
from pmo_engine.work.approvals.bodies import has_ballot
from pmo_engine.work.command import Command, Order
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.obligations import Asked, open_obligation
from pmo_engine.work.permissions import may_rescind
from pmo_engine.work.records.naming import OfEntry
from pmo_engine.work.records.settlement import asker_of, settle_entry, subject_of, title_of

if TYPE_CHECKING:
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context, Governance


class Ended(Shape):
    """A record that has come to its end; ``told``: who hears of it.

    ``put_to``: the body, in words, that votes on whether it is rescinded, until when it stands.
    """

    project: str
    register_name: str = Field(alias="register")
    key: str
    version: int
    status: str
    told: tuple[str, ...]
    put_to: str = ""


def withdraw(
    governance: Governance,
    *,
    project: str,
    register: str,
    key: str,
    by: str,
    reason: str = "",
    request: str | None = None,
) -> Ended:
    """Take a request back before it is decided; whoever was asked about it is told.

    Raises Refusal: not theirs to take back, or decided.
    """
    subject = OfEntry(governance, project, register, key)
    order = Order(by, WITHDRAW_RECORD, subject, Ended, request)
    return limits.carry_out_and_look(governance, order, partial(_withdraw, reason=reason))


def rescind(
    governance: Governance,
    *,
    project: str,
    register: str,
    key: str,
    by: str,
    reason: str,
    source: str = "",
    request: str | None = None,
) -> Ended:
    """Undo an approval, by who gave it or who is above them; it counts in no sum from then on.

    What a body decided by its ballot it undoes by one: the answer is then still *approved*.

    ``source``: the minute or letter that says so. Raises Refusal, and CommandError for no reason.
    """
    if not reason.strip():
        raise CommandError("an approval is rescinded for a reason; give one with --reason")
    subject = OfEntry(governance, project, register, key)
    order = Order(by, RESCIND, subject, Ended, request)
    return limits.carry_out_and_look(
        governance, order, partial(_rescind, reason=reason, source=source)
    )


def _withdraw(c: Command, *, reason: str) -> Ended:
    entry: tables.Entry = c.on.row
    if entry.standing not in UNDECIDED:
        raise Refusal(f"{entry.key} is {entry.status} already, and can be withdrawn no more")
    asked = _asked(c, entry)
    return _ended(c, entry, "withdrawn", asked, {"reason": reason})


def _rescind(c: Command, *, reason: str, source: str) -> Ended:
    entry: tables.Entry = c.on.row
    if entry.standing != "approved":
        raise Refusal(f"{entry.key} is {entry.status}; what is approved can be rescinded")
    body = _only_as_one_of(c, entry)
    if body is not None:
        return _moved(c, entry, body, reason, source)
    heard = {asker_of(entry), *_asked(c, entry), *_voted(c, entry)}
    return _ended(c, entry, "rescinded", heard, {"reason": reason, "source": source})


def _only_as_one_of(c: Command, entry: tables.Entry) -> str | None:
    """Give the body by whose ballot alone the actor could undo it; None where they may alone."""
    under = c.under(entry)
    held = [each for each in may_rescind(c, entry) if each in c.roles_in(entry.project)]
    alone = [role for role in held if not has_ballot(under.policy, role)]
    return None if alone else held[0]


def _moved(c: Command, entry: tables.Entry, body: str, reason: str, source: str) -> Ended:
    """Put it to the vote of the body: what it decided together, one member does not undo."""
    under = c.under(entry)
    noun = under.policy.registers[entry.register_name].noun
    act = str(Act(RESCIND.verb, noun))
    if any(row.act == act for row in c.uow.obligations.open_for(entry.id)):
        whose = role_in_words(body, under.policy)
        raise Refusal(f"whether to rescind {entry.key} is put to the vote of {whose} already")
    item = Obligation(
        "approval",
        RESCIND.verb,
        body,
        "shall",
        role=body,
        act=act,
        clause=source,
        signatures=Signatures((Signatory(body, None),), 1, distinct=False),
    )
    last = c.uow.decisions.untimed(entry.id)[-1]
    why = (f"{c.actor_name} moves that it be rescinded: {reason}",)
    row = open_obligation(under, subject_of(under, entry), Asked(item, why, last.id))
    put_to = role_in_words(body, under.policy)
    return _answer(entry, tuple(row.details["told"])).model_copy(update={"put_to": put_to})


def _ended(
    c: Command, entry: tables.Entry, status: str, people: set[str], why: dict[str, str]
) -> Ended:
    under = c.under(entry)
    told = tuple(sorted(people - {c.actor}))
    said = {name: text for name, text in why.items() if text}
    settle_entry(under, entry, status, why=said, heard=people)
    title = title_of(under, entry)
    because = f": {why['reason']}" if why["reason"] else "."
    source = f"\nBy {why['source']}." if why.get("source") else ""
    body = f"{status.capitalize()} by {c.actor_name}{because}{source}"
    key = f"{entry.id}/{entry.version}/{status}"
    notices.send(
        c,
        [
            notices.notice(c, key, person, f"{title} is {status}", body, entry.project)
            for person in told
        ],
    )
    return _answer(entry, told)


def _answer(entry: tables.Entry, told: tuple[str, ...]) -> Ended:
    return Ended(
        project=entry.project,
        register_name=entry.register_name,
        key=entry.key,
        version=entry.version,
        status=entry.status,
        told=told,
    )


def _asked(c: Context, entry: tables.Entry) -> set[str]:
    """Name those for whom something about an entry waits."""
    rows = c.uow.obligations.open_for(entry.id)
    return {person for row in rows for person in notices.waited_for(c, row)}


def _voted(c: Context, entry: tables.Entry) -> set[str]:
    """Name those who gave the approvals of an entry."""
    rows = c.uow.obligations.of_subject(entry.id)
    approvals = (row for row in rows if row.kind == "approval" and row.status == "met")
    return {vote.person for row in approvals for vote in c.uow.votes.current(row.id)}
