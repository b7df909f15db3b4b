"""What has to happen, and the rungs of its ladder: reminders and escalations."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, String, and_, bindparam, delete, func, or_, select, update
from sqlmodel import Field, col

from pmo_engine.model.life_cycle import OBLIGATION, LifeCycle
from pmo_engine.model.vocabulary import (
    A_GATE,
    A_PLACE,
    MOTION,
    OFFICE,
    Binding,
    ObligationKind,
    ObligationStatus,
    RungAction,
    RungState,
)
from pmo_engine.store.addressees import Addressee, addressed
from pmo_engine.store.base import Table, Versioned, always, one_of, only_one, partial, refers_to
from pmo_engine.store.columns import Document, Moment, Shaped
from pmo_engine.store.outbox import DeliveryAttempt, Message
from pmo_engine.store.projects import Project
from pmo_engine.store.repository import Repository, VersionRepository
from pmo_engine.store.subjects import Subject


class Obligation(Versioned, table=True):
    """Something that has to happen. `target`: whom or what it is about, a role, body, fact path.

    `act`: what somebody is asked to do, where it is not to approve the subject itself.
    `subject_version`: what its subject was when it was asked. One that is about no project is the
    office's. `stuck_since`: nobody may act on it since then.
    """

    __tablename__ = "obligations"
    __table_args__ = (
        one_of("kind", ObligationKind),
        one_of("binding", Binding),
        one_of("status", ObligationStatus),
        always("closed_at", "(status = 'open') = (closed_at IS NULL)"),
        always("version", "version >= 1"),
        only_one(
            "uq_obligations_open",
            *("subject_id", "rule", "kind", "target", "act"),
            where="status = 'open'",
        ),
        only_one(
            "uq_obligations_open_approval",
            *("subject_id", "target", "act"),
            where="status = 'open' AND kind = 'approval'",
        ),
        Index("ix_obligations_status_target", "status", "target"),
        partial("ix_obligations_stuck", "stuck_since", where="stuck_since IS NOT NULL"),
        Index("ix_obligations_project_status_due_at", "project", "status", "due_at"),
        Index("ix_obligations_status_due_at", "status", "due_at"),
    )

    life_cycle: ClassVar[LifeCycle] = OBLIGATION
    project: str | None = refers_to("projects.id", default=None)
    subject_id: str = refers_to("subjects.id", index=True)
    subject_version: int = 1
    decision_id: str = refers_to("decisions.id", index=True)
    rule: str
    kind: ObligationKind = Field(sa_type=String)
    target: str
    act: str = ""
    also_rules: list[str] = Field(default_factory=list, sa_type=Document)
    binding: Binding = Field(sa_type=String)
    status: ObligationStatus = Field(default="open", sa_type=String)
    opened_at: datetime = Field(sa_type=Moment)
    due_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    stuck_since: datetime | None = Field(default=None, sa_type=Moment)
    ladder: str | None = None
    clause: str = ""
    reasons: list[str] = Field(default_factory=list, sa_type=Document)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Shaped("obligation"))

    @property
    def chain(self) -> str:
        """The chain of the journal that tells of it."""
        return self.project or OFFICE


class Rung(Table, table=True):
    """A step of an obligation's ladder. `role` is who is reminded, or to whom it goes up."""

    __tablename__ = "rungs"
    __table_args__ = (
        one_of("action", RungAction),
        one_of("state", RungState),
        always("fired_at", "(state = 'fired') = (fired_at IS NOT NULL)"),
        Index("ix_rungs_state_due_at", "state", "due_at"),
    )

    obligation_id: str = refers_to("obligations.id", primary_key=True)
    rung: int = Field(primary_key=True)
    due_at: datetime = Field(sa_type=Moment)
    action: RungAction = Field(sa_type=String)
    role: str
    state: RungState = Field(default="waiting", sa_type=String)
    fired_at: datetime | None = Field(default=None, sa_type=Moment)


RETURNED = "returned"
"""The detail of what was asked for that says how it was answered, by whom, and in which words."""


Place = tuple[datetime | None, str]
"""When an obligation is due, and its id: where it stands among those that wait."""


