"""The bound policy: one frozen, typed tree that every back-end, check and text is a pass over.

It holds the policy's past and its announced future: dated values stay dated, and the moment
of an event selects among them (``selection.select``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from fractions import Fraction

    from pmo_engine.model.calendar import WorkingCalendar
    from pmo_engine.model.durations import Share, Span
    from pmo_engine.model.money import Money
    from pmo_engine.policy.diagnostics import Mark
    from pmo_engine.policy.feel.nodes import Node
    from pmo_engine.policy.feel.types import Type

Binding: TypeAlias = Literal["shall", "should", "may", "trial"]
LEAST_SENIOR = "least_senior_with_authority"


@dataclass(frozen=True, slots=True)
class Expression:
    """A FEEL expression as written, parsed and typed, with its place."""

    text: str
    node: Node
    type: Type
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class InForce:
    """From when (inclusive) to when (exclusive) something holds; ``None`` is open."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        """Say whether it holds on ``day``."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Role:
    """A role or, with ``body``, a board that decides by votes."""

    id: str
    title: str
    senior: str | None
    body: bool
    accountable: bool
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class FunctionalAssignment:
    """Who performs a functional role, and for which office."""

    role: str
    performed_by: str
    office: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A dated value of an authority; ``value`` ``None`` is unlimited."""

    start: date | None
    value: Money | None
    source: str


@dataclass(frozen=True, slots=True)
class Cumulative:
    """Over what a cumulative limit adds up: the ``by`` key and a window in days."""

    by: Literal["project"]
    days: int


@dataclass(frozen=True, slots=True)
class Authority:
    """A dated limit to an act (``approve change_request``) of one role."""

    id: str
    role: str
    act: str
    limits: tuple[Limit, ...]
    cumulative: Cumulative | None
    mark: Mark = field(compare=False)

    def limit_on(self, day: date) -> Limit | None:
        """Give the latest limit that has begun by ``day``, or ``None``."""
        begun = [item for item in self.limits if item.start is None or item.start <= day]
        return begun[-1] if begun else None


@dataclass(frozen=True, slots=True)
class Quorum:
    """What part of a body must be there to meet, and must vote alike to decide."""

    meet: Fraction
    vote: Fraction


@dataclass(frozen=True, slots=True)
class TermsOfReference:
    """What a role or body is for and may do."""

    role: str
    purpose: str
    responsibilities: tuple[str, ...]
    authority: tuple[Authority, ...]
    members: int | None
    quorum: Quorum | None
    deputy: str | None
    reports_to: str | None
    escalates_to: str | None
    review_every: str | None
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a register's record."""

    name: str
    type: Type
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class ImportLayout:
    """How the columns of a table become records of a register.

    ``columns`` are taken from every table, ``first`` from the one that made the record. ``dates``
    is a format of ``strptime``; ``sign`` and ``thousands`` are what amounts and numbers carry.
    """

    id: str
    key: str | None  # columns that name the record, its project, and the project in words
    project: str | None
    project_name: str | None
    columns: tuple[tuple[str, str], ...]  # field of the record, column of the table
    first: tuple[tuple[str, str], ...]
    dates: str | None
    sign: str
    thousands: str


