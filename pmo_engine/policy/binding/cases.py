"""Binds suites, and the mappings of recorded histories."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pmo_engine.policy import schema as s
from pmo_engine.policy import tree
from pmo_engine.policy.binding.calendars import check_zone
from pmo_engine.policy.binding.context import Context, Findings
from pmo_engine.policy.binding.registers import record_type
from pmo_engine.policy.diagnostics import nearest
from pmo_engine.policy.events import known_events, read_facts
from pmo_engine.policy.source import Mapping, mark_of
from pmo_engine.policy.suites import EXPECTATIONS
from pmo_engine.policy.wire import WireError, aware, from_wire

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping as Named
    from datetime import datetime

    from pmo_engine.policy.diagnostics import Mark
    from pmo_engine.policy.feel import types as t

_STEP = re.compile(r"[^.\[\]]+")


def suites(context: Context, policy: tree.Policy) -> tuple[tree.Suite, ...]:
    """Bind all suites; what they are about, their events and their facts must exist."""
    rules = {rule.id for rule in policy.rules}
    found = []
    for number, document in enumerate(context.reading.of(s.SuiteEntry), 1):
        for name in document.about:
            context.findings.known(name, rules, "PMO018", "rule")
        made = (_case(context.findings, policy, document, entry) for entry in document.cases)
        id = str(document.id or next(iter(document.about), f"suite-{number}"))
        about = tuple(str(item) for item in document.about)
        found.append(tree.Suite(id, about, tuple(filter(None, made)), document.mark))
    return tuple(found)


def _case(
    findings: Findings, policy: tree.Policy, document: s.SuiteEntry, entry: s.CaseEntry
) -> tree.Case | None:
    event = entry.event or document.event
    if event is None:
        message = "neither the suite nor this case names its event"
        findings.add(entry.mark, "PMO012", message, "add 'event:'")
        return None
    findings.known(event, known_events(policy), "PMO018", "event")
    moment = entry.at or document.at
    if moment is not None:
        findings.parsed(_moment, moment)
    facts = merged(document.facts, entry.facts)
    for problem in read_facts(policy, facts)[1]:
        findings.add(_place(facts, problem.path, entry.mark), "PMO013", str(problem))
    _check_expectations(findings, entry.expect)
    return tree.Case(
        name=str(entry.name),
        event=str(event),
        at=None if moment is None else str(moment),
        facts=facts,
        expect=entry.expect,
        mark=entry.mark,
    )


def _moment(text: str) -> datetime:
    try:
        return aware(text)
    except ValueError:
        message = f"'{text[:60]}' is not a time with its zone, as in 2026-03-02T09:00:00Z"
        raise ValueError(message) from None


def _place(facts: Named[str, Any], path: str, fallback: Mark) -> Mark:
    """Find the place of a fact by its path, ``changes[2].cost``."""
    value: Any = facts
    mark = fallback
    for step in _STEP.findall(path):
        if isinstance(value, dict) and step in value:
            mark = getattr(value, "keys_at", {}).get(step, mark)
            value = value[step]
        elif isinstance(value, list) and step.isdigit():
            value = value[int(step) - 1]
        mark = mark_of(value, mark)
    return mark


def _check_expectations(findings: Findings, expect: Mapping) -> None:
    for key, value in expect.items():
        shape = EXPECTATIONS.get(key)
        if shape is None:
            hint = nearest(key, EXPECTATIONS) or f"known: {', '.join(EXPECTATIONS)}"
            findings.add(expect.keys_at[key], "PMO011", f"unknown key '{key[:60]}'", hint)
        elif not shape.holds(value):
            findings.add(mark_of(value, expect.mark), "PMO013", f"'{key}' is {shape.about}")


def merged(shared: Mapping, own: Mapping) -> Mapping:
    """Lay a case's facts over those of its suite, field by field."""
    if not shared or not own:
        return own or shared
    found = _laid(shared, own)
    for name in shared.keys() & own.keys():
        earlier, value = shared[name], own[name]
        if isinstance(earlier, Mapping) and isinstance(value, Mapping):
            found[name] = _laid(earlier, value)
    return found


def _laid(below: Mapping, above: Mapping) -> Mapping:
    found = Mapping(above.mark)
    found.update({**below, **above})
    found.keys_at = {**below.keys_at, **above.keys_at}
    return found


def event_logs(
    context: Context, events: Collection[str], registers: Named[str, tree.Register]
) -> tuple[tree.EventLog, ...]:
    """Bind the mappings of recorded histories; facts must be those of the event's record."""
    kinds = {register.noun: dict(record_type(register).entries) for register in registers.values()}
    return tuple(
        _log(context, entry, events, kinds) for entry in context.reading.of(s.EventLogEntry)
    )


def _log(
    context: Context,
    entry: s.EventLogEntry,
    events: Collection[str],
    kinds: Named[str, Named[str, t.Type]],
) -> tree.EventLog:
    findings = context.findings
    activities = {
        name: _activity(findings, name, mapped, events, kinds)
        for name, mapped in entry.activities.items()
    }
    fields = {name for item in activities.values() for name in kinds.get(_noun(item.event), {})}
    for field in entry.attributes.values():
        findings.known(field, fields, "PMO018", "field")
    if entry.closed is not None:
        findings.known(entry.closed, events, "PMO018", "event")
    if entry.zone is not None:
        check_zone(findings, entry.zone)
    return tree.EventLog(
        id=str(entry.id),
        case=str(entry.case),
        activity=str(entry.activity),
        timestamp=str(entry.timestamp),
        zone=None if entry.zone is None else str(entry.zone),
        activities=activities,
        ignore=frozenset(str(name) for name in entry.ignore),
        attributes=tuple((name, str(field)) for name, field in entry.attributes.items()),
        closed=None if entry.closed is None else str(entry.closed),
        mark=entry.mark,
    )


def _activity(
    findings: Findings,
    name: str,
    entry: s.ActivityEntry,
    events: Collection[str],
    kinds: Named[str, Named[str, t.Type]],
) -> tree.ActivityMapping:
    findings.known(entry.event, events, "PMO018", "event")
    fields = kinds.get(_noun(entry.event), {})
    facts: list[tuple[str, Any]] = []
    for field, value in entry.facts.items():
        if field not in fields:
            hint = nearest(field, fields) or f"it has {', '.join(sorted(fields)) or 'no fields'}"
            message = f"the record of '{entry.event}' has no field '{field}'"
            findings.add(value.mark, "PMO018", message, hint)
            continue
        try:
            facts.append((field, from_wire(fields[field], value, field)))
        except WireError as error:
            findings.add(value.mark, "PMO013", str(error))
    return tree.ActivityMapping(name, str(entry.event), tuple(facts))


def _noun(event: str) -> str:
    return event.partition(".")[0]
