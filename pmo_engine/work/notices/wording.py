"""Puts notices into the outbox: to whom, under which key, in which words, and not before when."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pmo_engine.authority.titles import titled
from pmo_engine.prose.names import path_in_words
from pmo_engine.prose.rounds import collected_in_words
from pmo_engine.store.errors import NotFound
from pmo_engine.store.tables import OFFICE, Message
from pmo_engine.work.approvals.counting import kept_signatures
from pmo_engine.work.notices.papers import PAPERS
from pmo_engine.work.people.held import holders
from pmo_engine.work.without_rate import RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from pmo_engine.policy import Policy
    from pmo_engine.store.tables import Obligation
    from pmo_engine.work.governance import Context


def waited_for(c: Context, row: Obligation, *, informed: bool = True) -> list[str]:
    """Name the people for whom an obligation waits, those who hold its roles today.

    Not ``informed``: but not those who are only told of it.
    """
    found: dict[str, None] = {}
    for each in c.uow.addressees.of(row.id):
        if each.informed and not informed:
            continue
        names = (
            [each.person] if each.person is not None else holders(c, str(each.role), row.project)
        )
        found.update(dict.fromkeys(names))
    return list(found)


def notice(
    c: Context,
    key: str,
    recipient: str,
    subject: str,
    body: str,
    project: str | None,
    papers: Sequence[str] = (),
) -> Message:
    """Make a notice for one person, to be sent at once, or when the quiet hours are over.

    The ``papers`` go with it.
    """
    return Message(
        key=f"{key}/{recipient}",
        kind="notice",
        recipient=recipient,
        subject=subject,
        body=body,
        payload={"project": project or OFFICE, **({PAPERS: list(papers)} if papers else {})},
        due_at=_heard_at(c, recipient),
    )


def _heard_at(c: Context, recipient: str) -> datetime:
    """Give when somebody may hear of it: the quiet hours are those of their own zone."""
    now, quiet = c.now, c.policy.notices.quiet
    if quiet is None:
        return now
    with suppress(NotFound):
        zone = c.uow.people.get(recipient).zone
        return quiet.over(now, ZoneInfo(str(zone)) if zone else c.zone)
    return quiet.over(now, c.zone)


def worded(
    c: Context, occasion: str, values: Mapping[str, str], subject: str, body: str
) -> tuple[str, str]:
    """Give subject and body of a notice: the policy's words where it has some, else these."""
    kind = values.get("kind", "")
    for wording in c.policy.notices.wording:
        if wording.fits(occasion, kind):
            said = wording.subject.filled(values) if wording.subject is not None else subject
            text = wording.body.filled(values) if wording.body is not None else body
            return " ".join(said.split()), text.strip()
    return subject, body


def values_of(c: Context, row: Obligation) -> dict[str, str]:
    """Give what a wording may speak of about an obligation, by the name of the placeholder."""
    return {
        "title": row.details["title"],
        "project": row.project or "",
        "kind": row.kind,
        "what": asked_in_words(row, c.policy),
        "role": titled(row.details["role"] or "", c.policy),
        "clause": row.clause,
        "due": shown(c, row.due_at),
        "reasons": "\n".join(row.reasons),
    }


def asked_in_words(row: Obligation, policy: Policy) -> str:
    """Name the fact that is asked for, or who is asked, then without article: "PMO head"."""
    if row.kind == "information" and RATE in row.details:
        return f"a rate of {row.details[RATE]}"
    if row.kind == "information":
        return path_in_words(row.target, policy)
    if row.kind == "return":
        return collected_in_words(row.target, policy)
    if (signatures := kept_signatures(row)) is not None:
        from pmo_engine.prose.signatures import signatures_in_words  # noqa: PLC0415 - few need it

        return signatures_in_words(signatures, policy).removeprefix("the ")
    return titled(row.target, policy)


def shown(c: Context, moment: datetime | None) -> str:
    """Print when something is due, at the office; nothing where it has no time."""
    return f"{moment.astimezone(c.zone):%d %B %Y %H:%M}" if moment is not None else ""


def to_role(
    c: Context, role: str, project: str | None, key: str, subject: str, body: str
) -> list[Message]:
    """Make a notice for everybody who holds a role."""
    people = holders(c, role, project)
    return [notice(c, key, person, subject, body, project) for person in people]


def send(c: Context, messages: Iterable[Message]) -> int:
    """Put messages into the outbox; one with a key that is there already is left out."""
    return len(c.uow.outbox.add_all(list(messages)))


def flow_request(c: Context, flow: str, key: str, parameters: dict[str, str]) -> Message:
    """Ask for a flow run; its key is the idempotency key of the run."""
    return Message(
        key=key,
        kind="flow",
        subject=flow,
        payload={"flow": flow, "parameters": parameters},
        due_at=c.now,
    )