_RUNGS = Table.metadata.tables["rungs"]
_ADDRESSEES = Table.metadata.tables[str(Addressee.__tablename__)]
_OUTBOX = Table.metadata.tables[str(Message.__tablename__)]
_TRIED = Table.metadata.tables[str(DeliveryAttempt.__tablename__)].c.outbox_id


_CANCELLED = (
    update(_RUNGS)
    .where(_RUNGS.c.obligation_id == bindparam("of"), _RUNGS.c.state == "waiting")
    .values(state="cancelled")
)


_LET_GO = (
    update(_ADDRESSEES)
    .where(_ADDRESSEES.c.obligation_id == bindparam("of"), _ADDRESSEES.c.until.is_(None))
    .values(until=bindparam("at"))
)


_UNSAID = delete(_OUTBOX).where(
    ~select(_TRIED).where(_OUTBOX.c.id == _TRIED).exists(),
    _OUTBOX.c.state == "waiting",
    _OUTBOX.c.due_at > bindparam("at"),
    _OUTBOX.c.key.between(bindparam("first"), bindparam("last")),
)
"""Nothing else than what is of an obligation has a key between its id's first and last."""


def _in_order(*conditions: Any) -> Any:
    order = (
        Obligation.opened_at,
        Obligation.subject_version,
        Obligation.subject_id,
        Obligation.rule,
        Obligation.kind,
        Obligation.target,
        Obligation.id,
    )
    return select(Obligation).where(*conditions).order_by(*(col(column) for column in order))


_BETWEEN = (
    select(col(Obligation.id), col(Obligation.subject_id))
    .where(col(Obligation.id).between(bindparam("first"), bindparam("last")))
    .order_by(col(Obligation.id))
)
"""As `begins` has it, but for what no index finds."""


_OF_SUBJECT = _in_order(col(Obligation.subject_id) == bindparam("of"))
_OPEN_FOR = _OF_SUBJECT.where(col(Obligation.status) == "open")


