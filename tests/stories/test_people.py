"""People and their roles: who may give, end and change what; spans of days; two at once."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from pmo_engine.store.errors import NotFound, Refused
from pmo_engine.store.tables import RoleHolding
from pmo_engine.testing import World
from pmo_engine.testing.at_once import Failed, at_once
from pmo_engine.testing.world import policy_from
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.gates.reviews import open_gate
from pmo_engine.work.people.appointments import end, hold, leave
from pmo_engine.work.people.people import add_person, change_person
from pmo_engine.work.people.projects import add_project, change_project, move_project
from pmo_engine.work.records.submission import submit
from tests.stories.conftest import DATABASES

from .conftest import CITY

pytestmark = DATABASES

TODAY = date(2026, 3, 2)
APPOINTS = "  - {id: head-appoints, may: appoint project_manager, up_to: unlimited}\n"


def town(*added: tuple[str, str]) -> Any:
    """The city's policy with more after the line that a text begins."""
    text = CITY.read_text(encoding="utf-8")
    for before, more in added:
        assert text.count(before) == 1
        text = text.replace(before, before + more)
    return policy_from(text)


HEAD = "and nothing is left undecided.\nauthority:\n"


@pytest.fixture
def peopled(make_world: Callable[..., World]) -> World:
    """The head may appoint project managers; for all else the terms name nobody."""
    world = make_world(town((HEAD, APPOINTS)))
    world.project("P-1")
    world.project("P-2")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    world.person("bea", "portfolio_board")
    world.person("sam")
    world.submit("P-1", "changes", by="ana", cost="5 GBP")
    return world


def held(world: World, person: str) -> list[tuple[str, str | None, date, date | None]]:
    with world.database.read() as uow:
        spans = uow.people.all_holdings(person)
        return [(s.role, s.project, s.from_date, s.to_date) for s in spans]


def told(world: World, chain: str = "office") -> list[tuple[str, str, dict[str, Any]]]:
    with world.database.read() as uow:
        return [(line.kind, line.actor, line.body) for line in uow.journal.read(chain)]


def kinds_told(world: World) -> Counter[str]:
    return Counter(kind for chain in ("office", "P-1", "P-9") for kind, *_ in told(world, chain))


def refused(world: World, command: Callable[..., Any]) -> str:
    """Give why a command is refused, which the journal tells too, and changes nothing."""
    before = [held(world, person) for person in ("ana", "petra", "bo", "sam")]
    with pytest.raises(Refusal) as caught:
        command(world.governance)
    kind, _, body = told(world, caught.value.chain)[-1]
    assert (kind, body["reason"]) == ("refused", str(caught.value))
    assert [held(world, person) for person in ("ana", "petra", "bo", "sam")] == before
    return str(caught.value)


COMMANDS: dict[str, Callable[..., Any]] = {
    "add person": partial(add_person, person="new", name="New"),
    "change person": partial(change_person, person="ana", name="Another"),
    "change address": partial(change_person, person="ana", address=""),
    "appoint pmo_head": partial(hold, person="ana", role="pmo_head"),
    "end pmo_head": partial(end, person="petra", role="pmo_head"),
    "leave": partial(leave, person="petra"),
    "add project": partial(add_project, project="P-9", name="New", stage="start"),
    "change project": partial(change_project, project="P-1", name="Another"),
    "move project": partial(move_project, project="P-1", stage="closing"),
}


@pytest.mark.parametrize("act", COMMANDS)
def test_where_the_terms_name_nobody_the_most_senior_role_may(peopled: World, act: str) -> None:
    command = COMMANDS[act]
    why = refused(peopled, partial(command, by="sam"))
    assert why.startswith("Sam may not ")
    command(peopled.governance, by="bo")


@pytest.mark.parametrize("act", COMMANDS)
@pytest.mark.parametrize("by", ["zoe", "", "pmo-engine", "ana "])
def test_nobody_acts_under_a_name_that_is_nobodys(peopled: World, act: str, by: str) -> None:
    assert f"nobody here is called '{by}'" in refused(peopled, partial(COMMANDS[act], by=by))


