"""Many offices at work: each step played, and what came of it shown from the store."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.demo.entering import enter
from pmo_engine.demo.p3o.data import read
from pmo_engine.demo.p3o.loading import HEAD, load, size
from pmo_engine.demo.shown import Shown
from pmo_engine.prose.values import joined
from pmo_engine.queries.organisation import Node, Organisation, organisation, said
from pmo_engine.questions.inbox import inbox
from pmo_engine.reports.organisation import drawn
from pmo_engine.work.approvals import votes as approvals
from pmo_engine.work.figures import figures_of_projects, projects_of
from pmo_engine.work.portfolio.overrides import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pmo_engine.store.tables import JournalEntry

CYCLE, OVERRIDDEN, UNTIL = "2026-Q1", "QUAY", "2026-06-30"
ASKED, LATER = "2026-04-01 10:00", "2026-04-16 16:00"
DECIDERS = ("ana", "lena", "joe", "tom", "hugo", "tove", "ruth", "dilip")
PROGRAMME_BOARD = ("sofia", "lars", "mina")
FIRST = 4
"""So much of what went up to somebody at a moment is named; the rest is counted."""


@dataclass
class ManyOffices(Shown):
    """The work of four offices on twenty projects, over a fortnight."""

    def __post_init__(self) -> None:
        """Set the scene."""
        super().__post_init__()
        self.county = read()

    def run(self) -> None:
        """Play all steps in order."""
        steps: Sequence[tuple[str, Callable[[], None]]] = (
            ("The policy is checked and its suites run", self.policy),
            ("Offices, programmes, people and projects are set up", self.load),
            ("Who sits where", self.tree),
            ("Changes are asked for in four offices", self.submit),
            ("Those decide who may, each for the own office", self.decide),
            ("A fortnight passes", self.wait),
            ("What it comes to, programme by programme", self.figures),
            ("A colour is overridden, and said to be", self.colour),
            ("The journal is verified", self.audit),
            ("The pages are written", self.pages),
        )
        for title, step in steps:
            if step == self.submit:
                self.office.until(self.office.local(ASKED))
            with self.screen.step(title, self.office.now()):
                step()
        self._farewell()

    def load(self) -> None:
        """Set up the organisation, with what the registers begin with."""
        with self.screen.progress("loading", size(self.county)) as shown:
            for _ in load(self.office, self.county):
                shown.advance(shown.task_ids[0])
        self.screen.say(f"   {len(self.office.deliver())} notices delivered")
        self.freeze(CYCLE, HEAD)

    def tree(self) -> None:
        """Show offices with their people, and programmes with their projects."""
        with self.governance.reading() as c:
            found = organisation(c)
        for node in (*found.offices, *found.programmes):
            self._branch(node, found, 1)
        for each in found.findings:
            self.screen.bad(each)

    def _branch(self, node: Node, found: Organisation, depth: int) -> None:
        style = "dim" if node.sort == "project" else ""
        self.screen.say(f"{'   ' * depth}{said(node, found)}", style)
        for each in node.under:
            if node.sort != "office" or each.sort == "office":  # projects stand with programmes
                self._branch(each, found, depth + 1)

    def submit(self) -> None:
        """Ask for a change in each office; the amounts differ, and so does who decides."""
        managers = {each.id: each.manager for each in self.county.projects}
        for asked in self.county.changes:
            fields = {name: value for name, value in asked.items() if name != "project"}
            project = asked["project"]
            made = enter(
                self.governance,
                project=project,
                register="change_requests",
                fields={**fields, "reason": "as discussed", "impact_assessed": "true"},
                by=managers[project],
            )
            self.decided(f"{project} {fields['title']}, {fields['cost']}", made.decision)
        self.screen.say(f"   {len(self.office.deliver())} notices delivered")

    def decide(self) -> None:
        """Let those vote in whose inbox an approval is; the portfolio board takes its time."""
        for person in (*DECIDERS, *PROGRAMME_BOARD):
            self.votes(list(self._approvals(person)))
        self.screen.say(f"   {len(self.office.deliver())} notices delivered")

    def _approvals(self, person: str) -> Iterator[approvals.Voted]:
        with self.governance.reading() as c:
            waiting = list(inbox(c, person).items)
        for row in waiting:
            if row.kind == "approval" and not row.for_information:
                yield approvals.vote(self.governance, row.id, by=person, choice="approve")

    def wait(self) -> None:
        """Let days pass, and show who was reminded and to whom matters went up."""
        for chain in self._chains():
            self.office.news(chain)
        self.office.until(self.office.local(LATER))
        lines = [line for chain in self._chains() for line in self.office.news(chain)]
        lines.sort(key=lambda line: (line.at, line.chain, line.seq))
        self.screen.table(("When", "Went up to", "What"), self._escalated(lines))
        reminders = sum(line.kind == "reminded" for line in lines)
        self.screen.say(f"   {reminders} reminders besides")
        self.screen.say(f"   {len(self.office.deliver())} notices delivered")

    def _chains(self) -> list[str]:
        return [project.id for project in self.county.projects]

    def _escalated(self, lines: Iterable[JournalEntry]) -> Iterator[tuple[str, str, str]]:
        """Give by moment and role what went up to it: the first of it, and how much more."""
        together: dict[tuple[str, str], dict[str, None]] = {}
        for line in lines:
            if line.kind == "escalated":
                when = line.at.astimezone(self.governance.rules.zone)
                key = f"{when:%a %d %b %H:%M}", line.body["role"]
                together.setdefault(key, {})[line.body["subject"]] = None
        for (moment, role), subjects in together.items():
            first, left = list(subjects)[:FIRST], len(subjects) - FIRST
            more = [f"{left} more"] if left > 0 else []
            to = role_in_words(role, self.governance.rules.policy)
            yield moment, to.removeprefix("the "), joined([*first, *more])

    def figures(self) -> None:
        """Show the figures of each programme, over all of its projects together."""
        heads, rows = ["Programme", "Projects"], []
        with self.governance.reading() as c:
            for programme in self.county.programmes:
                projects = projects_of(c, programme=programme["id"])
                found = figures_of_projects(c, projects, "risk")
                heads[2:] = [each.label for each in found]
                shown = ("–" if each.why else each.words for each in found)
                rows.append((programme["name"], len(projects), *shown))
        self.screen.table(heads, rows)

    def colour(self) -> None:
        """Let the head say that a red project is amber, until a day; the page marks it."""
        said = override(
            self.governance,
            project=OVERRIDDEN,
            colour="amber",
            until=date.fromisoformat(UNTIL),
            reason="the piles that cost more are agreed, and the rest is on plan",
            by=HEAD,
        )
        self.screen.say(f"   {said.of} is said to be amber; its figures say {said.measured}")

    def pages(self) -> None:
        """Write the page of everything decided, the picture of the offices, the board's pack."""
        self.page()
        with self.governance.reading() as c:
            picture = drawn(organisation(c))
        self.folder.picture.write_text(picture, encoding="utf-8")
        self.screen.say(f"   {self.folder.picture}")
        self.board_pack(HEAD)

    def _farewell(self) -> None:
        path, pmo = self.folder.path, Path(sys.executable).with_name("pmo")
        self.screen.say("")
        self.screen.say(f"The dashboard: {self.folder.board}", "bold")
        self.screen.say(f"The page:      {self.folder.page}", "bold")
        self.screen.say(f"The pack:      {self.folder.board_pack[0]}")
        self.screen.say(f"The offices:   {self.folder.picture}")
        self.screen.say(f"The mails:     {self.folder.mail}")
        self.screen.say(f"The records:   cd {path} && {pmo} inbox {HEAD}")
        offices = len(self.governance.rules.policy.offices)
        told = f"{offices} offices, {len(self.county.projects)} projects"
        self.screen.say(f"{told}, {self.screen.elapsed:.0f} s")
