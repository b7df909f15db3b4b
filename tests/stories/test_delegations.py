"""Delegations and absences: made, bounded, withdrawn; what is refused; two at once."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from pmo_engine.store.errors import NotFound
from pmo_engine.testing import Failed, World, at_once
from pmo_engine.testing.world import policy_from
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.people.absences import absent, back
from pmo_engine.work.people.delegations import Bounds, delegate, withdraw
from pmo_engine.work.people.gathered import people
from tests.stories.conftest import DATABASES

from .conftest import CITY

pytestmark = DATABASES

TODAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)
CHANGE = "approve change_request"
HEAD = "and nothing is left undecided.\n"


def town(*added: tuple[str, str]) -> Any:
    """The city's policy with more after the line that a text begins."""
    text = CITY.read_text(encoding="utf-8")
    for before, more in added:
        assert text.count(before) == 1
        text = text.replace(before, before + more)
    return policy_from(text)


def gather(world: World) -> Any:
    with world.governance.reading() as c:
        return people(c)


def told(world: World, kind: str) -> list[dict[str, Any]]:
    return [line.body for line in world.journal("office") if line.kind == kind]


def refused(world: World, command: Callable[..., Any], **more: Any) -> str:
    before = gather(world)
    with pytest.raises((Refusal, CommandError)) as caught:
        command(world.governance, **more)
    assert gather(world) == before
    return str(caught.value)


@pytest.fixture
def peopled(world: World) -> World:
    for person in ("ben", "cem", "sam"):
        world.person(person)
    return world


GIVE = partial(delegate, owner="petra", delegate="ben", by="petra")


def test_what_is_delegated_stands_as_it_was_said(peopled: World) -> None:
    bounds = Bounds((CHANGE,), ("P-1",), "100 GBP", TODAY, FRIDAY)
    made = GIVE(peopled.governance, bounds=bounds, reason="on a course")
    assert str(made) == (
        "ben decides for petra from 2026-03-02 to 2026-03-06: approve change_request in P-1 "
        "up to 100 GBP"
    )
    (found,) = gather(peopled).delegations
    assert (found.owner, found.delegate, found.acts, found.projects) == (
        "petra",
        "ben",
        (CHANGE,),
        ("P-1",),
    )
    assert (str(found.up_to), found.since, found.until) == ("100 GBP", TODAY, FRIDAY)
    (line,) = told(peopled, "delegation.made")
    assert (line["delegation"], line["reason"]) == (made.id, "on a course")
    assert peopled.inbox("ben").subjects == ["You decide for Petra"]
    assert peopled.inbox("petra").subjects == []


def test_said_again_it_changes_nothing(peopled: World) -> None:
    made = GIVE(peopled.governance)
    again = GIVE(peopled.governance)
    assert (again.id, made.changed, again.changed) == (made.id, True, False)
    assert GIVE(peopled.governance, bounds=Bounds(until=FRIDAY)).changed
    assert len(told(peopled, "delegation.made")) == 2


def test_a_request_is_carried_out_once(peopled: World) -> None:
    first = GIVE(peopled.governance, request="R-1")
    withdraw(peopled.governance, delegation=first.id, by="petra", request="R-2")
    assert GIVE(peopled.governance, request="R-1") == first
    assert gather(peopled).given_to("ben", TODAY) == ()


@pytest.mark.parametrize("by", ["petra", "ben", "bo"])
def test_it_is_withdrawn_at_once_by_its_owner_its_delegate_or_whom_the_terms_name(
    peopled: World, by: str
) -> None:
    made = GIVE(peopled.governance)
    withdraw(peopled.governance, delegation=made.id[:8], by=by)
    assert gather(peopled).given_to("ben", TODAY) == ()
    (line,) = told(peopled, "delegation.ended")
    assert line == {
        "delegation": made.id,
        "owner": "petra",
        "delegate": "ben",
        "from": "2026-03-02",
    }
    assert not withdraw(peopled.governance, delegation=made.id, by=by).changed
    assert GIVE(peopled.governance).id != made.id


def test_others_do_not_withdraw_it(peopled: World) -> None:
    made = GIVE(peopled.governance)
    why = refused(peopled, partial(withdraw, delegation=made.id, by="sam"))
    assert why.startswith("Sam may not withdraw delegation")
    with pytest.raises(CommandError, match="no delegation"):
        withdraw(peopled.governance, delegation="none", by="petra")


