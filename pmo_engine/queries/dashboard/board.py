"""The dashboard: how each project, programme and office stands, rolled up, with its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from pmo_engine.model.rag import Colour, worst
from pmo_engine.model.shape import Shape
from pmo_engine.prose.figures import band_in_words
from pmo_engine.prose.values import value_in_words
from pmo_engine.queries.dashboard.cells import UNKNOWN, Cell, said
from pmo_engine.queries.dashboard.overrides import Override, overrides
from pmo_engine.queries.dashboard.planning import Planned, planned
from pmo_engine.queries.dashboard.sheets import sheets
from pmo_engine.queries.dashboard.tally import Work, work_of
from pmo_engine.queries.organisation import organisation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from pmo_engine.engines.figures import Worked
    from pmo_engine.policy import Policy
    from pmo_engine.queries.dashboard.sheets import KnownSheets, Sheet, Sheets
    from pmo_engine.queries.organisation import Node
    from pmo_engine.queries.view import View


class Row(Shape):
    """A project, or a programme or office over all of its projects that are under way.

    ``aspects``: the worst colour of each of money, time ...; ``measured``: the worst of all;
    ``colour``: that, or what somebody says instead. ``contradictions``: where a colour that is
    said is not what the figures say. ``level``: how deep it is in its tree.
    """

    sort: str
    id: str
    title: str
    level: int = 0
    kind: str = ""
    projects: int = 1
    figures: dict[str, Cell] = Field(default_factory=dict)
    aspects: dict[str, str] = Field(default_factory=dict)
    measured: str
    colour: str
    override: Override | None = None
    contradictions: tuple[str, ...] = ()
    colours: dict[str, int] = Field(default_factory=dict)  # of its projects
    work: Work


class Column(Shape):
    """A figure that the dashboard shows: what it is about and called, and its thresholds."""

    id: str
    label: str
    of: str
    part: str = ""  # of money: baseline, forecast, actual, contingency
    unit: str
    about: str = ""
    thresholds: str = ""


class Board(Shape):
    """The dashboard of a portfolio on a day, by a version of the policy."""

    day: str
    policy: str
    version: str
    columns: tuple[Column, ...]
    total: Row
    programmes: tuple[Row, ...]
    offices: tuple[Row, ...]
    projects: tuple[Row, ...]
    plan: Planned


def board(view: View, known: KnownSheets) -> Board:
    """Give the dashboard of all projects under way."""
    found = sheets(view, known)
    columns = tuple(columns_of(view.policy, view.today))
    made = _Rows(view, found)
    return Board(
        day=view.today.isoformat(),
        policy=view.policy.title or view.policy.name,
        version=view.policy.version,
        columns=columns,
        total=made.total(),
        programmes=tuple(made.programmes),
        offices=tuple(made.offices),
        projects=tuple(made.projects.values()),
        plan=planned(view.today, found.by_project),
    )


def columns_of(policy: Policy, day: date) -> Iterator[Column]:
    """Name the figures that a dashboard shows, in their order, then others with thresholds."""
    shown = policy.dashboard
    figures = {each.id: each for each in policy.figures}
    of: dict[str, tuple[str, str]] = {}
    if shown is not None:
        of |= {figure: ("money", part) for part, figure in shown.money.items()}
        of |= {id: (aspect, "") for aspect, several in shown.shows.items() for id in several}
    for id, threshold in policy.thresholds.items():
        of.setdefault(id, (threshold.of, ""))
    for id, (aspect, part) in of.items():
        figure, given = figures[id], policy.thresholds.get(id)
        band = given.on(day) if given else None
        said = band_in_words(band, given, figure) if given and band else ""
        yield Column(
            id=id,
            label=figure.label,
            of=aspect,
            part=part,
            unit=figure.unit,
            about=figure.about,
            thresholds=said,
        )


class _Rows:
    """Makes the rows of one dashboard: of projects first, then of what they are in."""

    def __init__(self, view: View, found: Sheets) -> None:
        self.found = found
        self.overrides = overrides(view)
        self.work = work_of(view, found.by_project)
        tree = organisation(view)
        self.titles = {node.id: node.title for node in _all(tree.programmes) if _is_project(node)}
        for node in _all(tree.offices):
            if _is_project(node):
                self.titles.setdefault(node.id, node.title)
        self.stages = {n.id: n.kind for n in _all(tree.offices) if _is_project(n)}
        self.projects = {id: self._project(id, each) for id, each in found.by_project.items()}
        self.programmes = [row for node in tree.programmes for row in self._unit(node, 0)]
        self.offices = [row for node in tree.offices for row in self._unit(node, 0)]

    def total(self) -> Row:
        """Give the row of all projects together."""
        return self._together("portfolio", "all", "All projects", 0, list(self.projects), [])

    def _project(self, id: str, sheet: Sheet) -> Row:
        shown, measured = sheet.shown, worst(sheet.shown.aspects.values())
        override = self.overrides.get(("project", id))
        colour = said(measured) if override is None else override.colour
        return Row(
            sort="project",
            id=id,
            title=self.titles.get(id, id),
            kind=self.stages.get(id, ""),
            figures=dict(shown.cells),
            aspects={aspect: said(each) for aspect, each in shown.aspects.items()},
            measured=said(measured),
            colour=colour,
            override=override,
            contradictions=tuple(_contradictions(measured, override, sheet.stated)),
            colours={colour: 1},
            work=self.work[id],
        )

    def _unit(self, node: Node, level: int) -> Iterator[Row]:
        """Give the row of a programme or office, then those of what is under it."""
        if _is_project(node):
            return
        below = [row for each in node.under for row in self._unit(each, level + 1)]
        mine = [
            each.id for each in _all(node.under) if each.id in self.projects and _is_project(each)
        ]
        direct = [each.id for each in node.under if _is_project(each) and each.id in self.projects]
        children = [self.projects[id] for id in direct]
        children += [row for row in below if row.level == level + 1]
        yield self._together(node.sort, node.id, node.title, level, mine, children, node.kind)
        yield from below

    def _together(
        self,
        sort: str,
        id: str,
        title: str,
        level: int,
        projects: list[str],
        children: list[Row],
        kind: str = "",
    ) -> Row:
        """Give what several projects come to together, with the worst colour of the children."""
        mine = [self.projects[each] for each in projects]
        figures: Mapping[str, Worked] = {}
        if mine:
            several = [self.found.by_project[each].parts for each in projects]
            figures = self.found.projects.figures(self.found.projects.together(several), {})
        counted = [row for row in children or mine if row.projects]
        measured = worst(_colour(row.colour) for row in counted)
        override = self.overrides.get((sort, id))
        names = dict.fromkeys(name for row in counted for name in row.aspects)
        return Row(
            sort=sort,
            id=id,
            title=title,
            level=level,
            kind=kind,
            projects=len(mine),
            figures=self.found.shower.cells(figures) if figures else {},
            aspects={
                name: said(worst(_colour(r.aspects[name]) for r in counted if name in r.aspects))
                for name in names
            },
            measured=said(measured),
            colour=said(measured) if override is None else override.colour,
            override=override,
            contradictions=tuple(_contradictions(measured, override, None)),
            colours=_counted(mine),
            work=Work.together(row.work for row in mine),
        )


def _contradictions(
    measured: Colour | None, override: Override | None, stated: tuple[str, date] | None
) -> Iterator[str]:
    """Say where a colour that somebody says is not that of the figures."""
    if override is not None and override.colour != said(measured):
        yield f"{override.name} says {override.colour}; the figures say {said(measured)}"
    if stated is not None and measured is not None and stated[0] != measured:
        said_on = value_in_words(stated[1])
        yield f"the report of {said_on} says {stated[0]}; the figures say {measured}"


def _colour(text: str) -> Colour | None:
    return None if text == UNKNOWN else Colour(text)


def _counted(rows: Iterable[Row]) -> dict[str, int]:
    found = dict.fromkeys((*map(str, Colour), UNKNOWN), 0)
    for row in rows:
        found[row.colour] += 1
    return found


def _is_project(node: Node) -> bool:
    return node.sort == "project"


def _all(nodes: Iterable[Node]) -> Iterator[Node]:
    for each in nodes:
        yield each
        yield from _all(each.under)
