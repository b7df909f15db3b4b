"""What a report looks at: which projects, which days, and what the report before it said."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.queries.reported.work import Span
from pmo_engine.work.figures import projects_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.documents.boards.report_pages import ReportPages
    from pmo_engine.model.periods import Period
    from pmo_engine.policy import Report
    from pmo_engine.store.tables import Project
    from pmo_engine.work.governance import Context


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier edition said, and the moment at which it was made."""

    at: datetime
    pages: ReportPages


@dataclass(frozen=True, slots=True)
class Scope:
    """A report that is being made; ``project`` None: of the office and all that is under way."""

    c: Context
    report: Report
    project: Project | None
    projects: tuple[str, ...]
    period: Period
    earlier: tuple[Earlier, ...]  # the oldest first
    begun: Mapping[str, datetime]  # when the journal of each project began

    @property
    def span(self) -> Span:
        """Give the moments of its days at the office, up to the one at which it is made."""
        zone, after = self.c.zone, self.period.end + timedelta(days=1)
        start, end = (datetime.combine(day, time(), zone) for day in (self.period.start, after))
        return Span(start, end)

    @property
    def within(self) -> tuple[str, ...] | None:
        """Name the projects that it is of; None: everything that the store has."""
        return None if self.project is None else self.projects

    def begins_on(self, project: Project) -> date | None:
        """Give the first day of a project, or that on which the journal began to tell of it."""
        at = self.begun.get(project.id)
        return project.starts_on or (None if at is None else self.c.rules.day_of(at))

    def name_of(self, project: str) -> str:
        """Say what a project is called."""
        return f"{project} {self.c.uow.projects.get(project).name}"


def scope_of(
    c: Context, report: Report, project: str | None, period: Period, earlier: tuple[Earlier, ...]
) -> Scope:
    """Find what a report looks at; raises NotFound for a project that there is not."""
    row = None if project is None else c.uow.projects.get(project)
    projects = tuple(projects_of(c)) if project is None else (project,)
    return Scope(c, report, row, projects, period, earlier, c.uow.journal.beginnings())