def test_terms_name_who_appoints_to_one_role(peopled: World) -> None:
    made = hold(peopled.governance, person="sam", role="project_manager", project="P-2", by="petra")
    assert (str(made.appointment), made.changed, made.by_founder) == (
        "sam holds project_manager in P-2 from 2026-03-02 on",
        True,
        None,
    )
    body = {"person": "sam", "role": "project_manager", "project": "P-2", "from": "2026-03-02"}
    assert told(peopled)[-1] == ("role.held", "petra", body)
    why = refused(peopled, partial(hold, person="sam", role="pmo_head", by="petra"))
    assert why.startswith("Petra may not appoint the PMO head: under the terms that is for the")
    why = refused(peopled, partial(hold, person="sam", role="project_manager", by="bo"))
    assert why.endswith("that is for the PMO head")


def test_a_general_right_reaches_every_role_unless_one_is_reserved(
    make_world: Callable[..., World],
) -> None:
    everything = "  - {id: head-appoints, may: appoint, up_to: unlimited}\n"
    board = "for: portfolio_board\n"
    reserved = "reserved:\n  - {act: appoint portfolio_board}\n"
    world = make_world(town((HEAD, everything), (board, reserved)))
    for person, role in (("petra", "pmo_head"), ("bo", "portfolio_board"), ("sam", None)):
        world.person(person, *[role] if role else [])
    hold(world.governance, person="sam", role="project_manager", by="petra")
    why = refused(world, partial(hold, person="sam", role="portfolio_board", by="petra"))
    assert why.endswith("that is for the portfolio board")
    hold(world.governance, person="sam", role="portfolio_board", by="bo")


def test_a_right_in_one_project_is_none_elsewhere(make_world: Callable[..., World]) -> None:
    world = make_world(town((HEAD, APPOINTS)))
    world.project("P-1")
    world.project("P-2")
    world.person("petra", "pmo_head", project="P-1")
    world.person("sam")
    appoint = partial(hold, person="sam", role="project_manager", by="petra")
    appoint(world.governance, project="P-1")
    assert "may not appoint" in refused(world, partial(appoint, project="P-2"))
    assert "may not appoint" in refused(world, appoint)


def test_nobody_appoints_themself(peopled: World) -> None:
    why = refused(peopled, partial(hold, person="petra", role="project_manager", by="petra"))
    assert why == "nobody appoints themself: somebody else has to make Petra project manager"


def test_who_gave_themself_the_board_and_approved_alone(peopled: World) -> None:
    refused(peopled, partial(hold, person="sam", role="portfolio_board", by="sam"))
    refused(peopled, partial(add_person, person="sock", name="Sock", by="sam"))
    with pytest.raises(NotFound, match="no person 'sock'"):
        hold(peopled.governance, person="sock", role="portfolio_board", by="bo")
    peopled.submit("P-1", "changes", by="ana", cost="9000000 GBP")
    assert peopled.waiting_for("sam") == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"person": "zoe"}, "no person 'zoe'"),
        ({"project": "P-7"}, "no project 'P-7'"),
        ({"role": "king"}, "the policy has no role 'king'; it has pmo_head, portfolio_board"),
        (
            {"until": date(2026, 3, 1)},
            r"a role cannot end \(2026-03-01\) before it begins \(2026-03-02\)",
        ),
    ],
)
def test_what_is_not_there_is_one_clear_line(
    peopled: World, given: dict[str, Any], said: str
) -> None:
    wanted = {"person": "sam", "role": "project_manager", "by": "bo", **given}
    with pytest.raises((CommandError, NotFound), match=said):
        hold(peopled.governance, **{**wanted, "role": given.get("role", "pmo_head")})
    assert held(peopled, "sam") == []


def test_an_own_address_is_ones_own_to_change_and_a_name_is_not(peopled: World) -> None:
    address = "mailto://127.0.0.1:1/sousa@office.example?from=pmo@office.example"
    known = change_person(peopled.governance, person="ana", address=address, by="ana")
    assert (known.changed, known.by_founder) == (("address",), None)
    assert told(peopled)[-1] == ("person.changed", "ana", {"person": "ana", "changed": ["address"]})
    again = change_person(peopled.governance, person="ana", address=address, by="ana")
    assert (again.changed, told(peopled)[-1][1]) == ((), "ana")
    refused(peopled, partial(change_person, person="ana", name="Queen", by="ana"))
    refused(peopled, partial(change_person, person="ana", name="Q", address="", by="ana"))
    refused(peopled, partial(change_person, person="ana", address="", by="petra"))
    change_person(peopled.governance, person="ana", name="Ana Sousa", address="", by="bo")
    with peopled.database.read() as uow:
        ana = uow.people.get("ana")
        assert (ana.name, ana.address) == ("Ana Sousa", "")


