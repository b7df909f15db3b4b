"""A portfolio is rolled up and coloured; colours are overridden, cycles closed once."""

import re
from datetime import date
from functools import cache, partial
from typing import Any

import pytest

from pmo_engine.model.money import Money
from pmo_engine.policy import Policy
from pmo_engine.queries.dashboard.board import Board, Row, board
from pmo_engine.queries.dashboard.cycles import cycles, frozen, trends
from pmo_engine.queries.dashboard.planning import Staffed
from pmo_engine.queries.dashboard.waiting import waiting
from pmo_engine.queries.dashboard.what_if import later, spread, what_if
from pmo_engine.reports.dashboard import page, short_skills
from pmo_engine.store import tables
from pmo_engine.store.errors import NotFound
from pmo_engine.testing import Failed, World, at_once, policy_from
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.people.projects import Place, change_project
from pmo_engine.work.portfolio.cycles import close_cycle
from pmo_engine.work.portfolio.overrides import as_measured, override

POLICY = """
kind: policy
name: city
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: roles
roles:
  - {id: manager, senior: head}
  - {id: head}
---
kind: terms_of_reference
for: head
purpose: Leads the office.
authority:
  - {id: colours, may: override colour, up_to: unlimited}
  - {id: cycles, may: close cycle, up_to: unlimited}
---
kind: registers
registers:
  - register: lines
    noun: line
    root: line
    plural: lines
    fields: {baseline: {type: money}, forecast: {type: money}, actual: {type: money}}
  - register: steps
    noun: step
    root: step
    plural: steps
    fields: {planned: {type: date}, expected: {type: date}}
  - register: needs
    noun: need
    root: need
    plural: needs
    fields: {skill: {type: text}, fte: {type: number}, first: {type: date}, last: {type: date}}
  - register: people
    noun: hand
    root: hand
    plural: people
    fields: {skill: {type: text}, fte: {type: number}, first: {type: date}, last: {type: date}}
  - register: waits
    noun: wait
    root: wait
    plural: waits
    fields: {of: {type: text}, needed: {type: date}, promised: {type: date}, got: {type: date}}
  - register: reports
    noun: report
    root: report
    plural: reports
    fields: {colour: {type: [green, amber, red]}, day: {type: date}}
---
kind: figures
figures:
  - {id: bac, label: budget, unit: money, formula: sum(lines.baseline), source: Ours}
  - {id: eac, label: forecast, unit: money, formula: sum(lines.forecast), source: Ours}
  - {id: ac, label: spent, unit: money, formula: sum(lines.actual), source: Ours}
  - {id: growth, label: growth, unit: share, formula: (eac - bac) / bac, source: Ours,
     not_available_when: bac = 0 * bac, because: there is no budget}
  - {id: late, of: step, label: late, unit: days, formula: (step.expected - step.planned).days,
     source: Ours}
  - {id: slip, label: slip, unit: days, formula: max(steps.late), source: Ours,
     not_available_when: count(steps) = 0, because: there is no step}
---
kind: dashboard
money: {baseline: bac, forecast: eac, actual: ac}
stated: {of: reports, colour: colour, on: day}
demand: {of: needs, skill: skill, amount: fte, first: first, last: last}
capacity: {of: people, skill: skill, amount: fte, first: first, last: last}
dependencies: {of: waits, on: of, needed: needed, promised: promised, received: got}
thresholds:
  - {figure: growth, of: money, bands: [{green: 10 %, amber: 30 %, source: Minute 4}]}
  - {figure: slip, of: time, optional: true,
     bands: [{green: 2 weeks, amber: 6 weeks, source: Ours}]}
"""
HEAD, UNTIL = "petra", date(2026, 4, 30)


@cache
def city() -> Policy:
    return policy_from(POLICY)


def line(world: World, project: str, baseline: int, forecast: int, actual: int = 0) -> None:
    amounts = {"baseline": baseline, "forecast": forecast, "actual": actual}
    fields = {name: f"{value} GBP" for name, value in amounts.items()}
    world.submit(project, "lines", HEAD, **fields)


@pytest.fixture
def world(sqlite_url: str) -> World:
    return founded(World(city(), sqlite_url))


