"""Appointments: functional roles, acting ones, roles kept apart; by delegates; of who leaves."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from pmo_engine.testing import Failed, World, at_once
from pmo_engine.testing.world import policy_from
from pmo_engine.work.approvals.stuck import stuck
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.people.absences import absent
from pmo_engine.work.people.appointments import appoint, end, hold, leave
from pmo_engine.work.people.delegations import Bounds, delegate, withdraw
from pmo_engine.work.people.posts import Post
from pmo_engine.work.people.second_accounts import same_as
from tests.stories.conftest import DATABASES

from .conftest import CITY
from .test_delegations import gather, told
from .test_people import HEAD

pytestmark = DATABASES

TODAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)
MORE = """
functional:
  - {role: risk, performed_by: specialist}
  - {role: finance, performed_by: officer}
incompatible:
  - {roles: [project_manager, finance], source: Rule book 4}
"""


@pytest.fixture
def peopled(make_world: Callable[..., World]) -> World:
    """The head appoints project managers; a manager is no auditor of money, nor on the board."""
    text = CITY.read_text(encoding="utf-8")
    appoints = "  - {id: head-appoints, may: appoint project_manager, up_to: unlimited}\n"
    text = text.replace(HEAD, HEAD + appoints)
    board = "  - {id: portfolio_board, body: true}\n"
    apart = "  - {id: portfolio_board, body: true, not_with: [project_manager]}"
    world = make_world(policy_from(text.replace(board, apart + MORE)))
    world.project("P-1")
    world.project("P-2")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    for person in ("ana", "ben", "rita"):
        world.person(person)
    return world


def test_a_functional_role_is_held_in_a_project_or_everywhere(peopled: World) -> None:
    made = hold(peopled.governance, person="rita", role="risk", project="P-1", by="bo")
    assert str(made.appointment) == "rita holds risk in P-1 from 2026-03-02 on"
    assert gather(peopled).holders("risk", "P-1", TODAY) == ("rita",)
    assert gather(peopled).holders("risk", "P-2", TODAY) == ()
    with pytest.raises(CommandError, match=r"no role 'risc'; it has .*did you mean 'risk'"):
        hold(peopled.governance, person="rita", role="risc", by="bo")
    with pytest.raises(Refusal, match="Rita may not appoint the finance role"):
        hold(peopled.governance, person="ben", role="finance", by="rita")


def test_a_role_is_held_acting_and_shown_so(peopled: World) -> None:
    act = partial(
        appoint, person="ben", post=Post("project_manager", "P-1", acting=True), by="petra"
    )
    made = act(peopled.governance, until=FRIDAY)
    assert str(made.appointment) == (
        "ben holds project_manager, acting, in P-1 from 2026-03-02 to 2026-03-06"
    )
    assert told(peopled, "role.held")[-1]["acting"] is True
    held = gather(peopled).holding("ben", "project_manager", "P-1", TODAY)
    assert held is not None
    assert held.acting
    assert not act(peopled.governance, until=FRIDAY).changed
    with pytest.raises(CommandError, match="acting, .* already"):
        hold(
            peopled.governance,
            person="ben",
            role="project_manager",
            project="P-1",
            until=FRIDAY,
            by="petra",
        )
    later = FRIDAY + timedelta(days=1)
    hold(
        peopled.governance,
        person="ben",
        role="project_manager",
        project="P-1",
        since=later,
        by="petra",
    )


def test_roles_that_do_not_go_together_are_not_held_together(peopled: World) -> None:
    manage = partial(hold, person="ana", role="project_manager", by="petra")
    manage(peopled.governance, project="P-1", until=FRIDAY)
    money = partial(hold, person="ana", role="finance", by="bo")
    with pytest.raises(Refusal) as caught:
        money(peopled.governance)
    assert str(caught.value) == (
        "Ana holds finance everywhere and project_manager in P-1, which nobody holds together: "
        "end the one, or give days that it leaves free"
    )
    with pytest.raises(Refusal, match="which nobody holds together"):
        money(peopled.governance, project="P-1", since=FRIDAY)
    assert money(peopled.governance, project="P-2").changed
    assert money(peopled.governance, project="P-1", since=FRIDAY + timedelta(days=1)).changed
    with pytest.raises(Refusal, match="which nobody holds together"):
        hold(peopled.governance, person="bo", role="project_manager", project="P-1", by="petra")


def test_roles_are_kept_apart_through_second_accounts_too(peopled: World) -> None:
    same_as(peopled.governance, person="ana", other="ben", by="bo")
    hold(peopled.governance, person="ana", role="project_manager", project="P-1", by="petra")
    with pytest.raises(Refusal, match=r"Ben holds finance everywhere .* \(as Ana\)"):
        hold(peopled.governance, person="ben", role="finance", by="bo")


APPOINT = Bounds(("appoint project_manager",))


def test_a_delegate_appoints_for_whom_the_terms_name(peopled: World) -> None:
    by_ben = partial(hold, role="project_manager", project="P-1", by="ben")
    with pytest.raises(Refusal, match="Ben may not appoint the project manager"):
        by_ben(peopled.governance, person="ana")
    delegate(peopled.governance, owner="petra", delegate="ben", by="petra", bounds=APPOINT)
    with pytest.raises(Refusal, match="nobody appoints themself"):
        by_ben(peopled.governance, person="ben")
    with pytest.raises(Refusal, match="nor lets a delegate do it: Ben acts for Petra"):
        by_ben(peopled.governance, person="petra")
    by_ben(peopled.governance, person="ana")
    assert told(peopled, "role.held")[-1]["on_behalf_of"] == "petra"
    ended = end(peopled.governance, person="ana", role="project_manager", project="P-1", by="ben")
    assert ended.taken_back
    with pytest.raises(Refusal, match="Ben may not appoint the finance role"):
        hold(peopled.governance, person="ana", role="finance", by="ben")


def test_what_the_terms_keep_a_delegate_of_everything_does_not_do(
    make_world: Callable[..., World],
) -> None:
    text = CITY.read_text(encoding="utf-8")
    appoints = "  - {id: head-appoints, may: appoint project_manager, up_to: unlimited}\n"
    keeps = "reports_to: portfolio_board\ndelegation: {acts: [approve change_request]}\n"
    text = text.replace(HEAD, HEAD + appoints).replace("reports_to: portfolio_board\n", keeps)
    world = make_world(policy_from(text))
    world.person("petra", "pmo_head")
    world.person("ben")
    world.person("ana")
    delegate(world.governance, owner="petra", delegate="ben", by="petra")
    with pytest.raises(Refusal, match="Ben may not appoint the project manager"):
        hold(world.governance, person="ana", role="project_manager", by="ben")


def test_a_named_deputy_appoints_while_somebody_is_away_and_not_after(peopled: World) -> None:
    by_ben = partial(hold, person="ana", role="project_manager", by="ben")
    absent(peopled.governance, person="petra", until=FRIDAY, deputy="ben", by="petra")
    by_ben(peopled.governance, project="P-1")
    assert told(peopled, "role.held")[-1]["on_behalf_of"] == "petra"
    peopled.clock.forward(timedelta(days=5))
    with pytest.raises(Refusal, match="Ben may not appoint the project manager"):
        by_ben(peopled.governance, project="P-2")


def test_a_deputy_of_the_terms_appoints_while_all_of_the_role_are_away(
    make_world: Callable[..., World],
) -> None:
    text = CITY.read_text(encoding="utf-8")
    appoints = "  - {id: head-appoints, may: appoint project_manager, up_to: unlimited}\n"
    deputies = "reports_to: portfolio_board\ndeputy: project_manager\n"
    text = text.replace(HEAD, HEAD + appoints).replace("reports_to: portfolio_board\n", deputies)
    world = make_world(policy_from(text))
    world.project("P-1")
    world.person("petra", "pmo_head")
    world.person("paul", "pmo_head")
    world.person("dan", "project_manager")
    world.person("ana")
    by_dan = partial(hold, person="ana", role="project_manager", project="P-1", by="dan")
    absent(world.governance, person="petra", until=FRIDAY, by="petra")
    with pytest.raises(Refusal, match="Dan may not appoint the project manager"):
        by_dan(world.governance)
    absent(world.governance, person="paul", until=TODAY, upward=True, by="paul")
    with pytest.raises(Refusal, match="Dan may not appoint the project manager"):
        by_dan(world.governance)
    world.clock.forward(timedelta(days=1))
    absent(world.governance, person="paul", until=FRIDAY, by="paul")
    assert by_dan(world.governance).changed
    assert told(world, "role.held")[-1]["on_behalf_of"] in {"petra", "paul"}


def test_what_somebody_delegated_ends_when_they_leave(peopled: World) -> None:
    delegate(peopled.governance, owner="petra", delegate="ben", by="petra", bounds=APPOINT)
    left = leave(peopled.governance, person="petra", by="bo", on=FRIDAY)
    assert [each.delegate for each in left.delegations] == ["ben"]
    assert gather(peopled).given_to("ben", FRIDAY) != ()
    (given,) = gather(peopled).delegations
    assert not leave(peopled.governance, person="petra", by="bo", on=FRIDAY).delegations
    earlier = leave(peopled.governance, person="petra", by="bo", on=TODAY)
    assert [each.id for each in earlier.delegations] == [given.id]
    assert withdraw(peopled.governance, delegation=given.id, by="ben").changed
    assert gather(peopled).given_to("ben", TODAY) == ()
    peopled.clock.forward(timedelta(days=5))
    assert gather(peopled).given_to("ben", date(2026, 3, 7)) == ()
    again = leave(peopled.governance, person="petra", by="bo")
    assert (again.ended, again.delegations) == ((), ())


def test_what_was_asked_of_who_has_left_is_asked_of_who_leads_the_project_and_then_above(
    peopled: World,
) -> None:
    hold(peopled.governance, person="ana", role="risk", project="P-1", by="bo")
    peopled.appoint("ben", "project_manager", project="P-1")
    peopled.submit("P-1", "change_requests", "ana", category="scope")
    [asked] = peopled.waiting_for("ana")
    leave(peopled.governance, person="ana", by="bo")
    assert peopled.waiting_for("ana") == []
    assert [each.id for each in peopled.waiting_for("ben")] == [asked.id]
    told_last = peopled.inbox("ben").messages[-1].body
    assert "Ana, of whom it was asked, has left." in told_last
    leave(peopled.governance, person="ben", by="petra")
    assert [each.id for each in peopled.waiting_for("petra")] == [asked.id]
    peopled.update("P-1", "change_requests", "CR-1", "petra", cost="10 GBP")


def test_what_is_asked_of_who_leaves_later_is_asked_of_others_when_their_last_day_is_over(
    peopled: World,
) -> None:
    for each in ("ana", "ben"):
        peopled.appoint(each, "project_manager", project="P-1")
    peopled.submit("P-1", "change_requests", "ana", category="scope")
    [asked] = peopled.waiting_for("ana")
    leave(peopled.governance, person="ana", by="petra", on=FRIDAY)
    peopled.sweep()
    assert [each.id for each in peopled.waiting_for("ana")] == [asked.id]
    peopled.clock.set(datetime(2026, 3, 6, 20, tzinfo=UTC))  # that Friday
    peopled.sweep()
    assert [each.id for each in peopled.waiting_for("ana")] == [asked.id]
    peopled.clock.set(datetime(2026, 3, 7, 9, tzinfo=UTC))
    peopled.sweep()
    assert peopled.waiting_for("ana") == []
    assert [each.id for each in peopled.waiting_for("ben")] == [asked.id]
    peopled.submit("P-1", "change_requests", "ana", category="scope")  # from outside, by now
    peopled.sweep()
    assert len(peopled.waiting_for("ana")) == 1


def test_who_is_back_by_their_last_day_keeps_what_is_asked_of_them(peopled: World) -> None:
    peopled.appoint("ana", "project_manager", project="P-1")
    peopled.appoint("ben", "project_manager", project="P-1")
    peopled.submit("P-1", "change_requests", "ana", category="scope")
    [asked] = peopled.waiting_for("ana")
    leave(peopled.governance, person="ana", by="petra", on=FRIDAY)
    hold(
        peopled.governance,
        person="ana",
        role="risk",
        project="P-1",
        by="bo",
        since=date(2026, 3, 7),
    )
    for day in (7, 9):
        peopled.clock.set(datetime(2026, 3, day, 9, tzinfo=UTC))
        peopled.sweep()
        assert [each.id for each in peopled.waiting_for("ana")] == [asked.id]


def test_where_nobody_leads_the_project_the_head_is_asked_for_who_has_left(peopled: World) -> None:
    peopled.appoint("ana", "project_manager", project="P-1")
    peopled.submit("P-1", "change_requests", "ana", category="scope")
    [asked] = peopled.waiting_for("ana")
    leave(peopled.governance, person="ana", by="petra")
    assert [each.id for each in peopled.waiting_for("petra")] == [asked.id]
    assert (
        peopled.inbox("petra").messages[-1].body.startswith("Ana, of whom it was asked, has left")
    )


def test_what_nobody_is_left_to_answer_is_stuck_until_somebody_heads_the_office(
    peopled: World,
) -> None:
    hold(peopled.governance, person="ana", role="risk", project="P-1", by="bo")
    peopled.submit("P-1", "change_requests", "ana", category="scope")
    [asked] = peopled.waiting_for("ana")
    end(peopled.governance, person="petra", role="pmo_head", by="bo")
    leave(peopled.governance, person="ana", by="bo")
    with peopled.governance.reading() as c:
        [found] = [each for each in stuck(c) if each.id == asked.id]
    assert found.why == ["nobody holds pmo_head"]
    peopled.appoint("petra", "pmo_head")
    peopled.sweep()
    assert [each.id for each in peopled.waiting_for("petra")] == [asked.id]
    assert "waits for the change's cost" in peopled.inbox("petra").subjects[-1]


def test_who_is_let_go_twice_at_once_hands_over_once(peopled: World) -> None:
    hold(peopled.governance, person="ana", role="risk", project="P-1", by="bo")
    peopled.appoint("ben", "project_manager", project="P-1")
    for category in ("scope", "cost"):
        peopled.submit("P-1", "change_requests", "ana", category=category)
    asked = {each.id for each in peopled.waiting_for("ana")}
    goes = partial(leave, person="ana", by="bo")
    answers = at_once(peopled, goes, goes)
    assert [each for each in answers if isinstance(each, Failed)] == []
    assert peopled.waiting_for("ana") == []
    assert {each.id for each in peopled.waiting_for("ben")} == asked
    bodies = [each.body for each in peopled.inbox("ben").messages]
    assert sum("Ana, of whom it was asked, has left." in each for each in bodies) == len(asked) == 2
    handed = [line for line in peopled.journal("P-1") if line.kind == "obligation.asked"]
    assert len(handed) == 2


def test_what_others_delegated_to_who_leaves_ends_too(peopled: World) -> None:
    delegate(peopled.governance, owner="petra", delegate="ben", by="petra", bounds=APPOINT)
    leave(peopled.governance, person="ben", by="ben")
    assert gather(peopled).given_to("ben", TODAY) == ()
    assert told(peopled, "delegation.ended")[-1]["from"] == "2026-03-02"


def test_the_seats_of_a_body_are_given_by_whom_its_terms_name(
    make_world: Callable[..., World],
) -> None:
    text = CITY.read_text(encoding="utf-8")
    seats = (
        "for: portfolio_board\nmembership:\n  - {seat: member, count: 5, appointed_by: pmo_head}\n"
    )
    world = make_world(policy_from(text.replace("for: portfolio_board\n", seats)))
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("ana")
    seat = partial(hold, person="ana", role="portfolio_board")
    with pytest.raises(Refusal, match="under the terms that is for the PMO head"):
        seat(world.governance, by="bo")
    assert seat(world.governance, by="petra").changed
    with pytest.raises(Refusal, match="nobody appoints themself"):
        seat(world.governance, person="petra", by="petra")


def test_where_somebody_in_words_gives_the_seats_the_most_senior_appoints(
    make_world: Callable[..., World],
) -> None:
    text = CITY.read_text(encoding="utf-8")
    seats = (
        "for: portfolio_board\nmembership: [{seat: member, count: 5, appointed_by: The mayor}]\n"
    )
    world = make_world(policy_from(text.replace("for: portfolio_board\n", seats)))
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("ana")
    seat = partial(hold, world.governance, person="ana", role="portfolio_board")
    with pytest.raises(Refusal, match="under the terms that is for the portfolio board"):
        seat(by="petra")
    assert seat(by="bo").changed


def test_who_may_not_end_a_role_that_is_held_today_for_the_last_time_lets_nobody_go(
    peopled: World,
) -> None:
    hold(peopled.governance, person="ben", role="project_manager", project="P-1", by="petra")
    hold(peopled.governance, person="ben", role="risk", by="bo", until=TODAY)
    with pytest.raises(Refusal, match="Petra may not end an appointment to the risk role"):
        leave(peopled.governance, person="ben", by="petra")
    peopled.forward(hours=24)
    assert len(leave(peopled.governance, person="ben", by="petra").ended) == 1
