"""What a register's file says can happen to its records, beside what commands do to them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.event_names import EventName
from pmo_engine.policy.registers import EVENTS, REFUSED
from pmo_engine.work.acts import RECORD_EVENT
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.facts import entry_event
from pmo_engine.work.records.naming import OfEntry
from pmo_engine.work.records.settlement import keep_decision, open_gates, title_of
from pmo_engine.work.records.submission import Recorded, recorded
from pmo_engine.work.records.waited import ask_beside, meet_what_holds_no_more
from pmo_engine.work.unjudged import tell_faults

if TYPE_CHECKING:
    from pmo_engine.policy import Register
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Governance


def happened(
    governance: Governance,
    *,
    project: str,
    register: str,
    key: str,
    what: str,
    by: str,
    note: str = "",
    request: str | None = None,
) -> Recorded:
    """Say that something happened to a record, as ``reviewed``; rules on it ask and tell then.

    What is asked about the record already stays asked. It is another version of the record, which
    says what the one before it did, by whoever says so. Raises Refusal for one that is over,
    CommandError for what the register's file does not name.
    """
    subject = OfEntry(governance, project, register, key)
    order = Order(by, RECORD_EVENT, subject, Recorded, request)
    return carry_out(governance, order, partial(_happened, what=what, note=note))


def _happened(c: Command, *, what: str, note: str) -> Recorded:
    entry: tables.Entry = c.on.row
    under = c.under(entry)
    event_name = _named(under.policy.registers[entry.register_name], what)
    if entry.closed_at is not None or entry.standing in REFUSED:
        raise Refusal(f"{entry.key} is {entry.status}: nothing happens to it any more")
    under.uow.entries.revise(entry, policy_digest=entry.policy_digest)
    said = {"key": entry.key, "version": entry.version, **({"note": note} if note else {})}
    under.journal(event_name, said, entry.project, entry.id)
    event = entry_event(under, entry, event_name)
    decision = under.rules.engine.decide(event)
    kept = keep_decision(under, event, decision, entry.id, entry.version)
    ask_beside(under, entry, decision, kept)
    meet_what_holds_no_more(under, entry)
    tell_faults(under, kept, title_of(under, entry))
    open_gates(under, event, entry)
    return recorded(c, entry, decision)


def _named(register: Register, what: str) -> EventName:
    """Find an event that the register's file names; raises CommandError."""
    own = [each.what for each in register.events if each.what not in EVENTS]
    found = what.removeprefix(f"{register.noun}.")
    if found in own:
        return EventName.of(register.noun, found)
    if found in EVENTS:
        raise CommandError(f"'{found}' is what a command of its own does: 'pmo --help' lists them")
    known = f"it has {', '.join(own)}" if own else "its file names none under 'events:'"
    raise CommandError(f"no event of register '{register.id}' is called '{found}'; {known}")
