"""Collection rounds: opened by time, answered by records or a word, chased, excused, closed."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from pmo_engine.policy import Policy
from pmo_engine.queries.rounds import RoundStory, rounds, story
from pmo_engine.queries.told import in_words
from pmo_engine.store.tables import Project
from pmo_engine.testing import World, at_once, policy_from
from pmo_engine.work import acts
from pmo_engine.work.approvals.votes import answer
from pmo_engine.work.approvals.waiver import waive
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.imports.importing import Sheet, bring_in
from pmo_engine.work.notices import sweep
from pmo_engine.work.people.project_states import set_state
from pmo_engine.work.records import moves
from pmo_engine.work.rounds.closing import close_round
from pmo_engine.work.rounds.confirming import confirm
from pmo_engine.work.rounds.facts import returns
from pmo_engine.work.rounds.naming import round_named
from tests.stories.conftest import DATABASES

POLICY = """
kind: policy
name: office
version: "1"
in_force_from: 2026-01-01
currency: GBP
---
kind: calendar
id: england
zone: Europe/London
holidays: {country: GB, subdivision: ENG}
hours: {mon-fri: "09:00-17:30"}
---
kind: roles
roles:
  - {id: manager, senior: lead}
  - {id: lead, senior: head}
  - {id: officer, senior: head}
  - {id: head, accountable: true}
---
kind: registers
registers:
  - register: risks
    noun: risk
    root: risk
    plural: risks
    fields: {title: {type: text}}
    life_cycle:
      states: [open, over]
      closed: [over]
      moves: [{from: open, to: over}]
  - register: reports
    noun: report
    root: report
    plural: reports
    fields: {colour: {type: [green, red]}}
---
kind: rules
rules:
  - id: named
    title: A risk says which
    binding: shall
    on: risk.submitted
    when: risk.title = "x"
    then: [{block: Say which}]
    source: Ours
---
kind: ladders
ladders:
  - id: chase
    rungs:
      - {at: 50 %, remind: addressee}
      - {after: 1 working day, escalate: senior}
---
kind: rounds
rounds:
  - id: status
    title: Monthly status
    every: month
    collect:
      - {register: risks, from: manager}
      - {register: reports, from: manager}
    within: 4 working days
    ladder: chase
    closed_by: officer
