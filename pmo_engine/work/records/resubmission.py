"""Asked for again: a record that follows one that was refused, and what people are told of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pmo_engine.model.life_cycle import UNDECIDED, words
from pmo_engine.work.acts import RESUBMIT
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import Refusal
from pmo_engine.work.facts import given_record, require_fields
from pmo_engine.work.records.naming import OfEntry
from pmo_engine.work.records.submission import Recorded, enter, recorded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy import Register
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Governance

AGAIN = frozenset({"rejected", "withdrawn", "rescinded"})
"""What may be asked for again."""


def resubmit(
    governance: Governance,
    *,
    project: str,
    register: str,
    key: str,
    changes: Mapping[str, Any],
    by: str,
    request: str | None = None,
) -> Recorded:
    """Enter a new record that says what an earlier one said, but for ``changes``.

    ``None`` leaves a field out. The new one has the earlier one's history, and whoever decides is
    told what became of that. Raises Refusal where it is not over, or was asked for again already.
    """
    subject = OfEntry(governance, project, register, key)
    order = Order(by, RESUBMIT, subject, Recorded, request)
    return carry_out(governance, order, partial(_resubmit, changes=changes))


def _resubmit(c: Command, *, changes: Mapping[str, Any]) -> Recorded:
    earlier: tables.Entry = c.on.row
    if earlier.standing not in AGAIN:
        raise Refusal(f"{earlier.key} is {words(earlier.status)}: {_way_on(c, earlier)}")
    later = c.uow.entries.following(earlier.id)
    if later is not None:
        raise Refusal(f"{earlier.key} was asked for again already, as {later.key}")
    register = c.policy.registers[earlier.register_name]
    said = {**_said(register, earlier), **changes}
    typed = given_record(c, register, {n: value for n, value in said.items() if value is not None})
    require_fields(register, typed)
    return recorded(c, *enter(c, register, earlier.project, typed, follows=earlier.id))


def _way_on(c: Command, entry: tables.Entry) -> str:
    """Say what to do instead of asking again for a record that is not refused."""
    if entry.closed_at is not None:
        return "open it again with 'pmo reopen'"
    if entry.standing in UNDECIDED:
        return "change it with 'pmo update'"
    noun = words(c.policy.registers[entry.register_name].noun)
    return f"submit a new {noun} with 'pmo submit'"


def _said(register: Register, earlier: tables.Entry) -> dict[str, Any]:
    """Give what an earlier record says, as far as the register still has it.

    What is a role's to set was said of the earlier one: of the new one that role says it anew.
    """
    carried = register.given.keys() - register.set_by_roles
    kept = {name: value for name, value in earlier.document.items() if name in carried}
    due = None if earlier.due is None else earlier.due.isoformat()
    return {**kept, "owner": earlier.owner, "due": due}
