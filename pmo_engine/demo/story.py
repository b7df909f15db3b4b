"""The story: what people do, step by step. What comes of it is read from the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.demo.data import read_changes
from pmo_engine.demo.office import HALF_A_DAY
from pmo_engine.work.approvals import votes as approvals
from pmo_engine.work.errors import Refusal
from pmo_engine.work.gates import reviews as gates
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
        self._desk = office.desk
        self._changes = read_changes()
        self.project = self._changes.project
        self.keys: list[str] = []

    def submit(self) -> Iterator[Recorded]:
        """Submit the change requests; gives each with what was decided about it."""
        for fields in self._changes.requests:
            made = records.submit(
                self._desk,
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
            self._desk,
            project=self.project,
            register=REGISTER,
            key=self.keys[-1],
            changes=self._changes.later,
            by=self._changes.by,
        )

    def approve(self, person: str) -> list[approvals.Voted]:
        """Let somebody approve the change requests that wait for them."""
        return [
            approvals.vote(self._desk, row.id, by=person, choice="approve")
            for row in approvals.inbox(self._desk, person)
            if row.kind == "approval" and row.project == self.project
        ]

    def waiting(self) -> list[Obligation]:
        """Give the approvals that the project's change requests still need."""
        with self._desk.reading() as uow:
            rows = uow.obligations.of_project(self.project)
        return [
            row
            for row in rows
            if (row.status, row.kind, row.subject_kind) == ("open", "approval", "entry")
        ]

    def refusals(self) -> Iterator[str]:
        """Let those try to approve what still waits who may not; gives why not."""
        for row in self.waiting():
            for person in (self._changes.by, MANAGER, ANALYST):
                try:
                    approvals.vote(self._desk, row.id, by=person, choice="approve")
                except Refusal as refusal:
                    yield str(refusal)

    def days_pass(self) -> Iterator[list[JournalEntry]]:
        """Let half days pass until what waits was escalated; gives what the sweep did."""
        self._office.news(self.project)
        for _ in range(LONGEST_WAIT):
            waiting = self.waiting()
            if not waiting or all(row.details.get("escalated_to") for row in waiting):
                return
            self._office.forward(HALF_A_DAY)
            yield [line for line in self._office.news(self.project) if line.kind in PASSED_ON]

    def open_gate(self) -> gates.ReviewState:
        """Open the gate that leads out of the project's stage."""
        return gates.open_gate(self._desk, project=self.project, gate=GATE, by=MANAGER)

    def decide_gate(self, review: str) -> Iterator[approvals.Voted]:
        """Let the board vote: one member abstains, the next lets it pass under conditions."""
        with self._desk.reading() as uow:
            (row,) = uow.obligations.open_for("gate_review", review)
            body = uow.people.holders(row.target, self.project, self._desk.today())
        first, second = body[0].id, body[1].id
        yield approvals.vote(
            self._desk, row.id, by=first, choice="abstain", reason="a cousin lives on the quay"
        )
        yield approvals.vote(
            self._desk,
            row.id,
            by=second,
            choice="approve",
            outcome="conditional_go",
            reason="what is not met yet is settled before the tender",
        )

    def stage(self) -> str:
        """Give the stage that the project is in."""
        with self._desk.reading() as uow:
            return uow.projects.get(self.project).stage

    def told(self, key: str) -> dict[str, Any]:
        """Give a change request with its whole story."""
        return records.story(self._desk, project=self.project, register=REGISTER, key=key)
