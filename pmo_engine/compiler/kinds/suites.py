"""Suites of tests, and the mapping of recorded histories."""

from __future__ import annotations

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import event_logs
from pmo_engine.compiler.binding.suites import suite as suites
from pmo_engine.compiler.checks import suites as checks
from pmo_engine.compiler.kinds.kind import Kind, part

EVENT_LOGS = Kind(s.EventLogEntry, parts=(part("event_logs", event_logs.event_logs, "policy"),))
SUITES = Kind(
    s.SuiteEntry,
    parts=(part("suites", suites.suites, "policy"),),
    checks=(checks.suites_test_their_rules,),
    bare=frozenset({"facts", "cases.facts", "cases.expect"}),
)
