"""Reports in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.prose.names import sentence
from pmo_engine.prose.values import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy
    from pmo_engine.policy.reports import Report, ReportSection

DRAWN = {"bars": "as bars", "lines": "as lines over its editions", "s_curve": "as an S-curve"}


def report_in_words(report: Report, policy: Policy) -> str:
    """Say for whom a report is, how often it is made, and what stands in it."""
    return " ".join(sentence(each) for each in _said(report, policy))


def _said(report: Report, policy: Policy) -> Iterator[str]:
    if report.purpose:
        yield report.purpose
    audience = joined([role_in_words(each, policy) for each in report.audience])
    of = "each project" if report.about == "project" else "the office with all its projects"
    yield f"it is about {of}, for {audience}"
    made = "when somebody asks for it" if report.cycle is None else f"after each {report.cycle}"
    yield f"it is made {made}"
    labels = {each.id: each.label for each in policy.figures}
    yield f"in it stand: {'; '.join(_section(each, labels) for each in report.sections)}"


def _section(section: ReportSection, labels: dict[str, str]) -> str:
    title = section.title or "words"
    figures = joined([labels[each] for each in section.figures])
    drawn = f", {DRAWN[section.plot]}" if section.plot else ""
    drawn = f"{drawn}, by project" if section.by_project else drawn
    soon = f", with what was decided within {section.too_soon}" if section.too_soon else ""
    return f"{title}{f' ({figures}{drawn})' if figures else ''}{soon}"
