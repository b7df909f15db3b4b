"""For tests of policies and of the engine: a small world with a movable clock and an inbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmo_engine.compiler.loading import bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.model.clock import SimulatedClock
from pmo_engine.model.durations import Span
from pmo_engine.source.diagnostics import PolicyError
from pmo_engine.store.database import Database
from pmo_engine.work.approvals import votes as approvals
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.governance import Shelf
from pmo_engine.work.notices import delivery, sweep
from pmo_engine.work.people import portfolio
from pmo_engine.work.records import submission as records
from pmo_engine.work.versions.coming_into_force import current_desk

if TYPE_CHECKING:
    from pmo_engine.policy import Policy
    from pmo_engine.roles.base import FunctionalRole
    from pmo_engine.store.tables import Choice, Message, Obligation
    from pmo_engine.work.approvals.votes import Voted
    from pmo_engine.work.records.submission import Recorded
    from pmo_engine.work.rulebook import Desk

START = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
ADMINISTRATOR = "administrator"


def policy_from(text: str, name: str = "policy.yaml") -> Policy:
    """Bind a policy written in a string; raises PolicyError with every diagnostic."""
    checked = bind(read_text(text, name), Path(name))
    if checked.policy is None:
        raise PolicyError(checked.diagnostics)
    return checked.policy


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
        self.database = Database(url)
        self.database.migrate()
        self.clock = SimulatedClock(start)
        self.shelf = Shelf(self.database, self.clock, roles or {}, backend, lambda: policy)
        self._inboxes: dict[str, Inbox] = {}
        portfolio.add_person(
            self.desk, person=ADMINISTRATOR, name="Administrator", by=ADMINISTRATOR
        )

    def close(self) -> None:
        """Give back what it holds."""
        self.shelf.close()
        self.database.close()

    @property
    def desk(self) -> Desk:
        """Give the desk under the version of the policy that is in force now."""
        return current_desk(self.shelf)

    def project(self, project: str, stage: str = "delivery", **attributes: Any) -> str:
        """Add a project."""
        portfolio.add_project(
            self.desk,
            project=project,
            name=project,
            stage=stage,
            attributes=attributes,
            by=ADMINISTRATOR,
        )
        return project

    def person(self, person: str, *roles: str, project: str | None = None) -> str:
        """Add a person who holds roles from today on."""
        portfolio.add_person(
            self.desk,
            person=person,
            name=person.title(),
            address=f"mailto://127.0.0.1:1/{person}@office.example?from=pmo@office.example",
            by=ADMINISTRATOR,
        )
        for role in roles:
            portfolio.hold(self.desk, person=person, role=role, project=project, by=ADMINISTRATOR)
        return person

    def submit(self, project: str, register: str, by: str, **fields: Any) -> Recorded:
        """Submit a record."""
        return records.submit(self.desk, project=project, register=register, fields=fields, by=by)

    def update(self, project: str, register: str, key: str, by: str, **changes: Any) -> Recorded:
        """Change a record."""
        return records.update(
            self.desk, project=project, register=register, key=key, changes=changes, by=by
        )

    def waiting_for(self, person: str) -> list[Obligation]:
        """List what is open for a person."""
        return approvals.inbox(self.desk, person)

    def vote(self, person: str, choice: Choice = "approve", number: int = 0) -> Voted:
        """Let a person vote on what waits for them."""
        row = self.waiting_for(person)[number]
        return approvals.vote(self.desk, row.id, by=person, choice=choice)

    def status(self, project: str, register: str, key: str) -> str:
        """Give the status of a record."""
        story = records.story(self.desk, project=project, register=register, key=key)
        return str(story["status"])

    def forward(self, working_days: int = 0, hours: int = 0) -> None:
        """Let time pass, then sweep what became due."""
        moment = self.clock.now() + timedelta(hours=hours)
        if working_days:
            span = Span(working_days, "working_day")
            moment = self.desk.policy.calendar.deadline(moment, span)
        self.clock.set(moment)
        self.sweep()

    def sweep(self) -> sweep.Swept:
        """Fire what is due now."""
        return sweep.sweep(self.desk)

    def inbox(self, person: str) -> Inbox:
        """Deliver everything, and give what the person was sent so far."""
        delivery.deliver(self.desk, self._keep)
        return self._inboxes.setdefault(person, Inbox())

    def _keep(self, message: Message, address: str) -> None:  # noqa: ARG002 - a channel is given it
        self._inboxes.setdefault(str(message.recipient), Inbox()).messages.append(message)

    def assess_all(self, review_id: str) -> gates.ReviewState:
        """Let every awaited functional role assess a review."""
        for role in gates.state(self.desk, review_id).awaited:
            gates.assess(self.desk, review_id=review_id, role=role)
        return gates.state(self.desk, review_id)
