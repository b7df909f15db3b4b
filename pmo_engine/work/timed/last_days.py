"""Records that keep somebody's last day follow what becomes of the appointments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.feel.wire import to_json
from pmo_engine.model.event_names import UPDATED, EventName
from pmo_engine.model.shape import Shape
from pmo_engine.policy.registers import last_days_of
from pmo_engine.queries.record_facts import record_of
from pmo_engine.queries.records import differing
from pmo_engine.work.acts import SWEEP
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.records.derived import worked_out
from pmo_engine.work.records.living import through
from pmo_engine.work.records.naming import OfEntry
from pmo_engine.work.records.settlement import decide_entry
from pmo_engine.work.records.submission import Written, rewritten
from pmo_engine.work.subjects import Office
from pmo_engine.work.timed.watching import is_over

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context, Governance

FOLLOWED = "last days followed"
"""The setting that keeps up to which change of appointments, and under which policy, they were."""
WHY = "an appointment begins or ends"


class Followed(Shape):
    """Whether a record says another day by now."""

    changed: bool


def follow_last_days(governance: Governance, by: str) -> None:
    """Let open records say the last day of whom they name, where appointments have changed."""
    with governance.reading() as c:
        now = f"{c.uow.people.changes()} {c.rules.digest}"
        if c.uow.settings.get(FOLLOWED) == now:
            return
        behind = [(each.project, each.register_name, each.key) for each in _behind(c)]
    for place, register, key in behind:
        subject = OfEntry(governance, place, register, key)
        carry_out(governance, Order(by, SWEEP, subject, Followed), _follow)
    carry_out(governance, Order(by, SWEEP, Office(), Followed), partial(_followed, now=now))


def _behind(c: Context) -> Iterator[Entry]:
    for register in c.policy.registers.values():
        if not last_days_of(c.policy.derived.get(register.id, {})):
            continue
        for place in c.uow.projects.places():
            for entry in c.uow.entries.of_project(place, register.id):
                if not is_over(entry) and _days(c.under(entry), entry):
                    yield entry


def _days(c: Context, entry: Entry) -> dict[str, str | None]:
    """Give the last days that a record should say and does not, None where there is none."""
    register = c.policy.registers.get(entry.register_name)
    names = last_days_of(c.policy.derived.get(entry.register_name, {}))
    if register is None or not names:
        return {}
    values = record_of(c.policy, register, entry, register.root, c.today)
    found = worked_out(c, register, values, {}, entry.project)
    now = {name: to_json(found.get(name)) for name in names}
    return {name: day for name, day in now.items() if entry.document.get(name) != day}


def _follow(c: Command) -> Followed:
    entry: Entry = c.on.row
    under = c.under(entry)
    days = {} if is_over(entry) else _days(under, entry)
    if not days:
        return Followed(changed=False)
    document = rewritten(entry.document, days)
    changes = tuple(differing(entry.document, document))
    left = through(under, entry, days)
    after = {"document": document, "policy_digest": under.policy.digest, **left.now}
    under.uow.entries.revise(entry, reason=WHY, stands=left.stands, **after)
    name = EventName.of(under.policy.registers[entry.register_name].noun, UPDATED)
    under.journal(name, Written.of(entry), entry.project, entry.id)
    decide_entry(under, entry, name, settled=left.settled, changes=changes, stands=left.stands)
    return Followed(changed=True)


def _followed(c: Command, *, now: str) -> Followed:
    c.uow.settings.put(FOLLOWED, now)
    return Followed(changed=False)