"""
BEGIN = datetime(2026, 3, 23, 9, tzinfo=UTC)  # a Monday
APRIL = datetime(2026, 4, 1, 9, tzinfo=UTC)  # a Wednesday, when March is over


@cache
def office() -> Policy:
    return policy_from(POLICY)


pytestmark = DATABASES


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return founded(make_world(office(), start=BEGIN))


def founded(world: World) -> World:
    """Two projects, each with a manager; an officer, and a head above all."""
    for project, manager in (("P-1", "ana"), ("P-2", "ben")):
        world.project(project)
        world.person(manager, "manager", project=project)
    world.person("olga", "officer")
    world.person("lea", "lead")
    world.person("hugo", "head")
    world.submit("P-1", "risks", "ana", title="Ground")
    return world


def at(world: World, moment: datetime) -> None:
    world.clock.set(moment)
    world.sweep()


def shown(world: World, period: str | None = None) -> RoundStory:
    with world.governance.reading() as c:
        return story(c, round_named(c, "status", period))


def states(world: World, period: str | None = None) -> dict[str, str]:
    found = shown(world, period).answers
    return {f"{each.project} {each.register_name}": each.state for each in found}


def test_a_round_is_opened_when_the_office_opens_after_its_period(world: World) -> None:
    at(world, datetime(2026, 4, 1, 7, 59, tzinfo=UTC))
    with world.governance.reading() as c:
        assert rounds(c) == []
    at(world, datetime(2026, 4, 1, 8, tzinfo=UTC))
    found = shown(world).shown
    assert (found.period, found.asked, found.waiting, found.closed) == ("2026-03", 4, 4, None)
    (first, second) = world.waiting_for("ana")
    assert first.title == second.title == "Monthly status 2026-03 of P-1"
    assert {first.due, second.due} == {"2026-04-09T08:00:00+00:00"}  # Easter is between
    assert "pmo round answer status P-1 --register" in first.reasons[0]
    at(world, datetime(2026, 4, 2, 9, tzinfo=UTC))
    assert shown(world).shown.asked == 4


def test_what_is_entered_and_what_is_confirmed_answers_and_the_last_answer_closes(
    world: World,
) -> None:
    at(world, APRIL)
    world.update("P-1", "risks", "R-1", "ana", title="Ground water")
    assert states(world)["P-1 risks"] == "answered"
    world.submit("P-1", "reports", "ana", colour="green")
    confirmed = confirm(world.governance, name="status", project="P-2", by="ben")
    assert confirmed.registers == ("reports", "risks")
    assert confirmed.status == "all given"
    found = shown(world)
    assert set(states(world).values()) == {"answered"}
    assert found.shown.reason == "all have answered"
    assert found.shown.closed_by == "pmo-engine"
    said = {(each.project, each.register_name): (each.by, each.how) for each in found.answers}
    assert said["P-1", "risks"] == ("ana", "entered")
    assert said["P-2", "risks"] == ("ben", "confirmed")
    assert world.waiting_for("ana") == []


def test_the_word_that_nothing_changed_is_given_to_what_waits_in_the_inbox(world: World) -> None:
    at(world, APRIL)
    for left in ("1 more to give", "all given"):
        (waits, *_) = world.waiting_for("ana")
        done = answer(world.governance, waits.id, by="ana", note="Nothing changed")
        assert done.status == left
    (given, *_) = shown(world).answers
    assert (given.how, given.note) == ("confirmed", "Nothing changed")


def test_what_others_write_answers_for_nobody_and_what_the_officer_enters_does(
    world: World,
) -> None:
    at(world, APRIL)
    world.submit("P-1", "risks", "ben", title="Another's")
    assert states(world)["P-1 risks"] == "waiting"
    world.submit("P-1", "risks", "olga", title="As Ana told")
    assert states(world)["P-1 risks"] == "answered"
    assert states(world)["P-2 risks"] == "waiting"
    with pytest.raises(Refusal, match="it is for the manager, and Ben holds no role in P-1"):
        confirm(world.governance, name="status", project="P-1", by="ben")


def test_a_table_answers_for_each_project_that_it_has_rows_of(world: World, tmp_path: Path) -> None:
    world.project("P-3")
    world.person("cora", "manager", project="P-3")
    at(world, APRIL)
    table = tmp_path / "risks.csv"
    table.write_text("key,project,title\nR-8,P-2,Flood\nR-9,P-1,Fire\nR-7,P-1,Frost\n")
    bring_in(world.governance, Sheet(table, "risks"), by="olga")
    assert {place for place, each in states(world).items() if each == "answered"} == {
        "P-1 risks",
        "P-2 risks",
    }
    assert {each.note for each in shown(world).answers if each.how} == {
        "R-7 was entered or changed",
        "R-8 was entered or changed",
    }


def test_who_is_late_is_chased_by_the_ladder_and_may_still_answer(world: World) -> None:
    at(world, APRIL)
    confirm(world.governance, name="status", project="P-2", by="ben")
    at(world, datetime(2026, 4, 7, 10, tzinfo=UTC))
    assert "Reminder: Monthly status 2026-03 of P-1 waits for the risks" in (
        world.inbox("ana").subjects
    )
    assert not [each for each in world.inbox("ben").subjects if each.startswith("Reminder")]
    at(world, datetime(2026, 4, 10, 10, tzinfo=UTC))
    assert states(world)["P-1 risks"] == "late"
    assert {each.title for each in world.waiting_for("lea")} == {"Monthly status 2026-03 of P-1"}
    world.submit("P-1", "reports", "ana", colour="red")
    confirm(world.governance, name="status", project="P-1", registers=["risks"], by="lea")
    found = shown(world).shown
    assert states(world)["P-1 risks"] == states(world)["P-1 reports"] == "answered late"
    assert (found.answered, found.late, found.reason) == (4, 0, "all have answered")


def test_a_project_on_hold_or_closed_is_not_asked_and_one_put_on_hold_is_excused(
    world: World,
) -> None:
    hold(world, "P-2")
    at(world, APRIL)
    assert {each.project for each in shown(world).answers} == {"P-1"}
    set_state(world.governance, act=acts.CLOSE_PROJECT, project="P-1", by="hugo", reason="done")
    found = shown(world)
    assert {(each.state, each.how) for each in found.answers} == {("excused", "excused")}
    assert found.answers[0].note == "P-1 is closed: done"
    assert found.shown.reason == "all have answered"
    assert "Monthly status 2026-03 of P-1 no longer waits for you" in world.inbox("ana").subjects


def hold(world: World, project: str) -> None:
    act = acts.HOLD_PROJECT
    set_state(world.governance, act=act, project=project, by="hugo", reason="no money")


def test_where_nobody_is_under_way_a_round_is_over_as_it_begins(world: World) -> None:
    hold(world, "P-1")
    hold(world, "P-2")
    at(world, APRIL)
    found = shown(world).shown
    assert (found.asked, found.reason) == (0, "all have answered")


@pytest.mark.parametrize("state", [acts.HOLD_PROJECT, acts.STOP_PROJECT])
def test_a_project_that_is_held_or_stopped_gives_nothing_more(world: World, state: Any) -> None:
    at(world, APRIL)
    set_state(world.governance, act=state, project="P-2", by="hugo", reason="no money")
    assert states(world)["P-2 risks"] == "excused"
    assert states(world)["P-1 risks"] == "waiting"
    confirm(world.governance, name="status", project="P-1", by="ana")
    assert shown(world).shown.reason == "all have answered"


def test_the_role_that_closes_a_round_does_with_a_reason_and_the_rest_is_missing(
    world: World,
) -> None:
    at(world, APRIL)
    confirm(world.governance, name="status", project="P-2", by="ben")
    with pytest.raises(Refusal, match="that is for the officer or the head"):
        close_round(world.governance, name="status", by="ana", reason="enough")
    with pytest.raises(CommandError, match="give it with --reason"):
        close_round(world.governance, name="status", by="olga", reason=" ")
    done = close_round(world.governance, name="status", by="olga", reason="the board meets")
    assert done.missing == 2
    assert states(world)["P-1 risks"] == "missing"
    assert shown(world).shown.closed_by == "olga"
    with pytest.raises(Refusal, match="is closed already: the board meets"):
        close_round(world.governance, name="status", by="hugo", reason="again")
    with pytest.raises(Refusal, match="risks is lapsed already"):
        confirm(world.governance, name="status", project="P-1", registers=["risks"], by="ana")
    assert world.waiting_for("ana") == []
    lines = [each for each in world.journal("office") if each.kind.startswith("round.")]
    assert [in_words(each.kind, each.body, office()) for each in lines] == [
        "the round Monthly status 2026-03 is opened",
        "the round Monthly status 2026-03 is closed, 2 missing: the board meets",
    ]


def test_a_role_above_that_which_closes_may_close_too(world: World) -> None:
    at(world, APRIL)
    assert close_round(world.governance, name="status", by="hugo", reason="late").missing == 4


def test_the_role_that_closes_a_round_excuses_a_project(world: World) -> None:
    at(world, APRIL)
    (waits, *_) = world.waiting_for("ana")
    with pytest.raises(Refusal, match="may not waive"):
        waive(world.governance, waits.id, by="ben", reason="friends")
    waive(world.governance, waits.id, by="olga", reason="a new manager")
    (excused,) = [each for each in shown(world).answers if each.state == "excused"]
    assert (excused.by, excused.how, excused.note) == ("olga", "excused", "a new manager")


def test_what_nobody_is_there_to_answer_goes_up(make_world: Callable[..., World]) -> None:
    world = make_world(office(), start=BEGIN)
    world.project("P-1")
    world.person("lea", "lead")
    world.person("olga", "officer")
    world.submit("P-1", "risks", "olga", title="Ground")
    at(world, APRIL)
    assert len(world.waiting_for("lea")) == 2
    confirm(world.governance, name="status", project="P-1", by="lea")
    assert shown(world).shown.answered == 2


def test_the_next_round_ends_the_one_before(world: World) -> None:
    at(world, APRIL)
    confirm(world.governance, name="status", project="P-2", by="ben")
    at(world, datetime(2026, 5, 1, 9, tzinfo=UTC))
    assert states(world, "2026-03")["P-1 risks"] == "missing"
    assert shown(world, "2026-03").shown.reason == "that for 2026-04 begins"
    assert set(states(world).values()) == {"waiting"}
    assert len(world.waiting_for("ana")) == 2


def test_after_an_outage_the_last_period_is_collected_once_and_the_others_are_named(
    world: World,
) -> None:
    at(world, APRIL)
    at(world, datetime(2026, 7, 15, 12, tzinfo=UTC))
    with world.governance.reading() as c:
        assert [each.period for each in rounds(c)] == ["2026-03", "2026-06"]
    found = shown(world).shown
    assert (found.missed, found.asked) == (["2026-04", "2026-05"], 4)
    assert {each.due for each in shown(world).answers} == {"2026-07-21T12:00:00+00:00"}
    world.sweep()
    assert shown(world).shown.asked == 4


def test_what_was_over_before_the_office_began_is_not_collected(
    make_world: Callable[..., World],
) -> None:
    world = founded(make_world(office(), start=BEGIN))
    world.sweep()
    with world.governance.reading() as c:
        assert rounds(c) == []
    with pytest.raises(CommandError, match="no round of 'status' was opened yet"):
        shown(world)
    with pytest.raises(CommandError, match="did you mean 'status'"):
        confirm(world.governance, name="statu", project="P-1", by="ana")


def test_an_office_that_begins_as_it_opens_has_nothing_to_collect_of_before(
    make_world: Callable[..., World],
) -> None:
    opening = datetime(2026, 4, 1, 8, tzinfo=UTC)  # nine o'clock in London
    world = founded(make_world(office(), start=opening))
    world.clock.set(datetime(2026, 4, 2, 12, tzinfo=UTC))
    world.sweep()
    with world.governance.reading() as c:
        assert rounds(c) == []


def test_what_is_not_asked_is_said_with_what_is(world: World) -> None:
    at(world, APRIL)
    with pytest.raises(CommandError, match="does not ask for 'risk' .did you mean 'risks'"):
        confirm(world.governance, name="status", project="P-1", registers=["risk"], by="ana")
    with pytest.raises(CommandError, match="no round for '2026-02' .did you mean '2026-03'"):
        shown(world, "2026-02")
    world.project("P-3")
    with pytest.raises(CommandError, match="P-3 is not asked in Monthly status 2026-03"):
        confirm(world.governance, name="status", project="P-3", by="ana")
    confirm(world.governance, name="status", project="P-1", by="ana")
    with pytest.raises(Refusal, match="nothing is waited for any more"):
        confirm(world.governance, name="status", project="P-1", by="ana")


def test_two_sweeps_at_once_open_one_round_and_ask_once(world: World) -> None:
    world.clock.set(APRIL)
    at_once(world, sweep.sweep, sweep.sweep)
    found = shown(world).shown
    assert (found.asked, found.waiting) == (4, 4)


def test_two_last_answers_at_once_close_the_round(world: World) -> None:
    at(world, APRIL)
    at_once(
        world,
        partial(confirm, name="status", project="P-1", by="ana"),
        partial(confirm, name="status", project="P-2", by="ben"),
    )
    found = shown(world).shown
    assert (found.answered, found.reason) == (4, "all have answered")


def test_an_answer_and_a_close_at_once_leave_nothing_open(world: World) -> None:
    at(world, APRIL)
    at_once(
        world,
        partial(confirm, name="status", project="P-1", by="ana"),
        partial(close_round, name="status", by="olga", reason="enough"),
    )
    found = shown(world).shown
    assert found.waiting == 0
    assert found.closed is not None
    assert found.answered + found.missing == 4


def test_asked_again_under_one_request_a_command_answers_again(world: World) -> None:
    at(world, APRIL)
    options: Any = {"name": "status", "project": "P-1", "by": "ana", "request": "r-1"}
    assert confirm(world.governance, **options) == confirm(world.governance, **options)
    closing: Any = {"name": "status", "by": "olga", "reason": "enough", "request": "r-2"}
    assert close_round(world.governance, **closing) == close_round(world.governance, **closing)


def test_a_record_that_is_closed_answers_and_one_that_is_blocked_does_not(world: World) -> None:
    at(world, APRIL)
    world.submit("P-1", "risks", "ana", title="x")
    assert states(world)["P-1 risks"] == "waiting"
    where = {"project": "P-1", "register": "risks", "key": "R-1"}
    moves.close(world.governance, **where, by="ana")
    assert states(world)["P-1 risks"] == "answered"


ASKING = """
---
kind: rules
rules:
  - id: owes
    title: A project that owes data for more than a day is told of
    every: day
    of: project
    binding: should
    when: some r in returns satisfies r.state = "late" and r.due < now - @"P1D"
    then: [{notify: {to: manager, message: The office waits for your data}}]
  - id: many-owe
    title: That more than two lists are late is told of
    every: day
    of: office
    binding: should
    when: count(returns[state = "late"]) > 2
    then: [{notify: {to: head, message: Much is late}}]
  - id: reported-without-risks
    title: A report without risks is told of
    on: report.submitted
    binding: should
    when: some r in returns satisfies r.register = "risks" and r.state in ("waiting", "late")
    then: [{notify: {to: officer, message: Risks are not there yet}}]