def test_nothing_to_change_and_what_cannot_be_a_name(peopled: World) -> None:
    with pytest.raises(CommandError, match="nothing to change: give --name, --address or --zone"):
        change_person(peopled.governance, person="ana", by="bo")
    for name, said in ((" ", "one letter"), ("x" * 201, "at most 200")):
        with pytest.raises(CommandError, match=said):
            change_person(peopled.governance, person="ana", name=name, by="bo")
    change_person(peopled.governance, person="ana", name="x" * 200, by="bo")


@pytest.mark.parametrize("id", ["", "petra ", "p\u0435tra", "petra\u200b", "x" * 101, "a\nb"])
def test_ids_that_look_alike_are_nobodys(peopled: World, id: str) -> None:
    for command in (
        partial(add_person, person=id, name="Somebody"),
        partial(add_project, project=id, name="Some", stage="start"),
        partial(add_person, person="new", name="New", request=id),
    ):
        with pytest.raises(CommandError):
            command(peopled.governance, by="bo")


def test_a_role_that_ends_at_once_is_not_held_that_day(peopled: World) -> None:
    peopled.forward(working_days=1)
    ended = end(peopled.governance, person="petra", role="pmo_head", by="bo")
    assert [str(each) for each in ended.ended] == [
        "petra holds pmo_head from 2026-03-02 to 2026-03-02"
    ]
    assert ended.vacant == (("pmo_head", None),)
    refused(peopled, partial(hold, person="sam", role="project_manager", by="petra"))
    body = {"person": "petra", "role": "pmo_head", "project": None, "to": "2026-03-02"}
    assert ("role.ended", "bo", body) in told(peopled)


def test_a_role_ends_after_its_last_day(peopled: World) -> None:
    ended = end(peopled.governance, person="petra", role="pmo_head", on=TODAY, by="bo")
    assert (ended.ended[0].until, ended.taken_back) == (TODAY, ())
    hold(peopled.governance, person="sam", role="project_manager", by="petra")
    peopled.forward(working_days=1)
    with pytest.raises(Refusal):
        hold(peopled.governance, person="sam", role="project_manager", project="P-2", by="petra")


def test_a_role_that_begins_today_is_taken_back(peopled: World) -> None:
    ended = end(peopled.governance, person="ana", role="project_manager", project="P-1", by="petra")
    assert (ended.ended, len(ended.taken_back)) == ((), 1)
    assert held(peopled, "ana") == []
    assert told(peopled)[-1][2]["taken_back"] is True


def test_who_does_not_hold_a_role_is_told_what_they_hold(peopled: World) -> None:
    said = "Ana does not hold project_manager in P-2: Ana holds project_manager in P-1 from"
    with pytest.raises(CommandError, match=said):
        end(peopled.governance, person="ana", role="project_manager", project="P-2", by="petra")
    with pytest.raises(
        CommandError, match="Sam does not hold pmo_head everywhere: Sam holds no role"
    ):
        end(peopled.governance, person="sam", role="pmo_head", by="bo")


def test_a_role_may_be_laid_down(peopled: World) -> None:
    end(peopled.governance, person="petra", role="pmo_head", by="petra")
    assert held(peopled, "petra") == []


def test_who_leaves_holds_nothing_from_then_on(peopled: World) -> None:
    later = date(2026, 5, 1)
    hold(peopled.governance, person="ana", role="pmo_head", since=later, by="bo")
    refused(peopled, partial(leave, person="ana", by="petra"))  # who may not end the head's role
    peopled.forward(working_days=2)
    gone = leave(peopled.governance, person="ana", by="ana")
    assert [each.role for each in gone.ended] == ["project_manager"]
    assert [each.since for each in gone.taken_back] == [later]
    assert held(peopled, "ana") == [("project_manager", "P-1", TODAY, date(2026, 3, 3))]
    assert told(peopled)[-1] == ("person.left", "ana", {"person": "ana"})
    assert leave(peopled.governance, person="ana", by="bo").ended == ()


