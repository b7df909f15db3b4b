"""Suites of tests, and the mapping of recorded histories."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.policy.located import Located
from pmo_engine.policy.source import Mapping, Text


class ActivityEntry(Located):
    """The event that an activity stands for, with constant facts."""

    event: Text
    facts: dict[str, Text] = Field(default_factory=dict)


class EventLogEntry(Located):
    """How a recorded history maps to events."""

    kind: Literal["event_log"]
    id: Text
    case: Text = Field(default_factory=lambda: Text("case"))
    activity: Text = Field(default_factory=lambda: Text("activity"))
    timestamp: Text = Field(default_factory=lambda: Text("timestamp"))
    zone: Text | None = None
    activities: dict[str, ActivityEntry]
    ignore: list[Text] = Field(default_factory=list)
    attributes: dict[str, Text] = Field(default_factory=dict)
    closed: Text | None = None


class CaseEntry(Located):
    """A test case."""

    name: Text
    event: Text | None = None
    at: Text | None = None
    facts: Mapping = Field(default_factory=Mapping)
    expect: Mapping


class SuiteEntry(Located):
    """Tests."""

    kind: Literal["suite"]
    id: Text | None = None
    about: list[Text] = Field(default_factory=list)
    event: Text | None = None
    at: Text | None = None
    facts: Mapping = Field(default_factory=Mapping)
    cases: list[CaseEntry] = Field(min_length=1)
