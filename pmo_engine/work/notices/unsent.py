"""Messages that nothing more is tried for, sent again; see `queries.notices` for their list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.work.acts import RESEND
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import the_one
from pmo_engine.work.subjects import Office

if TYPE_CHECKING:
    from collections.abc import Collection

    from pmo_engine.work.governance import Governance


class Resent(Shape):
    """How many messages are sent again."""

    number: int


def resend(
    governance: Governance, ids: Collection[str], *, by: str, request: str | None = None
) -> Resent:
    """Let messages be sent again: those whose ids begin so, or all that failed.

    They are due at once and have all their attempts again.

    Raises:
        CommandError: no message that failed has such an id, or several have.
    """
    return carry_out(
        governance, Order(by, RESEND, Office(), Resent, request), partial(_resend, ids=ids)
    )


def _resend(c: Command, *, ids: Collection[str]) -> Resent:
    unsent = {message.id: message for message in c.uow.outbox.unsent()}
    named = dict.fromkeys(
        the_one([id for id in unsent if id.startswith(each)], each, "failed notice") for each in ids
    )
    wanted = [unsent[id] for id in named]
    if not named:
        wanted = [message for message in unsent.values() if message.state == "failed"]
    again = [message for message in wanted if c.uow.outbox.send_again(message, c.now)]
    if again:
        c.journal("notices.resent", {"ids": [message.id for message in again]})
    return Resent(number=len(again))
