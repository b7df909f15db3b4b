"""Makes reports, by hand and for each cycle that is over; each is kept as it was made."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import titled
from pmo_engine.documents.boards.report_pages import ReportPages, period_in_words
from pmo_engine.model.canonical_json import canonical
from pmo_engine.model.periods import Period
from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import OFFICE
from pmo_engine.prose.values import value_in_words
from pmo_engine.reports.declared.gathering import gathered
from pmo_engine.reports.declared.naming import report_named
from pmo_engine.reports.declared.scope import Earlier, scope_of
from pmo_engine.store import tables
from pmo_engine.work.acts import MAKE_REPORT
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.figures import projects_of
from pmo_engine.work.governance import SYSTEM
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.subjects import Office, OfProject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from pmo_engine.policy import Report
    from pmo_engine.work.governance import Context, Governance


MOST_EARLIER = 36
"""So many earlier editions a report looks back at: three years of months."""


class Made(Shape):
    """A report that was made; ``told`` counts the people who hear of it.

    ``report`` is None where there was nothing to make any more.
    """

    report: str | None = None
    id: str = ""
    project: str | None = None
    period: str = ""
    edition: int = 0
    told: int = 0


def make(
    governance: Governance,
    *,
    report: str,
    by: str,
    project: str | None = None,
    period: str | None = None,
    again: bool = False,
    request: str | None = None,
) -> Made:
    """Make a report for a period: without one the last that is over, or the first of a project.

    What was made for a period is made ``again`` only where somebody says so, as another edition.
    Raises CommandError, Refusal.
    """
    subject = Office() if project is None else OfProject(project)
    order = Order(by, MAKE_REPORT, subject, Made, request)
    do = partial(_make, report=report, project=project, period=period, again=again)
    return carry_out(governance, order, do)


def make_due(governance: Governance) -> int:
    """Make the reports whose cycle is over; gives how many. Run again it makes none twice."""
    with governance.reading() as c:
        due = [
            (report.id, project)
            for report in c.policy.reports.values()
            if report.cycle is not None
            for project in _due(c, report)
        ]
    made = 0
    for report_id, project in due:
        subject = Office() if project is None else OfProject(project)
        order = Order(SYSTEM, MAKE_REPORT, subject, Made)
        do = partial(_make_due, report=report_id, project=project)
        made += carry_out(governance, order, do).report is not None
    return made


def _make(c: Command, *, report: str, project: str | None, period: str | None, again: bool) -> Made:
    declared = report_named(c.policy, report)
    _require_place(declared, project)
    days = _period(c, declared, project, period)
    there = _editions(c, declared, project or OFFICE, days)
    if there and not again:
        last = there[-1]
        shown = period_in_words(days, declared.cycle)
        day, who = value_in_words(c.rules.day_of(last.at)), c.uow.people.name_of(last.by)
        raise CommandError(
            f"the report '{declared.id}' {_about(project)} for {shown} was made by {who} on"
            f" {day}; --again makes another edition"
        )
    return _keep(c, declared, project, days)


def _make_due(c: Command, *, report: str, project: str | None) -> Made:
    """Make a report that is due still: another run may have made it meanwhile."""
    declared = c.policy.reports.get(report)
    if declared is None or declared.cycle is None or project not in _due(c, declared):
        return Made()
    return _keep(c, declared, project, Period.before(declared.cycle, c.today))


def _keep(c: Command, report: Report, project: str | None, days: Period) -> Made:
    """Gather a report, keep it as it is now, and tell its audience."""
    place = project or OFFICE
    edition = len(_editions(c, report, place, days)) + 1
    earlier = c.uow.reports.before(report.id, place, days.end, MOST_EARLIER)
    seen = tuple(Earlier(each.at, ReportPages.model_validate(each.pages)) for each in earlier)
    pages = gathered(scope_of(c, report, project, days, seen), edition)
    body = pages.model_dump(mode="json")
    row = c.uow.reports.add(
        tables.KeptReport(
            report=report.id,
            place=place,
            starts_on=days.start,
            ends_on=days.end,
            edition=edition,
            at=c.now,
            by=c.actor,
            digest=sha256(canonical(body)).hexdigest(),
            pages=body,
        )
    )
    name = days.name(report.cycle)
    told = {"report": report.id, "title": report.title, "period": name, "edition": edition}
    c.journal("report.made", {**told, "digest": row.digest}, place)
    sent = notices.send(c, _notices(c, report, row, pages))
    return Made(
        report=report.id, id=row.id, project=project, period=name, edition=edition, told=sent
    )


def _notices(
    c: Command, report: Report, row: tables.KeptReport, pages: ReportPages
) -> Iterator[tables.Message]:
    """Tell everybody of the audience once, with the lines that the report begins with."""
    project = None if row.place == OFFICE else row.place
    about = f"{pages.title}{f', {pages.about}' if pages.about else ''}, {pages.period}"
    first = next((each.lines for each in pages.sections if each.lines), ())
    body = "\n".join(("The report is there.", *first))
    told: set[str] = set()
    for role in report.audience:
        values = {"title": about, "project": project or "", "message": body, "reasons": ""}
        values["role"] = titled(role, c.policy)
        said = notices.worded(c, "told", values, about, body)
        for each in notices.to_role(c, role, project, f"report/{row.id}", *said):
            if each.key not in told:
                told.add(each.key)
                yield each


def _require_place(report: Report, project: str | None) -> None:
    if (report.about == "project") == (project is None):
        wanted = "name one" if project is None else "name none"
        of = "one project" if report.about == "project" else "the office with all its projects"
        raise CommandError(f"the report '{report.id}' is about {of}: {wanted}")


def _about(project: str | None) -> str:
    return "of the office" if project is None else f"of {project}"


def _period(c: Context, report: Report, project: str | None, text: str | None) -> Period:
    """Read a period, or give the last one in which there was something to report on."""
    if report.cycle is None:
        if text is not None:
            raise CommandError(f"the report '{report.id}' has no cycle: it is made as of today")
        return Period(c.today, c.today)
    if text is None:
        before = Period.before(report.cycle, c.today)
        begun = _begun(c, project, c.uow.journal.beginnings()) <= before.end
        return before if begun else Period.of(report.cycle, c.today)
    try:
        days = Period.named(report.cycle, text)
    except ValueError as error:
        raise CommandError(str(error)) from None
    if days.start > c.today:
        shown = period_in_words(days, report.cycle)
        raise CommandError(f"{shown} has not begun: a report says what there is")
    return days


def _begun(c: Context, project: str | None, known: Mapping[str, datetime]) -> date:
    """Give the day since which the journal tells of a project, or of anything."""
    at = known.get(project) if project is not None else min(known.values(), default=None)
    return c.today if at is None else c.rules.day_of(at)


def _editions(c: Context, report: Report, place: str, days: Period) -> list[tables.KeptReport]:
    """Give the editions of a report for a period, in their order."""
    return [
        each
        for each in c.uow.reports.of(report.id, place)
        if (each.starts_on, each.ends_on) == (days.start, days.end)
    ]


def _due(c: Context, report: Report) -> list[str | None]:
    """Give of what a report is due: none was made for the last period since it was over."""
    assert report.cycle is not None  # whoever asks looks at reports that have one
    days = Period.before(report.cycle, c.today)
    made, known = c.uow.reports.made(report.id), c.uow.journal.beginnings()
    places: list[str | None] = [None] if report.about == "office" else [*projects_of(c)]
    return [
        each
        for each in places
        if _begun(c, each, known) <= days.end and not _made_after(c, made, each, days)
    ]


def _made_after(
    c: Context, made: Mapping[tuple[str, date, date], datetime], project: str | None, days: Period
) -> bool:
    at = made.get((project or OFFICE, days.start, days.end))
    return at is not None and c.rules.day_of(at) > days.end