def test_for_others_delegates_whom_the_terms_name(peopled: World) -> None:
    why = refused(peopled, GIVE, by="sam")
    assert why == "Sam may not delegate: under the terms that is for the portfolio board"
    GIVE(peopled.governance, by="bo")
    assert peopled.inbox("petra").subjects == ["Ben decides for you"]


def test_nobody_makes_themself_a_delegate(peopled: World) -> None:
    why = refused(peopled, partial(delegate, owner="petra", delegate="bo", by="bo"))
    assert why == "nobody makes themself a delegate: Petra, or somebody else, has to"
    why = refused(peopled, partial(delegate, owner="petra", delegate="petra", by="petra"))
    assert why == "Petra and Petra are one person, who decides as they are"


@pytest.mark.parametrize(
    ("bounds", "why"),
    [
        (Bounds(since=TODAY - timedelta(days=1)), "2026-03-01 is over, and what was decided then"),
        (Bounds(since=FRIDAY, until=TODAY), "cannot end (2026-03-02) before it begins"),
        (
            Bounds(("aprove change_request",)),
            "nothing here is 'aprove change_request' (did you mean 'approve ch",
        ),
        (Bounds(("dance",)), "nothing here is 'dance' (there are approve change_request"),
        (Bounds(up_to="much"), "--up-to: "),
        (Bounds(up_to="5 EUR"), "amounts are in GBP here, not in EUR"),
        (Bounds(up_to="0 GBP"), "up to 0 GBP nothing could be decided"),
        (Bounds((CHANGE,), up_to="250000.01 GBP"), "250000.01 GBP is beyond 250000 GBP, up to"),
        (Bounds(("approve",), up_to="250000.01 GBP"), "is beyond 250000 GBP"),
        (Bounds(up_to="250000.01 GBP"), "is beyond 250000 GBP"),
        (
            Bounds(("appoint",)),
            "Petra may not appoint themself, and they hold the role of PMO head",
        ),
        (Bounds((CHANGE, "link person")), "Petra may not link person themself"),
        (Bounds(("appoint", CHANGE)), "Petra may not appoint themself"),
    ],
)
def test_bounds_that_cannot_be_are_refused(peopled: World, bounds: Bounds, why: str) -> None:
    assert why in refused(peopled, GIVE, bounds=bounds)


def test_up_to_the_owner_s_own_limit_it_can_be_delegated(peopled: World) -> None:
    assert GIVE(peopled.governance, bounds=Bounds((CHANGE,), up_to="250000 GBP")).changed
    assert GIVE(peopled.governance, bounds=Bounds(("approve",))).changed


def test_a_project_that_there_is_not_is_told(peopled: World) -> None:
    with pytest.raises(NotFound, match="P-7"):
        GIVE(peopled.governance, bounds=Bounds(projects=("P-7",)))


def test_whoever_has_no_role_there_has_nothing_to_delegate(peopled: World) -> None:
    why = refused(peopled, partial(delegate, owner="sam", delegate="ben", by="sam"))
    assert why == "Sam may not decide anything themself, and they hold no role"
    peopled.project("P-2")
    elsewhere = Bounds((CHANGE,), ("P-1", "P-2"))
    why = refused(
        peopled, partial(delegate, owner="ana", delegate="ben", by="ana", bounds=elsewhere)
    )
    assert why == "Ana may not approve change_request in P-2 themself, and they hold no role"


def test_a_seat_of_a_body_is_delegated_only_where_the_terms_say_so(peopled: World) -> None:
    why = refused(
        peopled, partial(delegate, owner="bo", delegate="ben", by="bo", bounds=Bounds((CHANGE,)))
    )
    assert why.endswith(
        "the terms of the portfolio board say nothing of delegation, and a seat of a body is"
        " one's own"
    )

    whole = partial(delegate, owner="bo", delegate="ben", by="bo")
    assert "a seat of a body is one's own" in refused(peopled, whole)


