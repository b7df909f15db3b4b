"""Suites of tests, and the mapping of recorded histories."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pmo_engine.compiler.schema.located import EventName, FactPath, Located, RoleName, RuleName
from pmo_engine.source.yaml_source import Mapping, Text


class ActivityEntry(Located):
    """The event that an activity stands for, with constant facts."""

    event: EventName = Field(description="The event that the activity stands for.")
    facts: dict[str, Text] = Field(
        default_factory=dict,
        description="Fields of the record that this activity sets, with their values.",
    )


class EventLogEntry(Located):
    """How a recorded history maps to events."""

    kind: Literal["event_log"]
    id: Text = Field(description="What the mapping is called.")
    case: Text = Field(
        default_factory=lambda: Text("case"),
        description="The column or attribute that names the case.",
    )
    activity: Text = Field(
        default_factory=lambda: Text("activity"),
        description="The column or attribute that names the activity.",
    )
    timestamp: Text = Field(
        default_factory=lambda: Text("timestamp"),
        description="The column or attribute with the time.",
    )
    zone: Text | None = Field(
        default=None, description="The time zone of times that name none, as in `Europe/London`."
    )
    activities: dict[str, ActivityEntry] = Field(
        description="For each activity, the event that it stands for."
    )
    ignore: list[Text] = Field(
        default_factory=list, description="Activities that stand for no event."
    )
    attributes: dict[str, Text] = Field(
        default_factory=dict,
        description="For each attribute of the history, the field of the record that it fills.",
    )
    closed: EventName | None = Field(
        default=None,
        description="The event that is judged when a case has ended, as in `case.closed`.",
    )


class BallotEntry(Located):
    """How the votes of a body stand."""

    of: RoleName = Field(description="The body that votes.")
    members: int | None = Field(
        default=None,
        ge=1,
        description="How many members it has, vacant seats too; as its terms say if left out.",
    )
    for_: int = Field(default=0, ge=0, alias="for", description="How many are in favour.")
    against: int = Field(default=0, ge=0, description="How many are against.")
    abstain: int = Field(default=0, ge=0, description="How many abstain.")
    recused: int = Field(default=0, ge=0, description="How many have stepped aside.")
    vacant: int = Field(default=0, ge=0, description="How many seats nobody has.")
    present: int | None = Field(
        default=None,
        ge=0,
        description="How many attend the meeting, whoever answered among them; in writing if left "
        "out.",
    )
    chair: Literal["for", "against"] | None = Field(
        default=None, description="On which side the chair is, who is counted there, too."
    )
    closed: bool = Field(default=False, description="Whether the time for the vote is up.")


class CaseEntry(Located):
    """A test case."""

    name: Text = Field(description="What the case shows, in a few words.")
    event: EventName | None = Field(
        default=None, description="The event that is judged; that of the suite if left out."
    )
    at: Text | None = Field(
        default=None, description="When it happens, as in `2026-03-02T09:00:00Z`."
    )
    after: Text | None = Field(
        default=None,
        description="How much time passes with nobody acting, as in `2 working days`.",
    )
    facts: Mapping = Field(
        default_factory=Mapping,
        description="The facts of the case, laid over those of the suite, record by record.",
    )
    without: list[FactPath] = Field(
        default_factory=list,
        description="Facts of the suite that this case does not know, as in `[change.cost]`.",
    )
    vary: FactPath | None = Field(
        default=None,
        description="A fact (or `at`, `after`) that takes each value under `expect` in turn.",
    )
    ballot: BallotEntry | None = Field(
        default=None,
        description="How the votes of a body stand, in place of an event; `expect` then has their "
        "`outcome`: `passed`, `refused`, `open` or `lapsed`.",
    )
    gate: Text | None = Field(
        default=None,
        description="The gate whose expressions judge the project, in place of an event; `expect` "
        "then has `criteria`, each by its id (`yes`, `no`, `cannot_tell`, or the score of a "
        "`should`), and what is `recommended` (an outcome, or `none`).",
    )
    expect: Mapping = Field(
        description="What must come out; keys that are not named are free. With `vary`, a mapping "
        "from each value to that."
    )


class SuiteEntry(Located):
    """Tests."""

    kind: Literal["suite"]
    id: Text | None = Field(
        default=None,
        description="What the suite is called; after the first rule under `about` if left out.",
    )
    about: list[RuleName] = Field(
        default_factory=list, description="The rules that are judged; the whole policy if left out."
    )
    event: EventName | None = Field(
        default=None, description="The event that is judged, as in `change_request.submitted`."
    )
    at: Text | None = Field(
        default=None, description="When it happens, as in `2026-03-02T09:00:00Z`."
    )
    after: Text | None = Field(
        default=None,
        description="How much time passes with nobody acting, as in `2 working days`.",
    )
    facts: Mapping = Field(default_factory=Mapping, description="Facts that all cases share.")
    cases: list[CaseEntry] = Field(min_length=1, description="The cases.")
