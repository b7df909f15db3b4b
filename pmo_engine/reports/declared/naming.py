"""Which report is meant, and which edition of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.boards.report_pages import ReportPages
from pmo_engine.model.periods import Period
from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import OFFICE
from pmo_engine.source.diagnostics import nearest
from pmo_engine.work.errors import CommandError
from pmo_engine.work.people.held import roles_of
from pmo_engine.work.reading import reader_of, require_reader_of_all

if TYPE_CHECKING:
    from pmo_engine.policy import Policy, Report
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context, Governance


class ReportListed(Shape):
    """An edition of a report that was made; ``at`` is ISO 8601."""

    report: str
    title: str
    project: str | None
    period: str
    edition: int
    at: str
    by: str
    name: str  # of who made it
    digest: str


def report_named(policy: Policy, name: str) -> Report:
    """Find a declared report; raises CommandError with the nearest there is."""
    if name in policy.reports:
        return policy.reports[name]
    known = ", ".join(policy.reports) or "none"
    hint = nearest(name, policy.reports) or f"declared: {known}"
    raise CommandError(f"no report is called '{name[:60]}' ({hint})")


def kept(governance: Governance, c: Context, by: str) -> list[ReportListed]:
    """List the reports that were made, by their days, to somebody whom the store knows."""
    reader_of(governance, c, by)
    rows = c.uow.reports.all()
    called = c.uow.people.names_of(each.by for each in rows)
    return [_listed(c, each, called[each.by]) for each in rows]


def _listed(c: Context, row: tables.KeptReport, name: str) -> ReportListed:
    return ReportListed(
        report=row.report,
        title=str(row.pages["title"]),
        project=None if row.place == OFFICE else row.place,
        period=_period(c, row),
        edition=row.edition,
        at=row.at.isoformat(),
        by=row.by,
        name=name,
        digest=row.digest,
    )


def _period(c: Context, row: tables.KeptReport) -> str:
    declared = c.policy.reports.get(row.report)
    return Period(row.starts_on, row.ends_on).name(None if declared is None else declared.cycle)


def pages_named(
    governance: Governance,
    c: Context,
    report: str,
    project: str | None,
    period: str | None,
    by: str,
) -> ReportPages:
    """Find the last edition of a report for a period, or of all that there are, for a reader.

    It is for its audience, and for whoever may read every register. Raises CommandError, Refusal.
    """
    rows = c.uow.reports.of(report, project or OFFICE)
    if not rows:
        report_named(c.policy, report)  # before anybody is asked who they are
    require_report_reader(governance, c, report, project, by)
    found = [each for each in rows if period is None or _period(c, each) == period]
    if not found:
        of = "of the office" if project is None else f"of {project}"
        when = f" for {period}" if period else ""
        raise CommandError(f"no report '{report}' {of} was made{when}; 'pmo report make' makes one")
    return ReportPages.model_validate(found[-1].pages)


def require_report_reader(
    governance: Governance, c: Context, report: str, project: str | None, by: str
) -> None:
    """Refuse whoever is not of a report's audience and may not read all that there is."""
    declared = c.policy.reports.get(report)
    held = roles_of(c, reader_of(governance, c, by), project)
    if declared is None or set(declared.audience).isdisjoint(held):
        require_reader_of_all(governance, c, by, project)
