"""The story: what people do, step by step. What comes of it is read from the store."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from pmo_engine.demo.data import read_answers, read_changes
from pmo_engine.demo.entering import enter
from pmo_engine.demo.office import HALF_A_DAY
from pmo_engine.queries.asked.inbox import Waiting
from pmo_engine.queries.records import RecordStory, story
from pmo_engine.questions.inbox import inbox
from pmo_engine.work.approvals import votes as approvals
from pmo_engine.work.errors import Refusal
from pmo_engine.work.gates import put as puts
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.gates.evidence import Shown as Evidence
from pmo_engine.work.gates.evidence import give
from pmo_engine.work.gates.judging import judge, standing_of_review
from pmo_engine.work.gates.put import Task
from pmo_engine.work.people.held import holders
from pmo_engine.work.records import submission as records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.decisions.gate_standing import GateStanding
    from pmo_engine.demo.office import Office
    from pmo_engine.model.vocabulary import Outcome
    from pmo_engine.queries.reviews import ReviewState
    from pmo_engine.store.tables import JournalEntry, Obligation
    from pmo_engine.work.records.submission import Recorded

REGISTER = "change_requests"
HEAD, MANAGER, ANALYST = "petra", "ana", "sam"
BOARD = ("beatrix", "ian", "kofi", "hugo", "ruth")
LONGEST_WAIT = 60  # half days
PASSED_ON = frozenset({"reminded", "escalated"})


class Story:
    """What happens around one project's change requests and its gate."""

    def __init__(self, office: Office) -> None:
        """Begin with an office whose portfolio is loaded."""
        self._office = office
        self._governance = office.governance
        self._changes = read_changes()
        self._answers = read_answers()
        self.gate = self._answers.gate
        self.project = self._changes.project
        self.keys: list[str] = []

    def submit(self) -> Iterator[Recorded]:
        """Submit the change requests; gives each with what was decided about it."""
        for fields in self._changes.requests:
            made = enter(
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
        """Let somebody approve what waits for them in the project."""
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
            asked = {row.id for row in c.uow.entries.of_project(self.project, REGISTER)}
            return [
                row
                for row in c.uow.obligations.of_project(self.project)
                if (row.status, row.kind) == ("open", "approval") and row.subject_id in asked
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
        return gates.open_gate(self._governance, project=self.project, gate=self.gate, by=MANAGER)

    def judge(self, review: str) -> GateStanding:
        """Let people judge the criteria that they are asked about, and show the evidence."""
        found = self._standing(review)
        for each in found.criteria:
            if each.answer == "asked" and each.id in self._answers.criteria:
                said: dict[str, Any] = dict(self._answers.criteria[each.id])
                if "met" in said:
                    said["met"] = said["met"] == "yes"
                else:
                    said["score"] = int(said["score"])
                judge(self._governance, review_id=review, criterion=each.id, **said)
        for wanted in found.evidence:
            if wanted.id in self._answers.evidence:
                self._show(review, wanted.id, self._answers.evidence[wanted.id])
        return self._standing(review)

    def _standing(self, review: str) -> GateStanding:
        with self._governance.reading() as c:
            return standing_of_review(c, review)

    def _show(self, review: str, evidence: str, said: dict[str, str]) -> None:
        shown = Evidence(document=said["document"], dated=date.fromisoformat(said["dated"]))
        by = said["by"]
        give(self._governance, review_id=review, evidence=evidence, shown=shown, by=by)

    def decide_gate(self, review: str) -> Iterator[approvals.Voted]:
        """Let the board vote, who steps aside first, until it has decided."""
        said = self._answers
        condition = Task(**said.condition)
        puts.add_task(self._governance, review_id=review, task=condition, by=MANAGER)
        puts.put(self._governance, review_id=review, resources=said.resources, by=MANAGER)
        with self._governance.reading() as c:
            rows = c.uow.obligations.open_for(review)
            (row,) = [each for each in rows if each.kind == "approval"]
            body = holders(c, row.target, self.project)
        approval, (first, *others) = row.id, body
        recused = said.recused
        yield approvals.vote(self._governance, approval, by=first, choice="recuse", reason=recused)
        for each in others:
            voted = approvals.vote(
                self._governance,
                approval,
                by=each,
                choice="approve",
                outcome=cast("Outcome", said.outcome),
                reason=said.reason,
            )
            yield voted
            if voted.status != "awaiting_decision":
                return

    def stage(self) -> str:
        """Give the stage that the project is in."""
        with self._governance.reading() as c:
            return c.uow.projects.get(self.project).stage

    def told(self, key: str) -> RecordStory:
        """Give a change request with its whole story."""
        with self._governance.reading() as c:
            return story(c, c.uow.entries.by_key(self.project, REGISTER, key))
