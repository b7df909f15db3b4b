"""A project is proposed, started, held, closed and stopped, and nothing that waits strands."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from pmo_engine.queries.reviews import GateDecided, review_story
from pmo_engine.roles.registry import roles
from pmo_engine.testing import Failed, World, at_once
from pmo_engine.testing.world import policy_from
from pmo_engine.work import acts
from pmo_engine.work.approvals.stuck import stuck
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.gates import reviews
from pmo_engine.work.gates.put import put as put_to_gate
from pmo_engine.work.people.programmes import add_programme, change_programme
from pmo_engine.work.people.project_states import set_state
from pmo_engine.work.people.projects import (
    Place,
    add_project,
    change_project,
    propose_project,
)
from tests.stories.conftest import DATABASES

from .conftest import CITY
from .test_gates import FIFTEEN, POLICY

pytestmark = DATABASES

TODAY = date(2026, 3, 2)
START, HOLD = acts.START_PROJECT, acts.HOLD_PROJECT
CLOSE, STOP = acts.CLOSE_PROJECT, acts.STOP_PROJECT


def put(world: World, act: acts.Act, by: str = "bo", reason: str = "so it is", project="P-1"):
    return set_state(world.governance, act=act, project=project, by=by, reason=reason)


def kinds(world: World, chain: str = "P-1") -> list[str]:
    return [line.kind for line in world.journal(chain)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("id", "a project keeps its id"),
        ("name", "give it with --name"),
        (
            "stage",
            "it moves through its gate .'pmo gate open'., or by hand with 'pmo project move'",
        ),
        ("status", "'pmo project start', 'hold' or 'stop'"),
        ("office", "give it with --office"),
        ("programme", "give it with --programme"),
    ],
)
def test_what_a_project_has_of_itself_is_no_attribute(world: World, name: str, said: str) -> None:
    for do in (
        partial(change_project, project="P-1"),
        partial(add_project, project="P-9", name="Nine", stage="design"),
        partial(propose_project, project="P-9", name="Nine", stage="design"),
    ):
        with pytest.raises(CommandError, match=f"'{name}' is no attribute of a project: .*{said}"):
            do(world.governance, attributes={name: "delivery"}, by="bo")


def test_an_attribute_of_that_name_is_taken_away(world: World) -> None:
    with world.database.unit_of_work("test", world.clock.now()) as uow:
        uow.projects.change(uow.projects.get("P-1"), attributes={"stage": "delivery", "tier": 2})
    change_project(world.governance, project="P-1", attributes={"stage": None}, by="bo")
    with world.governance.reading() as c:
        assert c.uow.projects.get("P-1").attributes == {"tier": 2}


def test_a_project_is_proposed_and_started(world: World) -> None:
    place = Place(starts_on=TODAY, ends_on=date(2026, 12, 31))
    made = propose_project(
        world.governance, project="P-9", name="Nine", stage="design", by="bo", place=place
    )
    assert (made.status, made.starts_on) == ("proposed", TODAY)
    world.submit("P-9", "change_requests", "ana", cost="1 GBP")
    assert put(world, START, project="P-9").status == "active"
    assert put(world, START, project="P-9").changed == ()
    assert [each for each in kinds(world, "P-9") if each.startswith("project")] == [
        "project.proposed",
        "project.started",
    ]


@pytest.mark.parametrize(
    ("way", "act", "said"),
    [
        ((STOP,), CLOSE, "P-1 is stopped, and cannot become closed; active can"),
        ((CLOSE,), HOLD, "P-1 is closed, and cannot become on hold; active can"),
    ],
)
def test_a_state_that_does_not_follow_is_refused(world: World, way, act, said: str) -> None:
    for each in way:
        put(world, each)
    with pytest.raises(Refusal, match=said):
        put(world, act)


@pytest.mark.parametrize(("act", "done"), [(HOLD, "held"), (STOP, "stopped")])
def test_it_is_held_and_stopped_for_a_reason(world: World, act: acts.Act, done: str) -> None:
    with pytest.raises(CommandError, match=f"a project is {done} for a reason"):
        put(world, act, reason=" ")


@pytest.mark.parametrize("act", [START, HOLD, CLOSE, STOP])
def test_whoever_the_terms_do_not_name_does_none_of_it(world: World, act: acts.Act) -> None:
    with pytest.raises(Refusal, match=f"Ana may not {act}"):
        put(world, act, by="ana")
    assert kinds(world)[-1:] in ([], ["refused"])


def test_whoever_may_change_projects_may_stop_them_unless_that_is_reserved(
    make_world: Callable[..., World],
) -> None:
    text = CITY.read_text(encoding="utf-8")
    head = "and nothing is left undecided.\nauthority:\n"
    text = text.replace(head, head + "  - {id: c, may: change project, up_to: unlimited}\n")
    board = "purpose: Decides what is beyond everybody else.\n"
    text = text.replace(board, f"{board}reserved: [{{act: close project}}]\n")
    world = make_world(policy_from(text))
    world.project("P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    assert put(world, HOLD, by="petra").status == "on_hold"
    for command in (
        partial(put, world, CLOSE, by="petra"),
        partial(change_project, world.governance, project="P-1", status="closed", by="petra"),
    ):
        with pytest.raises(Refusal, match="Petra may not close project"):
            command()
    assert put(world, STOP, by="petra").status == "stopped"


@pytest.mark.parametrize("act", [HOLD, CLOSE, STOP])
def test_it_takes_no_new_records_until_it_goes_on(world: World, act: acts.Act) -> None:
    put(world, act)
    with pytest.raises(Refusal, match="P-1 is (on hold|closed|stopped); 'pmo project"):
        world.submit("P-1", "change_requests", "ana", cost="1 GBP")
    put(world, START)
    assert world.submit("P-1", "change_requests", "ana", cost="1 GBP").key == "CR-1"


def test_its_managers_hear_of_it(world: World) -> None:
    put(world, HOLD, reason="the survey is awaited")
    assert world.inbox("ana").subjects == ["P-1 P-1 is held"]
    assert world.inbox("ana").messages[0].body == "By Bo: the survey is awaited"


def test_time_stands_still_while_it_is_on_hold_and_goes_on_with_what_was_left(
    world: World,
) -> None:
    world.submit("P-1", "change_requests", "bo", cost="60000 GBP")
    [asked] = world.waiting_for("petra")
    assert asked.due == "2026-03-05T09:00:00+00:00"
    world.forward(working_days=1)
    put(world, HOLD)
    before = len(world.inbox("petra").subjects)
    world.forward(working_days=10)
    assert len(world.inbox("petra").subjects) == before
    put(world, START)
    [asked] = world.waiting_for("petra")
    assert asked.due == "2026-03-18T17:30:00+00:00"  # two of three working days were left
    world.forward(working_days=1)
    assert len(world.inbox("petra").subjects) == before + 1
    world.vote("petra")
    assert world.status("P-1", "change_requests", "CR-1") == "approved"


def test_what_was_overdue_when_it_was_held_stays_so(world: World) -> None:
    world.submit("P-1", "change_requests", "bo", cost="60000 GBP")
    world.forward(working_days=3)
    put(world, HOLD)
    world.forward(working_days=5)
    put(world, START)
    [asked] = world.waiting_for("petra")
    assert asked.due == "2026-03-05T09:00:00+00:00"


def test_what_waits_may_be_decided_while_it_is_on_hold_or_closed(world: World) -> None:
    for number, act in enumerate((HOLD, CLOSE), 1):
        world.submit("P-1", "change_requests", "bo", cost="60000 GBP")
        put(world, act)
        world.vote("petra")
        assert world.status("P-1", "change_requests", f"CR-{number}") == "approved"
        put(world, START)


def test_nothing_waits_in_a_project_that_is_stopped_and_it_is_decided_when_it_goes_on(
    world: World,
) -> None:
    world.submit("P-1", "change_requests", "bo", cost="60000 GBP")
    put(world, STOP, reason="no money")
    assert world.waiting_for("petra") == []
    with world.governance.reading() as c:
        assert stuck(c) == []
        [entry] = c.uow.entries.of_project("P-1")
        assert entry.standing == "ended"
    assert world.inbox("petra").messages[-1].body == "The project is stopped by Bo: no money"
    with pytest.raises(Refusal, match="P-1 is stopped; 'pmo project start P-1' lets it go on"):
        world.update("P-1", "change_requests", "CR-1", "bo", cost="70000 GBP")
    put(world, START)
    assert len(world.waiting_for("petra")) == 1
    world.vote("petra")
    assert world.status("P-1", "change_requests", "CR-1") == "approved"


def test_who_stops_a_project_and_lets_it_go_on_has_written_nothing_of_what_waits(
    world: World,
) -> None:
    world.submit("P-1", "change_requests", "petra", cost="60000 GBP")
    assert len(world.waiting_for("bo")) == 1  # as petra asked for it
    put(world, STOP, reason="no money")
    put(world, START)
    assert len(world.waiting_for("bo")) == 1
    world.vote("bo")
    assert world.status("P-1", "change_requests", "CR-1") == "approved"


@pytest.fixture
def gated(make_world: Callable[..., World]) -> World:
    without = POLICY.replace(f"[{FIFTEEN}]\n    decided", "[]\n    decided")
    world = make_world(policy_from(without), roles=roles())
    world.project("P-1", stage="initiation")
    world.person("ana", "project_manager", project="P-1")
    world.person("bo", "portfolio_board")
    return world


AWAITED = date(2030, 1, 2)


def decided(world: World, outcome: str) -> str:
    from pmo_engine.work.approvals import votes

    review = reviews.open_gate(world.governance, project="P-1", gate="G2", by="ana")
    if outcome == "hold":
        put_to_gate(world.governance, review_id=review.id, by="bo", until=AWAITED, awaits="permit")
    [asked] = world.waiting_for("bo")
    choice = "approve" if outcome == "go" else "reject"
    votes.vote(world.governance, asked.id, by="bo", choice=choice, outcome=outcome)
    with world.governance.reading() as c:
        status: str = c.uow.projects.get("P-1").status
    return status


def test_a_gate_that_says_stop_stops_the_project(gated: World) -> None:
    assert decided(gated, "stop") == "stopped"
    with pytest.raises(Refusal, match="P-1 is stopped"):
        reviews.open_gate(gated.governance, project="P-1", gate="G2", by="ana")
    assert kinds(gated).count("project.stopped") == 1


def test_a_gate_that_says_hold_holds_it_and_its_next_review_lets_it_go_on(gated: World) -> None:
    assert decided(gated, "hold") == "on_hold"
    assert decided(gated, "go") == "active"


def test_a_gate_of_a_project_that_is_proposed_starts_it(gated: World) -> None:
    propose_project(gated.governance, project="P-2", name="Two", stage="initiation", by="bo")
    gated.appoint("ana", "project_manager", project="P-2")
    reviews.open_gate(gated.governance, project="P-2", gate="G2", by="ana")
    gated.vote("bo")
    with gated.governance.reading() as c:
        assert c.uow.projects.get("P-2").status == "active"


def test_a_gate_under_review_is_closed_with_its_project(gated: World) -> None:
    ids, moments = [], []
    for project in ("P-1", "P-2"):
        if project == "P-2":
            gated.project(project, stage="initiation")
            gated.appoint("ana", "project_manager", project=project)
            gated.forward(hours=1)
        ids.append(reviews.open_gate(gated.governance, project=project, gate="G2", by="ana").id)
        put(gated, STOP, reason="no money", project=project)
        moments.append(gated.clock.now().isoformat())
    assert gated.waiting_for("bo") == []
    why = "The project is stopped by Bo: no money"
    for id, at in zip(ids, moments, strict=True):  # each has an end of its own
        with gated.governance.reading() as c:
            found = review_story(c, id)
        assert (found.status, found.outcome, found.waits_for) == ("closed", "stop", ())
        assert found.decided == GateDecided(outcome="stop", by="bo", name="Bo", reason=why, at=at)


def test_programmes_are_a_tree(world: World) -> None:
    g = world.governance
    add_programme(g, programme="all", name="All", kind="portfolio", by="bo")
    add_programme(g, programme="north", name="North", within="all", by="bo")
    add_programme(g, programme="quay", name="Quay", within="north", by="bo")
    with pytest.raises(CommandError, match="itself: north within quay within north"):
        change_programme(g, programme="north", within="quay", by="bo")
    with pytest.raises(CommandError, match="itself: north within north"):
        change_programme(g, programme="north", within="north", by="bo")
    with pytest.raises(CommandError, match="called 'al' .did you mean 'all'"):
        change_programme(g, programme="north", within="al", by="bo")
    with pytest.raises(CommandError, match="'all' is a portfolio, and cannot be within the prog"):
        change_programme(g, programme="all", within="quay", by="bo")
    with pytest.raises(CommandError, match="no office is called 'x': the policy declares none"):
        change_programme(g, programme="north", office="x", by="bo")
    with pytest.raises(CommandError, match="there is a programme or portfolio 'all' already"):
        add_programme(g, programme="all", name="All", by="bo")
    with pytest.raises(Refusal, match="Ana may not add programme"):
        add_programme(g, programme="new", name="New", by="ana")
    assert change_programme(g, programme="quay", within="", by="bo").within is None
    assert change_programme(g, programme="quay", within="", by="bo").changed == ()
    with pytest.raises(CommandError, match="nothing to change"):
        change_programme(g, programme="quay", by="bo")


def test_a_project_is_in_one_programme_and_ends_after_it_starts(world: World) -> None:
    g = world.governance
    add_programme(g, programme="north", name="North", by="bo")
    place = Place(programme="north", starts_on=TODAY)
    made = add_project(g, project="P-7", name="Seven", stage="design", by="bo", place=place)
    assert made.programme == "north"
    early = date(2026, 3, 1)
    with pytest.raises(CommandError, match=r"cannot end \(2026-03-01\) before it starts"):
        change_project(g, project="P-7", by="bo", place=Place(ends_on=early))
    with pytest.raises(CommandError, match="called 'nort' .did you mean 'north'"):
        change_project(g, project="P-7", by="bo", place=Place(programme="nort"))
    assert change_project(g, project="P-7", by="bo", place=Place(ends_on=TODAY)).ends_on == TODAY
    assert change_project(g, project="P-7", by="bo", place=Place(programme="")).programme is None


AT_ONCE: dict[str, tuple[Callable[..., Any], str, int]] = {
    "propose": (
        partial(propose_project, project="P-9", name="N", stage="s", by="bo"),
        "project.proposed",
        1,
    ),
    "start": (partial(set_state, act=START, project="P-2", by="bo"), "project.started", 3),
    "hold": (
        partial(set_state, act=HOLD, project="P-1", by="bo", reason="r"),
        "project.held",
        3,
    ),
    "close": (partial(set_state, act=CLOSE, project="P-1", by="bo"), "project.closed", 3),
    "stop": (
        partial(set_state, act=STOP, project="P-1", by="bo", reason="r"),
        "project.stopped",
        3,
    ),
    "add programme": (
        partial(add_programme, programme="n", name="N", by="bo"),
        "programme.added",
        1,
    ),
    "change programme": (
        partial(change_programme, programme="north", name="Other", by="bo"),
        "programme.changed",
        3,
    ),
}


SET_UP = {"propose", "add programme"}  # what the story begins with, too


@pytest.mark.parametrize("name", AT_ONCE)
def test_the_same_at_once_is_done_once(world: World, name: str) -> None:
    command, told, good = AT_ONCE[name]
    propose_project(world.governance, project="P-2", name="Two", stage="s", by="bo")
    add_programme(world.governance, programme="north", name="North", by="bo")
    world.submit("P-1", "change_requests", "bo", cost="60000 GBP")
    answers = at_once(world, *[command] * 3)
    assert sum(isinstance(each, Failed) for each in answers) == 3 - good
    chains = ("office", "P-1", "P-2", "P-9")
    assert sum(kinds(world, each).count(told) for each in chains) == 1 + (name in SET_UP)


def test_a_vote_and_a_stop_at_once_leave_nothing_open(world: World) -> None:
    from pmo_engine.work.approvals import votes

    world.submit("P-1", "change_requests", "bo", cost="60000 GBP")
    [asked] = world.waiting_for("petra")
    at_once(
        world,
        partial(set_state, act=STOP, project="P-1", by="bo", reason="r"),
        partial(votes.vote, obligation=asked.id, by="petra", choice="approve"),
    )
    with world.governance.reading() as c:
        [entry] = c.uow.entries.of_project("P-1")
        assert entry.standing in {"approved", "ended"}
        assert c.uow.obligations.open_in("P-1") == []
        assert stuck(c) == []