def founded(world: World) -> World:
    """Two programmes within a portfolio: P-1 is green and P-2 amber, P-3 is red by its time."""
    for project in ("P-1", "P-2", "P-3"):
        world.project(project)
    world.person(HEAD, "head")
    world.person("ana", "manager")
    with world.database.unit_of_work("test", world.clock.now()) as uow:
        for id, within in (("all", None), ("north", "all"), ("south", "all")):
            kind = "portfolio" if within is None else "programme"
            uow.programmes.add(tables.Programme(id=id, name=id, kind=kind, within=within))
        uow.write()
        for project, programme in (("P-1", "north"), ("P-2", "north"), ("P-3", "south")):
            uow.projects.change(uow.projects.get(project), programme=programme)
    line(world, "P-1", 100, 110, 40)
    line(world, "P-2", 100, 130)
    line(world, "P-3", 100, 90)
    world.submit("P-3", "steps", HEAD, planned="2026-03-01", expected="2026-04-13")
    return world


def shown(world: World) -> Board:
    with world.governance.reading() as c:
        return board(c, world.governance.sheets)


def row(found: Board, id: str) -> Row:
    return next(each for each in (*found.programmes, *found.projects) if each.id == id)


def said(world: World, **changed: Any) -> Any:
    given: dict[str, Any] = {"colour": "amber", "until": UNTIL, "reason": "agreed", "by": HEAD}
    return override(world.governance, **{"project": "P-3", **given, **changed})


def test_figures_are_rolled_up_and_colours_are_the_worst_of_what_is_below(world: World) -> None:
    found = shown(world)
    colours = {each.id: each.colour for each in (*found.programmes, *found.projects)}
    assert colours == {
        "all": "red",
        "north": "amber",
        "south": "red",
        "P-1": "green",
        "P-2": "amber",
        "P-3": "red",
    }
    assert row(found, "north").figures["eac"].words == "240 GBP"
    assert row(found, "north").figures["growth"].words == "20 %"
    assert row(found, "P-3").aspects == {"money": "green", "time": "red"}
    assert row(found, "P-1").aspects == {"money": "green"}  # a slip is optional, and there is none
    assert found.total.colours == {"green": 1, "amber": 1, "red": 1, "not known": 0}
    assert [each.level for each in found.programmes] == [0, 1, 1]


def test_what_is_not_known_is_no_colour_and_a_project_that_is_over_is_in_no_sum(
    world: World,
) -> None:
    world.project("P-4")
    assert row(shown(world), "P-4").colour == "not known"  # no budget, and that counts
    world.submit("P-4", "lines", HEAD, baseline="100 GBP")
    found = row(shown(world), "P-4")
    assert "not known: line L-1's forecast in P-4" in found.figures["growth"].words
    with world.database.unit_of_work("test", world.clock.now()) as uow:
        uow.projects.change(uow.projects.get("P-4"), status="stopped")
    assert {each.id for each in shown(world).projects} == {"P-1", "P-2", "P-3"}


def test_a_change_in_one_project_is_seen_and_only_that_one_is_read_again(world: World) -> None:
    shown(world)
    before = dict(world.governance.sheets.sheets)
    line(world, "P-1", 100, 200)
    assert row(shown(world), "P-1").colour == "red"
    after = world.governance.sheets.sheets
    assert [id for id in after if after[id] is not before[id]] == ["P-1"]


def test_a_colour_is_overridden_until_its_day_and_said_to_be(world: World) -> None:
    done = said(world)
    assert (done.measured, done.override.until) == ("red", "2026-04-30")
    found = shown(world)
    assert (row(found, "P-3").colour, row(found, "P-3").measured) == ("amber", "red")
    assert row(found, "P-3").contradictions == ("Petra says amber; the figures say red",)
    assert row(found, "south").colour == row(found, "all").colour == "amber"  # it counts upwards
    world.forward(working_days=60)
    assert row(shown(world), "P-3").colour == "red"
    [told] = [each for each in world.journal("P-3") if each.kind == "colour.overridden"]
    assert told.actor == HEAD


