"""Collection rounds in reports: how complete the last one is, by project and by register."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pmo_engine.documents.boards.report_pages import PageSection
from pmo_engine.reports.declared.making import make
from pmo_engine.reports.declared.naming import pages_named
from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals.waiver import waive
from pmo_engine.work.rounds.closing import close_round
from pmo_engine.work.rounds.confirming import confirm
from tests.stories.test_rounds import APRIL, BEGIN, POLICY, at, founded

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORTS = """
---
kind: reports
reports:
  - {id: highlight, title: Highlights, audience: [head], sections: [{shows: rounds}]}
  - {id: pack, title: Board pack, of: office, audience: [head], sections: [{shows: rounds}]}
"""


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = founded(World(policy_from(POLICY + REPORTS), sqlite_url, start=BEGIN))
    yield made
    made.close()


def section(world: World, report: str, project: str | None = None) -> PageSection:
    make(world.governance, report=report, project=project, by="hugo", again=True)
    with world.governance.reading() as c:
        return pages_named(world.governance, c, report, project, None, "hugo").sections[0]


def rows(made: PageSection) -> list[list[str]]:
    return [[cell.text for cell in row] for grid in made.grids for row in grid.rows]


def test_before_the_first_round_it_is_said_that_there_was_none(world: World) -> None:
    made = section(world, "pack")
    assert (made.lines, made.grids) == (("Monthly status: no round was opened yet.",), ())


def test_of_a_project_each_register_and_how_it_stands(world: World) -> None:
    at(world, APRIL)
    world.submit("P-1", "risks", "ana", title="Flood")
    made = section(world, "highlight", "P-1")
    assert made.lines == ("Monthly status 2026-03: 1 of 2 answers are there.",)
    assert made.grids[0].columns == ("Monthly status 2026-03", "From", "How it stands", "By")
    assert sorted(rows(made)) == [
        ["reports", "manager", "waiting", "–"],
        ["risks", "manager", "answered", "Ana"],
    ]


def test_of_an_office_each_project_the_least_complete_first(world: World) -> None:
    at(world, APRIL)
    confirm(world.governance, name="status", project="P-1", by="ana")
    made = section(world, "pack")
    assert rows(made) == [
        ["P-2 P-2", "2", "0", "0", "0", "0", "0 % so far"],
        ["P-1 P-1", "2", "2", "0", "0", "0", "100 %"],
    ]
    at(world, datetime(2026, 4, 20, 9, tzinfo=UTC))
    assert rows(section(world, "pack"))[0][3] == "2"
    close_round(world.governance, name="status", reason="the board meets", by="olga")
    made = section(world, "pack")
    assert made.lines == ("Monthly status 2026-03: 2 of 4 answers are there.",)
    assert rows(made)[0] == ["P-2 P-2", "2", "0", "0", "0", "2", "0 %"]


def test_of_a_project_of_which_nothing_was_asked(world: World) -> None:
    at(world, APRIL)
    world.project("P-3")
    made = section(world, "highlight", "P-3")
    assert (made.lines, made.grids) == (("Monthly status 2026-03: nothing was asked of it.",), ())


def test_what_is_excused_is_not_counted_and_what_came_late_is(world: World) -> None:
    at(world, APRIL)
    for waits in world.waiting_for("ben"):
        waive(world.governance, waits.id, by="olga", reason="a new manager")
    at(world, datetime(2026, 4, 20, 9, tzinfo=UTC))
    confirm(world.governance, name="status", project="P-1", by="ana")
    made = section(world, "pack")
    assert made.lines == ("Monthly status 2026-03: 2 of 2 answers are there.",)
    assert rows(made) == [
        ["P-1 P-1", "2", "2", "0", "0", "0", "100 %"],
        ["P-2 P-2", "0", "0", "0", "2", "0", "–"],
    ]


def test_the_last_round_is_shown(world: World) -> None:
    at(world, APRIL)
    at(world, datetime(2026, 5, 1, 9, tzinfo=UTC))
    assert section(world, "pack").lines == ("Monthly status 2026-04: 0 of 4 answers are there.",)
