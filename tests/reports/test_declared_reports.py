"""Reports: made by hand and after each cycle, kept as they were made, told to their audience."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pmo_engine.documents.boards.report_pages import PageSection, ReportPages, report_document
from pmo_engine.documents.building import written
from pmo_engine.documents.docx import docx
from pmo_engine.reports.declared.making import make, make_due
from pmo_engine.reports.declared.naming import kept, pages_named
from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import CommandError, Refusal
from tests.small_policy import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator

POLICY = (
    HEADER.replace("cost: {type: money}", "cost: {type: money}\n      title: {type: text}")
    + """
kind: registers
registers:
  - register: risks
    noun: risk
    root: risk
    plural: risks
    key_prefix: R
    fields:
      title: {type: text}
      probability: {type: whole number, from: 1, to: 5}
      impact: {type: whole number, from: 1, to: 5}
      response: {type: text}
  - register: contracts
    noun: contract
    root: contract
    plural: contracts
    fields: {title: {type: text}}
---
kind: terms_of_reference
for: pmo_head
authority: [{id: reads, may: read contracts, up_to: unlimited}]
---
kind: rules
rules:
  - id: change-approved
    title: A change is approved by the board
    on: change.submitted
    binding: shall
    then:
      - require_approval: {from: board, within: 3 working days}
  - id: risk-high
    title: The head hears of a high risk
    on: risk.submitted
    binding: shall
    when: risk.probability = 5
    then:
      - raise_exception: {to: pmo_head, reason: It is likely to happen, within: 2 working days}
  - id: contract-approved
    title: A contract is approved by the head
    on: contract.submitted
    binding: shall
    then:
      - require_approval: {from: pmo_head, within: 3 working days}
---
kind: figures
figures:
  - {id: asked, label: money asked for, unit: money, formula: "sum(changes.cost)", source: own,
     not_available_when: count(changes) = 0, because: nothing was asked for}
  - {id: number, label: number of changes, unit: count, formula: count(changes), source: own}
---
kind: reports
reports:
  - id: monthly
    title: Monthly report
    audience: [board, pmo_head]
    cycle: month
    sections:
      - {shows: words, says: "How we stand <b>now</b>."}
      - {shows: decisions}
      - {shows: changes}
      - {shows: figures, title: Money, figures: [asked], plot: lines}
      - {shows: figures, title: Count, figures: [number], plot: bars}
      - {shows: risks}
      - {shows: stages}
      - {shows: gates}
      - {shows: exceptions}
  - id: service
    title: Service report
    of: office
    audience: [pmo_head]
    cycle: month
    sections:
      - {shows: requests}
      - {shows: figures, title: Money, figures: [asked], by: project, plot: bars}
      - {shows: consideredness, too_soon: 2 minutes}
      - {shows: changes}
  - {id: asked_for, title: Asked for, audience: [board], sections: [{shows: exceptions}]}
  - {id: for_board, title: For the board, audience: [board],
     sections: [{shows: decisions}, {shows: exceptions}]}
  - {id: brief, title: In brief, audience: [board], sections: [{shows: decisions}]}