def test_another_override_follows_the_first_and_one_is_taken_back(world: World) -> None:
    said(world)
    said(world, colour="green")
    said(world, project=None, programme="south", colour="red")
    found = shown(world)
    assert [row(found, each).colour for each in ("P-3", "south", "all")] == ["green", "red", "red"]
    assert as_measured(world.governance, project="P-3", by=HEAD).override is None
    as_measured(world.governance, programme="south", by=HEAD)
    as_measured(world.governance, programme="south", by=HEAD)
    assert [row(shown(world), each).colour for each in ("P-3", "south")] == ["red", "red"]
    told = [each.kind for each in world.journal("office")]
    assert told.count("colour.as_measured") == 1


@pytest.mark.parametrize(
    ("changed", "error", "why"),
    [
        ({"until": date(2026, 3, 1)}, CommandError, "would be over before it begins"),
        ({"until": date(2028, 3, 1)}, CommandError, "holds a year at most"),
        ({"reason": "  "}, CommandError, "for a reason"),
        ({"colour": "blue"}, CommandError, "'blue' is no colour; there are green, amber, red"),
        (
            {"by": "ana"},
            Refusal,
            "may not override colour: under the terms that is for the head",
        ),
        ({"project": "P-9"}, NotFound, "P-9"),
        ({"project": None}, CommandError, "say of which project"),
    ],
)
def test_an_override_that_cannot_be(world: World, changed, error, why: str) -> None:
    with pytest.raises(error, match=why):
        said(world, **changed)
    assert row(shown(world), "P-3").override is None


def test_the_last_day_of_an_override_is_today_at_the_earliest(world: World) -> None:
    assert said(world, until=date(2026, 3, 2)).override is not None
    assert row(shown(world), "P-3").colour == "amber"


def test_a_report_that_contradicts_the_figures_is_marked(world: World) -> None:
    world.submit("P-3", "reports", HEAD, colour="red", day="2026-01-31")
    world.submit("P-3", "reports", HEAD, colour="green", day="2026-02-28")
    world.submit("P-1", "reports", HEAD, colour="green", day="2026-02-28")
    found = shown(world)
    assert row(found, "P-3").contradictions == (
        "the report of 28 February 2026 says green; the figures say red",
    )
    assert row(found, "P-1").contradictions == ()


def test_a_cycle_is_frozen_once_and_told_with_its_digest(world: World) -> None:
    done = close_cycle(world.governance, cycle="2026-02", by=HEAD)
    assert (done.number, done.projects, done.colour) == (1, 3, "red")
    with pytest.raises(CommandError, match="'2026-02' was closed on 2026-03-02 by Petra"):
        close_cycle(world.governance, cycle="2026-02", by=HEAD)
    with pytest.raises(Refusal, match="Ana may not close cycle"):
        close_cycle(world.governance, cycle="2026-03", by="ana")
    with pytest.raises(CommandError, match="cycle"):
        close_cycle(world.governance, cycle="", by=HEAD)
    with pytest.raises(CommandError, match="cannot be of a day to come"):
        close_cycle(world.governance, cycle="2026-04", day=date(2026, 3, 3), by=HEAD)
    with pytest.raises(CommandError, match="'2026-02' is of 2026-03-02 already, after 2026-03-01"):
        close_cycle(world.governance, cycle="2026-01", day=date(2026, 3, 1), by=HEAD)
    before = shown(world)
    line(world, "P-1", 100, 400)
    with world.governance.reading() as c:
        assert frozen(c, "2026-02") == before
        assert [each.sound for each in cycles(c)] == [True]
        with pytest.raises(NotFound):
            frozen(c, "2025-12")
    [told] = [each for each in world.journal("office") if each.kind == "cycle.closed"]
    assert told.body["digest"] == done.digest


def test_what_was_frozen_and_altered_is_told(world: World) -> None:
    close_cycle(world.governance, cycle="2026-02", by=HEAD)
    with world.database.unit_of_work("test", world.clock.now()) as uow:
        kept = uow.cycles.get("2026-02")
        kept.board = {**kept.board, "day": "2026-01-01"}
    with world.governance.reading() as c:
        assert [each.sound for each in cycles(c)] == [False]


