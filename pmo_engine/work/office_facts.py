"""How the office stands when something is decided: what limits have taken up, and who is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.authority.sums import added_up, beginning
from pmo_engine.feel.values import Record
from pmo_engine.policy.terms import STANDING, SUMS
from pmo_engine.work.people.gathered import people
from pmo_engine.work.people.held import roles_of
from pmo_engine.work.seen_records import counted

SUBMITTED_BY = "submitted_by"
"""Who asked for a record, as rules and limits see it."""

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pmo_engine.policy import Authority
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context


def office_facts(
    c: Context, items: Sequence[Authority], entry: Entry, typed: Callable[[Entry], Record]
) -> dict[str, Any]:
    """Give the facts that authorities look at beside the record and its project's registers.

    ``typed`` gives an entry of the record's register as rules see it.
    """
    found: dict[str, Any] = {}
    accounts = people(c).accounts(entry.submitted_by or "")
    several = [each for each in items if len(accounts) > 1 and _by_requester(each)]
    sums = [each for each in items if _across_office(each) or each in several]
    if sums:
        found[SUMS] = _sums(c, sums, entry, typed)
    if any(each.requesters for each in items):
        found["requester"] = _held_by_requester(c, entry)
    found |= _away(c, items, entry)
    return {STANDING: Record(STANDING, found)} if found else {}


def _across_office(item: Authority) -> bool:
    return item.cumulative is not None and item.cumulative.across == "office"


def _by_requester(item: Authority) -> bool:
    return item.cumulative is not None and item.cumulative.field == SUBMITTED_BY


def _sums(
    c: Context, items: Iterable[Authority], entry: Entry, typed: Callable[[Entry], Record]
) -> Record:
    """Add up over all projects, and what one person asked for by any account of theirs.

    A key, which is one project's, does not tell the record there.
    """
    register = c.policy.registers[entry.register_name]
    sums = {}
    for item in items:
        project = None if _across_office(item) else entry.project
        records = [each.record for each in counted(c, project, register, entry, typed)]
        own: Mapping[str, Any] = typed(entry)
        if project is None:
            own = {name: value for name, value in own.items() if name != "key"}
        if _by_requester(item):
            own, *records = (_by_person(c, each) for each in (own, *records))
        since = beginning(c.policy, item, c.now)
        sums[item.id] = added_up(c.policy, register, item, own, records, since)
    return Record(f"{STANDING}.{SUMS}", sums)


def _by_person(c: Context, record: Any) -> Any:
    """Give a record as asked for by the person, whichever account of theirs did it."""
    by = record.get(SUBMITTED_BY)
    if by is None or people(c).one(by) == by:
        return record
    values = {**record, SUBMITTED_BY: people(c).one(by)}
    return Record(record.path, values) if isinstance(record, Record) else values


def _held_by_requester(c: Context, entry: Entry) -> list[str]:
    return roles_of(c, entry.submitted_by or "", entry.project)


def _away(c: Context, items: Iterable[Authority], entry: Entry) -> dict[str, list[str]]:
    """Name the roles that nobody holds, and those whose holders are all away."""
    vacant = {each.while_vacant for each in items} - {None}
    absent = {each.in_absence_of for each in items} - {None}
    if not vacant and not absent:
        return {}
    known = people(c)
    holders = {
        role: known.holders(role, entry.project, c.today) for role in (vacant | absent) if role
    }
    away = {
        role
        for role, persons in holders.items()
        if all(known.absence(each, c.today) is not None for each in persons)
    }
    return {
        "vacant": sorted(role for role, persons in holders.items() if not persons),
        "absent": sorted(away),
    }
