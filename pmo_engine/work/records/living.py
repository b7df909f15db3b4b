"""Records that live on: what was asked of them is approved, and rules go on judging them.

A register whose records stand unasked holds budget lines, contracts and milestones: they are kept
up to date for months, and only now and then a rule asks somebody about one. What was approved
stands as long as nothing changes on which it was asked; a change of that is asked anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.policy.registers import APPROVED
from pmo_engine.work.governance import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Collection

    from pmo_engine.policy import Register
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context


def lives_on(c: Context, entry: tables.Entry) -> bool:
    """Tell whether an entry is approved and goes on being judged at each change."""
    register = c.policy.registers[entry.register_name]
    approved = entry.standing == APPROVED and entry.status not in register.life.closed
    return approved and register.stands_unasked


def is_settled(c: Context, entry: tables.Entry) -> bool:
    """Tell whether what is recorded of an entry from now on changes nothing that was decided."""
    return entry.standing not in UNDECIDED and not lives_on(c, entry)


def opened_by(c: Context, entry: tables.Entry, changed: Collection[str]) -> dict[str, Any]:
    """Give how an entry that lives on stands after a change, where that touches what was approved.

    Empty where what was given stands.
    """
    if approved_on(c, entry).isdisjoint(changed):
        return {}
    return opened_again(entry, c.policy.registers[entry.register_name])


def approved_on(c: Context, entry: tables.Entry) -> frozenset[str]:
    """Name the fields on which approvals of an entry were asked, or by which who may is told."""
    register = c.policy.registers[entry.register_name]
    rows = c.uow.obligations.of_subject(entry.id)
    asked = (row for row in rows if row.kind == "approval" and row.status in {"open", "met"})
    rules = {rule for row in asked for rule in (row.rule, *row.also_rules)}
    parties = {each.name for each in register.fields.values() if each.names}
    return c.rules.fields_of(register, rules) | c.rules.fields_measured(register, c.now) | parties


def opened_again(entry: tables.Entry, register: Register) -> dict[str, Any]:
    """Give how an entry stands that was approved and is asked about anew."""
    status = register.life.first if entry.status == APPROVED else entry.status
    return {"standing": "waiting", "status": status, "decided_at": None}


def hold_what_is_asked(c: Command, entry: tables.Entry) -> None:
    """Let an entry that lives on wait again where a binding rule asks for more, or blocks it."""
    rows = [row for row in c.uow.obligations.open_for(entry.id) if row.binding == "shall"]
    if (kinds := {row.kind for row in rows}).isdisjoint({"approval", "block"}):
        return
    again = opened_again(entry, c.policy.registers[entry.register_name])
    again["standing"] = "blocked" if "block" in kinds else "waiting"
    why = "A rule asks about it since it was approved."
    c.uow.entries.revise(entry, reason=why, by=SYSTEM, **again)