@dataclass(frozen=True, slots=True)
class Register:
    """A register: how its records are spoken of, and what they hold."""

    id: str
    noun: str
    root: str
    plural: str
    key_prefix: str
    fields: Mapping[str, Field]
    value: str | None  # the money field that authority is measured against
    events: tuple[str, ...]  # "<noun>.<what happened>"
    imports: tuple[ImportLayout, ...]
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: when, and whom to remind or escalate to.

    ``at`` is a share of the time allowed, ``after`` working time beyond the due moment.
    """

    at: Share | None
    after: Span | None
    action: Literal["remind", "escalate"]
    to: str  # addressee, deputy, senior, or a role


@dataclass(frozen=True, slots=True)
class Ladder:
    """Reminders and escalations, in the order in which they come."""

    id: str
    rungs: tuple[Rung, ...]
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class RequireApproval:
    """Somebody must approve; ``role`` may be LEAST_SENIOR."""

    role: str
    within: Span | None
    ladder: str | None
    act: str | None


@dataclass(frozen=True, slots=True)
class RequireAssessment:
    """A functional role must assess."""

    role: str
    within: Span | None
    ladder: str | None


@dataclass(frozen=True, slots=True)
class RequireInformation:
    """Named facts must be given."""

    facts: tuple[str, ...]
    role: str | None
    within: Span | None
    ladder: str | None


@dataclass(frozen=True, slots=True)
class RequireEvidence:
    """A document or record must be there, no older than ``max_age``."""

    evidence: str
    role: str | None
    max_age: Span | None
    within: Span | None


@dataclass(frozen=True, slots=True)
class RaiseException:
    """An exception report goes to ``role``."""

    role: str
    reason: str
    within: Span | None
    ladder: str | None


@dataclass(frozen=True, slots=True)
class Notify:
    """A role is told."""

    role: str
    message: str


@dataclass(frozen=True, slots=True)
class Block:
    """The record may not go on."""

    reason: str


@dataclass(frozen=True, slots=True)
class AutoApprove:
    """The record passes by itself, as ``source`` says it may."""

    source: str


@dataclass(frozen=True, slots=True)
class Derive:
    """A fact that other rules may look at."""

    fact: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Finding:
    """The case is counted when a recorded history is replayed."""

    text: str


Effect: TypeAlias = (
    RequireApproval
    | RequireAssessment
    | RequireInformation
    | RequireEvidence
    | RaiseException
    | Notify
    | Block
    | AutoApprove
    | Derive
    | Finding
)


@dataclass(frozen=True, slots=True)
class Rule:
    """On an event, when a condition holds, what follows; and how strongly it binds."""

    id: str
    title: str
    on: tuple[str, ...]
    binding: Binding
    when: Expression | None  # None: always
    then: tuple[Effect, ...]
    in_force: InForce
    clause: str
    source: str
    pack: str | None
    mark: Mark = field(compare=False)

    @property
    def derivations(self) -> Iterator[Derive]:
        """Go through the facts that this rule derives."""
        return (effect for effect in self.then if isinstance(effect, Derive))


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a gate asks: a must is yes or no, a should is scored 0 to 10 against a hurdle."""

    id: str
    text: str
    level: Literal["must", "should"]
    role: str | None
    when: Expression | None
    hurdle: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a gate wants to see, and how old it may be."""

    id: str
    text: str
    max_age: Span | None


@dataclass(frozen=True, slots=True)
class Gate:
    """A stage gate: who assesses, who decides, what may come of it."""

    id: str
    title: str
    from_stage: str
    to_stage: str
    assessments: tuple[str, ...]
    decided_by: str
    within: Span | None
    ladder: str | None
    outcomes: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    evidence: tuple[Evidence, ...]
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class ActivityMapping:
    """How one recorded activity becomes an event of the policy."""

    activity: str
    event: str
    facts: tuple[tuple[str, Any], ...]  # field of the record, its constant value


@dataclass(frozen=True, slots=True)
class EventLog:
    """How a recorded history maps to registers and events."""

    id: str
    case: str
    activity: str
    timestamp: str
    zone: str | None
    activities: Mapping[str, ActivityMapping]
    ignore: frozenset[str]
    attributes: tuple[tuple[str, str], ...]  # attribute in the log, field of the record
    closed: str | None  # the event judged when the case has ended
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One test of a suite: facts in, and what must come out."""

    name: str
    event: str
    at: str | None
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class Suite:
    """Tests of the whole policy, or of the rules it is ``about``."""

    id: str
    about: tuple[str, ...]
    cases: tuple[Case, ...]
    mark: Mark = field(compare=False)


@dataclass(frozen=True, eq=False, slots=True)
class Policy:
    """A governance policy, bound: everything an engine needs, and nothing it must look up."""

    name: str
    version: str
    digest: str
    in_force_from: date | None
    currency: str
    calendar: WorkingCalendar
    roles: Mapping[str, Role]
    functional: Mapping[str, FunctionalAssignment]
    terms: Mapping[str, TermsOfReference]
    registers: Mapping[str, Register]
    ladders: Mapping[str, Ladder]
    gates: Mapping[str, Gate]
    rules: tuple[Rule, ...]
    strata: tuple[tuple[str, ...], ...]  # ids of rules; a stratum sees what earlier ones derived
    facts: Mapping[str, Type]  # types of all names a rule may look at
    parameters: Mapping[str, Any]
    event_logs: tuple[EventLog, ...]
    suites: tuple[Suite, ...]

    def register_of(self, event: str) -> Register | None:
        """Find the register whose noun ``event`` speaks of."""
        noun = event.partition(".")[0]
        return next((r for r in self.registers.values() if r.noun == noun), None)