def test_now_is_held_against_the_last_cycle_and_the_first(world: World) -> None:
    close_cycle(world.governance, cycle="one", day=date(2025, 12, 31), by=HEAD)
    line(world, "P-1", 100, 170)
    close_cycle(world.governance, cycle="two", by=HEAD)
    world.project("P-4")
    line(world, "P-4", 50, 50)
    line(world, "P-2", 0, 20)
    with world.governance.reading() as c:
        found = trends(c, board(c, world.governance.sheets))
    [eac] = [each for each in found.figures if each.id == "eac"]
    assert [(point.day, point.words) for point in eac.points] == [
        ("2025-12-31", "330 GBP"),
        ("2026-03-02", "500 GBP"),
        ("2026-03-02", "570 GBP"),
    ]
    assert (eac.since_last, eac.since_first) == ("+70 GBP", "+240 GBP")
    [slip] = [each for each in found.figures if each.id == "slip"]
    assert slip.since_last == "0 days"
    assert found.came == ("P-4",)
    assert found.went == ()
    shifts = {each.id: (each.first, each.was, each.now) for each in found.shifts}
    assert shifts == {"P-2": ("amber", "amber", "red")}


def test_a_project_is_in_one_programme_alone(world: World) -> None:
    move = Place(programme="south")
    change_project(world.governance, project="P-1", by=HEAD, place=move)
    found = shown(world)
    assert {id: row(found, id).projects for id in ("all", "north", "south")} == {
        "all": 3,
        "north": 1,
        "south": 2,
    }
    assert found.total.figures["bac"].words == "300 GBP"


def needs(world: World) -> None:
    span = {"skill": "digger", "first": "2026-02-10", "last": "2026-06-10"}
    world.submit("P-1", "needs", HEAD, fte="2", **span)
    world.submit("P-2", "needs", HEAD, fte="1", **{**span, "last": "2026-04-01"})
    world.submit("P-3", "people", HEAD, fte="2", **{**span, "last": "2027-01-31"})


def test_demand_is_held_against_capacity_by_skill_and_month(world: World) -> None:
    needs(world)
    plan = shown(world).plan
    assert [(e.month, e.demand, e.capacity, e.short) for e in plan.staffed][:4] == [
        ("2026-03", "3", "2", True),
        ("2026-04", "3", "2", True),
        ("2026-05", "2", "2", False),
        ("2026-06", "2", "2", False),
    ]
    assert len(plan.staffed) == 11  # up to January
    assert [(e.month, e.projects) for e in plan.overlaps] == [
        ("2026-03", ("P-1", "P-2")),
        ("2026-04", ("P-1", "P-2")),
    ]


RULES = """
---
kind: rules
rules:
  - id: dear
    title: A line that costs more
    on: line.submitted
    binding: shall
    then: [{raise_exception: {to: manager, reason: It costs more, within: 1 day}}]
  - id: dearest
    title: A line that costs very much more
    on: line.submitted
    binding: shall
    when: line.forecast > @"900 GBP"
    then: [{raise_exception: {to: head, reason: It costs very much more, within: 9 days}}]
"""


def test_what_waits_for_the_most_senior_comes_first_and_says_why(sqlite_url: str) -> None:
    world = World(policy_from(POLICY + RULES), sqlite_url)
    world.project("P-1")
    world.person(HEAD, "head")
    world.person("ana", "manager")
    line(world, "P-1", 100, 200)
    line(world, "P-1", 100, 1000)
    with world.governance.reading() as c:
        found = waiting(c, most=2)
        shown = page(c, world.governance.sheets)
    assert [(each.of, each.why) for each in found.first] == [
        ("head", "It costs very much more"),
        ("manager", "It costs more"),
    ]
    assert (found.number, found.overdue) == (3, 0)
    assert "<td>answer: It costs very much more</td>" in shown