"""


@pytest.fixture
def asking(make_world: Callable[..., World]) -> World:
    return founded(make_world(policy_from(POLICY + ASKING), start=BEGIN))


def bodies(world: World, person: str) -> list[str]:
    return [each.body.splitlines()[0] for each in world.inbox(person).messages]


def test_a_rule_on_a_project_asks_what_it_owes(asking: World) -> None:
    at(asking, APRIL)
    asking.update("P-1", "risks", "R-1", "ana", title="Ground water")
    confirm(asking.governance, name="status", project="P-1", by="ana")
    at(asking, datetime(2026, 4, 10, 9, tzinfo=UTC))  # late for less than a day as it opens
    assert "The office waits for your data" not in bodies(asking, "ben")
    at(asking, datetime(2026, 4, 13, 9, tzinfo=UTC))
    assert bodies(asking, "ben").count("The office waits for your data") == 1
    assert "The office waits for your data" not in bodies(asking, "ana")


def test_a_rule_on_an_office_asks_what_its_projects_owe(asking: World) -> None:
    at(asking, APRIL)
    assert "Much is late" not in bodies(asking, "hugo")
    confirm(asking.governance, name="status", project="P-1", by="ana", registers=["risks"])
    at(asking, datetime(2026, 4, 10, 9, tzinfo=UTC))  # three of four
    assert bodies(asking, "hugo").count("Much is late") == 1


def test_two_late_lists_are_not_many(asking: World) -> None:
    at(asking, APRIL)
    confirm(asking.governance, name="status", project="P-1", by="ana")
    at(asking, datetime(2026, 4, 13, 9, tzinfo=UTC))
    assert "Much is late" not in bodies(asking, "hugo")


def test_a_rule_on_a_record_asks_what_its_project_owes(asking: World) -> None:
    first = asking.submit("P-1", "reports", "ana", colour="green")
    assert first.decision.fired == []  # no round was opened yet
    at(asking, APRIL)
    assert asking.submit("P-1", "reports", "ana", colour="green").decision.fired == [
        "reported-without-risks"
    ]
    asking.update("P-1", "risks", "R-1", "ana", title="Ground water")
    assert asking.submit("P-1", "reports", "ana", colour="green").decision.fired == []


def test_what_a_round_asks_is_a_fact_with_all_that_there_is_to_say(asking: World) -> None:
    at(asking, APRIL)
    confirm(asking.governance, name="status", project="P-1", by="ana", registers=["risks"])
    with asking.governance.reading() as c:
        owed, given = returns(c, c.uow.projects.get("P-1"))
    due = datetime(2026, 4, 9, 9, tzinfo=UTC)
    of = {"round": "status", "period": "2026-03", "project": "P-1", "role": "manager", "due": due}
    assert owed == {**of, "register": "reports", "state": "waiting"}
    assert given == {**of, "register": "risks", "state": "answered", "answered_at": APRIL}


def test_what_was_excused_was_not_answered(asking: World) -> None:
    at(asking, APRIL)
    hold(asking, "P-1")
    with asking.governance.reading() as c:
        found = returns(c, c.uow.projects.get("P-1"))
    assert [(each["state"], "answered_at" in each) for each in found] == [("excused", False)] * 2


def test_of_an_earlier_round_nothing_is_asked(asking: World) -> None:
    at(asking, APRIL)
    at(asking, datetime(2026, 5, 1, 9, tzinfo=UTC))
    with asking.governance.reading() as c:
        found = returns(c, c.uow.projects.get("P-1"))
    assert [(each["period"], each["state"]) for each in found] == [("2026-04", "waiting")] * 2


def test_an_office_sees_what_those_owe_that_it_has_in_charge(
    make_world: Callable[..., World],
) -> None:
    offices = """
