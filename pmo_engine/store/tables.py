"""The tables. A row's `version` counts up with each change; every time is aware and in UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from pmo_engine.store.columns import Document, Moment

SubjectKind = Literal["entry", "gate_review", "policy_version"]
ObligationKind = Literal[
    "approval", "assessment", "information", "evidence", "exception", "notice", "block"
]
Binding = Literal["shall", "should", "may", "trial"]
ObligationStatus = Literal["open", "met", "waived", "lapsed", "withdrawn"]
Choice = Literal["approve", "reject", "abstain"]
RungAction = Literal["remind", "escalate"]
RungState = Literal["waiting", "fired", "cancelled"]
ReviewStatus = Literal["assessing", "awaiting_assessments", "awaiting_decision", "closed"]
Outcome = Literal["go", "conditional_go", "hold", "recycle", "stop"]
Result = Literal["met", "not_met", "cannot_tell", "asked"]
PolicyStatus = Literal[
    "draft", "comment", "submitted", "adopted", "rejected", "withdrawn", "superseded"
]
MessageKind = Literal["notice", "flow"]
MessageState = Literal["waiting", "claimed", "sent", "failed"]

OFFICE = "office"
"""The journal chain of the office itself; the other chains are called as their projects."""

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """What all tables share: a metadata of their own, with names for every constraint."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=_NAMES)


class Identified(Table):
    """A row with an id of its own, which the repository makes unless it was given."""

    id: str = Field(default="", primary_key=True)


class Versioned(Identified):
    """A row that only changes from the version that was read."""

    version: int = 1