class Obligations(VersionRepository[Obligation]):
    """What is open, and what became of the rest."""

    model = Obligation
    noun = "obligation"

    def close(
        self,
        obligation: Obligation,
        status: ObligationStatus,
        *,
        cancel_rungs: bool = True,
        details: Mapping[str, Any] | None = None,
    ) -> Obligation:
        """Met, waived, lapsed or withdrawn, now; its waiting rungs are cancelled.

        `details` are kept with it beside those it has. What was to be said of it later, once it is
        not quiet any more, is not said; what was tried already goes on being tried.
        """
        at, of = self._transaction.stamp.at, obligation.id
        more: dict[str, Any] = {}
        if details is not None:
            more["details"] = {**obligation.details, **details}
        self.change(obligation, status=status, closed_at=at, **more)
        self._session.carry_out(_UNSAID, at=at, first=f"{of}/", last=f"{of}/zzzz")
        if cancel_rungs:
            self._session.carry_out(_CANCELLED, of=of)
        self._session.carry_out(_LET_GO, of=of, at=at)
        return obligation

    def of_subject(self, id: str) -> list[Obligation]:
        """All obligations about a subject, closed ones included."""
        return self._transaction.read(_OF_SUBJECT, of=id)

    def subjects_of(self, beginning: str) -> dict[str, str]:
        """What those are about whose ids begin so, as people shorten them: subject ids, by id."""
        self._session.flush()
        found = self._session.ask(_BETWEEN, first=beginning, last=f"{beginning}zzzz")
        return {id: subject for id, subject in found if id.startswith(beginning)}

    def open_for(self, id: str) -> list[Obligation]:
        """The open obligations about a subject."""
        return self._transaction.read(_OPEN_FOR, of=id)

    def open_in(self, project: str) -> list[Obligation]:
        """The open obligations in a project, as they are now."""
        return self._where(col(Obligation.project) == project, col(Obligation.status) == "open")

    def open_for_roles(self) -> list[Obligation]:
        """What is open and was asked of roles, in all projects."""
        asked = select(col(Addressee.obligation_id)).where(
            col(Addressee.role).is_not(None), col(Addressee.until).is_(None)
        )
        return self._where(col(Obligation.status) == "open", col(Obligation.id).in_(asked))

    def open_of_places(self) -> list[Obligation]:
        """What is open about projects and offices themselves: time asked for it, or a motion."""
        places = select(col(Subject.id)).where(col(Subject.kind) == A_PLACE)
        return self._where(col(Obligation.status) == "open", col(Obligation.subject_id).in_(places))

    def stuck(self) -> list[Obligation]:
        """What is open and nobody may act on, as it was when it was looked at last."""
        return self._where(
            col(Obligation.stuck_since).is_not(None),
            func.coalesce(col(Obligation.status), "") == "open",  # few are stuck, and many open
        )

    def exhausted(self, now: datetime) -> list[Obligation]:
        """What is overdue with nothing more to come: no reminder, no escalation, no end."""
        to_come = select(col(Rung.rung)).where(
            col(Rung.obligation_id) == col(Obligation.id), col(Rung.state) == "waiting"
        )
        held = select(col(Project.id)).where(
            col(Project.id) == col(Obligation.project), col(Project.status) == "on_hold"
        )
        at_a_gate = select(col(Subject.id)).where(
            col(Subject.id) == col(Obligation.subject_id), col(Subject.kind) == A_GATE
        )
        return self._where(
            col(Obligation.status) == "open",
            col(Obligation.due_at) <= now,
            col(Obligation.kind).not_in(("notice", "block")),
            ~to_come.exists(),
            or_(~held.exists(), at_a_gate.exists()),
        )

    def waiting_for(
        self,
        roles_by_project: Mapping[str, Collection[str]],
        office_roles: Collection[str],
        person: str,
        limit: int | None = None,
        after: Place | None = None,
    ) -> list[Obligation]:
        """What is open and waits for one of these roles, or for this person; first what is due.

        `roles_by_project`: the roles that count in one project each; `office_roles` count in every
        project and at the office. `after`: where an earlier answer ended.
        """
        mine = addressed(roles_by_project, office_roles, person)
        due_at, id = col(Obligation.due_at), col(Obligation.id)
        # Written so that no index has it: SQLite would go through all that is open.
        is_open = col(Obligation.status).concat("") == "open"
        chosen = select(Obligation).where(id.in_(mine), is_open)
        if after is not None:
            chosen = chosen.where(_after(after))
        return self._all(chosen.order_by(due_at.is_(None), due_at, id).limit(limit))

    def of_project(self, project: str) -> list[Obligation]:
        """All obligations in a project, closed ones included."""
        return self._where(col(Obligation.project) == project)

    def _where(self, *conditions: Any) -> list[Obligation]:
        return self._all(_in_order(*conditions))


def _after(place: Place) -> Any:
    when, id = place
    due_at, later = col(Obligation.due_at), col(Obligation.id) > id
    if when is None:
        return and_(due_at.is_(None), later)
    return or_(due_at > when, due_at.is_(None), and_(due_at == when, later))


_RESTS = and_(
    col(Obligation.project).is_not(None),
    col(Obligation.project).in_(select(col(Project.id)).where(col(Project.status) == "on_hold")),
    col(Obligation.subject_id).not_in(select(col(Subject.id)).where(col(Subject.kind) == A_GATE)),
    col(Obligation.rule) != MOTION,
)
"""What stands still in a project that is on hold: all but what says whether it goes on."""


