"""The kinds of policy file, as pydantic models: what may be written, before it is bound."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    ModelWrapValidatorHandler,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from pmo_engine.policy.diagnostics import NOWHERE, Mark
from pmo_engine.policy.source import Mapping, Text

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _text_or_mapping(value: Any) -> str:
    """Say which branch of a union was meant, so that only its errors are reported."""
    return "mapping" if isinstance(value, dict) else "text"


def _text_or_list(value: Any) -> str:
    return "list" if isinstance(value, list) else "text"


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("day", "is not a day, as in 2026-03-31")


def _unlimited(value: Any) -> Any:
    if value == "unlimited":
        return value
    raise PydanticCustomError("up_to", "is neither 'unlimited' nor a list of limits")


Unlimited: TypeAlias = Annotated[Literal["unlimited"], BeforeValidator(_unlimited)]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
Texts: TypeAlias = Annotated[
    Annotated[Text, Tag("text")] | Annotated[list[Text], Tag("list")],
    Discriminator(_text_or_list),
]


class Located(BaseModel):
    """Something written in a file: no keys beyond those named, and its place is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    _mark: Mark = NOWHERE

    @model_validator(mode="wrap")
    @classmethod
    def _keep_mark(cls, value: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
        made = handler(value)
        if isinstance(value, Mapping):
            made._mark = value.mark  # noqa: SLF001 - of the instance just made
        return made

    @property
    def mark(self) -> Mark:
        """Give the place in the file."""
        return self._mark


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
    packs: list[PackUse] = []


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
    functional: list[FunctionalEntry] = []


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
        Discriminator(_text_or_list),
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
    remit: list[Text] = []
    exclusions: list[Text] = []
    responsibilities: list[Text] = []
    authority: list[AuthorityEntry] = []
    reserved: list[Text] = []
    members: int | None = Field(default=None, ge=1)
    quorum: QuorumEntry | None = None
    deputy: Text | None = None
    chair: Text | None = None
    voting: Text | None = None
    cadence: Text | None = None
    inputs: list[Text] = []
    outputs: list[Text] = []
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
    first: dict[str, Text] = {}
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
    events: list[Text] = []
    fields_: dict[str, FieldEntry] = Field(alias="fields")
    imports: list[ImportEntry] = []


class Registers(Located):
    """Registers and their fields."""

    kind: Literal["registers"]
    registers: list[RegisterEntry]


class ApprovalEffect(Located):
    """An approval that is needed."""

    from_: Text = Field(alias="from")
    within: Text | None = None
    ladder: Text | None = None
    act: Text | None = None


class AssessmentEffect(Located):
    """An assessment that is needed."""

    from_: Text = Field(alias="from")
    within: Text | None = None
    ladder: Text | None = None


class InformationEffect(Located):
    """Facts that must be given."""

    facts: list[Text]
    from_: Text | None = Field(default=None, alias="from")
    within: Text | None = None
    ladder: Text | None = None


class EvidenceEffect(Located):
    """A document or record that must be there."""

    evidence: Text
    from_: Text | None = Field(default=None, alias="from")
    max_age: Text | None = None
    within: Text | None = None


class ExceptionEffect(Located):
    """An exception report."""

    to: Text
    reason: Text = Field(default_factory=lambda: Text(""))
    within: Text | None = None
    ladder: Text | None = None


class NotifyEffect(Located):
    """A notice."""

    to: Text
    message: Text = Field(default_factory=lambda: Text(""))


class AutoApproveEffect(Located):
    """What may pass by itself, and who said so."""

    source: Text


class DeriveEffect(Located):
    """A fact for other rules."""

    fact: Text
    value: Text


class EffectEntry(Located):
    """One effect: exactly one of its keys."""

    require_approval: ApprovalEffect | None = None
    require_assessment: AssessmentEffect | None = None
    require_information: InformationEffect | None = None
    require_evidence: EvidenceEffect | None = None
    raise_exception: ExceptionEffect | None = None
    notify: NotifyEffect | None = None
    block: Text | None = None
    auto_approve: AutoApproveEffect | None = None
    derive: DeriveEffect | None = None
    finding: Text | None = None

    @model_validator(mode="after")
    def _one(self) -> EffectEntry:
        if len(self.model_fields_set) != 1:
            raise ValueError("an effect says exactly one thing; start a new '-' for the next")
        return self


class RuleEntry(Located):
    """A rule."""

    id: Text
    title: Text
    on: Texts
    binding: Literal["shall", "should", "may", "trial"]
    when: Text | None = None
    then: list[EffectEntry] = Field(min_length=1)
    in_force_from: Day | None = None
    in_force_to: Day | None = None
    clause: Text | None = None
    source: Text | None = None


class ParameterEntry(Located):
    """A parameter of a pack."""

    type: Texts
    default: Any
    about: Text | None = None


class Rules(Located):
    """Rules, alone or as a pack."""

    kind: Literal["rules"]
    pack: Text | None = None
    parameters: dict[str, ParameterEntry] = {}
    rules: list[RuleEntry]


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
    criteria: list[CriterionEntry] = []
    evidence: list[EvidenceEntry] = []


class Gates(Located):
    """Stages and gates."""

    kind: Literal["gates"]
    stages: list[Text] = []
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
            Discriminator(_text_or_mapping),
        ]
    ] = []
    half_days: dict[str, Texts] = {}


class ActivityEntry(Located):
    """The event that an activity stands for, with constant facts."""

    event: Text
    facts: dict[str, Text] = {}


class EventLogEntry(Located):
    """How a recorded history maps to events."""

    kind: Literal["event_log"]
    id: Text
    case: Text = Field(default_factory=lambda: Text("case"))
    activity: Text = Field(default_factory=lambda: Text("activity"))
    timestamp: Text = Field(default_factory=lambda: Text("timestamp"))
    zone: Text | None = None
    activities: dict[str, ActivityEntry]
    ignore: list[Text] = []
    attributes: dict[str, Text] = {}
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
    about: list[Text] = []
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
