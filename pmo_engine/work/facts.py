"""Gathers what rules may look at about a record: itself, its project, the project's registers."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from pmo_engine.feel import types as t
from pmo_engine.feel.values import Record
from pmo_engine.feel.wire import WireError, from_wire, to_json
from pmo_engine.model.event_names import SUBMITTED, UPDATED, EventName
from pmo_engine.model.fact_paths import FactPath
from pmo_engine.model.identifiers import IdentifierError, canonical
from pmo_engine.policy.events import Event, FromRegister, make_event, read_facts
from pmo_engine.policy.rates import in_own_currency
from pmo_engine.policy.registers import IMPORTED, others_of, record_type
from pmo_engine.policy.rounds import RETURNS
from pmo_engine.queries.projects import project_record
from pmo_engine.queries.record_facts import record_of
from pmo_engine.source.diagnostics import nearest
from pmo_engine.work.errors import CommandError
from pmo_engine.work.office_facts import office_facts
from pmo_engine.work.others import others
from pmo_engine.work.people.places import home_of_listed
from pmo_engine.work.rounds.facts import returns
from pmo_engine.work.seen_records import all_seen, counted, running
from pmo_engine.work.tolerances.granted import TOLERATED, tolerated

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
    from datetime import date

    from pmo_engine.policy import Policy, Register
    from pmo_engine.store.decisions import Version
    from pmo_engine.store.tables import Decision, Entry, Project
    from pmo_engine.work.governance import Context
    from pmo_engine.work.seen_records import Seen


def given_record(c: Context, register: Register, fields: Mapping[str, Any]) -> Record:
    """Type what somebody gives for a record; raises CommandError that names every wrong field.

    An amount stays in its own currency, which has a rate today.
    """
    allowed = {*register.given, *IMPORTED}
    kinds = dict(record_type(register).entries)
    found: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in fields.items():
        if name not in allowed:
            own = allowed - c.policy.derived.get(register.id, {}).keys()  # which nobody gives
            known = "; ".join(filter(None, (_meant(name, own), ", ".join(sorted(own)))))
            problems.append(f"{register.root}.{name}: is not a field to give ({known})")
            continue
        if isinstance(value, str) and value and not value.strip():
            problems.append(f"{register.root}.{name}: is blank; leave it out, or say it")
            continue
        try:
            found[name] = given_value(c, kinds[name], value, f"{register.root}.{name}")
            require_owner(name, found[name])
        except (WireError, IdentifierError) as error:
            problems.append(str(error))
    if problems:
        raise CommandError("; ".join(problems))
    return Record(register.root, found)


def _meant(name: str, allowed: Collection[str]) -> str:
    """Suggest the field that was meant: one that is nearly so called, or that has the word."""
    having = [each for each in sorted(allowed) if name in each.split("_")]
    said = nearest(name, allowed)
    return said or (f"did you mean {' or '.join(map(repr, having))}?" if having else "")


def given_value(c: Context, kind: t.Type, value: Any, path: str) -> Any:
    """Type what somebody gives for a field; an amount stays in its currency. Raises WireError."""
    own = in_own_currency(c.policy, kind, value, path, c.today)
    typed = from_wire(kind, own, path)
    return typed if own is value else from_wire(t.MoneyType(), value, path)


def require_owner(name: str, value: Any) -> None:
    """Raise IdentifierError where a field is the record's owner, and names them by no proper id."""
    if name == "owner" and value is not None:
        canonical(value, "owner")


def require_fields(register: Register, given: Mapping[str, Any]) -> None:
    """Raise CommandError that names the required fields of a record which nobody gave."""
    needed = (field for field in register.fields.values() if field.required)
    lacking = [f"{register.root}.{field.name}" for field in needed if given.get(field.name) is None]
    if lacking:
        raise CommandError(f"{', '.join(lacking)}: has to be given")