def _one_of(column: str, values: Any) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in get_args(values))
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _always(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def _only_one(name: str, *columns: str, where: str) -> Index:
    return _partial(name, *columns, where=where, unique=True)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _refers_to(target: str, **field: Any) -> Any:
    """A foreign key, looked at when the transaction commits, so that rows go in in any order."""
    key = ForeignKey(target, deferrable=True, initially="DEFERRED")
    return Field(sa_column_args=(key,), **field)


class Project(Versioned, table=True):
    """A project of the portfolio; `attributes` are facts that the policy's rules may look at."""

    __tablename__ = "projects"
    __table_args__ = (
        _always("not_the_office", f"id <> '{OFFICE}'"),
        _always("version", "version >= 1"),
    )

    id: str = Field(primary_key=True)
    name: str
    stage: str
    office: str = Field(index=True)
    status: str = Field(index=True)
    attributes: dict[str, Any] = Field(default_factory=dict, sa_type=Document)


class Person(Table, table=True):
    """Somebody who can hold roles. `address` is an Apprise URL, or empty."""

    __tablename__ = "people"

    id: str = Field(primary_key=True)
    name: str
    address: str = ""


class RoleHolding(Identified, table=True):
    """A person holds a role, in one project or (no project) everywhere, between two dates."""

    __tablename__ = "role_holdings"
    __table_args__ = (
        _always("dates", "to_date IS NULL OR to_date >= from_date"),
        Index("ix_role_holdings_role_project", "role", "project"),
    )

    person: str = _refers_to("people.id", index=True)
    role: str
    project: str | None = _refers_to("projects.id", default=None)
    from_date: date
    to_date: date | None = None


class Subject(Identified, table=True):
    """What decisions and obligations are about, with the id of the row of its own kind.

    `kind`: "entry", "gate_review", "policy_version", or another that a module of its own keeps.
    `title`: how people call it. One that is about no project is the office's.
    """

    __tablename__ = "subjects"

    kind: str
    project: str | None = _refers_to("projects.id", default=None, index=True)
    title: str
    requester: str
    created_at: datetime = Field(sa_type=Moment)

    @property
    def chain(self) -> str:
        """The chain of the journal that tells of it."""
        return self.project or OFFICE


class Counter(Table, table=True):
    """How far the numbers of a scope have come, as of a register's own keys."""

    __tablename__ = "counters"

    scope: str = Field(primary_key=True)
    value: int


class Request(Identified, table=True):
    """A command that somebody gave an id of theirs, and its answer: asked again, given again."""

    __tablename__ = "requests"

    act: str
    actor: str
    at: datetime = Field(sa_type=Moment)
    answer: Any = Field(default=None, sa_type=Document, nullable=True)


class PolicyText(Table, table=True):
    """A policy's files as they were read, those of its packs included; `digest` is theirs."""

    __tablename__ = "policy_texts"

    digest: str = Field(primary_key=True)
    name: str
    policy_version: str
    files: dict[str, str] = Field(sa_type=Document)


class PolicyVersion(Versioned, table=True):
    """A version of the policy, from its draft on. `binds_from` is set once it is adopted.

    `effect`: what it changes, as it was shown when it was put up for adoption.
    """

    __tablename__ = "policy_versions"
    __table_args__ = (
        _one_of("status", PolicyStatus),
        _always(
            "binds_from",
            "(binds_from IS NULL AND status <> 'adopted')"
            " OR (binds_from IS NOT NULL AND status IN ('adopted', 'superseded'))",
        ),
        _always("took_force_at", "took_force_at IS NULL OR binds_from IS NOT NULL"),
        _always("version", "version >= 1"),
        _only_one(
            "uq_policy_versions_live",
            *("name", "policy_version"),
            where="status IN ('draft', 'comment', 'submitted', 'adopted')",
        ),
    )

    id: str = _refers_to("subjects.id", default="", primary_key=True)
    name: str
    policy_version: str
    digest: str = _refers_to("policy_texts.digest", index=True)
    in_force_from: date | None = None
    applies_to_open: bool = False
    status: PolicyStatus = Field(default="draft", sa_type=String)
    drafted_at: datetime = Field(sa_type=Moment)
    drafted_by: str
    comment_until: datetime | None = Field(default=None, sa_type=Moment)
    submitted_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    binds_from: datetime | None = Field(default=None, sa_type=Moment)
    took_force_at: datetime | None = Field(default=None, sa_type=Moment)
    reason: str = ""
    effect: dict[str, Any] = Field(default_factory=dict, sa_type=Document)


class PolicyComment(Table, table=True):
    """What somebody says about a version, or about one clause of it; open until answered."""

    __tablename__ = "policy_comments"
    __table_args__ = (_always("answered_at", "(answer IS NULL) = (answered_at IS NULL)"),)

    policy_id: str = _refers_to("policy_versions.id", primary_key=True)
    number: int = Field(primary_key=True)
    clause: str | None = None
    text: str
    at: datetime = Field(sa_type=Moment)
    by: str
    answer: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    answered_by: str | None = None


class Entry(Versioned, table=True):
    """The record of a register as it stands now; `policy_digest`: of the version it is under.

    `matter_version`: the version at which what it says was changed last; `document`: the fields
    that its register declares.
    """

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("project", "register_name", "key"),
        _always("version", "version >= 1"),
        _always("matter_version", "matter_version BETWEEN 1 AND version"),
    )

    id: str = _refers_to("subjects.id", default="", primary_key=True)
    project: str = _refers_to("projects.id")
    register_name: str
    key: str
    status: str
    owner: str | None = None
    due: date | None = None
    document: dict[str, Any] = Field(default_factory=dict, sa_type=Document)
    policy_digest: str | None = _refers_to("policy_texts.digest", default=None)
    matter_version: int = 1
    submitted_by: str | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)


class EntryVersion(Table, table=True):
    """An entry as it stood from `at` on; every version is kept."""

    __tablename__ = "entry_versions"

    entry_id: str = _refers_to("entries.id", primary_key=True)
    version: int = Field(primary_key=True)
    status: str
    owner: str | None = None
    due: date | None = None
    document: dict[str, Any] = Field(sa_type=Document)
    policy_digest: str | None = _refers_to("policy_texts.digest", default=None)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    at: datetime = Field(sa_type=Moment)
    by: str


class Decision(Identified, table=True):
    """What the engine said about an event, under which policy, from which facts.

    One that is about no project, as of a version of the policy, is the office's.
    """

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_subject_kind_subject_id", "subject_kind", "subject_id"),)

    project: str | None = _refers_to("projects.id", default=None, index=True)
    subject_kind: SubjectKind = Field(default="entry", sa_type=String)
    subject_id: str = _refers_to("subjects.id")
    subject_version: int
    event: str
    at: datetime = Field(sa_type=Moment)
    policy_name: str
    policy_version: str
    policy_digest: str
    facts: dict[str, Any] = Field(sa_type=Document)
    result: dict[str, Any] = Field(sa_type=Document)


