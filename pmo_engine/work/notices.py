"""Puts notices into the outbox: to whom, under which key, in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.store.tables import OFFICE, Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.desk import Desk


def holders(desk: Desk, uow: UnitOfWork, role: str, project: str | None) -> list[str]:
    """Name the people who hold a role for a project today."""
    return [person.id for person in uow.people.holders(role, project, desk.today())]


def notice(
    desk: Desk, key: str, recipient: str, subject: str, body: str, project: str | None
) -> Message:
    """Make a notice for one person, to be sent at once."""
    return Message(
        key=f"{key}/{recipient}",
        kind="notice",
        recipient=recipient,
        subject=subject,
        body=body,
        payload={"project": project or OFFICE},
        due_at=desk.clock.now(),
    )


def to_role(
    desk: Desk, uow: UnitOfWork, role: str, project: str | None, key: str, subject: str, body: str
) -> list[Message]:
    """Make a notice for everybody who holds a role."""
    people = holders(desk, uow, role, project)
    return [notice(desk, key, person, subject, body, project) for person in people]


def send(uow: UnitOfWork, messages: Iterable[Message]) -> int:
    """Put messages into the outbox; one with a key that is there already is left out."""
    return len(uow.outbox.add_all(list(messages)))


def flow_request(desk: Desk, flow: str, key: str, parameters: dict[str, str]) -> Message:
    """Ask for a flow run; its key is the idempotency key of the run."""
    return Message(
        key=key,
        kind="flow",
        subject=flow,
        payload={"flow": flow, "parameters": parameters},
        due_at=desk.clock.now(),
    )