def test_who_waits_for_whom_and_what_comes_too_late(world: World) -> None:
    for of, needed, promised in (
        ("P-1", "2026-05-01", "2026-05-01"),
        ("P-2", "2026-05-01", "2026-05-02"),
        ("P-9", "2026-03-01", None),  # needed yesterday, and nobody says when it comes
    ):
        day = {} if promised is None else {"promised": promised}
        world.submit("P-3", "waits", HEAD, of=of, needed=needed, **day)
    world.submit("P-3", "waits", HEAD, of="P-1", needed="2026-01-01", got="2026-01-01")
    found = shown(world).plan.dependencies
    assert [(each.on, each.late, each.known) for each in found] == [
        ("P-1", False, True),
        ("P-2", True, True),
        ("P-9", True, False),
    ]
    assert shown(world).plan.circles == ()
    world.submit("P-2", "waits", HEAD, of="P-3", needed="2026-05-01")
    assert shown(world).plan.circles == (("P-2", "P-3"),)
    with world.governance.reading() as c:
        assert "wait for one another in a circle: P-2, P-3." in page(c, world.governance.sheets)


def test_what_if_a_project_is_stopped_or_moved_and_nothing_is_kept(world: World) -> None:
    needs(world)
    world.submit("P-3", "waits", HEAD, of="P-1", needed="2026-05-31", promised="2026-05-01")
    world.submit("P-3", "waits", HEAD, of="P-2", needed="2026-05-31", promised="2026-05-01")
    place = Place(starts_on=date(2026, 1, 1), ends_on=date(2026, 4, 1))
    change_project(world.governance, project="P-1", by=HEAD, place=place)
    before = shown(world)
    with world.governance.reading() as c:
        found = what_if(c, world.governance.sheets, ["P-2"], {"P-1": 1})
    assert (found.forecast_before, found.forecast_after) == ("330 GBP", "200 GBP")
    money = {each.quarter: (each.before, each.after) for each in found.quarters}
    assert money == {
        "": ("220 GBP", "90 GBP"),  # the end of P-2 and P-3 is not known
        "2026-Q1": ("67.74 GBP", "0 GBP"),  # of P-1's 70 one day of 31 is in April
        "2026-Q2": ("2.26 GBP", "67.67 GBP"),
        "2026-Q3": ("0 GBP", "2.33 GBP"),  # and one of 30 in July, once it is moved
    }
    short = [[e.month for e in plan.staffed if e.short] for plan in (found.before, found.after)]
    assert short == [["2026-03", "2026-04"], []]
    assert [(e.on, e.promised, e.late) for e in found.struck] == [
        ("P-1", "2026-08-01", True),
        ("P-2", "never", True),
    ]
    assert [(e.project, e.saved) for e in found.changed] == [("P-1", ""), ("P-2", "130 GBP")]
    assert [e.ahead for e in found.changed] == [
        "2026-03-02..2026-04-01 -> 2026-06-02..2026-07-01",
        "",
    ]
    assert shown(world) == before
    with world.governance.reading() as c, pytest.raises(NotFound, match="P-9"):
        what_if(c, world.governance.sheets, ["P-9"], {})


def test_what_is_ahead_of_a_project_that_is_moved_earlier_is_never_in_the_past(
    world: World,
) -> None:
    needs(world)
    world.submit("P-3", "waits", HEAD, of="P-1", needed="2026-05-31", promised="2026-05-01")
    place = Place(starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30))
    change_project(world.governance, project="P-1", by=HEAD, place=place)
    with world.governance.reading() as c:
        found = what_if(c, world.governance.sheets, [], {"P-1": -1})
    (moved,) = found.changed
    assert (moved.what, moved.ahead) == (
        "moved 1 quarter earlier",
        "2026-03-02..2026-06-30 -> 2026-03-02..2026-03-30",
    )
    assert {e.quarter: e.after for e in found.quarters if e.quarter} == {
        "2026-Q1": "70 GBP",
        "2026-Q2": "0 GBP",
    }
    assert [e.promised for e in found.struck] == ["2026-03-02"]
    assert min(e.month for e in found.after.staffed) == "2026-03"


def test_why_there_is_no_figure_is_said_by_labels_and_of_three_records(world: World) -> None:
    world.project("P-4")
    for amount in range(4):
        world.submit("P-4", "lines", HEAD, baseline=f"{amount} GBP")
    cells = shown(world).total.figures
    assert cells["eac"].words == (
        "not available: not known: line L-1's forecast in P-4, line L-2's forecast in P-4,"
        " line L-3's forecast in P-4 and 1 more"
    )


