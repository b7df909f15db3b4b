"""Binds suites, and the mappings of recorded histories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.policy import schema as s
from pmo_engine.policy import tree
from pmo_engine.policy.binding.context import Context
from pmo_engine.policy.source import mark_of
from pmo_engine.policy.suites import EXPECTATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


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
        name = str(document.id or "-".join(document.about[:1]) or f"suite-{number}")
        about = tuple(str(item) for item in document.about)
        found.append(tree.Suite(name, about, cases, document.mark))
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


def event_logs(context: Context, events: Collection[str]) -> tuple[tree.EventLog, ...]:
    """Bind the mappings of recorded histories."""
    for document in context.reading.of(s.EventLogEntry):
        for mapped in document.activities.values():
            context.findings.known(mapped.event, events, "PMO018", "event")
    return tuple(_log(document) for document in context.reading.of(s.EventLogEntry))


def _log(entry: s.EventLogEntry) -> tree.EventLog:
    return tree.EventLog(
        id=str(entry.id),
        case=str(entry.case),
        activity=str(entry.activity),
        timestamp=str(entry.timestamp),
        zone=None if entry.zone is None else str(entry.zone),
        activities={
            name: tree.ActivityMapping(
                name,
                str(mapped.event),
                tuple((field, str(value)) for field, value in mapped.facts.items()),
            )
            for name, mapped in entry.activities.items()
        },
        ignore=frozenset(str(name) for name in entry.ignore),
        attributes=tuple((name, str(field)) for name, field in entry.attributes.items()),
        closed=None if entry.closed is None else str(entry.closed),
        mark=entry.mark,
    )
