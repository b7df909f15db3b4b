"""What the steps of every demo show: the policy, what was decided, the journal, the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pmo_engine.demo.folder import DemoError
from pmo_engine.documents import written
from pmo_engine.documents.boards.report_pages import report_document
from pmo_engine.model.names import asked_for
from pmo_engine.prose.terms import bound_in_words
from pmo_engine.queries import audit
from pmo_engine.reports.dashboard import page as dashboard
from pmo_engine.reports.declared.making import make
from pmo_engine.reports.declared.naming import pages_named
from pmo_engine.reports.report import report
from pmo_engine.suites.running import run_suites
from pmo_engine.work.portfolio.cycles import close_cycle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.decisions.published import PublishedDecision
    from pmo_engine.demo.folder import Folder
    from pmo_engine.demo.office import Office
    from pmo_engine.demo.screen import Screen
    from pmo_engine.documents.building import Form
    from pmo_engine.work.approvals.votes import Voted


@dataclass
class Shown:
    """What the steps share."""

    screen: Screen
    office: Office
    folder: Folder

    def __post_init__(self) -> None:
        """Set the scene."""
        self.governance = self.office.governance

    def policy(self) -> None:
        """Say which policy it is, what its tests say, and who may approve how much."""
        policy = self.governance.rules.policy
        results = list(run_suites(policy, self.governance.rules.engine.decide))
        failed = [each for each in results if not each.passed]
        self.screen.say(
            f"   {policy.name} {policy.version} ({policy.digest[:12]}): {policy.rule_count} rules, "
            f"{len(policy.registers)} registers, {len(policy.gates)} gates; "
            f"suites: {len(results) - len(failed)} passed, {len(failed)} failed"
        )
        for each in failed:
            self.screen.bad(f"{each.mark}: {each.case}: {'; '.join(each.failures)}")
        self.screen.table(("Role", "May", "Up to", "By authority of"), self._authority())

    def _authority(self) -> Iterable[tuple[str, str, str, str]]:
        policy = self.governance.rules.policy
        for terms in policy.terms.values():
            for item in terms.authority:
                limit = item.limit_on(self.office.now().date())
                if limit is None:
                    continue
                value = limit.value
                amount = "unlimited" if value is None else bound_in_words(value, policy)
                window = f" in {item.cumulative.over}" if item.cumulative else ""
                yield terms.role, item.act, amount + window, limit.source

    def decided(self, title: str, decision: PublishedDecision) -> None:
        """Show what the policy makes of something."""
        self.screen.say(f"   {title}: {decision.status}", "bold")
        for item in decision.obligations:
            who = item.role or item.target
            within = f" within {item.within}" if item.within else ""
            self.screen.say(f"      {asked_for(item.kind, item.act)}: {who}{within}")
            for reason in item.reasons:
                self.screen.say(f"         {reason}", "dim")
            if item.clause:
                self.screen.say(f"         authority: {item.clause}", "dim")

    def votes(self, votes: Iterable[Voted]) -> None:
        """Show votes."""
        for vote in votes:
            status = vote.status.replace("_", " ")
            tally = f" ({vote.tally})" if vote.tally else ""
            self.screen.say(f"   {vote.person}: {vote.choice} {vote.title}: {status}{tally}")

    def audit(self) -> None:
        """Recompute the journal's chains."""
        found = audit.verify(self.governance.database)
        verdict = "intact" if found.intact else "NOT intact"
        self.screen.say(f"   {found.lines} lines in {found.chains} chains: {verdict}")
        if not found.intact:
            raise DemoError("the journal is not intact")

    def board_pack(self, by: str) -> None:
        """Make the board's pack, and write it as a page and on paper."""
        made = make(self.governance, report="board_pack", by=by)
        self.screen.say(f"   the board's pack for {made.period}: {made.told} people are told")
        with self.governance.reading() as c:
            pages = pages_named(self.governance, c, "board_pack", None, made.period, by)
        document = report_document(pages)
        forms: tuple[Form, ...] = ("html", "pdf")
        for path, form in zip(self.folder.board_pack, forms, strict=True):
            path.write_bytes(written(document, form))
            self.screen.say(f"   {path}")

    def page(self) -> None:
        """Write the page of everything decided, and the board's page."""
        self.folder.page.write_text(report(self.governance), encoding="utf-8")
        self.screen.say(f"   {self.folder.page}")
        with self.governance.reading() as c:
            board = dashboard(c, self.governance.sheets)
        self.folder.board.write_text(board, encoding="utf-8")
        self.screen.say(f"   {self.folder.board}")

    def freeze(self, cycle: str, head: str) -> None:
        """Close a cycle of reporting, which later ones are held against."""
        done = close_cycle(self.governance, cycle=cycle, by=head)
        self.screen.say(f"   cycle {cycle} is closed: {done.projects} projects, {done.colour}")