---
kind: offices
offices:
  - {id: hub, kind: portfolio, head: head}
  - {id: spoke, kind: project, under: hub}
"""
    world = founded(make_world(policy_from(POLICY + offices), start=BEGIN))
    world.project("P-3", office="spoke")
    at(world, APRIL)
    with world.governance.reading() as c:
        known = {
            office: {
                each["project"]
                for each in returns(c, Project(id="", name="", office=office, is_office=True))
            }
            for office in ("hub", "spoke")
        }
    assert known == {"hub": {"P-1", "P-2", "P-3"}, "spoke": {"P-3"}}


ELSEWHERE = """
---
kind: offices
offices:
  - {id: hub, kind: portfolio, head: head}
  - {id: spoke, kind: project, under: hub, calendar: coast}
---
kind: calendar
id: coast
zone: America/New_York
hours: {tue-sat: "09:00-17:00"}
"""


def test_who_is_served_by_an_office_elsewhere_is_asked_when_that_opens(
    make_world: Callable[..., World],
) -> None:
    headed = POLICY.replace("currency: GBP\n", "currency: GBP\ncalendar: england\n")
    world = founded(make_world(policy_from(headed + ELSEWHERE), start=BEGIN))
    world.project("P-3", office="spoke")
    at(world, datetime(2026, 5, 1, 8, tzinfo=UTC))  # a Friday; there it is four in the morning
    assert {each.split()[0] for each in states(world)} == {"P-1", "P-2"}
    for project, by in (("P-1", "ana"), ("P-2", "ben")):
        confirm(world.governance, name="status", project=project, by=by)
    at(world, datetime(2026, 5, 1, 12, 59, tzinfo=UTC))
    assert shown(world).shown.closed is None
    at(world, datetime(2026, 5, 1, 13, tzinfo=UTC))
    assert states(world)["P-3 risks"] == "waiting"
    assert shown(world).shown.asked == 6
    due = {each.due for each in shown(world).answers if each.project == "P-3"}
    assert due == {"2026-05-07T13:00:00+00:00"}  # four working days from Tuesday to Saturday
