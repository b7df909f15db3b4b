"""For tests of policies and of the engine: a small world with a movable clock and an inbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmo_engine.compiler.loading import bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.model.clock import SimulatedClock
from pmo_engine.model.durations import Span
from pmo_engine.queries.asked.inbox import Waiting
from pmo_engine.queries.journal import Line, Which, lines
from pmo_engine.queries.records import story
from pmo_engine.questions.inbox import inbox
from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.store import tables
from pmo_engine.store.database import Database
from pmo_engine.work.approvals import votes
from pmo_engine.work.gates import reviews
from pmo_engine.work.governance import SYSTEM, Governance
from pmo_engine.work.notices import delivery, sweep
from pmo_engine.work.records import naming, submission
from pmo_engine.work.versions.coming_into_force import bring_into_force

if TYPE_CHECKING:
    from pmo_engine.notify.papers import Paper
    from pmo_engine.policy import Policy
    from pmo_engine.queries.records import RecordStory
    from pmo_engine.queries.reviews import ReviewState
    from pmo_engine.roles.base import FunctionalRole
    from pmo_engine.store.tables import Choice, Message
    from pmo_engine.work.approvals.votes import Voted
    from pmo_engine.work.notices.sweep import Swept
    from pmo_engine.work.records.submission import Recorded

START = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
ADMINISTRATOR = "administrator"


def policy_from(text: str, name: str = "policy.yaml") -> Policy:
    """Bind a policy written in a string; raises PolicyError with every diagnostic."""
    return _bound(text, name, Path.cwd())


@lru_cache(maxsize=64)
def _bound(text: str, name: str, beside: Path) -> Policy:  # noqa: ARG001 - packs lie beside it
    checked = bind(read_text(text, name), Path(name))
    if checked.policy is None:
        raise PolicyError(checked.diagnostics)
    return checked.policy


def waiting_for(governance: Governance, person: str) -> list[Waiting]:
    """Give what waits for a person, the earliest due first."""
    with governance.reading() as c:
        return list(inbox(c, person).items)


def story_of(governance: Governance, *, project: str, register: str, key: str) -> RecordStory:
    """Tell all there is about a record."""
    with governance.reading() as c:
        entry = naming.entry_named(governance, c.uow, project, register, key)
        return story(c, entry)


@dataclass
class Inbox:
    """What one person was sent, in order."""

    messages: list[Message] = field(default_factory=list)

    @property
    def subjects(self) -> list[str]:
        """Give the subject lines."""
        return [message.subject for message in self.messages]


class World:
    """An office in a box: a policy, an empty store, people, a clock that only moves when told."""

    def __init__(
        self,
        policy: Policy,
        url: str,
        backend: str = "compiled",
        start: datetime = START,
        roles: Mapping[str, FunctionalRole] | None = None,
    ) -> None:
        self.url = url
        self.policy = policy
        self.database = Database(url)
        self.database.migrate()
        self.clock = SimulatedClock(start)
        self._governance = Governance(
            self.database, self.clock, roles or {}, backend, lambda: policy, bring_into_force
        )
        self._inboxes: dict[str, Inbox] = {}
        self._put(tables.Person(id=ADMINISTRATOR, name="Administrator"))

    @property
    def governance(self) -> Governance:
        """Give what commands work under; a version whose day has come takes force first."""
        self._governance.begin()
        return self._governance

    def _put(self, *rows: tables.Project | tables.Person | tables.RoleHolding) -> None:
        """Put what the story begins with into the store, past every right to do so."""
        with self.database.unit_of_work(SYSTEM, self.clock.now()) as uow:
            for row in rows:
                match row:
                    case tables.Project():
                        uow.projects.add(row)
                    case tables.Person():
                        uow.people.add(row)
                    case tables.RoleHolding():
                        uow.people.hold(row)

    def close(self) -> None:
        """Give back what it holds."""
        self._governance.close()
        self.database.close()

    def project(
        self, project: str, stage: str = "delivery", office: str = tables.OFFICE, **attributes: Any
    ) -> str:
        """Add a project, which an office serves."""
        self._put(
            tables.Project(
                id=project,
                name=project,
                stage=stage,
                office=office,
                status="active",
                attributes=attributes,
            )
        )
        return project

    def person(
        self, person: str, *roles: str, project: str | None = None, address: str | None = None
    ) -> str:
        """Add a person who holds roles from today on."""
        nowhere = f"mailto://127.0.0.1:1/{person}@office.example?from=pmo@office.example"
        heard = nowhere if address is None else address
        self._put(tables.Person(id=person, name=person.title(), address=heard))
        for role in roles:
            self.appoint(person, role, project=project)
        return person

    def appoint(self, person: str, role: str, project: str | None = None) -> None:
        """Give a person a role from today on."""
        with self.governance.reading() as c:
            today = c.today
        self._put(tables.RoleHolding(person=person, role=role, project=project, from_date=today))

    def submit(self, project: str, register: str, /, by: str, **fields: Any) -> Recorded:
        """Submit a record."""
        return submission.submit(
            self.governance, project=project, register=register, fields=fields, by=by
        )

    def update(self, project: str, register: str, key: str, /, by: str, **changes: Any) -> Recorded:
        """Change a record."""
        return submission.update(
            self.governance, project=project, register=register, key=key, changes=changes, by=by
        )

    def waiting_for(self, person: str) -> list[Waiting]:
        """Give what waits for a person, the earliest due first."""
        return waiting_for(self.governance, person)

    def vote(self, person: str, choice: Choice = "approve", number: int = 0) -> Voted:
        """Let a person vote on what waits for them."""
        row = self.waiting_for(person)[number]
        return votes.vote(self.governance, row.id, by=person, choice=choice)

    def status(self, project: str, register: str, key: str) -> str:
        """Give the status of a record."""
        found = story_of(self.governance, project=project, register=register, key=key)
        return found.status

    def forward(self, working_days: int = 0, hours: int = 0) -> None:
        """Let time pass, then sweep what became due."""
        moment = self.clock.now() + timedelta(hours=hours)
        if working_days:
            span = Span(working_days, "working_day")
            moment = self.governance.rules.policy.calendar.deadline(moment, span)
        self.clock.set(moment)
        self.sweep()

    def sweep(self) -> Swept:
        """Fire what is due now."""
        return sweep.sweep(self.governance)

    def inbox(self, person: str) -> Inbox:
        """Deliver everything, and give what the person was sent so far."""
        delivery.deliver(self.governance, self._keep)
        return self._inboxes.setdefault(person, Inbox())

    def _keep(self, message: Message, address: str, *papers: Paper) -> None:  # noqa: ARG002 - given
        self._inboxes.setdefault(str(message.recipient), Inbox()).messages.append(message)

    def journal(self, chain: str) -> list[Line]:
        """Read a chain of the journal, a project's or the office's, from its beginning."""
        with self.database.read() as uow:
            return list(lines(uow, Which(chain=chain)).items)

    def assess_all(self, review_id: str) -> ReviewState:
        """Let every awaited functional role assess a review."""
        for role in reviews.state(self.governance, review_id).awaited:
            reviews.assess(self.governance, review_id=review_id, role=role)
        return reviews.state(self.governance, review_id)
