"""The story: what people do, step by step. What comes of it is read from the store."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pmo_engine.demo.data import read_changes
from pmo_engine.demo.office import HALF_A_DAY
from pmo_engine.queries.inbox import Waiting
from pmo_engine.queries.records import RecordStory, story
from pmo_engine.queries.reviews import ReviewState
from pmo_engine.work.approvals import votes as approvals
from pmo_engine.work.approvals.inbox import inbox
from pmo_engine.work.errors import Refusal
from pmo_engine.work.gates import put as puts
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.gates.put import Task
from pmo_engine.work.people.held import holders
from pmo_engine.work.records import submission as records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.demo.office import Office
    from pmo_engine.store.tables import JournalEntry, Obligation
    from pmo_engine.work.records.submission import Recorded

REGISTER = "change_requests"
HEAD, MANAGER, ANALYST = "petra", "ana", "sam"
GATE = "G2"
LONGEST_WAIT = 60  # half days
PASSED_ON = frozenset({"reminded", "escalated"})


class Story:
    """What happens around one project's change requests and its gate."""

    def __init__(self, office: Office) -> None:
        """Begin with an office whose portfolio is loaded."""
        self._office = office
        self._governance = office.governance
        self._changes = read_changes()
        self.project = self._changes.project
        self.keys: list[str] = []

    def submit(self) -> Iterator[Recorded]:
        """Submit the change requests; gives each with what was decided about it."""
        for fields in self._changes.requests:
            made = records.submit(
                self._governance,
                project=self.project,
                register=REGISTER,
                fields=fields,
                by=self._changes.by,
            )
            self.keys.append(made.key)
            yield made

    def supply(self) -> Recorded:
        """Give what the last change request lacks."""
        return records.update(
            self._governance,
            project=self.project,
            register=REGISTER,
            key=self.keys[-1],
            changes=self._changes.later,
            by=self._changes.by,
        )

    def approve(self, person: str) -> list[approvals.Voted]:
        """Let somebody approve the change requests that wait for them."""
        return [
            approvals.vote(self._governance, row.id, by=person, choice="approve")
            for row in self._inbox(person)
            if row.kind == "approval" and row.project == self.project and not row.for_information
        ]

    def _inbox(self, person: str) -> list[Waiting]:
        with self._governance.reading() as c:
            return list(inbox(c, person).items)

    def waiting(self) -> list[Obligation]:
        """Give the approvals that the project's change requests still need."""
        with self._governance.reading() as c:
            return [
                row
                for row in c.uow.obligations.of_project(self.project)
                if (row.status, row.kind) == ("open", "approval")
                and c.uow.subjects.get(row.subject_id).kind == "entry"
            ]

    def refusals(self) -> Iterator[str]:
        """Let those try to approve what still waits who may not; gives why not."""
        for row in self.waiting():
            for person in (self._changes.by, MANAGER, ANALYST):
                try:
                    approvals.vote(self._governance, row.id, by=person, choice="approve")
                except Refusal as refusal:
                    yield str(refusal)

    def days_pass(self) -> Iterator[list[JournalEntry]]:
        """Let half days pass until what waits was escalated; gives what the sweep did."""
        self._office.news(self.project)
        for _ in range(LONGEST_WAIT):
            waiting = self.waiting()
            if all(self._went_up(row) for row in waiting):
                return
            self._office.forward(HALF_A_DAY)
            yield [line for line in self._office.news(self.project) if line.kind in PASSED_ON]

    def _went_up(self, row: Obligation) -> bool:
        with self._governance.reading() as c:
            return any(each.by_rung is not None for each in c.uow.addressees.of(row.id))

    def open_gate(self) -> ReviewState:
        """Open the gate that leads out of the project's stage."""
        return gates.open_gate(self._governance, project=self.project, gate=GATE, by=MANAGER)

    def decide_gate(self, review: str) -> Iterator[approvals.Voted]:
        """Let the board vote: one member steps aside, and it takes the other four to decide."""
        with self._governance.reading() as c:
            (row,) = c.uow.obligations.open_for(review)
            body, today = holders(c, row.target, self.project), c.today
        condition = Task(
            text="what is not met yet is settled before the tender",
            owner="project_manager",
            due=(today + timedelta(days=60)).isoformat(),
        )
        puts.add_task(self._governance, review_id=review, task=condition, by=MANAGER)
        first, *others = body
        yield approvals.vote(
            self._governance,
            row.id,
            by=first,
            choice="recuse",
            reason="a cousin lives on the quay",
        )
        for each in others:
            yield approvals.vote(
                self._governance,
                row.id,
                by=each,
                choice="approve",
                outcome="conditional_go",
                reason="what is not met yet is settled before the tender",
            )

    def stage(self) -> str:
        """Give the stage that the project is in."""
        with self._governance.reading() as c:
            return c.uow.projects.get(self.project).stage

    def told(self, key: str) -> RecordStory:
        """Give a change request with its whole story."""
        with self._governance.reading() as c:
            return story(c, c.uow.entries.by_key(self.project, REGISTER, key))
