"""Gathers all of a report as its designer says, as things stand now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import titled
from pmo_engine.documents.boards.report_pages import PageSection, ReportPages, period_in_words
from pmo_engine.reports.declared.figures import Figures
from pmo_engine.reports.declared.parts import PARTS_OF

if TYPE_CHECKING:
    from pmo_engine.policy import ReportSection
    from pmo_engine.reports.declared.scope import Scope


def gathered(scope: Scope, edition: int) -> ReportPages:
    """Gather a report, its sections in the order in which they are declared."""
    c, report = scope.c, scope.report
    figures = Figures(scope)
    return ReportPages(
        report=report.id,
        title=report.title,
        about="" if scope.project is None else scope.name_of(scope.project.id),
        period=period_in_words(scope.period, report.cycle),
        audience=tuple(titled(each, c.policy) for each in report.audience),
        as_of=c.today.isoformat(),
        edition=edition,
        sections=tuple(_section(scope, each, figures) for each in report.sections),
        figures=figures.kept(report.sections),
        policy=c.policy.title or c.policy.name,
    )


def _section(scope: Scope, section: ReportSection, figures: Figures) -> PageSection:
    if section.shows == "figures":
        made = figures.section(section)
    elif section.shows == "words":
        made = PageSection(title=section.title)
    else:
        made = PARTS_OF[section.shows](scope, section)
    said = (section.says,) if section.says else ()
    return made.model_copy(update={"lines": (*said, *made.lines)})