def test_whose_role_ends_later_is_not_let_go_before_by_who_may_not_end_it(peopled: World) -> None:
    hold(peopled.governance, person="sam", role="pmo_head", until=date(2026, 3, 6), by="bo")
    refused(peopled, partial(leave, person="sam", by="petra"))


def test_spans_of_one_role(peopled: World) -> None:
    span = partial(hold, person="sam", role="pmo_head", by="bo")
    april, june = date(2026, 4, 1), date(2026, 6, 1)
    assert span(peopled.governance, until=april).changed
    assert not span(peopled.governance, until=april).changed
    before = date(2026, 3, 1)
    spans = ((None, None), (april, june), (None, june), (before, april), (before, TODAY))
    for since, until in spans:
        with pytest.raises(CommandError, match="Sam holds pmo_head from 2026-03-02 to 2026-04-01"):
            span(peopled.governance, since=since, until=until)
    span(peopled.governance, since=date(2026, 4, 2))
    assert not span(peopled.governance, since=june).changed
    span(peopled.governance, since=april.replace(day=2), until=june)
    assert [each[2:] for each in held(peopled, "sam")] == [
        (TODAY, april),
        (date(2026, 4, 2), june),
    ]
    span(peopled.governance, project="P-1")  # another post: one project, not all


@pytest.mark.parametrize(
    "ending",
    [
        partial(leave, person="petra", on=TODAY - timedelta(days=1)),
        partial(end, person="petra", role="pmo_head", on=date(2020, 1, 1)),
        partial(
            hold,
            person="petra",
            role="pmo_head",
            since=date(2026, 4, 1),
            until=date(2026, 4, 2),
        ),
    ],
    ids=["leave", "end", "hold"],
)
def test_a_role_that_was_held_stays_held(peopled: World, ending: Callable[..., Any]) -> None:
    peopled.clock.forward(timedelta(days=60))
    before = held(peopled, "petra"), told(peopled)
    with pytest.raises(CommandError, match="is over, and a role that was held stays held"):
        ending(peopled.governance, by="bo")
    assert (held(peopled, "petra"), told(peopled)) == before
    last = date(2026, 5, 1)
    assert leave(peopled.governance, person="petra", on=last, by="bo").ended[0].until == last


def test_the_database_refuses_spans_that_overlap(peopled: World) -> None:
    with (
        pytest.raises(Refused, match="a person holds a role once at a time"),
        peopled.database.unit_of_work("bo", peopled.clock.now()) as uow,
    ):
        uow.people.hold(RoleHolding(person="petra", role="pmo_head", from_date=date(2026, 9, 1)))


def test_a_project_is_changed_and_closed(peopled: World) -> None:
    peopled.project("P-3", tier=1, area="north")
    now = change_project(
        peopled.governance,
        project="P-3",
        name="Bridge",
        attributes={"tier": 2, "area": None},
        by="bo",
    )
    assert now.changed == ("attributes", "name")
    assert told(peopled, "P-3")[-1] == (
        "project.changed",
        "bo",
        {"attributes": {"tier": 2}, "name": "Bridge"},
    )
    assert change_project(peopled.governance, project="P-3", name="Bridge", by="bo").changed == ()
    with pytest.raises(CommandError, match="nothing to change"):
        change_project(peopled.governance, project="P-3", by="bo")
    change_project(peopled.governance, project="P-3", status="closed", by="bo")
    enter = partial(submit, project="P-3", register="changes", fields={"cost": "5 GBP"}, by="ana")
    assert "P-3 is closed" in refused(peopled, enter)
    change_project(peopled.governance, project="P-3", status="active", by="bo")
    assert enter(peopled.governance).key == "CR-1"


def test_a_project_is_moved_by_hand(peopled: World) -> None:
    now = move_project(peopled.governance, project="P-1", stage="closing", by="bo")
    assert (now.stage, now.changed) == ("closing", ("stage",))
    body = {"from": "delivery", "to": "closing"}
    assert told(peopled, "P-1")[-1] == ("project.moved", "bo", body)
    again = move_project(peopled.governance, project="P-1", stage="closing", by="bo")
    assert (again.changed, told(peopled, "P-1")[-1][2]) == ((), body)