def test_an_amount_is_spread_over_days_and_none_of_it_is_lost() -> None:
    whole = Money.parse("100 GBP")
    found = list(spread(whole, date(2026, 3, 31), date(2026, 7, 1)))
    assert [name for name, _ in found] == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert sum((share for _, share in found), Money.parse("0 GBP")) == whole
    assert list(spread(whole, date(2026, 3, 31), date(2026, 3, 31))) == [("2026-Q1", whole)]
    assert later(date(2026, 11, 30), 1) == date(2027, 2, 28)
    assert later(date(2026, 1, 31), -1) == date(2025, 10, 31)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_cycle_that_two_close_and_a_colour_that_two_override_at_once(
    request: pytest.FixtureRequest, database: str
) -> None:
    world = founded(World(city(), request.getfixturevalue(f"{database}_url")))

    closed = partial(close_cycle, cycle="one", by=HEAD)
    of = {"project": "P-3", "colour": "amber"}
    coloured = partial(override, **of, until=UNTIL, reason="agreed", by=HEAD)
    answers = at_once(world, closed, closed)
    assert sum(isinstance(each, Failed) for each in answers) == 1
    at_once(world, coloured, coloured)
    with world.governance.reading() as c:
        assert [each.cycle for each in cycles(c)] == ["one"]
        assert len(c.uow.overrides.open()) == 1
    told = [each.kind for each in (*world.journal("office"), *world.journal("P-3"))]
    assert (told.count("cycle.closed"), told.count("colour.overridden")) == (1, 2)
    world.close()


def test_the_page_says_it_for_a_board(world: World) -> None:
    needs(world)
    close_cycle(world.governance, cycle="<one>", by=HEAD)
    said(world, reason="<b>agreed</b>")
    with world.governance.reading() as c:
        written = page(c, world.governance.sheets)
    for words in (
        "Petra says amber; the figures say red",
        "&lt;b&gt;agreed&lt;/b&gt;",
        "Minute 4",
        "<title>People wanted and had</title>",
        "Mar 2026 to ",
        "&lt;one&gt;",
    ):
        assert words in written
    assert "<b>agreed" not in written
    assert "http" not in written.replace("http://www.w3.org/2000/svg", "")


def test_months_in_a_row_that_are_alike_are_one_span() -> None:
    def month(name: str, wanted: str, had: str = "1") -> Staffed:
        short = int(wanted) > int(had)
        return Staffed(
            skill="law", month=name, demand=wanted, capacity=had, short=short, projects=("P-1",)
        )

    found = short_skills(
        [
            month("2026-11", "2"),
            month("2026-12", "2"),
            month("2027-01", "2"),
            month("2027-03", "2"),
            month("2027-04", "1"),
            month("2027-05", "3"),
        ]
    )
    spans = [("Nov 2026 to Jan 2027", "2", "1"), ("Mar 2027", "2", "1"), ("May 2027", "3", "1")]
    assert found == [("law", spans)]


def test_where_nothing_moved_the_page_says_so(world: World) -> None:
    close_cycle(world.governance, cycle="one", by=HEAD)
    with world.governance.reading() as c:
        assert "no project came, went or changed colour." in page(c, world.governance.sheets)
    world.project("P-9")
    with world.governance.reading() as c:
        assert "of the projects, 1 came." in page(c, world.governance.sheets)


def test_the_page_shows_few_cycles_and_says_what_did_not_move(world: World) -> None:
    for cycle in ("one", "two", "three", "four", "five"):
        close_cycle(world.governance, cycle=cycle, by=HEAD)
    line(world, "P-2", 0, 20)
    with world.governance.reading() as c:
        written = page(c, world.governance.sheets)
    heads = [f'<th scope="col" class="n">{each}</th>' for each in ("one", "three", "four", "five")]
    assert "".join(heads) in written
    assert 'class="n">two<' not in written
    assert 'class="n">Since five</th><th scope="col" class="n">Since one</th>' in written
    assert '<span class="none">unchanged</span>' in written
    assert ", GBP</th>" in written
    assert re.search(r"\d GBP</td>", written) is None
