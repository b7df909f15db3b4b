"""What somebody who has run an office for years tries first on the models that come with it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from pmo_engine.compiler.loading import check_policy
from pmo_engine.model.acts import Act
from pmo_engine.queries.dashboard.board import board
from pmo_engine.resources import policies_dir
from pmo_engine.testing import World, policy_from
from pmo_engine.work.approvals import votes
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.people import appointments
from pmo_engine.work.people.project_states import set_state
from pmo_engine.work.people.second_accounts import same_as
from pmo_engine.work.records import moves
from pmo_engine.work.records.endings import withdraw

MakeWorld = Callable[..., World]


def model(make: MakeWorld, name: str) -> World:
    world = make(check_policy(policies_dir() / name).policy)
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("sue", "sponsor", project="P-1")
    return world


@pytest.mark.parametrize(
    ("name", "head"),
    [("pmo-single", "pmo_head"), ("p3o", "office_head"), ("demo", "pmo_head")],
)
def test_a_forecast_is_told_at_one_level_and_not_at_two(
    make_world: MakeWorld, name: str, head: str
) -> None:
    """Beyond the stage's tolerance it is a notice; beyond the project's an exception instead."""
    world = model(make_world, name)
    world.person("hal", head)
    world.person("bo", "portfolio_board")
    line = {"title": "Bridge", "baseline": "100000 GBP", "funds": "200000 GBP", "actual": "0 GBP"}
    world.submit("P-1", "budget_lines", "ana", **line, commitment="0 GBP", forecast="104000 GBP")
    told = "The forecast is beyond the tolerance of the stage, within that of the project"
    raised = "The forecast is beyond tolerance"

    def heard(forecast: str) -> tuple[int, int]:
        before = text(world)
        world.update("P-1", "budget_lines", "BL-1", "ana", forecast=forecast)
        world.sweep()
        after = text(world)
        waiting = [each for person in ("sue", "bo") for each in world.waiting_for(person)]
        return after.count(told) - before.count(told), len(waiting)

    assert raised not in text(world)
    assert heard("106000 GBP") == (1, 0)
    assert heard("110000.01 GBP") == (0, 1)


def text(world: World) -> str:
    return "\n".join(f"{message.subject} {message.body}" for message in world.inbox("hal").messages)


@pytest.mark.parametrize("name", ["pmo-single", "p3o"])
def test_a_project_without_benefits_has_the_colour_of_its_other_figures(
    make_world: MakeWorld, name: str
) -> None:
    world = model(make_world, name)
    line = {"title": "Bridge", "baseline": "100000 GBP", "funds": "200000 GBP", "actual": "0 GBP"}
    world.submit("P-1", "budget_lines", "ana", **line, commitment="0 GBP", forecast="104000 GBP")
    with world.governance.reading() as c:
        [project] = board(c, world.governance.sheets).projects
    assert project.figures["drift"].words == "not available: nothing was planned"
    assert project.colour == "green"


@pytest.mark.parametrize("name", ["pmo-single", "p3o", "demo"])
def test_nobody_is_booked_twice_unseen(make_world: MakeWorld, name: str) -> None:
    """Whose booking comes later is told at once, and the other project on its next day."""
    world = model(make_world, name)
    world.project("P-2")
    world.person("omar", "project_manager", project="P-2")
    world.person("petra", "pmo_head")
    wei = {"person": "Wei", "starts_on": "2026-04-01", "ends_on": "2026-06-30"}
    world.submit("P-1", "allocations", "ana", title="Tests", percent=60, **wei)
    assert conflicts(world) == []
    before = {**wei, "ends_on": "2026-04-01", "starts_on": "2026-03-01"}
    made = world.submit("P-2", "allocations", "omar", title="Survey", percent=50, **before)
    assert "allocation-conflict" in made.decision.fired  # on 1 April: 110 %
    assert conflicts(world) == ["P-2"]
    next_day(world)
    assert conflicts(world) == ["P-1", "P-2"]
    world.update("P-2", "allocations", "AL-1", "omar", ends_on="2026-03-31")
    next_day(world)
    assert conflicts(world) == []


def by_the_board(world: World, verb: str, project: str) -> None:
    """Let a member put it to the vote, and the others vote for it."""
    others = ("bea", "cem", "dora")
    for each in others:
        world.person(each, "portfolio_board")
    set_state(world.governance, act=Act(verb, "project"), project=project, by="bo", reason="over")
    for each in others:
        [asked] = [e for e in world.waiting_for(each) if e.title == f"Project {project}"]
        votes.vote(world.governance, asked.id, by=each, choice="approve")


def test_a_booking_that_counts_no_more_takes_no_time(make_world: MakeWorld) -> None:
    world = model(make_world, "demo")
    for project in ("P-2", "P-3"):
        world.project(project)
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    wei = {"person": "Wei", "starts_on": "2026-04-01", "ends_on": "2026-06-30", "percent": 60}
    world.submit("P-2", "allocations", "petra", **wei)
    about = {"project": "P-2", "register": "allocations", "key": "AL-1"}
    withdraw(world.governance, **about, by="petra", reason="the work went")
    made = world.submit("P-1", "allocations", "ana", **wei)
    assert "allocation-conflict" not in made.decision.fired
    world.submit("P-3", "allocations", "petra", **{**wei, "person": "Lee", "percent": 100})
    by_the_board(world, "stop", "P-3")
    made = world.submit("P-1", "allocations", "ana", **{**wei, "person": "Lee"})
    assert "allocation-conflict" not in made.decision.fired


def test_a_booking_of_a_project_that_is_closed_takes_no_time(make_world: MakeWorld) -> None:
    """Its records stand as they are, and nobody works there any more."""
    world = model(make_world, "demo")
    world.project("P-2")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    wei = {"person": "Wei", "starts_on": "2026-04-01", "ends_on": "2026-06-30", "percent": 60}
    world.submit("P-2", "allocations", "petra", **wei)
    made = world.submit("P-1", "allocations", "ana", **wei)
    assert "allocation-conflict" in made.decision.fired
    by_the_board(world, "close", "P-2")
    made = world.update("P-1", "allocations", "AL-1", "ana", percent=61)
    assert "allocation-conflict" not in made.decision.fired


def next_day(world: World) -> None:
    world.clock.set(world.clock.now() + timedelta(days=1))
    world.sweep()


def conflicts(world: World) -> list[str]:
    said = (each for each in world.waiting_for("petra") if each.rule == "allocation-conflict")
    return sorted(str(each.project) for each in said)


def test_the_sponsor_of_the_model_appoints_the_project_manager(make_world: MakeWorld) -> None:
    world = model(make_world, "pmo-single")
    appoint = partial(appointments.hold, world.governance, role="project_manager", project="P-1")
    for person, role in (("petra", "pmo_head"), ("bo", "portfolio_board"), ("nia", None)):
        world.person(person, *filter(None, [role]))
    with pytest.raises(Refusal, match="that is for the project sponsor"):
        appoint(person="nia", by="petra")
    assert appoint(person="nia", by="sue").changed


def test_a_meeting_is_judged_by_the_terms_of_its_body(make_world: MakeWorld) -> None:
    """Five members, of whom two thirds must be there: four, whatever anybody types."""
    world = model(make_world, "demo")
    world.person("petra", "pmo_head")
    held = {"title": "March", "held_on": "2026-03-02", "papers_sent": "2026-02-20"}
    with pytest.raises(CommandError, match=r"'board' is no body of the policy \(.*portfolio_board"):
        world.submit("P-1", "meetings", "petra", **held, body="board", attended=5)
    thin = world.submit("P-1", "meetings", "petra", **held, body="portfolio_board", attended=3)
    assert document(world, "meetings", "MT-1")["quorum"] == 4
    assert "meeting-quorum" in thin.decision.fired
    decided = world.submit("P-1", "decisions", "petra", meeting_key="MT-1", minuted=True)
    assert "decision-quorate" in decided.decision.fired
    full = world.update("P-1", "meetings", "MT-1", "petra", attended=4)
    assert "meeting-quorum" not in full.decision.fired
    said = {**held, "body": "portfolio_board", "attended": 4}
    with pytest.raises(CommandError, match=r"meeting.quorum: is 4 .*, and not 2; leave it out"):
        world.submit("P-1", "meetings", "petra", **said, quorum=2)
    old = {**held, "other_body": "user group", "attended": 3, "quorum_needed": 4}
    assert "meeting-quorum" in world.submit("P-1", "meetings", "petra", **old).decision.fired
    with pytest.raises(CommandError, match="P-1 has no meeting MT-9"):
        world.submit("P-1", "decisions", "petra", meeting_key="MT-9", minuted=True)


BODY = """
kind: policy
name: small
version: "1"
currency: GBP
packs: [{use: office}, {use: secretariat}]
---
kind: roles
roles: [{id: panel, body: true}, {id: circle, body: true}]
---
kind: terms_of_reference
for: panel
quorum: {meet: 1/2}
"""


def test_a_body_without_a_number_of_seats_has_as_many_as_sat_there_that_day(
    make_world: MakeWorld,
) -> None:
    world = make_world(policy_from(BODY))
    world.project("P-1")
    world.person("petra", "pmo_head")
    meeting = {"held_on": "2026-03-10", "papers_sent": "2026-02-20"}
    world.submit("P-1", "meetings", "petra", **meeting, body="panel")
    assert "quorum" not in document(world, "meetings", "MT-1")  # nobody is a member
    for name in ("ana", "ben", "cy"):
        world.person(name, "panel")
    world.update("P-1", "meetings", "MT-1", "petra", attended=2)
    assert document(world, "meetings", "MT-1")["quorum"] == 2
    world.submit("P-1", "meetings", "petra", **meeting, body="circle", attended=1)
    assert "quorum" not in document(world, "meetings", "MT-2")  # its terms say nothing


def test_a_leaver_s_access_ends_with_their_last_day(make_world: MakeWorld) -> None:
    """Nobody types a date: that of the appointments counts, and the day after it is overdue."""
    world = model(make_world, "demo")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    use = {"tool_name": "planner", "granted_role": "editor", "reviewed_on": "2026-03-01"}
    with pytest.raises(CommandError, match="access.user: 'J. Smith' is nobody known"):
        world.submit("P-1", "accesses", "petra", user="J. Smith", **use)
    world.submit("P-1", "accesses", "petra", user="ana", **use)
    world.submit("P-1", "accesses", "petra", user="sue", **use)
    world.submit("P-1", "accesses", "petra", other_user="J. Smith", **use)
    world.sweep()
    assert "last_day" not in document(world, "accesses", "AX-1")
    leaving = world.clock.now().date() + timedelta(days=1)
    appointments.leave(world.governance, person="ana", by="bo", on=leaving)
    world.sweep()
    assert document(world, "accesses", "AX-1")["last_day"] == leaving.isoformat()
    assert "last_day" not in document(world, "accesses", "AX-2")
    assert [e.kind for e in world.journal("P-1")].count("access.updated") == 1
    assert followed_up(world) == []
    next_day(world)  # the last day
    assert followed_up(world) == []
    next_day(world)
    assert followed_up(world) == ["Access AX-1 of P-1"]
    world.sweep()
    assert [e.kind for e in world.journal("P-1")].count("access.updated") == 1
    world.appoint("ana", "project_manager", project="P-1")
    world.sweep()
    assert "last_day" not in document(world, "accesses", "AX-1")
    next_day(world)
    assert followed_up(world) == []


def test_of_several_appointments_the_last_to_end_counts(make_world: MakeWorld) -> None:
    world = model(make_world, "demo")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    use = {"tool_name": "planner", "granted_role": "editor", "reviewed_on": "2026-03-01"}
    world.submit("P-1", "accesses", "petra", user="ana", **use)
    for _ in range(2):
        today = world.clock.now().date()
        appointments.leave(world.governance, person="ana", by="bo", on=today)
        next_day(world)
        assert document(world, "accesses", "AX-1")["last_day"] == today.isoformat()
        world.appoint("ana", "project_manager", project="P-1")
    world.update("P-1", "accesses", "AX-1", "petra", revoked_on="2026-03-04")


def test_the_last_day_is_that_of_all_accounts_of_a_person(make_world: MakeWorld) -> None:
    world = model(make_world, "demo")
    world.project("P-2")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("ana2", "project_manager", project="P-2")
    same_as(world.governance, person="ana2", other="ana", by="bo")
    use = {"tool_name": "planner", "granted_role": "editor", "reviewed_on": "2026-03-01"}
    world.submit("P-1", "accesses", "petra", user="ana", **use)
    leaving = world.clock.now().date() + timedelta(days=3)
    for person, day in (("ana", leaving - timedelta(days=2)), ("ana2", leaving)):
        assert "last_day" not in document(world, "accesses", "AX-1")
        appointments.end(
            world.governance,
            person=person,
            role="project_manager",
            project="P-1" if person == "ana" else "P-2",
            by="bo",
            on=day,
        )
        world.sweep()
    assert document(world, "accesses", "AX-1")["last_day"] == leaving.isoformat()


def test_an_access_that_is_over_keeps_the_last_day_that_it_says(make_world: MakeWorld) -> None:
    world = model(make_world, "demo")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    use = {"tool_name": "planner", "granted_role": "editor", "reviewed_on": "2026-03-01"}
    world.submit("P-1", "accesses", "petra", user="ana", **use)
    about = {"project": "P-1", "register": "accesses", "key": "AX-1"}
    moves.close(world.governance, **about, by="petra", reason="taken back")
    appointments.leave(world.governance, person="ana", by="bo")
    world.sweep()
    assert "last_day" not in document(world, "accesses", "AX-1")


def test_the_access_of_who_left_already_says_so_at_once(make_world: MakeWorld) -> None:
    world = model(make_world, "demo")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    next_day(world)
    appointments.leave(world.governance, person="ana", by="bo")
    use = {"tool_name": "planner", "granted_role": "editor", "reviewed_on": "2026-03-01"}
    made = world.submit("P-1", "accesses", "petra", user="ana", **use)
    assert "access-leaver" in made.decision.fired
    world.update("P-1", "accesses", "AX-1", "petra", revoked_on="2026-03-02")
    assert followed_up(world) == []


def document(world: World, register: str, key: str) -> dict[str, Any]:
    with world.governance.reading() as c:
        return dict(c.uow.entries.by_key("P-1", register, key).document)


def followed_up(world: World) -> list[str]:
    return [each.title for each in world.waiting_for("petra") if each.rule == "access-leaver"]