class Obligation(Versioned, table=True):
    """Something that has to happen. `target`: whom or what it is about, a role, body, fact path.

    `subject_version`: what its subject was when it was asked. One that is about no project is the
    office's.
    """

    __tablename__ = "obligations"
    __table_args__ = (
        _one_of("kind", ObligationKind),
        _one_of("binding", Binding),
        _one_of("status", ObligationStatus),
        _always("closed_at", "(status = 'open') = (closed_at IS NULL)"),
        _always("version", "version >= 1"),
        _only_one(
            "uq_obligations_open",
            *("subject_kind", "subject_id", "rule", "kind", "target"),
            where="status = 'open'",
        ),
        _only_one(
            "uq_obligations_open_approval",
            *("subject_kind", "subject_id", "target"),
            where="status = 'open' AND kind = 'approval'",
        ),
        Index("ix_obligations_status_target", "status", "target"),
        Index("ix_obligations_project_status", "project", "status"),
        Index("ix_obligations_subject_kind_subject_id", "subject_kind", "subject_id"),
    )

    project: str | None = _refers_to("projects.id", default=None)
    subject_kind: SubjectKind = Field(default="entry", sa_type=String)
    subject_id: str = _refers_to("subjects.id")
    subject_version: int = 1
    decision_id: str = _refers_to("decisions.id", index=True)
    rule: str
    kind: ObligationKind = Field(sa_type=String)
    target: str
    also_rules: list[str] = Field(default_factory=list, sa_type=Document)
    binding: Binding = Field(sa_type=String)
    status: ObligationStatus = Field(default="open", sa_type=String)
    opened_at: datetime = Field(sa_type=Moment)
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    ladder: str | None = None
    clause: str = ""
    reasons: list[str] = Field(default_factory=list, sa_type=Document)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Document)

    @property
    def chain(self) -> str:
        """The chain of the journal that tells of it."""
        return self.project or OFFICE


class Addressee(Identified, table=True):
    """For whom an open obligation waits: the holders of a role there, or one person.

    `by_rung`: of the ladder, where it was escalated to them. `until`: it waits no longer.
    """

    __tablename__ = "obligation_addressees"
    __table_args__ = (
        _always("one", "(role IS NULL) <> (person IS NULL)"),
        _only_one(
            "uq_obligation_addressees_role", "obligation_id", "role", where="role IS NOT NULL"
        ),
        _only_one(
            "uq_obligation_addressees_person", "obligation_id", "person", where="person IS NOT NULL"
        ),
        _partial("ix_obligation_addressees_role", "role", "project", where="until IS NULL"),
        _partial("ix_obligation_addressees_person", "person", where="until IS NULL"),
    )

    obligation_id: str = _refers_to("obligations.id")
    role: str | None = None
    person: str | None = _refers_to("people.id", default=None)
    project: str | None = _refers_to("projects.id", default=None)
    since: datetime = Field(sa_type=Moment)
    by_rung: int | None = None
    until: datetime | None = Field(default=None, sa_type=Moment)


class Vote(Identified, table=True):
    """A person's answer to an approval; the current one is not superseded.

    `subject_version`: what they answered about.
    """

    __tablename__ = "votes"
    __table_args__ = (
        _one_of("choice", Choice),
        _only_one("uq_votes_current", "obligation_id", "person", where="superseded_at IS NULL"),
        Index("ix_votes_obligation_id", "obligation_id"),
    )

    obligation_id: str = _refers_to("obligations.id")
    person: str = _refers_to("people.id")
    choice: Choice = Field(sa_type=String)
    reason: str = ""
    subject_version: int = 1
    at: datetime = Field(sa_type=Moment)
    superseded_at: datetime | None = Field(default=None, sa_type=Moment)


class Rung(Table, table=True):
    """A step of an obligation's ladder. `role` is who is reminded, or to whom it goes up."""

    __tablename__ = "rungs"
    __table_args__ = (
        _one_of("action", RungAction),
        _one_of("state", RungState),
        _always("fired_at", "(state = 'fired') = (fired_at IS NOT NULL)"),
        Index("ix_rungs_state_due_at", "state", "due_at"),
    )

    obligation_id: str = _refers_to("obligations.id", primary_key=True)
    rung: int = Field(primary_key=True)
    due_at: datetime = Field(sa_type=Moment)
    action: RungAction = Field(sa_type=String)
    role: str
    state: RungState = Field(default="waiting", sa_type=String)
    fired_at: datetime | None = Field(default=None, sa_type=Moment)