def test_the_same_request_gives_the_first_answer(peopled: World) -> None:
    command = partial(hold, person="sam", role="pmo_head", by="bo", request="R-1")
    assert command(peopled.governance) == command(peopled.governance)
    assert len(held(peopled, "sam")) == 1


EIGHT = 8
AT_ONCE: dict[str, tuple[Callable[..., Any], int]] = {
    "hold": (partial(hold, person="sam", role="pmo_head", by="bo"), EIGHT),
    "end": (partial(end, person="petra", role="pmo_head", by="bo"), 1),
    "leave": (partial(leave, person="petra", by="bo"), EIGHT),
    "add person": (partial(add_person, person="new", name="New", by="bo"), 1),
    "change person": (partial(change_person, person="ana", name="Other", by="bo"), EIGHT),
    "add project": (partial(add_project, project="P-9", name="N", stage="s", by="bo"), 1),
    "change project": (partial(change_project, project="P-1", name="Other", by="bo"), EIGHT),
    "move project": (partial(move_project, project="P-1", stage="closing", by="bo"), EIGHT),
}


@pytest.mark.parametrize("name", AT_ONCE)
def test_the_same_command_at_once_is_done_once(peopled: World, name: str) -> None:
    command, good = AT_ONCE[name]
    number = EIGHT if name == "hold" else 3
    before = kinds_told(peopled)
    answers = at_once(peopled, *[command] * number)
    failed = [each for each in answers if isinstance(each, Failed)]
    assert len(failed) == number - min(good, number)
    assert {each.kind for each in failed} <= {"CommandError", "IdTaken"}
    more = kinds_told(peopled) - before
    asked = more.pop("obligation.asked", 0)
    assert more.total() == 1 + (name == "leave")  # the role that ends, and that they left
    assert asked == (name in {"hold", "end", "leave"})  # who may decide by now what waits
    assert len(held(peopled, "sam")) == (1 if name == "hold" else 0)


def test_a_right_that_ends_meanwhile(peopled: World) -> None:
    """Either the appointment came first, or the board member was told that they may not."""
    given, _ = at_once(
        peopled,
        partial(hold, person="sam", role="pmo_head", by="bea"),
        partial(leave, person="bea", by="bo"),
    )
    happened = [kind for kind, _, _ in told(peopled)]
    if isinstance(given, Failed):
        assert given.kind == "Refusal"
        assert held(peopled, "sam") == []
    else:
        assert happened.index("role.held") < happened.index("person.left")


def test_two_who_end_each_others_roles(peopled: World) -> None:
    first, second = at_once(
        peopled,
        partial(end, person="bo", role="portfolio_board", by="bea"),
        partial(end, person="bea", role="portfolio_board", by="bo"),
    )
    assert sorted([isinstance(first, Failed), isinstance(second, Failed)]) == [False, True]


GATES = """
---
kind: gates
gates:
  - id: G1
    title: Done
    from_stage: delivery
    to_stage: closing
    assessments: [risk]
    decided_by: portfolio_board
    outcomes: [go, stop]
"""


def test_no_stage_is_moved_past_a_review(make_world: Callable[..., World]) -> None:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + GATES))
    world.project("P-1")
    world.person("bo", "portfolio_board")
    with pytest.raises(CommandError, match="no gate knows the stage 'moon'"):
        move_project(world.governance, project="P-1", stage="moon", by="bo")
    open_gate(world.governance, project="P-1", gate="G1", by="bo")
    with pytest.raises(Refusal, match="gate G1 of P-1 is under review"):
        move_project(world.governance, project="P-1", stage="closing", by="bo")
    world.project("P-2")
    change_project(world.governance, project="P-2", status="closed", by="bo")
    with pytest.raises(Refusal, match="P-2 is closed"):
        open_gate(world.governance, project="P-2", gate="G1", by="bo")


def test_an_owner_has_a_proper_id(peopled: World) -> None:
    for owner in ("an\u0430", "ana\u200b", "pmo-engine"):
        with pytest.raises(CommandError, match="owner"):
            peopled.submit("P-1", "changes", by="ana", cost="5 GBP", owner=owner)
        with pytest.raises(CommandError, match="owner"):
            peopled.update("P-1", "changes", "CR-1", "ana", owner=owner)
