"""The kinds of policy file, as pydantic models: what may be written, before it is bound."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from pmo_engine.policy.located import Day, Located, Texts, text_or_list, text_or_mapping
from pmo_engine.policy.rule_schema import (
    ApprovalEffect,
    AssessmentEffect,
    AutoApproveEffect,
    DeriveEffect,
    EffectEntry,
    EvidenceEffect,
    ExceptionEffect,
    InformationEffect,
    NotifyEffect,
    ParameterEntry,
    RuleEntry,
    Rules,
)
from pmo_engine.policy.source import Mapping, Text

__all__ = [
    "ActivityEntry",
    "AmountFormat",
    "ApprovalEffect",
    "AssessmentEffect",
    "AuthorityEntry",
    "AutoApproveEffect",
    "Calendar",
    "CaseEntry",
    "ClosureEntry",
    "CriterionEntry",
    "CumulativeOver",
    "DatedLimit",
    "DeriveEffect",
    "EffectEntry",
    "EventLogEntry",
    "EvidenceEffect",
    "EvidenceEntry",
    "ExceptionEffect",
    "FieldEntry",
    "FunctionalEntry",
    "GateEntry",
    "Gates",
    "Holidays",
    "ImportEntry",
    "InformationEffect",
    "Kinds",
    "LadderEntry",
    "Ladders",
    "Located",
    "NotifyEffect",
    "PackUse",
    "ParameterEntry",
    "PolicyHeader",
    "QuorumEntry",
    "RegisterEntry",
    "Registers",
    "RoleEntry",
    "Roles",
    "RuleEntry",
    "Rules",
    "RungEntry",
    "SuiteEntry",
    "Terms",
]


def _unlimited(value: Any) -> Any:
    if value == "unlimited":
        return value
    raise PydanticCustomError("up_to", "is neither 'unlimited' nor a list of limits")


Unlimited: TypeAlias = Annotated[Literal["unlimited"], BeforeValidator(_unlimited)]


class PackUse(Located):
    """A pack in use, with its parameters."""

    use: Text
    with_: Mapping = Field(default_factory=Mapping, alias="with")


class PolicyHeader(Located):
    """Name, version and ground rules of a policy."""

    kind: Literal["policy"]
    name: Text
    version: Text
    title: Text | None = None
    in_force_from: Day | None = None
    currency: Text
    calendar: Text | None = None
    packs: list[PackUse] = Field(default_factory=list)


class RoleEntry(Located):
    """A role, or with ``body`` a board."""

    id: Text
    title: Text | None = None
    senior: Text | None = None
    body: bool = False
    accountable: bool = True


class FunctionalEntry(Located):
    """Who performs a functional role, for which office."""

    role: Text
    performed_by: Literal["specialist", "officer"]
    office: Text = Field(default_factory=lambda: Text("office"))


class Roles(Located):
    """The roles of the organisation."""

    kind: Literal["roles"]
    roles: list[RoleEntry]
    functional: list[FunctionalEntry] = Field(default_factory=list)


class DatedLimit(Located):
    """A limit from a day on, with the source that set it."""

    from_: Day | None = Field(default=None, alias="from")
    value: Text
    source: Text = Field(default_factory=lambda: Text(""))


class CumulativeOver(Located):
    """What a cumulative limit adds up over."""

    by: Literal["project"]
    over: Text


class AuthorityEntry(Located):
    """What a role may do, up to how much."""

    id: Text
    may: Text
    cumulative: CumulativeOver | None = None
    up_to: Annotated[
        Annotated[list[DatedLimit], Tag("list")] | Annotated[Unlimited, Tag("text")],
        Discriminator(text_or_list),
    ]


class QuorumEntry(Located):
    """Parts of the members needed to meet, and to decide."""

    meet: Text
    vote: Text


class Terms(Located):
    """Terms of reference of a role or body."""

    kind: Literal["terms_of_reference"]
    for_: Text = Field(alias="for")
    purpose: Text | None = None
    remit: list[Text] = Field(default_factory=list)
    exclusions: list[Text] = Field(default_factory=list)
    responsibilities: list[Text] = Field(default_factory=list)
    authority: list[AuthorityEntry] = Field(default_factory=list)
    reserved: list[Text] = Field(default_factory=list)
    members: int | None = Field(default=None, ge=1)
    quorum: QuorumEntry | None = None
    deputy: Text | None = None
    chair: Text | None = None
    voting: Text | None = None
    cadence: Text | None = None
    inputs: list[Text] = Field(default_factory=list)
    outputs: list[Text] = Field(default_factory=list)
    reports_to: Text | None = None
    escalates_to: Text | None = None
    conflicts: Text | None = None
    review_every: Text | None = None


class FieldEntry(Located):
    """A field: its type by name, or the list of values that it may have."""

    type: Texts
    about: Text | None = None
    required: bool = False


class AmountFormat(Located):
    """How a table writes amounts and numbers: ``$1,234.50``."""

    sign: Text = Field(default_factory=lambda: Text(""))
    thousands: Text = Field(default_factory=lambda: Text(""))


class ImportEntry(Located):
    """A table that can be imported: which column holds which field."""

    id: Text
    key: Text | None = None
    project: Text | None = None
    project_name: Text | None = None
    columns: dict[str, Text] = Field(min_length=1)
    first: dict[str, Text] = Field(default_factory=dict)
    dates: Text | None = None
    amounts: AmountFormat = Field(default_factory=AmountFormat)


class RegisterEntry(Located):
    """A register."""

    register_: Text = Field(alias="register")
    noun: Text
    root: Text
    plural: Text
    key_prefix: Text | None = None
    value: Text | None = None
    events: list[Text] = Field(default_factory=list)
    fields_: dict[str, FieldEntry] = Field(alias="fields")
    imports: list[ImportEntry] = Field(default_factory=list)


class Registers(Located):
    """Registers and their fields."""

    kind: Literal["registers"]
    registers: list[RegisterEntry]


class CriterionEntry(Located):
    """A must (yes or no) or a should (0 to 10 against a hurdle)."""

    id: Text
    text: Text
    level: Literal["must", "should"] = "must"
    role: Text | None = None
    when: Text | None = None
    hurdle: int | None = Field(default=None, ge=0, le=10)


class EvidenceEntry(Located):
    """What a gate wants to see."""

    id: Text
    text: Text
    max_age: Text | None = None


class GateEntry(Located):
    """A stage gate."""

    id: Text
    title: Text
    from_stage: Text
    to_stage: Text
    assessments: list[Text]
    decided_by: Text
    within: Text | None = None
    ladder: Text | None = None
    outcomes: list[Literal["go", "conditional_go", "hold", "recycle", "stop"]] = Field(min_length=1)
    criteria: list[CriterionEntry] = Field(default_factory=list)
    evidence: list[EvidenceEntry] = Field(default_factory=list)


class Gates(Located):
    """Stages and gates."""

    kind: Literal["gates"]
    stages: list[Text] = Field(default_factory=list)
    gates: list[GateEntry]


class RungEntry(Located):
    """A rung: ``at`` a share of the time allowed, or ``after`` the due moment."""

    at: Text | None = None
    after: Text | None = None
    remind: Text | None = None
    escalate: Text | None = None

    @model_validator(mode="after")
    def _one_each(self) -> RungEntry:
        if (self.at is None) == (self.after is None):
            raise ValueError("a rung comes either 'at' a share or 'after' a time")
        if (self.remind is None) == (self.escalate is None):
            raise ValueError("a rung either reminds or escalates")
        return self


class LadderEntry(Located):
    """Reminders and escalations in order."""

    id: Text
    rungs: list[RungEntry] = Field(min_length=1)


class Ladders(Located):
    """Ladders."""

    kind: Literal["ladders"]
    ladders: list[LadderEntry]


class Holidays(Located):
    """Public holidays of a country or a part of it."""

    country: Text
    subdivision: Text | None = None


class ClosureEntry(Located):
    """First and last day of a time when the office is closed."""

    from_: Text = Field(alias="from")
    to: Text


class Calendar(Located):
    """Working time of an office."""

    kind: Literal["calendar"]
    id: Text
    zone: Text
    holidays: Holidays | None = None
    hours: dict[str, Texts]
    closures: list[
        Annotated[
            Annotated[Text, Tag("text")] | Annotated[ClosureEntry, Tag("mapping")],
            Discriminator(text_or_mapping),
        ]
    ] = Field(default_factory=list)
    half_days: dict[str, Texts] = Field(default_factory=dict)


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


class Kinds:
    """All kinds by name."""

    models: ClassVar[dict[str, type[Located]]] = {
        "policy": PolicyHeader,
        "roles": Roles,
        "terms_of_reference": Terms,
        "registers": Registers,
        "rules": Rules,
        "gates": Gates,
        "ladders": Ladders,
        "calendar": Calendar,
        "event_log": EventLogEntry,
        "suite": SuiteEntry,
    }
