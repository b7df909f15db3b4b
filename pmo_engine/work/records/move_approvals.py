"""A move of a record that somebody has to approve first: asked for, made once it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.acts import Act
from pmo_engine.model.life_cycle import words
from pmo_engine.model.signatures import Signatory, Signatures
from pmo_engine.policy.decision import Obligation
from pmo_engine.queries.obligations import MOVE
from pmo_engine.work.errors import Refusal
from pmo_engine.work.obligations import Asked, open_obligation
from pmo_engine.work.records.settlement import subject_of

if TYPE_CHECKING:
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command


def ask_for(
    c: Command, entry: tables.Entry, role: str, act: Act, to: str, reason: str
) -> tuple[str, ...]:
    """Ask a role or body to approve a move, and name who was told."""
    if any(MOVE in row.details for row in c.uow.obligations.open_for(entry.id)):
        raise Refusal(f"an approval to move {entry.key} is waited for already")
    item = Obligation(
        "approval",
        MOVE,
        role,
        "shall",
        role=role,
        act=str(Act(act.verb, c.policy.registers[entry.register_name].noun)),
        signatures=Signatures((Signatory(role, None),), 1, distinct=False),
    )
    because = f": {reason}" if reason else "."
    why = (f"{c.actor_name} asks that it become {words(to)}{because}",)
    last = c.uow.decisions.of_subject(entry.id)[-1]
    kept = {"to": to, "reason": reason, "by": str(c.actor), "verb": act.verb}
    row = open_obligation(
        c, subject_of(c, entry), Asked(item, why, last.id), beside=True, more={MOVE: kept}
    )
    return tuple(row.details["told"])
