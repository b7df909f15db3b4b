"""Binds the mappings of recorded histories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.calendars import check_zone
from pmo_engine.compiler.binding.context import Context, Findings
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.event_names import EventName
from pmo_engine.policy.events import known_events
from pmo_engine.policy.registers import record_type
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping as Named

    from pmo_engine.feel import types as t


def event_logs(context: Context, policy: tree.Policy) -> tuple[tree.EventLog, ...]:
    """Bind the mappings of recorded histories; facts must be those of the event's record."""
    events, registers = known_events(policy), policy.registers
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
    fields = {name for item in activities.values() for name in kinds.get(item.event.noun, {})}
    for field in entry.attributes.values():
        findings.known(field, fields, codes.UNKNOWN, "field")
    if entry.closed is not None:
        findings.known(entry.closed, events, codes.UNKNOWN, "event")
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
        closed=None if entry.closed is None else EventName(entry.closed),
        mark=entry.mark,
    )


def _activity(
    findings: Findings,
    name: str,
    entry: s.ActivityEntry,
    events: Collection[str],
    kinds: Named[str, Named[str, t.Type]],
) -> tree.ActivityMapping:
    event = EventName(entry.event)
    findings.known(entry.event, events, codes.UNKNOWN, "event")
    fields = kinds.get(event.noun, {})
    facts: list[tuple[str, Any]] = []
    for field, value in entry.facts.items():
        if field not in fields:
            hint = nearest(field, fields) or f"it has {', '.join(sorted(fields)) or 'no fields'}"
            message = f"the record of '{entry.event}' has no field '{field}'"
            findings.add(value.mark, codes.UNKNOWN, message, hint)
            continue
        try:
            facts.append((field, from_wire(fields[field], value, field)))
        except WireError as error:
            findings.misread(value, value.mark, codes.WRONG_VALUE, error)
    return tree.ActivityMapping(name, event, tuple(facts))