"""
)
MADE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(policy_from(POLICY), sqlite_url, start=MADE)
    made.project("P-1")
    made.person("ana", "project_manager", project="P-1")
    made.person("petra", "pmo_head")
    made.person("bo", "board")
    made.person("sam")
    yield made
    made.close()


def change(world: World, cost: str = "100 GBP") -> None:
    world.submit("P-1", "changes", "ana", cost=cost, title="Second lift")


def at(world: World, moment: datetime) -> None:
    world.clock.set(moment)


def shown(
    world: World, report: str = "monthly", project: str | None = "P-1", by: str = "petra"
) -> ReportPages:
    with world.governance.reading() as c:
        return pages_named(world.governance, c, report, project, None, by)


def texts(pages: ReportPages, title: str) -> list[list[str]]:
    [section] = [each for each in pages.sections if each.title == title]
    return [[cell.text for cell in row] for grid in section.grids for row in grid.rows]


def lines(pages: ReportPages, title: str) -> tuple[str, ...]:
    [section] = [each for each in pages.sections if each.title == title]
    return section.lines + section.notes


def test_a_report_says_what_waits_what_changed_and_how_figures_stand(world: World) -> None:
    change(world)
    world.submit("P-1", "risks", "ana", title="Ground water", probability="3", impact="4")
    made = make(world.governance, report="monthly", project="P-1", by="petra")
    assert (made.period, made.edition, made.told) == ("2026-03", 1, 2)
    pages = shown(world)
    assert pages.sections[0].lines == ("How we stand <b>now</b>.",)
    assert lines(pages, "To be decided") == ("1 matter waits for the board and PMO head.",)
    assert texts(pages, "To be decided") == [
        ["Change C-1 of P-1: Second lift, 100 GBP", "Approval", "Board", "5 March 2026"]
    ]
    assert texts(pages, "What changed") == [
        ["2 March 2026", "Risk R-1", "Ground water", "entered"],
        ["2 March 2026", "Change C-1", "Second lift", "entered"],
    ]
    assert texts(pages, "Money") == [["Money asked for", "100 GBP"]]
    assert texts(pages, "Risks") == [["R-1", "Ground water", "12", "–"]]
    assert lines(pages, "Exceptions") == ("No exception is open.",)
    assert pages.figures["asked"].number == "100.00"
    drawn = [plot.title for each in pages.sections for plot in (*each.pictures, *each.plots)]
    assert drawn == ["Count", "Risks by probability and impact", "Stages"]


def test_exceptions_wait_for_a_decision_too_those_of_the_readers_first(world: World) -> None:
    world.submit("P-1", "risks", "ana", title="Ground water", probability="5", impact="4")
    change(world)
    make(world.governance, report="monthly", project="P-1", by="petra")
    pages = shown(world)
    assert texts(pages, "To be decided") == [
        [
            "Risk R-1 of P-1: Ground water",
            "Answer: It is likely to happen",
            "PMO head",
            "4 March 2026",
        ],
        ["Change C-1 of P-1: Second lift, 100 GBP", "Approval", "Board", "5 March 2026"],
    ]
    assert lines(pages, "To be decided") == ("2 matters wait for the board and PMO head.",)


def test_exceptions_of_others_are_counted_where_the_report_lists_them_below(world: World) -> None:
    world.submit("P-1", "risks", "ana", title="Ground water", probability="5", impact="4")
    make(world.governance, report="for_board", project="P-1", by="petra")
    assert lines(shown(world, "for_board"), "To be decided") == (
        "Nothing waits for the board; 1 matter waits for others.",
        "1 of the others is an exception, and stands under Exceptions.",
    )
    assert texts(shown(world, "for_board"), "To be decided") == []
    make(world.governance, report="brief", project="P-1", by="petra")
    assert [row[0] for row in texts(shown(world, "brief"), "To be decided")] == [
        "Risk R-1 of P-1: Ground water"
    ]


def test_what_is_entered_in_a_project_is_counted_where_it_is_much(world: World) -> None:
    for _ in range(12):
        change(world)
    make(world.governance, report="monthly", project="P-1", by="petra")
    assert len(texts(shown(world), "What changed")) == 12
    world.submit("P-1", "risks", "ana", title="Ground water", probability="3", impact="4")
    [waiting] = world.waiting_for("bo")[:1]
    votes.vote(world.governance, waiting.id, by="bo", choice="approve")
    change(world)
    make(world.governance, report="monthly", project="P-1", by="petra", again=True)
    assert lines(shown(world), "What changed") == ("Entered: 12 changes and 1 risk.",)
    [[_, what, *_, how]] = texts(shown(world), "What changed")
    assert (what.split()[0], how) == ("Change", "approved")


def test_it_is_told_to_its_audience_once(world: World) -> None:
    world.appoint("petra", "board")
    make(world.governance, report="monthly", project="P-1", by="petra")
    assert world.inbox("petra").subjects == ["Monthly report, P-1 P-1, March 2026"]
    assert world.inbox("bo").messages[0].body.startswith("The report is there.\nHow we stand")
    assert world.inbox("ana").messages == []
    [line] = [each for each in world.journal("P-1") if each.kind == "report.made"]
    assert line.actor == "petra"
    assert line.body["period"] == "2026-03"
    with world.governance.reading() as c:
        [listed] = kept(world.governance, c, "petra")
    assert line.body["digest"] == listed.digest


def test_the_same_period_twice_is_told_and_made_again_only_when_asked(world: World) -> None:
    make(world.governance, report="monthly", project="P-1", by="petra")
    said = "'monthly' of P-1 for March 2026 was made by Petra on 2 March 2026; --again makes"
    with pytest.raises(CommandError, match=said):
        make(world.governance, report="monthly", project="P-1", by="ana", period="2026-03")
    change(world)
    made = make(world.governance, report="monthly", project="P-1", by="petra", again=True)
    assert made.edition == 2
    assert texts(shown(world), "Money") == [["Money asked for", "100 GBP"]]
    again = make(
        world.governance, report="monthly", project="P-1", by="petra", again=True, request="r-1"
    )
    assert again == make(
        world.governance, report="monthly", project="P-1", by="petra", again=True, request="r-1"
    )
    assert again.edition == 3


def test_what_was_made_stays_as_it_was(world: World) -> None:
    change(world)
    make(world.governance, report="monthly", project="P-1", by="petra")
    before = written(report_document(shown(world)), "html")
    change(world, "900 GBP")
    assert written(report_document(shown(world)), "html") == before


def test_a_cycle_that_is_over_is_made_once(world: World) -> None:
    assert make_due(world.governance) == 0  # nobody knew the project in February
    change(world)
    make(world.governance, report="monthly", project="P-1", by="petra")
    change(world, "20 GBP")
    at(world, datetime(2026, 3, 31, 22, 59, tzinfo=UTC))
    assert make_due(world.governance) == 0
    make(
        world.governance, report="monthly", project="P-1", by="petra", period="2026-03", again=True
    )
    at(world, datetime(2026, 3, 31, 23, tzinfo=UTC))  # the first of April at the office
    assert make_due(world.governance) == 2  # March was not over when it was made by hand
    assert make_due(world.governance) == 0
    change(world, "50 GBP")
    at(world, datetime(2026, 5, 4, 9, tzinfo=UTC))
    assert make_due(world.governance) == 2  # of the project and of the office
    pages = shown(world)
    assert pages.period == "April 2026"
    assert texts(pages, "Money") == [["Money asked for", "170 GBP", "120 GBP"]]
    [plot] = [p for each in pages.sections if each.title == "Money" for p in each.plots]
    days = "2 March 2026 100, 31 March 2026 120, 1 April 2026 120, 4 May 2026 170."
    assert plot.about == f"In GBP. money asked for: {days}"
    assert lines(pages, "What changed") == ()
    assert [row[1] for row in texts(pages, "What changed")] == ["Change C-3"]


def test_a_line_is_drawn_as_soon_as_there_are_two_days(world: World) -> None:
    def plots() -> list[str]:
        make(world.governance, report="monthly", project="P-1", by="petra", again=True)
        return [p.title for e in shown(world).sections if e.title == "Money" for p in e.plots]

    change(world)
    assert plots() == []
    at(world, datetime(2026, 5, 4, 9, tzinfo=UTC))
    assert plots() == ["Money"]


def test_why_there_is_no_figure_is_said_in_words(world: World) -> None:
    make(world.governance, report="monthly", project="P-1", by="petra")
    assert lines(shown(world), "Money") == (
        "Not available, as nothing was asked for: money asked for.",
    )
    world.submit("P-1", "changes", "ana", title="No cost yet")
    make(world.governance, report="monthly", project="P-1", by="petra", again=True)
    [said] = lines(shown(world), "Money")
    assert "change C-1's cost" in said
    assert "[" not in said


def test_the_service_of_the_office(world: World) -> None:
    world.project("P-2")
    change(world)
    at(world, datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC))
    change(world, "5 GBP")
    at(world, datetime(2026, 3, 2, 9, 0, 45, tzinfo=UTC))
    change(world, "6 GBP")
    at(world, datetime(2026, 3, 2, 9, 0, 50, tzinfo=UTC))
    change(world, "7 GBP")
    world.submit("P-1", "contracts", "ana", title="Secret supplier")
    world.submit("P-1", "risks", "ana", title="No request", probability="1", impact="1")
    at(world, datetime(2026, 3, 2, 9, 1, tzinfo=UTC))
    world.vote("bo", "reject")
    at(world, datetime(2026, 3, 3, 12, tzinfo=UTC))
    world.vote("bo")
    world.vote("bo")
    at(world, datetime(2026, 4, 2, 12, tzinfo=UTC))
    world.vote("bo")
    make(world.governance, report="service", by="petra")
    pages = shown(world, "service", None)
    assert texts(pages, "Requests") == [
        ["Changes", "4", "3", "1 day and 3 hours", "1 day and 3 hours", "1"],
        ["Contracts", "1", "0", "–", "–", "1"],
    ]
    considered = [row[:1] + row[2:] for row in texts(pages, "How approvals were considered")]
    assert considered == [["Board", "3", "1 day and 3 hours", "1 minute", "1 of 3", "1 of 3", "0"]]
    assert texts(pages, "Money") == [
        ["P-1 P-1", "18 GBP"],
        ["P-2 P-2", "not available"],
        ["All together", "18 GBP"],
    ]


def test_nobody_reads_in_a_report_what_they_may_not_read(world: World) -> None:
    world.submit("P-1", "contracts", "ana", title="Secret supplier")
    make(world.governance, report="monthly", project="P-1", by="petra")
    pages = shown(world, by="bo")
    assert "Secret" not in pages.model_dump_json()
    assert "1 more are not for all of these readers." in lines(pages, "What changed")
    with pytest.raises(Refusal, match="may not read contracts"):
        shown(world, by="sam")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"report": "montly", "project": "P-1"}, r"'montly' \(did you mean 'monthly'\?\)"),
        ({"report": "monthly"}, "is about one project: name one"),
        ({"report": "service", "project": "P-1"}, "the office with all its projects: name none"),
        (
            {"report": "monthly", "project": "P-1", "period": "2026-13"},
            "is no month, as in '2026-03'",
        ),
        ({"report": "monthly", "project": "P-1", "period": "2026-04"}, "April 2026 has not begun"),
        (
            {"report": "asked_for", "project": "P-1", "period": "2026"},
            "has no cycle: it is made as of today",
        ),
    ],
)
def test_what_cannot_be_made_is_said(world: World, asked: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        make(world.governance, by="petra", **asked)
    with world.governance.reading() as c:
        assert kept(world.governance, c, "petra") == []


def test_who_holds_no_role_makes_none(world: World) -> None:
    with pytest.raises(Refusal, match="Sam holds no role in P-1"):
        make(world.governance, report="monthly", project="P-1", by="sam")


def test_it_is_written_in_every_form(world: World) -> None:
    change(world)
    make(world.governance, report="monthly", project="P-1", by="petra")
    document = report_document(shown(world))
    page = written(document, "html").decode()
    assert "How we stand &lt;b&gt;now&lt;/b&gt;." in page
    assert page.count("<svg ") == 2
    assert "<nav" not in page
    assert "SHA-256" not in page
    assert "Second lift" in written(document, "md").decode()
    assert written(document, "pdf")[:5] == b"%PDF-"
    assert docx(document) == docx(document)


def test_an_exception_that_a_rule_raised_is_listed_until_it_is_closed(world: World) -> None:
    world.project("P-2")
    for probability in (4, 5):
        world.submit("P-1", "risks", "ana", title="Mud", probability=probability, impact=3)

    def of(project: str) -> PageSection:
        asked = {"report": "asked_for", "project": project, "period": None, "by": "bo"}
        make(world.governance, **asked, again=True)
        with world.governance.reading() as c:
            [section] = pages_named(world.governance, c, **asked).sections
        return section

    section = of("P-1")
    assert (section.lines, len(section.grids)) == ((), 1)
    [grid] = section.grids
    assert grid.columns == ("Exception", "Why", "For", "Until")
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["Risk R-2 of P-1: Mud", "It is likely to happen", "PMO head", "4 March 2026"]
    ]
    assert of("P-2").lines == ("No exception is open.",)
    world.forward(working_days=5)
    assert of("P-1").grids[0].rows[0][-1].text == "4 March 2026, overdue"
    with world.database.unit_of_work("test", world.clock.now()) as uow:
        [row] = uow.obligations.open_in("P-1")
        uow.obligations.change(row, status="met", closed_at=uow.at)
    assert of("P-1").lines == ("No exception is open.",)
