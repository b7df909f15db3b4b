"""Binds suites, and the mappings of recorded histories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from pmo_engine.policy import schema as s
from pmo_engine.policy import tree
from pmo_engine.policy.binding.context import Context, Findings
from pmo_engine.policy.binding.registers import record_type
from pmo_engine.policy.diagnostics import nearest
from pmo_engine.policy.source import mark_of
from pmo_engine.policy.suites import EXPECTATIONS
from pmo_engine.policy.wire import WireError, from_wire

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pmo_engine.policy.feel import types as t

CLOSED = "case.closed"


def suites(
    context: Context, rules: Collection[str], events: Collection[str]
) -> tuple[tree.Suite, ...]:
    """Bind all suites; what they are about must exist."""
    found = []
    for number, document in enumerate(context.reading.of(s.SuiteEntry), 1):
        for name in document.about:
            context.findings.known(name, rules, "PMO018", "rule")
        cases = tuple(
            case
            for entry in document.cases
            if (case := _case(context, document, entry, events)) is not None
        )
        title = str(document.id or next(iter(document.about), f"suite-{number}"))
        about = tuple(str(item) for item in document.about)
        found.append(tree.Suite(title, about, cases, document.mark))
    return tuple(found)


def _case(
    context: Context, document: s.SuiteEntry, entry: s.CaseEntry, events: Collection[str]
) -> tree.Case | None:
    event = entry.event or document.event
    if event is None:
        message = "neither the suite nor this case names its event"
        context.findings.add(entry.mark, "PMO012", message, "add 'event:'")
        return None
    context.findings.known(event, events, "PMO018", "event")
    for key, value in entry.expect.items():
        if key not in EXPECTATIONS:
            mark = mark_of(value, entry.mark)
            hint = f"known: {', '.join(EXPECTATIONS)}"
            context.findings.add(mark, "PMO011", f"unknown key '{key}'", hint)
    return tree.Case(
        name=str(entry.name),
        event=str(event),
        at=None if (entry.at or document.at) is None else str(entry.at or document.at),
        facts=merged(document.facts, entry.facts),
        expect=entry.expect,
        mark=entry.mark,
    )


def merged(shared: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a case's facts over those of its suite, field by field."""
    found = dict(shared)
    for name, value in own.items():
        earlier = found.get(name)
        if isinstance(earlier, dict) and isinstance(value, dict):
            found[name] = {**earlier, **value}
        else:
            found[name] = value
    return found


def event_logs(
    context: Context, events: Collection[str], registers: Mapping[str, tree.Register]
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
    kinds: Mapping[str, Mapping[str, t.Type]],
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
        findings.known(entry.closed, [*events, CLOSED], "PMO018", "event")
    if entry.zone is not None and entry.zone not in available_timezones():
        hint = nearest(entry.zone, available_timezones()) or "write it as in Europe/Amsterdam"
        findings.add(entry.zone.mark, "PMO018", f"unknown zone '{entry.zone}'", hint)
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
    kinds: Mapping[str, Mapping[str, t.Type]],
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
