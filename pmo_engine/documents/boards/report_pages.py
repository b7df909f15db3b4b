"""What stands in a report, as it was frozen when it was made, and as a document."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmo_engine.documents.model import Document, Paragraph, Picture, Row, Run, Section, Table
from pmo_engine.documents.numbering import capital, plain
from pmo_engine.model.shape import Shape
from pmo_engine.prose.figures import NOT_AVAILABLE
from pmo_engine.prose.values import joined, value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.documents.model import Block, Style, Words
    from pmo_engine.model.periods import Cycle, Period

GROUNDS: dict[str, Style] = {"green": "green", "amber": "amber", "red": "red"}
NOT_KNOWN, NOT_THERE = "not known", "–"
QUARTERS = ("first", "second", "third", "fourth")


class Cell(Shape):
    """What stands in a cell of a table, and where it is a number, this exactly, with its unit."""

    text: str
    number: str | None = None
    unit: str = ""


class Grid(Shape):
    """A table with a heading for each column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Plotted(Shape):
    """A picture that is drawn: its SVG, its title, what it says in words, its size in pixels."""

    svg: str
    title: str
    about: str
    width: int
    height: int


class PageSection(Shape):
    """A section: its words, its pictures, its tables, plots of these, and what is noted below."""

    title: str
    lines: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    pictures: tuple[Plotted, ...] = ()
    plots: tuple[Plotted, ...] = ()
    notes: tuple[str, ...] = ()


class ReportPages(Shape):
    """All of a report; days are ISO 8601. ``figures``: its figures, by their ids, as they stood."""

    report: str
    title: str
    about: str
    period: str
    audience: tuple[str, ...]
    as_of: str
    edition: int
    sections: tuple[PageSection, ...]
    figures: dict[str, Cell]
    policy: str


def report_document(pages: ReportPages) -> Document:
    """Lay a report out as a document, in the order of its sections."""
    day = date.fromisoformat(pages.as_of)
    again = [("Edition", str(pages.edition))] if pages.edition > 1 else []
    return Document(
        title=f"{pages.title}: {pages.about}" if pages.about else pages.title,
        name=pages.policy,
        version="",
        digest="",
        in_force_from=None,
        on=day,
        check="",
        sections=tuple(
            Section(f"section-{number}", str(number), each.title, tuple(_blocks(each)), "report")
            for number, each in enumerate(pages.sections, 1)
        ),
        facts=(
            ("Period", capital(pages.period)),
            ("For", capital(joined(pages.audience))),
            ("As of", value_in_words(day)),
            *again,
        ),
        contents=False,
    )


def _blocks(section: PageSection) -> Iterator[Block]:
    for each in section.lines:
        yield Paragraph(plain(each))
    yield from map(_picture, section.pictures)
    for grid in section.grids:
        of_colours = _of_colours(grid)
        rows = (
            Row(
                tuple(
                    _coloured(cell.text) if place in of_colours else plain(cell.text)
                    for place, cell in enumerate(row)
                )
            )
            for row in grid.rows
        )
        yield Table(grid.columns, tuple(rows), _numbers(grid))
    yield from map(_picture, section.plots)
    for each in section.notes:
        yield Paragraph(plain(each))


def _picture(shown: Plotted) -> Picture:
    return Picture(shown.svg, shown.title, shown.about, shown.width, shown.height)


def _of_colours(grid: Grid) -> frozenset[int]:
    """Give the places of the columns in which nothing but colours stands."""
    said = {*GROUNDS, NOT_KNOWN, NOT_THERE}
    return frozenset(
        place
        for place in range(len(grid.columns))
        if {row[place].text for row in grid.rows} <= said
        and any(row[place].text in GROUNDS for row in grid.rows)
    )


def _coloured(text: str) -> Words:
    ground = GROUNDS.get(text)
    return plain(text) if ground is None else (Run(text, ground),)


def _numbers(grid: Grid) -> frozenset[int]:
    """Give the places of the columns in which numbers stand, or would if there were any."""
    return frozenset(
        place
        for place in range(len(grid.columns))
        if any(row[place].number is not None for row in grid.rows)
        or {row[place].text for row in grid.rows} == {NOT_AVAILABLE}
    )


def period_in_words(period: Period, cycle: Cycle | None) -> str:
    """Say which days a report is about: ``March 2026``, ``first quarter of 2026``."""
    first, last = value_in_words(period.start), value_in_words(period.end)
    match cycle:
        case "month":
            return first.partition(" ")[2]
        case "quarter":
            return f"{QUARTERS[period.start.month // 3]} quarter of {period.start.year}"
        case "year":
            return str(period.start.year)
        case "week":
            return f"{first} to {last}"
        case None:
            return last if period.start == period.end else f"{first} to {last}"