def project_facts(
    c: Context, project: Project, names: frozenset[str], own: Entry | None = None
) -> dict[str, Any]:
    """Gather the facts of a project that are among ``names``; registers only where named.

    ``own``: a record of it that is at hand.
    """
    facts: dict[str, Any] = {"office": Record("office", {"id": project.office})}
    if not project.is_office:
        facts["project"] = project_record(project, c.policy)
        facts["stage"] = Record("stage", {"id": project.stage})
    for register in c.policy.registers.values():
        if register.plural in names and register.of_offices >= project.is_office:
            home = home_of_listed(c, project, register)
            facts[register.plural] = records_of(c, home, register, own)
    if RETURNS in names - facts.keys() and c.policy.rounds:
        facts[RETURNS] = returns(c, project)
    return facts


def records_of(
    c: Context, project: str, register: Register, own: Entry | None = None
) -> FromRegister:
    """Give a project's records of one register, in the order of their keys."""
    mine = own if own is not None and own.register_name == register.id else None
    typed = partial(_one_of, c.policy, register, today=c.today)
    return _listed_from(c, all_seen(c, project, register, typed, mine))


def _listed_from(
    c: Context, found: list[Seen], running: dict[Hashable, Any] | None = None
) -> FromRegister:
    rows = [(e.key, -e.version if e.standing == "blocked" else e.version) for e in found]
    records = [each.record for each in found]
    return FromRegister(records, rows, c.policy.calendar.clocks, running)


def records_by_register(c: Context, project: str) -> dict[str, list[Record]]:
    """Give all of a project's records by register; a register without any has none."""
    entries = c.uow.entries.of_project(project)
    return {
        register.id: _records(c, register, [e for e in entries if e.register_name == register.id])
        for register in c.policy.registers.values()
    }


def _records(
    c: Context, register: Register, entries: list[Entry], on: date | None = None
) -> FromRegister:
    typed = partial(_one_of, c.policy, register, today=on or c.today)
    records = [typed(each) for each in entries]
    return FromRegister(records, ((each.key, each.version) for each in entries))


def _one_of(policy: Policy, register: Register, entry: Entry, today: date) -> Record:
    return record_of(policy, register, entry, FactPath(register.plural).record(entry.key), today)


def kept_facts(c: Context, event: Event) -> dict[str, Any]:
    """Give what is kept of an event's facts; of a register's records, which versions they are."""
    given = {name: value for name, value in event.facts.items() if name not in event.rows}
    listings = {name: _listed(c, rows) for name, rows in event.rows.items()}
    return {"facts": to_json(given), "listings": listings}


def _listed(c: Context, rows: Iterable[Version]) -> str:
    """Keep a list of versions, and remember once it is kept which parts of such are there."""
    known = c.governance.listed
    planted = c.uow.listings.keep(rows, known)
    if not planted.parts <= known:
        c.uow.once_kept(("listed", planted.digest), lambda: known.keep(planted.parts))
    return planted.digest


def event_of(c: Context, decision: Decision) -> Event:
    """Give the event that was decided about once more, with all facts as they were then.

    ``c`` is under the version of the policy by which it was decided.
    """
    then = c.rules.day_of(decision.at)
    facts, wrong = read_facts(c.policy, decision.facts, then, kept=True)
    if wrong:
        raise CommandError("; ".join(map(str, wrong)))
    for register in c.policy.registers.values():
        digest = decision.listings.get(register.plural)
        if digest is not None and decision.project is not None:
            versions = c.uow.listings.read(digest)
            home = home_of_listed(c, c.uow.projects.get(decision.project), register)
            entries = c.uow.entries.as_of(home, register.id, versions)
            facts[register.plural] = _records(c, register, entries, then)
    return make_event(c.policy, decision.event, decision.at, facts, decision.project)


