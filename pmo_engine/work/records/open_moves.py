"""What is asked about moves of a record, as long as they lead on from where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.life_cycle import words
from pmo_engine.policy.registers import APPROVED, REFUSED, SUBMITTED
from pmo_engine.queries.obligations import MOVE
from pmo_engine.work.approvals.taking_back import take_back
from pmo_engine.work.notices import wording as notices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.policy import RecordLife
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context


def fits(entry: tables.Entry, life: RecordLife, to: str) -> bool:
    """Tell whether a state goes with what was decided about a record, if anything was."""
    if to == APPROVED:
        return entry.standing == APPROVED
    if entry.standing in REFUSED:
        return to in life.closed
    return to != SUBMITTED or entry.standing != APPROVED


def let_in_by(c: Context, entry: tables.Entry) -> str:
    """Name the role that approved the move by which a record is where it is, if one had to."""
    rows = c.uow.obligations.of_subject(entry.id)
    given = [row for row in rows if MOVE in row.details and row.details.get("outcome") == "approve"]
    here = [row.target for row in given if row.details[MOVE]["to"] == entry.status]
    return here[-1] if here else ""


def take_moves_back(
    c: Command, entry: tables.Entry, rows: Iterable[tables.Obligation], why: str
) -> None:
    """Withdraw, of open ``rows``, what is asked about moves that lead on no more from where it is.

    Whoever asked for one hears so, unless they did it, beside those who were asked.
    """
    life = c.policy.registers[entry.register_name].life
    for row in rows:
        asked = row.details.get(MOVE)
        if asked is None or (
            life.between(entry.status, asked["to"]) and fits(entry, life, asked["to"])
        ):
            continue
        take_back(c, [row], why, ())
        if asked["by"] == c.actor:
            continue
        said = f"{row.details['title']} is not to become {words(asked['to'])} any more"
        key = f"{row.id}/withdrawn"
        notices.send(c, [notices.notice(c, key, asked["by"], said, why, entry.project)])
