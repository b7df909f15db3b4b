"""The demo: each step of the story played, and what came of it shown from the store."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_engine.demo.loading import load, size
from pmo_engine.demo.runs import InProcess
from pmo_engine.demo.shown import Shown
from pmo_engine.demo.story import BOARD, HEAD, MANAGER, Story
from pmo_engine.queries.reviews import RecordedAssessment
from pmo_engine.work.gates import reviews as gates
from pmo_engine.work.notices.delivery import deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from flows.server import Server
    from pmo_engine.decisions.gate_standing import CriterionStanding, EvidenceStanding
    from pmo_engine.notify.inbox import Mail
    from pmo_engine.work.records.submission import Recorded

CYCLE = "2026-Q1"
REQUESTED, DECIDED, OPENED, JUDGED, VOTED = (
    "2026-04-01 10:00",
    "2026-04-01 15:00",
    "2026-04-13 09:30",
    "2026-04-14 11:00",
    "2026-04-15 14:00",
)


@dataclass
class Play(Shown):
    """The story of one project's changes and its gate."""

    server: Server

    def __post_init__(self) -> None:
        """Set the scene."""
        super().__post_init__()
        self.story = Story(self.office)
        self.runner = InProcess(self.governance, self.server)
        self.review = ""

    def run(self) -> None:
        """Play all steps in order."""
        gate = self.story.gate
        steps: Sequence[tuple[str, Callable[[], None]]] = (
            ("The policy is checked and its suites run", self.policy),
            ("The portfolio is loaded", self.load),
            ("Change requests are submitted and decided", self.submit),
            ("The project manager decides, and the missing cost is given", self.decide),
            ("People try what they may not", self.refuse),
            ("Days pass", self.wait),
            ("The PMO head votes, and the board on what waits for it", self.vote),
            (f"Gate {gate} is opened, and fifteen functional roles assess it", self.assess),
            ("Criteria are judged, and evidence is shown", self.judge),
            ("The board votes, and the stage moves", self.close),
            ("The journal is verified", self.audit),
            ("The pages are written", self.pages),
        )
        self.screen.say(
            f"The Prefect server starts in the background; log: {self.server.log}", "dim"
        )
        moments = {2: REQUESTED, 3: DECIDED, 7: OPENED, 8: JUDGED, 9: VOTED}
        for number, (title, step) in enumerate(steps):
            if number in moments:
                self.office.until(self.office.local(moments[number]))
            with self.screen.step(title, self.office.now()):
                step()
        self.farewell()

    def load(self) -> None:
        """Load the portfolio, and show what each project holds."""
        with self.screen.progress("loading", size()) as shown:
            for _ in load(self.office):
                shown.advance(shown.task_ids[0])
        heads = ("Project", "Name", "Stage", "Entries", "Open obligations")
        self.screen.table(heads, self._holdings())
        mails = self.office.deliver()
        self.screen.say(f"   {len(mails)} notices delivered")
        self.freeze(CYCLE, HEAD)

    def _holdings(self) -> Iterable[tuple[str, str, str, int, int]]:
        with self.governance.reading() as c:
            for row in c.uow.projects.all():
                entries = len(c.uow.entries.of_project(row.id))
                opened = sum(item.status == "open" for item in c.uow.obligations.of_project(row.id))
                yield row.id, row.name, row.stage, entries, opened

    def submit(self) -> None:
        """Submit four change requests, and show what the policy makes of each."""
        for made in self.story.submit():
            self._show(made)
        self._mails(self.office.deliver())

    def _show(self, made: Recorded) -> None:
        fields = self.story.told(made.key).fields_
        cost = fields.get("cost", "cost not given")
        self.decided(f"{made.key} {fields['title']}, {cost}", made.decision)

    def decide(self) -> None:
        """Let the project manager decide what is hers, and give the cost that is missing."""
        self.votes(self.story.approve(MANAGER))
        self._show(self.story.supply())
        self.votes(self.story.approve(MANAGER))
        self._mails(self.office.deliver())

    def refuse(self) -> None:
        """Show who may not approve what still waits."""
        for why in self.story.refusals():
            self.screen.bad(f"refused: {why}")
        if not self.story.waiting():
            self.screen.say("   nothing waits: with this policy everything is decided already")

    def wait(self) -> None:
        """Let days pass until what waits was escalated, and show what the sweep did."""
        rows = []
        for lines in self.story.days_pass():
            for line in lines:
                when = line.at.astimezone(self.governance.rules.zone)
                told = ", ".join(line.body["told"])
                about = f"{line.body['subject']} to the {line.body['role'].replace('_', ' ')}"
                rows.append((f"{when:%a %d %b %H:%M}", line.kind, about, told))
        if rows:
            self.screen.table(("When", "What", "About", "Told"), rows)
        else:
            self.screen.say("   nothing waits for the PMO head")
        self._mails(self.office.deliver())

    def vote(self) -> None:
        """Let the PMO head decide, and the members of the board what is the board's."""
        votes = [vote for person in (HEAD, *BOARD) for vote in self.story.approve(person)]
        self.votes(votes)
        if not votes:
            self.screen.say("   nothing waits for the PMO head or the board")
        self._mails(self.office.deliver())

    def assess(self) -> None:
        """Open the gate, and let the flow that it asked for run."""
        self.review = self.story.open_gate().id
        with self.screen.waiting("waiting for the Prefect server"):
            self.server.wait()
        self._run_flows()
        found = gates.state(self.governance, self.review)
        heads = ("Functional role", "Result", "Because of")
        self.screen.table(heads, (_assessed(item) for item in found.assessments))
        self._mails(self.office.deliver())

    def judge(self) -> None:
        """Judge the criteria, show the evidence, and say how the project stands before the gate."""
        found = self.story.judge(self.review)
        self.screen.table(("Criterion", "", "Judged", "By"), map(_judged, found.criteria))
        self.screen.table(("Evidence", "", "Shown", "By"), map(_shown, found.evidence))
        self._run_flows()
        self._mails(self.office.deliver())

    def close(self) -> None:
        """Let the board vote, and make the gate's pack."""
        before = self.story.stage()
        self.votes(self.story.decide_gate(self.review))
        self.screen.say(f"   stage: {before} -> {self.story.stage()}", "bold")
        self._run_flows()
        self._mails(self.office.deliver())

    def pages(self) -> None:
        """Write the page of everything decided, the board's page and its pack."""
        self.page()
        self.board_pack(HEAD)

    def _run_flows(self) -> None:
        deliver(self.governance, self.runner, kind="flow")
        for run in self.runner.runs:
            tasks = ", ".join(
                f"{number} task{'s' if number > 1 else ''} {name.lower()}"
                for name, number in run.tasks
            )
            self.screen.say(f"   flow {run.flow} '{run.name}': {run.state}; {tasks or 'no tasks'}")
        self.runner.runs.clear()

    def _mails(self, mails: Sequence[Mail]) -> None:
        """Show the mails about the story's project, and count the others."""
        own = [mail for mail in mails if f" of {self.story.project}" in mail.subject]
        if own:
            rows = sorted((mail.recipients[0].partition("@")[0], mail.subject) for mail in own)
            self.screen.table(("Mail to", "Subject"), rows)
        if others := len(mails) - len(own):
            self.screen.say(f"   {others} more about other projects", "dim")

    def farewell(self) -> None:
        """Say where everything is, and how to look at the runs."""
        path = self.folder.path
        command = f"{sys.executable} -m prefect server start --port {self.server.port}"
        pmo = Path(sys.executable).with_name("pmo")
        named = ("PREFECT_HOME", "PREFECT_API_URL", "PREFECT_SERVER_ANALYTICS_ENABLED")
        where = " ".join(f"{name}={shlex.quote(self.server.environment[name])}" for name in named)
        self.screen.say("")
        self.screen.say(f"The dashboard: {self.folder.board}", "bold")
        self.screen.say(f"The pack:      {self.folder.board_pack[0]}", "bold")
        self.screen.say(f"The page:      {self.folder.page}", "bold")
        self.screen.say(f"The mails:     {self.folder.mail}")
        self.screen.say(f"The records:   cd {path} && {pmo} inbox {HEAD}")
        self.screen.say(f"Prefect's UI:  {where} {command}")
        self.screen.say(f"               then open {self.server.url}/runs")
        with self.governance.reading() as c:
            number = len(c.uow.projects.all())
        self.screen.say(f"{number} projects, {self.screen.elapsed:.0f} s")


def _judged(item: CriterionStanding) -> tuple[str, str, str, str]:
    score = f" ({item.score} of {item.hurdle} asked for)" if item.score else ""
    return item.level, item.text, f"{item.answer}{score}", item.by or ""


def _shown(item: EvidenceStanding) -> tuple[str, str, str, str]:
    until = f", counts until {item.valid_until}" if item.valid_until else ""
    return item.id, item.text, f"{item.state}{until}", item.by or ""


def _assessed(item: RecordedAssessment) -> tuple[str, str, str]:
    return item.role, item.result.replace("_", " "), "; ".join(map(str, item.findings))