def entry_event(c: Context, entry: Entry, name: EventName) -> Event:
    """Give the event that something happened to an entry, with all facts that rules look at."""
    register = c.policy.registers[entry.register_name]
    project = c.uow.projects.get(entry.project)
    names = c.rules.looked_at(name, c.now)
    facts = project_facts(c, project, names, entry)
    facts[register.root] = record_of(c.policy, register, entry, register.root, c.today)
    if "actor" in names or "history" in names:
        facts |= _who_did_what(c, entry, name)
    if TOLERATED in names:
        facts[TOLERATED] = tolerated(c, entry)
    if others_of(register) in names:
        facts[others_of(register)] = others(c, register, entry)
    facts |= limited_by(c, entry, register, name, listed=register.plural in names)
    if name.what in {SUBMITTED, UPDATED} and entry.standing == "blocked":
        _unblocked(facts, register, entry)
    return make_event(c.policy, name, c.now, facts, entry.project)


def _unblocked(facts: dict[str, Any], register: Register, entry: Entry) -> None:
    """Let a record be judged as it would stand if nothing blocked it: that is what is asked."""
    facts[register.root]["standing"] = "waiting"
    there = facts.get(register.plural)
    blocked = entry.key, -entry.version
    if isinstance(there, FromRegister) and blocked in there.rows:
        place = there.rows.index(blocked)
        own = there[place]
        there[place] = Record(own.path, {**own, "standing": "waiting"}, own.fields)
        there.rows = (*there.rows[:place], (entry.key, entry.version), *there.rows[place + 1 :])


def limit_event(c: Context, entry: Entry) -> Event:
    """Give the event of an entry with no more facts than limits of authority look at."""
    register = c.policy.registers[entry.register_name]
    name = EventName.of(register.noun, UPDATED)
    facts = {register.root: record_of(c.policy, register, entry, register.root, c.today)}
    facts |= limited_by(c, entry, register, name, listed=False)
    return make_event(c.policy, name, c.now, facts, entry.project)


def limited_by(
    c: Context, entry: Entry, register: Register, name: EventName, *, listed: bool
) -> dict[str, Any]:
    """Give what limits of authority look at; where rules look at the records, all are listed."""
    items = c.rules.authorities(name, c.now)
    if not items:
        return {}
    typed = partial(_one_of, c.policy, register, today=c.today)
    facts = office_facts(c, items, entry, typed)
    if any(each.cumulative is not None and each.cumulative.across == "project" for each in items):
        if listed:
            found = all_seen(c, entry.project, register, typed, entry)
            facts[register.plural] = _listed_from(c, sorted(found, key=attrgetter("place")))
        else:
            facts[register.plural] = _counted(c, entry, register)
    return facts


def _counted(c: Context, entry: Entry, register: Register) -> FromRegister:
    """Give the records that limits count beside one; read once, however often it is asked about."""
    return c.uow.entries.remembered(
        (entry.id, register.id, c.policy.digest, c.today),
        lambda: _read_counted(c, entry, register),
    )


def _read_counted(c: Context, entry: Entry, register: Register) -> FromRegister:
    typed = partial(_one_of, c.policy, register, today=c.today)
    found = counted(c, entry.project, register, entry, typed)
    return _listed_from(c, found, running(c, entry.project, register, entry, typed))


def _who_did_what(c: Context, entry: Entry, name: EventName) -> dict[str, Any]:
    """Give who did what the event tells, and the record's history: what the engine was asked.

    A record that is judged anew says what it says by whoever wrote that, not by whom the clock, or
    another version of the policy, made the engine look again.
    """
    by = {each.version: each.by for each in c.uow.entries.versions(entry.id)}
    judged = name.what in {SUBMITTED, UPDATED}
    version = entry.matter_version if judged else entry.version
    history = [
        Record(f"history[{number}]", what) for number, what in enumerate(_history(c, entry), 1)
    ]
    return {"actor": Record("actor", {"id": by[version]}), "history": history}


def _history(c: Context, entry: Entry) -> Iterator[dict[str, Any]]:
    """Give what the engine was asked about an entry, and before that about those it follows."""
    if entry.follows is not None:
        yield from _history(c, c.uow.entries.get(entry.follows))
    by = {each.version: each.by for each in c.uow.entries.versions(entry.id)}
    for asked in c.uow.decisions.of_subject(entry.id):
        yield {"event": asked.event, "at": asked.at, "actor": by.get(asked.subject_version)}