def test_where_a_body_s_terms_say_so_a_seat_is_delegated(make_world: Callable[..., World]) -> None:
    world = make_world(town(("for: portfolio_board\n", "delegation: {to: [pmo_head]}\n")))
    world.person("bo", "portfolio_board")
    world.person("petra", "pmo_head")
    give = partial(delegate, owner="bo", delegate="petra", by="bo", bounds=Bounds((CHANGE,)))
    assert give(world.governance).changed


def test_a_member_who_delegates_to_another_hears_that_it_gives_no_vote(
    make_world: Callable[..., World],
) -> None:
    terms = "members: 5\nquorum: {meet: 3}\ndelegation: {}\n"
    world = make_world(town(("for: portfolio_board\n", terms)))
    for person, role in (("bo", "portfolio_board"), ("bea", "portfolio_board")):
        world.person(person, role)
    world.person("petra", "pmo_head")
    give = partial(delegate, world.governance, owner="bo", by="bo", bounds=Bounds((CHANGE,)))
    [said] = give(delegate="bea").no_vote
    assert said.startswith("Bea has a vote of their own in portfolio_board, and one vote alone")
    assert give(delegate="petra").no_vote == ()


def test_terms_say_which_acts_go_to_whom(make_world: Callable[..., World]) -> None:
    world = make_world(town((HEAD, f"delegation: {{acts: [{CHANGE}], to: [project_manager]}}\n")))
    world.project("P-1")
    world.person("petra", "pmo_head")
    world.person("ana", "project_manager", project="P-1")
    world.person("ben")
    why = refused(world, GIVE, bounds=Bounds((CHANGE,)))
    assert why == (
        "Petra may not delegate approve change_request: the terms of the PMO head want a delegate "
        "who is project manager"
    )
    to_ana = partial(GIVE, delegate="ana")
    assert to_ana(world.governance, bounds=Bounds((CHANGE,), ("P-1",))).changed
    why = refused(world, to_ana, bounds=Bounds(("approve",)))
    assert why.endswith("the terms of the PMO head let delegate approve change_request alone")


FURTHER = partial(delegate, owner="ben", delegate="cem", by="ben", bounds=Bounds((CHANGE,)))


def test_of_no_act_the_bound_is_within_what_the_owner_may_decide_at_all(
    make_world: Callable[..., World],
) -> None:
    unlimited = "  - {id: names, may: appoint, up_to: unlimited}\n"
    world = make_world(town((HEAD + "authority:\n", unlimited)))
    world.person("petra", "pmo_head")
    world.person("ben")
    said = "250001 GBP is beyond 250000 GBP, up to which Petra may decide themself"
    assert said in refused(world, GIVE, bounds=Bounds(up_to="250001 GBP"))
    assert GIVE(world.governance, bounds=Bounds(up_to="250000 GBP")).changed


def test_what_came_by_delegation_goes_no_further(peopled: World) -> None:
    GIVE(peopled.governance)
    assert "Ben may not approve change_request themself" in refused(peopled, FURTHER)


def test_where_the_terms_let_chains_be_it_goes_on(make_world: Callable[..., World]) -> None:
    world = make_world(town((HEAD, "delegation: {chains: yes}\n")))
    world.person("petra", "pmo_head")
    world.person("ben")
    world.person("cem")
    GIVE(world.governance, bounds=Bounds(up_to="100 GBP"))
    beyond = Bounds((CHANGE,), up_to="101 GBP")
    said = "101 GBP is beyond 100 GBP, up to which Ben may approve change_request for others"
    assert refused(world, FURTHER, bounds=beyond) == said
    assert FURTHER(world.governance, bounds=Bounds((CHANGE,), up_to="100 GBP")).changed
    assert FURTHER(world.governance, bounds=Bounds((CHANGE,))).changed


def test_delegations_do_not_go_round_in_a_circle(peopled: World) -> None:
    GIVE(peopled.governance, delegate="ana")
    back_again = partial(delegate, owner="ana", delegate="petra", by="ana")
    later = Bounds(since=FRIDAY)
    why = refused(peopled, back_again)
    assert why == "delegations would go round in a circle: Ana to Petra to Ana"
    assert refused(peopled, back_again, bounds=later) == why


def in_a_circle(owner: str, to: str) -> Any:
    return partial(delegate, owner=owner, delegate=to, by=owner)


