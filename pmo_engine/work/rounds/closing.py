"""A round is closed by whoever may, with a reason, though not everybody has answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import roles_in_words
from pmo_engine.model.shape import Shape
from pmo_engine.work.acts import CLOSE_ROUND
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.rounds.ending import end
from pmo_engine.work.rounds.naming import OfRound, closers, may_close, round_named, title_of

if TYPE_CHECKING:
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Governance


class ClosedRound(Shape):
    """A round that was closed, and how much of it was not given."""

    round: str
    period: str
    reason: str
    missing: int


def close_round(
    governance: Governance,
    *,
    name: str,
    by: str,
    reason: str,
    period: str | None = None,
    request: str | None = None,
) -> ClosedRound:
    """Close a round, the last one unless its period is named; what is not given is missing.

    Raises Refusal for somebody who may not, and for one that is closed; CommandError for one that
    there is not, and where no reason is given.
    """
    with governance.reading() as c:
        row = round_named(c, name, period)
    order = Order(by, CLOSE_ROUND, OfRound(row.id), ClosedRound, request)
    return carry_out(governance, order, partial(_close, reason=reason.strip()))


def _close(c: Command, *, reason: str) -> ClosedRound:
    row: tables.Round = c.on.row
    title = title_of(row)
    if not may_close(c, row):
        by = roles_in_words(closers(c, row), c.policy)
        raise Refusal(f"{c.actor_name} may not close {title}: that is for {by}")
    if row.closed_at is not None:
        raise Refusal(f"{title} is closed already: {row.reason}")
    if not reason:
        raise CommandError("a round is closed for a reason; give it with --reason")
    missing = end(c, row, reason)
    return ClosedRound(round=row.round, period=row.period, reason=reason, missing=missing)
