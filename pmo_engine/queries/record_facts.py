"""A stored record as rules see it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pmo_engine.feel.values import Record
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.policy.rates import day_decided, in_own_currency

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.policy import Policy, Register
    from pmo_engine.store.tables import Entry

OWN = ("standing", "owner", "due", "submitted_by", "submitted_at", "decided_at", "closed_at")
"""What the engine itself keeps of every record, beside its key and its status."""


def record_of(policy: Policy, register: Register, entry: Entry, path: str, today: date) -> Record:
    """Give a stored entry as the record that rules see.

    What it says under another version of the register, and this one does not take, is not given;
    nor is an amount of a currency that has no rate on the day of its decision, or ``today``. What
    lies beyond a range that another version, or another rate, gives it is what it says, though.
    """
    day = day_decided(policy, entry.decided_at) or today
    kinds = register.kept
    record = Record(path, {}, kinds.keys())
    for name, value in sorted(entry.document.items()):  # a database has an order of its own
        with suppress(KeyError, WireError):
            place = f"{path}.{name}"
            own = in_own_currency(policy, kinds[name], value, place, day)
            record[name] = from_wire(kinds[name], own, place)
    for name, declared in register.fields.items():
        if (
            declared.first_of is not None and declared.first_of in record
        ):  # what was written before firsts were kept
            record.setdefault(name, record[declared.first_of])
    record["key"], record["status"] = entry.key, entry.status
    own = {name: getattr(entry, name) for name in OWN}
    record.update({name: value for name, value in own.items() if value is not None})
    return record