class GateReview(Versioned, table=True):
    """A gate under review. `revision` counts reassessments, `attempt` the flow runs asked for.

    `policy_digest`: of the version of the policy that it is under.
    """

    __tablename__ = "gate_reviews"
    __table_args__ = (
        _one_of("status", ReviewStatus),
        _one_of("outcome", Outcome),
        _always("closed_at", "(status = 'closed') = (closed_at IS NOT NULL)"),
        _always("decided", "(status = 'closed') = (outcome IS NOT NULL)"),
        _always("version", "version >= 1"),
        _only_one("uq_gate_reviews_open", "project", "gate", where="status <> 'closed'"),
        Index("ix_gate_reviews_project_gate", "project", "gate"),
    )

    id: str = _refers_to("subjects.id", default="", primary_key=True)
    project: str = _refers_to("projects.id")
    gate: str
    revision: int = 1
    status: ReviewStatus = Field(default="assessing", sa_type=String, index=True)
    opened_at: datetime = Field(sa_type=Moment)
    opened_by: str
    outcome: Outcome | None = Field(default=None, sa_type=String)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    attempt: int = 1
    policy_digest: str | None = _refers_to("policy_texts.digest", default=None)


class Assessment(Table, table=True):
    """What a functional role found in one revision of a review; recorded once."""

    __tablename__ = "assessments"
    __table_args__ = (
        _one_of("result", Result),
        _always("asked_of", "result <> 'asked' OR asked_of IS NOT NULL"),
    )

    review_id: str = _refers_to("gate_reviews.id", primary_key=True)
    revision: int = Field(primary_key=True)
    role: str = Field(primary_key=True)
    result: Result = Field(sa_type=String)
    findings: list[Any] = Field(default_factory=list, sa_type=Document)
    missing: list[Any] = Field(default_factory=list, sa_type=Document)
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=Document)
    asked_of: str | None = None
    within: str | None = None
    at: datetime = Field(sa_type=Moment)
    by: str


class Message(Identified, table=True):
    """Something to send or to start once the transaction is done; `key` makes twice impossible."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        _one_of("kind", MessageKind),
        _one_of("state", MessageState),
        _always("claimed_until", "(state = 'claimed') = (claimed_until IS NOT NULL)"),
        Index("ix_outbox_state_due_at", "state", "due_at"),
    )

    key: str
    kind: MessageKind = Field(sa_type=String)
    recipient: str | None = None
    subject: str = ""
    body: str = ""
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Document)
    created_at: datetime = Field(default=None, sa_type=Moment, nullable=False)
    due_at: datetime = Field(sa_type=Moment)
    state: MessageState = Field(default="waiting", sa_type=String)
    attempts: int = 0
    claimed_until: datetime | None = Field(default=None, sa_type=Moment)
    last_error: str | None = None


class DeliveryAttempt(Table, table=True):
    """One try to deliver a message."""

    __tablename__ = "delivery_attempts"
    __table_args__ = (_always("error", "ok = (error IS NULL)"),)

    outbox_id: str = _refers_to("outbox.id", primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    ok: bool
    error: str | None = None


class JournalEntry(Table, table=True):
    """A line of a chain; `hash` covers all the rest, the previous line's hash included.

    `through`: by which account of which machine the actor came in, where that is known.
    `form`: how the line was written when its hash was taken.
    """

    __tablename__ = "journal"
    __table_args__ = (_always("seq", "seq >= 1"),)

    chain: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    actor: str
    kind: str
    body: dict[str, Any] = Field(default_factory=dict, sa_type=Document)
    through: str | None = None
    form: int
    previous_hash: str
    hash: str


class JournalHead(Table, table=True):
    """Where a chain stands; its row lock makes the chain's writers take turns."""

    __tablename__ = "journal_heads"

    chain: str = Field(primary_key=True)
    seq: int
    hash: str


class Setting(Table, table=True):
    """A property of this store, such as the simulated clock of a demonstration."""

    __tablename__ = "settings"

    key: str = Field(primary_key=True)
    value: Any = Field(sa_type=Document)
