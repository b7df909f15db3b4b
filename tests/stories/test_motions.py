"""What a body does to a project is put to its vote: no member of it does it alone."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from pmo_engine.model.acts import Act
from pmo_engine.testing import Failed, World, at_once, policy_from
from pmo_engine.work import acts
from pmo_engine.work.approvals import votes
from pmo_engine.work.approvals.stuck import stuck
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.people.delegations import Bounds, delegate
from pmo_engine.work.people.project_states import set_state
from pmo_engine.work.people.projects import ProjectNow
from tests.stories.conftest import CITY, DATABASES

pytestmark = DATABASES

TERMS = """members: 3
quorum: {meet: 2, vote: 1/2}
"""
BY_HEAD = """  - id: head-stops
    may: stop project
    up_to: unlimited
"""
BOARD = ("bea", "bo", "cem")


@pytest.fixture
def office(make_world: Callable[..., World]) -> Callable[..., World]:
    def make(terms: str = TERMS, head: str = "") -> World:
        text = Path(CITY).read_text(encoding="utf-8").replace("voting: A show of hands.\n", terms)
        world = make_world(
            policy_from(
                text.replace(
                    "reports_to: portfolio_board\n", f"{head}reports_to: portfolio_board\n"
                )
            )
        )
        world.project("P-1")
        world.person("petra", "pmo_head")
        world.person("ana", "project_manager", project="P-1")
        for each in BOARD:
            world.person(each, "portfolio_board")
        world.submit("P-1", "change_requests", "ana", cost="60000 GBP")
        return world

    return make


def put(
    world: World, by: str = "bo", act: Act = acts.STOP_PROJECT, reason: str = "no use"
) -> ProjectNow:
    return set_state(world.governance, act=act, project="P-1", by=by, reason=reason)


def status(world: World) -> str:
    with world.governance.reading() as c:
        return str(c.uow.projects.get("P-1").status)


def motion(world: World, person: str) -> str:
    [asked] = [e for e in world.waiting_for(person) if e.title == "Project P-1"]
    return asked.id


def vote(world: World, person: str, choice: str = "approve") -> str:
    id = motion(world, person)
    return votes.vote(world.governance, id, by=person, choice=choice).status  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("act", "to", "first"),
    [
        (acts.STOP_PROJECT, "stopped", ()),
        (acts.HOLD_PROJECT, "on_hold", ()),
        (acts.CLOSE_PROJECT, "closed", ()),
        (acts.START_PROJECT, "active", (acts.HOLD_PROJECT,)),
    ],
)
def test_a_member_puts_it_to_the_vote_and_the_vote_does_it(office, act, to, first):
    world = office()
    for each in first:
        put(world, act=each)
        vote(world, "bea")
    before = status(world)
    made = put(world, act=act)
    assert (made.put_to, made.changed, made.status) == ("the portfolio board", (), before)
    assert made.tally == "1 of 2 in favour; 1 of 2 there"
    assert f"Bo moves to {act.verb} it: no use" in world.inbox("bea").messages[-1].body.splitlines()
    assert vote(world, "bea") == to == status(world)
    [*_, told] = [line for line in world.journal("P-1") if line.kind.startswith("project.")]
    assert told.body["reason"] == "the portfolio board voted for it: no use"


def test_what_the_body_refuses_does_not_happen_and_who_put_it_hears(office):
    world = office()
    put(world)
    vote(world, "bea", "reject")
    assert vote(world, "cem", "reject") == "active"
    told = world.inbox("bo").messages[-1]
    assert told.subject == "Project P-1: what you put is refused"
    assert told.body.startswith("The portfolio board voted against it: 1 in favour, and it takes 2")
    assert put(world, by="cem").put_to, "it may be put again"


def test_the_same_is_not_put_twice_and_says_where_to_vote(office):
    world = office()
    put(world)
    id = motion(world, "bea")
    for act in (acts.STOP_PROJECT, acts.HOLD_PROJECT):
        with pytest.raises(
            Refusal, match=f"stop project P-1 is put to .* already; vote with 'pmo approve {id[:8]}"
        ):
            put(world, by="cem", act=act)


def test_whoever_else_may_do_it_does_it_alone_and_what_was_put_is_over(office):
    world = office(head=BY_HEAD)
    put(world, act=acts.HOLD_PROJECT)
    assert put(world, by="petra", reason="no money").status == "stopped"
    assert not [e for e in world.waiting_for("bea") if e.title == "Project P-1"]
    assert "P-1 is stopped by now." in world.inbox("bea").messages[-1].body


def test_a_body_whose_terms_say_nothing_of_votes_acts_through_each_member(office):
    assert put(office("voting: A show of hands.\n")).status == "stopped"


def test_whoever_leads_the_project_has_no_vote_on_what_becomes_of_it(office):
    world = office()
    world.appoint("bea", "project_manager", project="P-1")
    put(world)
    with pytest.raises(Refusal, match="is project manager of P-1"):
        votes.vote(world.governance, motion(world, "cem"), by="bea", choice="approve")


def test_a_delegate_of_a_member_puts_it_and_does_not_do_it(office):
    world = office(TERMS + "delegation: {to: [pmo_head]}\n")
    world.person("dan", "pmo_head")
    stops = Bounds(acts=("stop project",))
    delegate(world.governance, owner="bo", delegate="dan", by="bo", bounds=stops)
    made = put(world, by="dan")
    assert (made.put_to, made.tally) == ("the portfolio board", "1 of 2 in favour; 1 of 2 there")
    assert status(world) == "active"


def test_its_time_goes_on_while_the_project_is_on_hold(office):
    world = office(TERMS + "voting: {written: {within: 2 working days}}\n")
    put(world, act=acts.HOLD_PROJECT)
    vote(world, "bea")
    put(world, act=acts.START_PROJECT)
    world.forward(working_days=3)
    assert status(world) == "on_hold"
    with world.governance.reading() as c:
        [left] = [each for each in stuck(c) if each.title == "Project P-1"]
    assert left.why == ["no quorum: 1 of 2 that make a quorum are there: 1 of 2 in favour"]


def test_what_cannot_follow_is_refused_before_anybody_is_asked(office):
    world = office()
    with pytest.raises(CommandError, match="for a reason"):
        put(world, reason=" ")
    with pytest.raises(Refusal, match="may not stop project: under the terms that is for"):
        put(world, by="ana")
    assert not [e for e in world.waiting_for("bea") if e.title == "Project P-1"]


def test_two_who_put_it_at_once_put_it_once(office):
    world = office()
    put_by = [
        partial(set_state, act=acts.STOP_PROJECT, project="P-1", by=each, reason="no use")
        for each in ("bo", "bea")
    ]
    answers = at_once(world, *put_by)
    [refused] = [each for each in answers if isinstance(each, Failed)]
    assert "already" in str(refused)
    assert [each.title for each in world.waiting_for("cem")] == ["Project P-1"]


def test_the_last_two_votes_at_once_stop_it_once(office):
    world = office("members: 3\nquorum: {meet: 3, vote: 1/2}\n")
    put(world)
    id = motion(world, "cem")
    cast = [
        partial(votes.vote, obligation=id, by=each, choice="approve") for each in ("bea", "cem")
    ]
    at_once(world, *cast)
    assert status(world) == "stopped"
    assert [line.kind for line in world.journal("P-1")].count("project.stopped") == 1
