"""Sections of a report on the portfolio: its dashboard, and the cycles that were closed."""

from datetime import UTC, date, datetime

import pytest

from pmo_engine.documents.boards.report_pages import Grid, PageSection
from pmo_engine.reports.declared import portfolio
from pmo_engine.reports.declared.making import make
from pmo_engine.reports.declared.naming import pages_named
from pmo_engine.store import tables
from pmo_engine.testing import World
from pmo_engine.testing.world import policy_from
from pmo_engine.work.portfolio.cycles import close_cycle
from pmo_engine.work.portfolio.overrides import override
from tests.stories.test_portfolio import HEAD, POLICY, founded, line

REPORTS = """
---
kind: reports
reports:
  - id: pack
    title: Board pack
    of: office
    audience: [head]
    sections: [{shows: dashboard}, {shows: cycles}]
"""


@pytest.fixture
def bare(sqlite_url: str) -> World:
    world = World(policy_from(POLICY + REPORTS), sqlite_url)
    world.person(HEAD, "head")
    return world


@pytest.fixture
def world(sqlite_url: str) -> World:
    return founded(World(policy_from(POLICY + REPORTS), sqlite_url))


def made(world: World) -> list[PageSection]:
    make(world.governance, report="pack", project=None, period=None, by=HEAD, again=True)
    with world.governance.reading() as c:
        return list(pages_named(world.governance, c, "pack", None, None, HEAD).sections)


def rows(grid: Grid) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in grid.rows]


def test_where_nothing_is_under_way_that_is_said(bare: World) -> None:
    board, cycles = made(bare)
    assert (board.title, board.lines, board.grids) == (
        "The portfolio",
        ("No project is under way.",),
        (),
    )
    assert (cycles.title, cycles.lines, cycles.grids) == (
        "Since earlier cycles",
        ("No cycle was closed yet.",),
        (),
    )


def test_the_dashboard_gives_the_worst_first_and_why(world: World) -> None:
    board, _ = made(world)
    assert board.lines == ("1 red, 1 amber and 1 green.",)
    [grid] = board.grids
    assert grid.columns == ("Of", "Colour", "Money", "Time", "Why")
    assert rows(grid) == [
        ("All projects", "red", "amber", "red", "1 red, 1 amber and 1 green"),
        ("all", "red", "amber", "red", "1 red, 1 amber and 1 green"),
        ("north", "amber", "amber", "–", "1 amber and 1 green"),
        ("south", "red", "green", "red", "1 red"),
        ("P-3", "red", "green", "red", "Slip 43 days"),
        ("P-2", "amber", "amber", "–", "Growth 30 %"),
        ("P-1", "green", "green", "–", "–"),
    ]
    assert board.notes == ()


def test_a_colour_that_is_not_known_says_which_figure_there_is_none_of(world: World) -> None:
    world.project("P-4")
    [grid] = made(world)[0].grids
    [row] = [each for each in rows(grid) if each[0] == "P-4"]
    assert row == ("P-4", "not known", "not known", "–", "Growth not available: there is no budget")


def test_aspects_stand_in_their_order_whichever_comes_first(sqlite_url: str) -> None:
    turned = POLICY.replace("figure: growth, of: money", "figure: growth, of: quality")
    turned = turned.replace("figure: slip, of: time", "figure: slip, of: money")
    world = founded(World(policy_from(turned + REPORTS), sqlite_url))
    assert made(world)[0].grids[0].columns == ("Of", "Colour", "Money", "Quality", "Why")


def test_a_colour_that_somebody_says_is_noted_with_who_and_why(world: World) -> None:
    until = date(2026, 4, 30)
    override(
        world.governance,
        project="P-3",
        colour="green",
        until=until,
        reason="The step is done.",
        by=HEAD,
    )
    board, _ = made(world)
    assert board.notes == ("P-3: Petra says green; the figures say red (The step is done).",)


def test_more_projects_than_are_listed_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "MOST", 1)
    board, _ = made(world)
    assert [row[0] for row in rows(board.grids[0])][-1] == "P-3"
    assert board.notes == ("And 2 more.",)


def test_cycles_tell_figures_colours_and_which_projects_came_and_went(world: World) -> None:
    close_cycle(world.governance, cycle="Q1", day=None, by=HEAD)
    _, one = made(world)
    assert one.lines == ("The last cycle, Q1, was closed as of 2 March 2026.",)
    assert one.grids[0].columns == ("Figure", "Q1", "Now", "Since Q1")
    assert len(one.grids) == 1
    world.clock.set(datetime(2026, 3, 9, 9, tzinfo=UTC))
    line(world, "P-1", 100, 200)
    close_cycle(world.governance, cycle="Q2", day=None, by=HEAD)
    world.project("P-4")
    line(world, "P-2", 0, 500)
    with world.database.unit_of_work("test", world.clock.now()) as uow:
        uow.projects.change(uow.projects.get("P-3"), status="stopped")
    _, two = made(world)
    assert two.lines == (
        "The last cycle, Q2, was closed as of 9 March 2026.",
        "Since then P-4 came.",
        "Since then P-3 went.",
    )
    figures, colours = two.grids
    assert figures.columns == ("Figure", "Q1", "Q2", "Now", "Since Q1", "Since Q2")
    assert rows(figures)[1] == (
        "Forecast",
        "330 GBP",
        "530 GBP",
        "940 GBP",
        "+610 GBP",
        "+410 GBP",
    )
    assert colours.columns == ("Colour of", "In Q2", "Now")
    assert ("P-2", "amber", "red") in rows(colours)
    assert two.notes == ()
    with world.database.unit_of_work("test", world.clock.now()) as uow:
        row = uow.cycles.get("Q1")
        assert isinstance(row, tables.Cycle)
        row.board = {**row.board, "day": "2026-01-01"}
    assert made(world)[1].notes == ("Q1 is not what was frozen.",)
