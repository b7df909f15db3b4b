"""The board's page: one page of HTML that stands alone, from the dashboard and its cycles."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pmo_engine.documents.numbering import capital
from pmo_engine.drawing.bars import Group, bars
from pmo_engine.drawing.graph import Edge, graph
from pmo_engine.drawing.graph import Node as Place
from pmo_engine.drawing.lines import Series, lines
from pmo_engine.drawing.svg import svg
from pmo_engine.model.names import words
from pmo_engine.prose.figures import threshold_in_words
from pmo_engine.prose.values import joined, value_in_words
from pmo_engine.queries.dashboard.board import board
from pmo_engine.queries.dashboard.cycles import number_of, trends
from pmo_engine.queries.dashboard.waiting import waiting
from pmo_engine.reports.report import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pmo_engine.drawing.shapes import Drawing
    from pmo_engine.queries.dashboard.board import Board, Column, Row
    from pmo_engine.queries.dashboard.cycles import Point, Trend, Trends
    from pmo_engine.queries.dashboard.planning import Staffed
    from pmo_engine.queries.dashboard.sheets import KnownSheets
    from pmo_engine.queries.view import View

PAGE = "dashboard.html.j2"
ASPECTS = ("money", "time", "benefits", "risk", "people", "quality")
MOST_BARS, MOST_WAYS, MOST_CYCLES = 12, 14, 4
PARTS = ("baseline", "forecast", "actual")
COLOURS = {"green": 3, "amber": 6, "red": 7, "not known": 5}
"""The looks of lines that count projects of a colour."""
MILLION = 1_000_000


def page(view: View, known: KnownSheets) -> str:
    """Write the page: the same store on the same day gives the same bytes."""
    now = board(view, known)
    found = trends(view, now)
    made = environment()
    made.filters |= {"words": words, "day": _day, "month": _month, **_filters(view.policy.currency)}
    made.filters["called"] = _called(now)
    return made.get_template(PAGE).render(
        board=now,
        trends=found,
        waits=waiting(view),
        aspects=[each for each in ASPECTS if any(column.of == each for column in now.columns)],
        of={each: [column for column in now.columns if column.of == each] for each in ASPECTS},
        coloured=[
            each for each in ASPECTS if any(c.of == each for c in now.columns if c.thresholds)
        ],
        units=_units(now),
        shown=_shown(len(found.cycles)),
        thresholds=list(_thresholds(view)),
        contradicted=[row for row in _every(now) if row.contradictions],
        overridden=[row for row in _every(now) if row.override],
        moved=_moved(found),
        short=short_skills(now.plan.staffed),
        overlaps=_overlaps(now),
        money=_plot(_money(now)),
        people=_plot(_people(now)),
        ways=_plot(_ways(now)),
        curves=[_plot(each) for each in _curves(now, found)],
    )


def _filters(currency: str) -> dict[str, Callable[..., Any]]:
    """Give how a column says its currency once, and the cells below it none."""
    ending = f" {currency}"

    def named(column: Column | Trend) -> str:
        return f"{capital(column.label)}{f', {currency}' if column.unit == 'money' else ''}"

    def part(column: Column) -> str:
        return f"{capital(column.part)}, {currency}"

    return {
        "bare": lambda words: words.removesuffix(ending),
        "named": named,
        "part": part,
        "first_capital": capital,
        "unchanged": lambda words: number_of(words.removesuffix(ending).partition(" ")[0]) == 0,
    }


def _called(now: Board) -> Callable[[str], str]:
    """Give how a project is called: by its id and its name, where it has one of its own."""
    titles = {each.id: each.title for each in now.projects if each.title != each.id}
    return lambda id: f"{id} {titles.get(id, '')}".rstrip()


def _shown(cycles: int) -> list[int]:
    """Give the places of the cycles that a table shows: the first, and the last of the others."""
    places = list(range(cycles))
    return places if cycles <= MOST_CYCLES else [0, *places[1 - MOST_CYCLES :]]


def _every(now: Board) -> Iterator[Row]:
    yield from now.programmes
    yield from now.projects


def _units(now: Board) -> tuple[Row, ...]:
    """Give the programmes, else the offices; one that has it all says no more than the total."""
    units = now.programmes or now.offices
    return () if len(units) == 1 and units[0].projects == now.total.projects else units


def _plot(drawing: Drawing | None) -> Markup | None:
    """Give a picture for the page; it is made of escaped words."""
    return None if drawing is None else Markup(svg(drawing))  # noqa: S704 - as it says


def _day(text: str | None) -> str:
    return "" if not text else value_in_words(date.fromisoformat(text[:10]))


def _month(text: str) -> str:
    return f"{date.fromisoformat(f'{text}-01'):%b %Y}"


def _thresholds(view: View) -> Iterator[tuple[str, str, str]]:
    """Give the published thresholds: of which figure, about what, in words with their source."""
    figures = {each.id: each for each in view.policy.figures}
    for each in view.policy.thresholds.values():
        figure = figures[each.figure]
        yield figure.label, each.of, threshold_in_words(each, figure)


def _money(now: Board) -> Drawing | None:
    """Draw baseline, forecast and actual cost of each programme, or of all."""
    of = {column.part: column for column in now.columns if column.part in PARTS}
    rows = [row for row in now.programmes if row.figures and not row.level] or [now.total]
    if len(rows) == 1 and rows[0].sort == "programme":
        rows = [row for row in now.programmes if row.figures][:MOST_BARS]
    if not of or not any(row.figures for row in rows):
        return None
    unit, scale = _unit(now, of.values())
    groups = [
        Group(row.title, tuple(_scaled(row, column, scale) for column in of.values()))
        for row in rows[:MOST_BARS]
    ]
    return bars("Money", list(of), groups, unit)


def _unit(now: Board, columns: Iterable[Column]) -> tuple[str, int]:
    """Give the currency of the figures, in millions where they are large, and the divisor."""
    values = [str(now.total.figures[column.id].value) for column in columns if now.total.figures]
    currency = next((text.partition(" ")[2] for text in values if " " in text), "")
    numbers = [number for text in values if (number := number_of(text)) is not None]
    large = max(map(abs, numbers), default=Decimal(0)) >= 10 * MILLION
    return (f"{currency} million" if large else currency), MILLION if large else 1


def _scaled(row: Row, column: Column, scale: int) -> Decimal | None:
    number = number_of(row.figures[column.id].value) if row.figures else None
    return None if number is None else round(number / scale, 2 if scale > 1 else 0)


def _people(now: Board) -> Drawing | None:
    """Draw demand and capacity over the months ahead, of all skills together."""
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    had: dict[str, Decimal] = defaultdict(Decimal)
    for each in now.plan.staffed:
        wanted[each.month] += Decimal(each.demand)
        had[each.month] += Decimal(each.capacity)
    if not wanted:
        return None
    series = [
        Series(name, _points(found)) for name, found in (("demand", wanted), ("capacity", had))
    ]
    return lines("People wanted and had", series, "full-time equivalents")


def _points(found: dict[str, Decimal]) -> tuple[tuple[date, Decimal], ...]:
    return tuple((date.fromisoformat(f"{month}-01"), found[month]) for month in sorted(found))


def _moved(found: Trends) -> str:
    """Say how many projects came and went since the last cycle, and how many colours changed."""
    counts = (
        (len(found.came), "came"),
        (len(found.went), "went"),
        (len(found.shifts), "changed colour"),
    )
    said = [f"{number} {did}" for number, did in counts if number]
    return f"of the projects, {joined(said)}" if said else "no project came, went or changed colour"


def short_skills(
    staffed: Iterable[Staffed],
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Give the skills that fall short: of each the months, demand and capacity.

    Months in a row that are alike are one span: "Apr 2026 to Oct 2026".
    """
    found: dict[str, list[tuple[str, str, str]]] = {}
    for skill, months_of in groupby(staffed, key=lambda each: each.skill):
        for (_, wanted, had), alike in groupby(enumerate(months_of), key=_alike):
            months = [each.month for _, each in alike if each.short]
            if months:
                span = dict.fromkeys(map(_month, (months[0], months[-1])))
                found.setdefault(skill, []).append((" to ".join(span), wanted, had))
    return list(found.items())