class Rungs(Repository[Rung]):
    """The timers: reminders and escalations that wait for their time."""

    model = Rung
    noun = "rung"

    def add_all(self, rungs: Iterable[Rung]) -> None:
        """Sets timers of an obligation."""
        for rung in rungs:
            self._session.put(rung)

    def set(self, rung: Rung) -> None:
        """Sets a timer; one that there was, fired or not, waits anew."""
        self._session.flush()
        here = col(Rung.obligation_id) == rung.obligation_id, col(Rung.rung) == rung.rung
        anew = {"due_at": rung.due_at, "state": "waiting", "fired_at": None}
        self._transaction.update(update(Rung).where(*here).values(**anew))
        self._transaction.insert_unless_there([rung], "obligation_id")

    def set_again(self, rung: Rung, due_at: datetime) -> None:
        """A timer that still waits is due at another time."""
        self._change(rung.obligation_id, rung.rung, due_at=due_at)

    def stop(self, obligation_id: str, number: int) -> None:
        """A timer that still waits does not fire."""
        self._change(obligation_id, number, state="cancelled")

    def _change(self, obligation_id: str, number: int, **values: Any) -> None:
        self._session.flush()
        waits = col(Rung.obligation_id) == obligation_id, col(Rung.state) == "waiting"
        changed = update(Rung).where(*waits, col(Rung.rung) == number).values(**values)
        self._transaction.update(changed)

    def of_obligation(self, obligation_id: str) -> list[Rung]:
        mine = select(Rung).where(col(Rung.obligation_id) == obligation_id)
        return self._all(mine.order_by(col(Rung.rung)))

    def cancel(self, obligation_id: str) -> None:
        """What still waits of an obligation's timers does not fire."""
        self._session.flush()
        self._session.carry_out(_CANCELLED, of=obligation_id)

    def pass_on(self, before: str, after: str) -> None:
        """What still waits of one obligation's timers is another's from now on."""
        self._session.flush()
        self._transaction.update(
            update(Rung)
            .where(col(Rung.obligation_id) == before, col(Rung.state) == "waiting")
            .values(obligation_id=after)
        )

    def due_subjects(
        self, now: datetime, limit: int, actions: Collection[RungAction] | None = None
    ) -> list[str]:
        """The subjects that something is due about, the longest due first."""
        due = (
            select(col(Obligation.subject_id))
            .join(Rung, col(Rung.obligation_id) == col(Obligation.id))
            .where(*_due(now, actions), ~_RESTS)
            .group_by(col(Obligation.subject_id))
            .order_by(func.min(col(Rung.due_at)), col(Obligation.subject_id))
            .limit(limit)
        )
        return list(self._session.scalars(due))

    def is_over(self, subject: str, now: datetime) -> bool:
        """Whether a vote on a subject was over, or an approval's time up, and nobody has seen."""
        self._session.flush()
        return bool(self._session.ask(_OVER, subject=subject, now=now))

    def over(self, ids: Collection[str], now: datetime) -> list[Rung]:
        """The timers of obligations that ended their votes, or their time, and nobody has seen.

        Those of what stands still are among them.
        """
        # Written so that no index has it: SQLite would go through all that is due.
        waits = col(Rung.state).concat("") == "waiting"
        of = col(Rung.obligation_id)
        mine = select(Rung).where(
            of.in_(ids), waits, col(Rung.action) == "close", col(Rung.due_at) <= now
        )
        return self._all(mine.order_by(col(Rung.obligation_id), col(Rung.rung).desc()))

    def claim_due_of(
        self,
        subject: str,
        now: datetime,
        actions: Collection[RungAction] | None = None,
        until: datetime | None = None,
    ) -> list[Rung]:
        """Fires now the rungs of a subject, which is locked, that were due `until` then, or by now.

        The earliest are first.
        """
        mine = select(col(Obligation.id)).where(col(Obligation.subject_id) == subject, ~_RESTS)
        fire = (
            update(Rung)
            .where(col(Rung.obligation_id).in_(mine), *_due(until or now, actions))
            .values(state="fired", fired_at=now)
            .returning(Rung)
        )
        fired = self._transaction.rows(fire, fresh=True)
        return sorted(fired, key=lambda rung: (rung.due_at, rung.obligation_id, rung.rung))


def _due(now: datetime, actions: Collection[RungAction] | None) -> list[Any]:
    due = [col(Rung.state) == "waiting", col(Rung.due_at) <= now]
    return due if actions is None else [*due, col(Rung.action).in_(actions)]


_OVER = (
    select(col(Rung.obligation_id))
    .join(Obligation, col(Obligation.id) == col(Rung.obligation_id))
    .where(
        col(Obligation.subject_id) == bindparam("subject"),
        ~_RESTS,
        col(Rung.state) == "waiting",
        col(Rung.action) == "close",
        col(Rung.due_at) <= bindparam("now"),
    )
    .limit(1)
)
