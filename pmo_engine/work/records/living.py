"""Records that live on: what was asked of them is approved, and rules go on judging them.

A register whose records stand unasked holds budget lines, contracts and milestones: they are kept
up to date for months, and only now and then a rule asks somebody about one. What was approved
stands as long as nothing changes on which it was asked; a change of that is asked anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.model.event_names import UPDATED, EventName
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.policy.registers import APPROVED
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.obligations import judged_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pmo_engine.store import tables
    from pmo_engine.store.tables import Obligation as Row
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context


GIVEN = frozenset({"open", "met", "waived"})


@dataclass(frozen=True, slots=True)
class Through:
    """What a change leaves of how an entry was decided, and how the entry stands ``now``, if not.

    ``lives``: it was approved and goes on; ``stands``: so do the approvals that were given.
    """

    settled: bool
    lives: bool
    stands: bool
    now: dict[str, Any]


def lives_on(c: Context, entry: tables.Entry) -> bool:
    """Tell whether an entry is approved and goes on being judged at each change."""
    register = c.policy.registers[entry.register_name]
    approved = entry.standing == APPROVED and entry.status not in register.life.closed
    return approved and register.stands_unasked


def is_settled(c: Context, entry: tables.Entry) -> bool:
    """Tell whether what is recorded of an entry from now on changes nothing that was decided."""
    return entry.standing not in UNDECIDED and not lives_on(c, entry)


def through(c: Context, entry: tables.Entry, changed: Collection[str]) -> Through:
    """Give what a change of some fields of an entry leaves of how it was decided."""
    lived = lives_on(c, entry)
    touched = lived and not approved_on(c, entry).isdisjoint(changed)
    again = _opened_again(c, entry) if touched else {}
    return Through(settled=is_settled(c, entry), lives=lived, stands=lived and not again, now=again)


def approved_on(c: Context, entry: tables.Entry) -> frozenset[str]:
    """Name the fields on which approvals of an entry were asked, or by which who may is told."""
    register = c.policy.registers[entry.register_name]
    parties = {each.name for each in register.fields.values() if each.names}
    rows = _of_record(c, entry, c.uow.obligations.of_subject(entry.id))
    return asked_on(c, entry, rows) | c.rules.fields_measured(register, c.now) | parties


def asked_on(c: Context, entry: tables.Entry, rows: Iterable[Row]) -> frozenset[str]:
    """Name the fields at which the rules look that asked for those approvals that still matter."""
    asked = (row for row in rows if row.kind == "approval" and row.status in GIVEN)
    rules = {rule for row in asked for rule in (row.rule, *row.also_rules)}
    return c.rules.fields_of(c.policy.registers[entry.register_name], rules)


def hold_what_is_asked(c: Command, entry: tables.Entry) -> None:
    """Let an entry that lives on wait again where a binding rule asks for more, or blocks it."""
    rows = _of_record(c, entry, c.uow.obligations.open_for(entry.id))
    kinds = {row.kind for row in rows if row.binding == "shall"}
    if kinds.isdisjoint({"approval", "block"}):
        return
    again = _opened_again(c, entry)
    again["standing"] = "blocked" if "block" in kinds else "waiting"
    why = "A rule asks about it since it was approved."
    c.uow.entries.revise(entry, reason=why, by=SYSTEM, **again)


def _of_record(c: Context, entry: tables.Entry, rows: list[Row]) -> list[Row]:
    """Choose what rules on the record itself ask for: nothing beside it, nor what happened."""
    name = EventName.of(c.policy.registers[entry.register_name].noun, UPDATED)
    return judged_by(c, name, c.now, rows)


def _opened_again(c: Context, entry: tables.Entry) -> dict[str, Any]:
    """Give how an entry stands that was approved and is asked about anew."""
    first = c.policy.registers[entry.register_name].life.first
    status = first if entry.status == APPROVED else entry.status
    return {"standing": "waiting", "status": status, "decided_at": None}