def test_a_circle_is_not_closed_by_two_at_once(peopled: World) -> None:
    answers = at_once(peopled, in_a_circle("petra", "ana"), in_a_circle("ana", "petra"))
    (failed,) = [each for each in answers if isinstance(each, Failed)]
    assert "go round in a circle" in failed.message
    assert len(gather(peopled).delegations) == 1


def test_the_same_at_once_is_delegated_once(peopled: World) -> None:
    answers = at_once(peopled, GIVE, GIVE)
    assert sorted(each.changed for each in answers) == [False, True]
    assert len(gather(peopled).delegations) == 1
    (made,) = gather(peopled).delegations
    end = partial(withdraw, delegation=made.id, by="petra")
    assert sorted(each.changed for each in at_once(peopled, end, end)) == [False, True]
    assert len(told(peopled, "delegation.ended")) == 1


AWAY = partial(absent, person="petra", by="petra")


def test_somebody_is_away_and_comes_back_early(peopled: World) -> None:
    away = AWAY(peopled.governance, until=FRIDAY, deputy="ben")
    assert str(away) == "petra is away from 2026-03-02 to 2026-03-06; ben stands in"
    found = gather(peopled).absence("petra", TODAY)
    assert (found.deputy, found.upward, found.until) == ("ben", False, FRIDAY)
    assert peopled.inbox("ben").subjects == ["You stand in for Petra"]
    peopled.clock.forward(timedelta(days=1))
    assert str(back(peopled.governance, person="petra", by="petra")) == (
        "petra is back on 2026-03-03"
    )
    assert gather(peopled).absence("petra", date(2026, 3, 3)) is None
    assert told(peopled, "person.back") == [{"person": "petra", "on": "2026-03-03"}]
    why = refused(peopled, partial(back, person="petra", by="petra"))
    assert why == "Petra is not away on 2026-03-03, nor later"


def test_whoever_said_when_they_are_back_may_be_back_earlier(peopled: World) -> None:
    AWAY(peopled.governance, until=FRIDAY)
    back(peopled.governance, person="petra", by="petra", on=FRIDAY)
    assert gather(peopled).absence("petra", TODAY) is not None
    back(peopled.governance, person="petra", by="petra")
    assert gather(peopled).absence("petra", TODAY) is None


def test_without_a_deputy_the_terms_say_who_stands_in_or_it_goes_up(peopled: World) -> None:
    assert "as the terms say" in str(AWAY(peopled.governance, since=FRIDAY))
    upward = AWAY(peopled.governance, until=date(2026, 3, 5), upward=True)
    assert str(upward) == "petra is away from 2026-03-02 to 2026-03-05; it goes up"
    assert gather(peopled).absence("petra", TODAY).upward


def test_said_again_an_absence_changes_nothing_and_another_one_is_refused(peopled: World) -> None:
    assert AWAY(peopled.governance, until=FRIDAY).changed
    assert not AWAY(peopled.governance, until=FRIDAY).changed
    assert "already: end that first" in refused(peopled, AWAY, since=FRIDAY)
    assert AWAY(peopled.governance, since=FRIDAY + timedelta(days=1)).changed
    assert len(told(peopled, "person.away")) == 2


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"since": TODAY - timedelta(days=1)}, "2026-03-01 is over"),
        ({"since": FRIDAY, "until": TODAY}, "cannot end (2026-03-02) before it begins"),
        ({"deputy": "ben", "upward": True}, "either a deputy stands in or it goes up"),
        ({"deputy": "petra"}, "Petra and Petra are one person"),
        ({"deputy": "bo", "by": "bo"}, "nobody makes themself a deputy"),
        ({"deputy": "ana"}, "Ana is away on 2026-03-02"),
        ({"by": "sam"}, "Sam may not change absence"),
    ],
)
def test_absences_that_cannot_be_are_refused(
    peopled: World, given: dict[str, Any], why: str
) -> None:
    absent(peopled.governance, person="ana", by="ana")
    assert why in refused(peopled, AWAY, **given)


def test_two_say_at_once_that_somebody_is_away(peopled: World) -> None:
    answers = at_once(peopled, AWAY, AWAY)
    assert sorted(each.changed for each in answers) == [False, True]
    assert len(gather(peopled).absences) == 1
