"""Binds reports: their sections have what they show, and nothing that is without effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import unique
from pmo_engine.policy.reports import CURVE, LEAST_OF_CURVE
from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.compiler.binding.context import Context, Findings
    from pmo_engine.model.durations import Span

TITLES = {
    "decisions": "To be decided",
    "changes": "What changed",
    "figures": "Figures",
    "risks": "Risks",
    "stages": "Stages",
    "exceptions": "Exceptions",
    "gates": "Gates",
    "requests": "Requests",
    "dashboard": "The portfolio",
    "cycles": "Since earlier cycles",
    "consideredness": "How approvals were considered",
    "rounds": "Collection rounds",
    "words": "",
}
OWN = {"figures": "figures", "plot": "figures", "by": "figures", "too_soon": "consideredness"}
"""What a section shows that has each of these keys."""
OF_PORTFOLIO = {"dashboard", "cycles"}
"""What only a report of the office shows, where a dashboard is declared."""
NEEDED = {"figures": "figures", "words": "says", "consideredness": "too_soon"}
"""The key without which a section shows nothing."""


def reports(
    context: Context, roles: Mapping[str, tree.Role], figures: Iterable[tree.Figure]
) -> dict[str, tree.Report]:
    """Bind all reports, by their ids."""
    entries = [each for document in context.reading.of(s.Reports) for each in document.reports]
    declared = unique(context.findings, [(each.id, each) for each in entries], "report")
    known = {each.id: each for each in figures}
    has_dashboard = any(True for _ in context.reading.of(s.Dashboard))
    binder = _Binder(context.findings, roles, known, has_dashboard=has_dashboard)
    return {id: binder.report(each) for id, each in declared.items()}


class _Binder:
    """Binds reports against the roles and figures that there are."""

    def __init__(
        self,
        findings: Findings,
        roles: Mapping[str, tree.Role],
        figures: Mapping[str, tree.Figure],
        *,
        has_dashboard: bool,
    ) -> None:
        self.findings, self.roles, self.figures = findings, roles, figures
        self.has_dashboard = has_dashboard

    def report(self, entry: s.ReportEntry) -> tree.Report:
        """Bind one report."""
        for each in entry.audience:
            self.findings.known(each, self.roles, codes.UNKNOWN_ROLE, "role")
        return tree.Report(
            id=str(entry.id),
            title=str(entry.title),
            about=entry.of,
            audience=tuple(map(str, entry.audience)),
            sections=tuple(self._section(entry, each) for each in entry.sections),
            mark=entry.mark,
            cycle=entry.cycle,
            purpose=str(entry.purpose or ""),
        )

    def _section(self, report: s.ReportEntry, entry: s.ReportSectionEntry) -> tree.ReportSection:
        self._check_keys(entry)
        if entry.shows in OF_PORTFOLIO:
            self._check_portfolio(report, entry)
        if entry.by is not None and report.of != "office":
            message = "a report of one project has no row for each project"
            self.findings.add(entry.mark, codes.WRONG_VALUE, message, "leave out 'by'")
        known = [
            self.figures[str(each)]
            for each in entry.figures
            if self.findings.known(each, self.figures, codes.UNKNOWN, "figure")
        ]
        if len(known) == len(entry.figures):
            self._check_figures(entry, known)
        return tree.ReportSection(
            shows=entry.shows,
            title=str(entry.title or TITLES[entry.shows]),
            says=str(entry.says or ""),
            figures=tuple(each.id for each in known),
            plot=entry.plot,
            by_project=entry.by is not None,
            too_soon=self._too_soon(entry),
        )

    def _check_keys(self, entry: s.ReportSectionEntry) -> None:
        needed = NEEDED.get(entry.shows)
        if needed is not None and not getattr(entry, needed):
            message = f"a section that shows {entry.shows} has no '{needed}'"
            self.findings.add(entry.mark, codes.MISSING_KEY, message, f"add '{needed}:'")
        for key, shown in OWN.items():
            if key in entry.model_fields_set and entry.shows != shown:
                message = f"a section that shows {entry.shows} does nothing with '{key}'"
                hint = f"that is for a section that shows {shown}"
                self.findings.add(entry.mark, codes.WRONG_VALUE, message, hint)

    def _check_portfolio(self, report: s.ReportEntry, entry: s.ReportSectionEntry) -> None:
        """Find what is of all projects in a report of one, and what no dashboard is there for."""
        said = f"a section that shows the {entry.shows}"
        if report.of != "office":
            hint = "say 'of: office' of the report"
            message = f"{said} is of all projects, not of one"
            self.findings.add(entry.mark, codes.WRONG_VALUE, message, hint)
        elif not self.has_dashboard:
            message = f"{said} has no dashboard to show"
            self.findings.add(entry.mark, codes.WRONG_VALUE, message, "declare a 'kind: dashboard'")

    def _check_figures(self, entry: s.ReportSectionEntry, figures: list[tree.Figure]) -> None:
        """Find figures that are of each record, and plots of what cannot stand on one axis."""
        for written, figure in zip(entry.figures, figures, strict=True):
            if figure.of is not None:
                message = f"the figure '{figure.id}' is of each record of {figure.of}"
                hint = "a report shows figures of projects"
                self.findings.add(written.mark, codes.WRONG_VALUE, message, hint)
        if entry.plot is None or not figures:
            return
        units = sorted({each.unit for each in figures})
        if len(units) > 1 or units == ["words"]:
            message = f"figures in {' and '.join(units)} cannot be drawn on one axis"
            hint = "draw figures of one unit, and show the others in another section"
            self.findings.add(entry.mark, codes.WRONG_VALUE, message, hint)
        if entry.plot == "s_curve" and not LEAST_OF_CURVE <= len(figures) <= len(CURVE):
            message = f"an S-curve has {LEAST_OF_CURVE} to {len(CURVE)} figures, not {len(figures)}"
            hint = f"give {', '.join(CURVE)}, in this order; the last two may be left out"
            self.findings.add(entry.mark, codes.WRONG_VALUE, message, hint)

    def _too_soon(self, entry: s.ReportSectionEntry) -> Span | None:
        span = self.findings.time_allowed(entry.too_soon)
        if span is None or entry.too_soon is None or span.unit in {"minute", "hour"}:
            return span
        message = f"'{entry.too_soon}' is no time in minutes or hours"
        self.findings.add(entry.too_soon.mark, codes.WRONG_VALUE, message, "as in '2 minutes'")
        return None