def _alike(placed: tuple[int, Staffed]) -> tuple[int, str, str]:
    """Give what months in a row have in common: how far they are from their places, and figures."""
    place, staffed = placed
    day = date.fromisoformat(f"{staffed.month}-01")
    return 12 * day.year + day.month - place, staffed.demand, staffed.capacity


def _overlaps(now: Board) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Give the projects that want the same skill while it falls short, with the months."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for each in now.plan.overlaps:
        found.setdefault((each.skill, each.projects), []).append(each.month)
    return [(skill, projects, months) for (skill, projects), months in found.items()]


def _ways(now: Board) -> Drawing | None:
    """Draw who waits for whom, those that come too late first."""
    edges = sorted(now.plan.dependencies, key=lambda each: (not each.late, each.needed or ""))
    shown = [each for each in edges if each.known and each.on != each.project][:MOST_WAYS]
    if not shown:
        return None
    names = list(dict.fromkeys(name for each in shown for name in (each.on, each.project)))
    called = _called(now)
    places = [Place(called(name), "project") for name in names]
    ways = [
        Edge(
            names.index(each.on),
            names.index(each.project),
            "late" if each.late else "",
            f"{each.project} waits for {each.key} of {each.on}",
        )
        for each in shown
    ]
    about = ". ".join(f"{way.whole}{', late' if way.label else ''}" for way in ways)
    return graph("Who waits for whom", f"{about}.", places, ways)


def _curves(now: Board, found: Trends) -> Iterator[Drawing]:
    """Draw the figures of money, and the colours, over the cycles that were closed."""
    if not found.cycles:
        return
    money = [each for each in found.figures if each.of == "money" and each.unit == "money"]
    columns = [column for column in now.columns if column.id in {each.id for each in money}]
    unit, scale = _unit(now, columns)
    series = [Series(each.label, tuple(_observed(each.points, scale))) for each in money]
    yield lines("Money over the cycles", [each for each in series if each.points], unit)
    days = found.figures[0].points if found.figures else ()
    counts = {colour: tuple(_counts(days, found, colour)) for colour in COLOURS}
    there = {c: points for c, points in counts.items() if any(n for _, n in points)}
    yield lines(
        "Colours over the cycles",
        [Series(colour, points, COLOURS[colour]) for colour, points in there.items()],
        "projects",
    )


def _observed(points: Sequence[Point], scale: int) -> Iterator[tuple[date, Decimal]]:
    """Give the values by their days; of several on one day the last."""
    by_day: dict[date, Decimal] = {}
    for each in points:
        number = number_of(each.value)
        if number is not None:
            by_day[date.fromisoformat(each.day)] = round(number / scale, 2)
    yield from by_day.items()


def _counts(days: Sequence[Point], found: Trends, colour: str) -> Iterator[tuple[date, Decimal]]:
    by_day: dict[date, Decimal] = {}
    for point, (_, counted) in zip(days, found.colours, strict=True):
        by_day[date.fromisoformat(point.day)] = Decimal(counted.get(colour, 0))
    yield from by_day.items()
