"""Sections of figures: as declared, beside what the report before said, drawn where asked."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_engine.documents.boards.report_pages import Cell, Grid, PageSection, Plotted
from pmo_engine.documents.numbering import capital
from pmo_engine.drawing.bars import Group, bars
from pmo_engine.drawing.lines import EarnedValue, Series, lines, s_curve
from pmo_engine.drawing.svg import svg
from pmo_engine.model.money import Money
from pmo_engine.prose.figures import (
    NOT_AVAILABLE,
    figure_in_words,
    lacking_in_words,
    why_in_words,
)
from pmo_engine.work.figures import worked_figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from pmo_engine.drawing.lines import Observed
    from pmo_engine.drawing.shapes import Drawing
    from pmo_engine.engines.figures import Worked
    from pmo_engine.policy import Figure, ReportSection
    from pmo_engine.reports.declared.scope import Scope

NONE = Cell(text=NOT_AVAILABLE)
MOST_BARS = 30  # that go on a page


def cell_of(worked: Worked) -> Cell:
    """Give the cell of a figure: its words, and exactly its number."""
    if not worked.available:
        return NONE
    value, unit = worked.shown, worked.figure.unit
    text = figure_in_words(unit, value)
    if isinstance(value, Money):
        return Cell(text=text, number=f"{value.amount:f}", unit=value.currency)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Cell(text=text, number=f"{Decimal(value):f}", unit=unit)
    return Cell(text=text)


def drawn(drawing: Drawing) -> Plotted:
    """Keep a picture as it is drawn."""
    return Plotted(
        svg=svg(drawing),
        title=drawing.title,
        about=drawing.about,
        width=drawing.width,
        height=drawing.height,
    )


class Figures:
    """The figures of a report, worked out once for all its projects together, and for each."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.declared = {each.id: each for each in scope.c.policy.figures}
        self.together = worked_figures(scope.c, scope.projects)
        self._each: dict[str, Mapping[str, Worked]] = {}

    def of(self, project: str) -> Mapping[str, Worked]:
        """Give the figures of one of the projects."""
        if project not in self._each:
            self._each[project] = worked_figures(self.scope.c, [project])
        return self._each[project]

    def kept(self, sections: Iterable[ReportSection]) -> dict[str, Cell]:
        """Give the figures that sections show, for the reports to come to look back at."""
        named = dict.fromkeys(id for each in sections for id in each.figures)
        return {id: cell_of(self.together[id]) for id in named}

    def section(self, section: ReportSection) -> PageSection:
        """Make a section: as things stand beside the report before, or project by project."""
        shown = [self.declared[id] for id in section.figures]
        grid = self._by_project(shown) if section.by_project else self._beside_before(shown)
        return PageSection(
            title=section.title,
            grids=(grid,),
            plots=tuple(self._drawn(section, shown)),
            notes=tuple(self._lacking(shown)),
        )

    def _beside_before(self, shown: Sequence[Figure]) -> Grid:
        if not self.scope.earlier:
            rows = ((Cell(text=capital(e.label)), cell_of(self.together[e.id])) for e in shown)
            return Grid(columns=("Figure", "Now"), rows=tuple(rows))
        before, none = self.scope.earlier[-1].pages.figures, Cell(text="")
        beside = (
            (Cell(text=capital(e.label)), cell_of(self.together[e.id]), before.get(e.id, none))
            for e in shown
        )
        return Grid(columns=("Figure", "Now", "In the report before"), rows=tuple(beside))

    def _by_project(self, shown: Sequence[Figure]) -> Grid:
        rows = [
            (Cell(text=self.scope.name_of(each)), *(cell_of(self.of(each)[e.id]) for e in shown))
            for each in self.scope.projects
        ]
        together = (cell_of(self.together[each.id]) for each in shown)
        rows.append((Cell(text="All together"), *together))
        return Grid(columns=("Project", *_labels(shown)), rows=tuple(rows))

    def _lacking(self, shown: Sequence[Figure]) -> Iterator[str]:
        """Say of the figures that there are not why, those of one reason together."""
        policy = self.scope.c.policy
        lacking = (
            (each.label, why_in_words(why, policy))
            for each in shown
            if (why := self.together[each.id].why)
        )
        yield from lacking_in_words(lacking, {each.label for each in policy.figures})

    def _drawn(self, section: ReportSection, shown: Sequence[Figure]) -> Iterator[Plotted]:
        unit = self._unit(shown)
        match section.plot:
            case "bars":
                yield from self._bars(section, shown, unit)
            case "lines":
                series = [Series(each.label, self._over_time(each)) for each in shown]
                if _several_days(each.points for each in series):
                    yield drawn(lines(section.title, series, unit))
            case "s_curve":
                found = self._earned(shown)
                ends = () if found.forecast is None else (found.forecast,)
                if _several_days((found.planned, found.earned, found.actual, ends)):
                    yield drawn(s_curve(section.title, found, unit))
            case None:
                return

    def _unit(self, shown: Sequence[Figure]) -> str:
        cells = (cell_of(self.together[each.id]) for each in shown)
        return next((each.unit for each in cells if each.unit), "")

    def _bars(
        self, section: ReportSection, shown: Sequence[Figure], unit: str
    ) -> Iterator[Plotted]:
        """Draw a bar for each figure, or a group for each project: as many as go on a page."""
        if not section.by_project:
            groups = [Group(each.label, (self._now(each),)) for each in shown]
            yield drawn(bars(section.title, [""], groups, unit))
            return
        groups = [
            Group(
                self.scope.name_of(project),
                tuple(_number(cell_of(self.of(project)[each.id])) for each in shown),
            )
            for project in self.scope.projects
        ]
        reach = [value for each in groups for value in each.values if value is not None]
        step = max(MOST_BARS // len(shown), 1)
        for start in range(0, len(groups), step):
            part = groups[start : start + step]
            title = section.title if not start else f"{section.title}, continued"
            yield drawn(bars(title, list(_labels(shown)), part, unit, reach=reach))

    def _over_time(self, figure: Figure) -> tuple[Observed, ...]:
        """Give what each report before said of a figure, by its days, and what there is now."""
        days: dict[date, Decimal] = {}
        for each in self.scope.earlier:
            number = _number(each.pages.figures.get(figure.id, NONE))
            if number is not None:
                days[self.scope.c.rules.day_of(each.at)] = number
        if (now := self._now(figure)) is not None:
            days[self.scope.c.today] = now
        return tuple(sorted(days.items()))

    def _earned(self, shown: Sequence[Figure]) -> EarnedValue:
        planned, earned, actual = map(self._over_time, shown[:3])
        budget, forecast, *_ = (*map(self._now, shown[3:]), None, None)
        last = None if self.scope.project is None else self.scope.project.ends_on
        end = None if last is None or forecast is None else (last, forecast)
        return EarnedValue(planned, earned, actual, budget, end)

    def _now(self, figure: Figure) -> Decimal | None:
        return _number(cell_of(self.together[figure.id]))


def _number(cell: Cell) -> Decimal | None:
    return None if cell.number is None else Decimal(cell.number)


def _several_days(series: Iterable[Sequence[Observed]]) -> bool:
    """Tell whether there is a line to draw: what is of one day stands in the table."""
    return len({day for points in series for day, _ in points}) > 1


def _labels(shown: Iterable[Figure]) -> Iterator[str]:
    return (capital(each.label) for each in shown)
