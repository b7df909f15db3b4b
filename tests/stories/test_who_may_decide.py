"""Who may decide: for others, by another account, after people come and go; and what is stuck."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from pmo_engine.queries.obligations import ObligationState
from pmo_engine.questions.authority import (
    powers_of_person,
    powers_of_role,
    records_of,
    who_about,
    who_on_event,
)
from pmo_engine.store.errors import NotFound
from pmo_engine.testing import World, at_once, story_of
from pmo_engine.testing.world import policy_from
from pmo_engine.work.approvals import votes
from pmo_engine.work.approvals.eligible import standings
from pmo_engine.work.approvals.stuck import stuck
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.people import appointments, delegations, interests
from pmo_engine.work.records.naming import entry_named
from tests.stories.conftest import DATABASES

from .conftest import CITY

pytestmark = DATABASES

TITLE = "Change request CR-1 of P-1"
UNASKED = """
---
kind: rules
rules:
  - id: evidence-first
    title: A change in scope needs a drawing
    on: change_request.submitted
    binding: shall
    when: change.category = "scope" and change.cost <= @"0 GBP"
    then: [{require_evidence: {evidence: drawing, within: 3 working days}}]
"""
WHEN_ASKED = """
---
kind: registers
registers:
  - {extends: change_requests, decided: when asked}
---
kind: rules
rules:
  - id: cost-shifted
    title: The head of the PMO approves what shifts cost
    on: change_request.submitted
    binding: shall
    when: change.category = "cost"
    then:
      - require_approval: {from: pmo_head, within: 3 working days, when_time_is_up: lapses}
"""


def submit(world: World, cost: str, by: str = "ana", **more: Any) -> str:
    return world.submit("P-1", "change_requests", by, cost=cost, **more).key


def asked(world: World, key: str = "CR-1") -> list[ObligationState]:
    story = story_of(world.governance, project="P-1", register="change_requests", key=key)
    return list(story.obligations)


def vote(world: World, person: str, number: int = 0) -> str:
    id = asked(world)[number].id
    return votes.vote(world.governance, id, by=person, choice="approve").status


def delegate(world: World, owner: str, to: str) -> str:
    return delegations.delegate(world.governance, owner=owner, delegate=to, by=owner).id


def titles(world: World, person: str) -> list[str]:
    return [each.title for each in world.waiting_for(person)]


def all_stuck(world: World) -> list[str]:
    with world.governance.reading() as c:
        return [each.title for each in stuck(c)]


def test_a_delegate_is_asked_and_decides_on_behalf(world: World) -> None:
    world.person("dan")
    delegate(world, "petra", "dan")
    submit(world, "60000 GBP")
    assert f"{TITLE} needs your decision: 60,000 GBP" in world.inbox("dan").subjects
    assert titles(world, "dan") == [TITLE]
    assert vote(world, "dan") == "approved"
    [cast] = asked(world)[0].votes
    assert (cast.role, cast.capacity, cast.on_behalf_of) == (
        "pmo_head",
        "delegate",
        "petra",
    )
    told = world.inbox("ana").messages[-1].body
    assert "Dan voted approve as PMO head (delegate of Petra) on version 1 (by-authority" in told


def test_nobody_has_a_delegate_decide_what_they_asked_for(world: World) -> None:
    world.person("dan")
    delegate(world, "petra", "dan")
    submit(world, "60000 GBP", by="petra")
    assert titles(world, "dan") == []
    with pytest.raises(Refusal, match="Dan is a delegate of Petra, who asked for this"):
        vote(world, "dan")


def test_nobody_decides_what_a_delegate_of_theirs_asked_for_even_withdrawn_since(
    world: World,
) -> None:
    world.person("dan")
    id = delegate(world, "petra", "dan")
    submit(world, "60000 GBP", by="dan")
    for _ in range(2):
        with pytest.raises(Refusal, match="has Dan as a delegate, who asked for this"):
            vote(world, "petra")
        delegations.withdraw(world.governance, delegation=id, by="petra")
    assert vote(world, "bo") == "approved"


def test_what_nobody_may_decide_is_stuck_and_is_freed_by_who_comes(world: World) -> None:
    for person in ("bo", "bea"):
        appointments.leave(world.governance, person=person, by=person)
    submit(world, "60000 GBP", by="petra")
    assert all_stuck(world) == [TITLE]
    assert world.inbox("petra").subjects == [f"{TITLE} is stuck: nobody may act on it"]
    [shown] = world.waiting_for("petra")
    assert (shown.stuck, shown.for_information) == (True, True)
    assert "Petra asked for this" in shown.reasons[0]
    world.person("new", "pmo_head")
    assert all_stuck(world) == []
    assert world.sweep().asked == 1
    assert world.sweep().asked == 0
    assert world.inbox("new").subjects == [f"{TITLE} needs your decision: 60,000 GBP"]
    assert vote(world, "new") == "approved"


def test_what_waited_for_somebody_who_leaves_goes_up_at_once(world: World) -> None:
    submit(world, "60000 GBP")
    appointments.leave(world.governance, person="petra", by="petra")
    said = "it is for the PMO head or the portfolio board, and Petra holds no role in P-1"
    with pytest.raises(Refusal, match=said):
        vote(world, "petra")
    assert titles(world, "bo") == titles(world, "bea") == [TITLE]
    assert world.sweep().asked == 0
    assert vote(world, "bea") == "approved"


def test_whoever_declares_an_interest_decides_nothing_about_it(world: World) -> None:
    submit(world, "60000 GBP")
    made = interests.declare(
        world.governance, person="petra", about=interests.In(project="P-1"), by="petra"
    )
    with pytest.raises(Refusal, match="Petra has declared an interest in P-1"):
        vote(world, "petra")
    with pytest.raises(Refusal, match="somebody else has to end an interest of Petra's"):
        interests.end(world.governance, made.id, by="petra")
    interests.end(world.governance, made.id, by="bo")
    world.forward(hours=24)
    with pytest.raises(Refusal, match="Petra has declared an interest in P-1"):
        vote(world, "petra")


def test_a_record_about_which_nobody_is_asked_is_told(make_world: Callable[..., World]) -> None:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + UNASKED))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    submit(world, "0 GBP", category="time")
    assert world.inbox("petra").subjects == [f"{TITLE} is stuck: nobody may act on it"]
    assert "no rule asks anybody about it" in world.inbox("petra").messages[0].body
    assert all_stuck(world) == [TITLE]
    submit(world, "0 GBP", category="scope")
    [evidence] = world.waiting_for("ana")
    assert evidence.kind == "evidence"
    votes.answer(world.governance, evidence.id, by="ana", note="done")
    assert all_stuck(world) == [TITLE, "Change request CR-2 of P-1"]


def test_a_record_that_is_decided_about_when_asked_is_stuck_once_an_approval_lapsed(
    make_world: Callable[..., World],
) -> None:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + UNASKED + WHEN_ASKED))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    world.person("bo", "portfolio_board")
    submit(world, "0 GBP", category="time")
    submit(world, "0 GBP", category="scope")
    [evidence] = world.waiting_for("ana")
    votes.answer(world.governance, evidence.id, by="ana", note="done")
    assert (all_stuck(world), world.inbox("petra").messages) == ([], [])
    submit(world, "0 GBP", category="cost")
    assert titles(world, "petra") == ["Change request CR-3 of P-1"]
    world.forward(hours=24 * 7)
    assert all_stuck(world) == ["Change request CR-3 of P-1"]


def test_people_ask_who_may_decide_and_hear_what_votes_go_by(world: World) -> None:
    submit(world, "60000 GBP", by="bo")
    with world.governance.reading() as c:
        entry = entry_named(world.governance, c.uow, "P-1", "change_requests", "CR-1")
        [who] = who_about(c, entry)
        row = c.uow.obligations.get(str(who.id))
        assert [each.person for each in who.standings if each.may] == [
            each.person for each in standings(c, row) if each.may
        ]
        why = {each.person: each.why_not for each in who.standings}
        assert why["petra"] == ""
        assert why["ana"].startswith("has no authority for it: pm-changes (Board minutes")
        assert why["bea"] == "is not asked: it is for the PMO head"
        assert why["bo"].startswith("asked for this")
        found = records_of(c, "pmo_head", "approve change_request")
        assert (found.above, found.up_to) == ("50000 GBP", "250000 GBP")
        assert found.reach.startswith("up to 250000 GBP; up to 600000 GBP together in 90 days")
        assert [(each.amount, each.may) for each in found.records] == [("60000 GBP", ["petra"])]
        powers = powers_of_person(c, "petra")
        assert [(each.clause, each.up_to) for each in powers.powers] == [
            ("head-changes", "250000 GBP"),
            ("head-changes-in-sum", "600000 GBP"),
        ]


def test_what_a_role_may_says_what_is_reserved_and_what_keeps_it_from_deciding(
    make_world: Callable[..., World],
) -> None:
    board = "for: portfolio_board\n"
    more = f"{board}reserved: [{{act: adopt policy}}]\nmay_not: [reviewed]\n"
    more += "may_despite: [{interest: own, source: Minutes 3}]\n"
    world = make_world(policy_from(CITY.read_text("utf-8").replace(board, more, 1)))
    world.person("bo", "portfolio_board")
    with world.governance.reading() as c:
        found = powers_of_role(c, "portfolio_board")
    assert [(each.act, each.clause, each.reserved) for each in found.powers] == [
        ("approve change_request", "board-changes", False),
        ("adopt policy", "reserved matters", True),
    ]
    assert (found.may_not, found.may_despite) == (["reviewed"], ["own (Minutes 3)"])
    assert [(each.person, each.role) for each in found.held] == [("bo", "portfolio_board")]


def test_who_is_asked_after_it_went_up_is_said_with_who_was_asked_first(world: World) -> None:
    submit(world, "60000 GBP", by="petra")
    with world.governance.reading() as c:
        entry = entry_named(world.governance, c.uow, "P-1", "change_requests", "CR-1")
        [who] = who_about(c, entry)
    assert who.roles == ["pmo_head", "portfolio_board"]


def test_who_may_decide_is_asked_of_an_event_that_has_not_happened(world: World) -> None:
    facts = {"change": {"cost": "60000 GBP", "owner": "petra"}, "actor": {"id": "ana"}}
    event = {
        "event": "change_request.submitted",
        "at": "2026-03-02T09:00:00Z",
        "project": "P-1",
        "facts": facts,
    }
    with world.governance.reading() as c:
        [who] = who_on_event(c, event, None)
    assert (who.id, who.act) == (None, "approve change_request")
    assert who.title == "A change request of P-1"
    assert {each.person: each.why_not for each in who.standings}["petra"] == (
        "owns it, and nobody decides about what they own"
    )


def may_decide(world: World, cost: str, project: str | None = "P-1", **facts: Any) -> list[str]:
    """Ask of a change that nobody entered who may approve it; else what has to be said first."""
    event = {
        "event": "change_request.submitted",
        "at": "2026-03-02T09:00:00Z",
        "project": project,
        "facts": {"change": {"cost": cost, "owner": "ana"}, "actor": {"id": "ana"}, **facts},
    }
    with world.governance.reading() as c:
        found = who_on_event(c, event, None)
    unknown = [who.act for who in found if who.kind == "information"]
    return unknown or [each.person for who in found for each in who.standings if each.may]


def test_what_limits_have_taken_up_is_as_the_store_has_it_for_an_event_too(world: World) -> None:
    assert may_decide(world, "240000 GBP") == ["petra"]
    for each in range(2):
        submit(world, "240000 GBP")
        if not each:
            world.vote("petra")
    assert may_decide(world, "120000 GBP") == ["petra"]
    assert may_decide(world, "120001 GBP") == may_decide(world, "300000 GBP") != ["petra"]
    assert may_decide(world, "240000 GBP", changes=[]) == ["petra"]  # as the event says
    with pytest.raises(NotFound, match="no project 'P-9'"):
        may_decide(world, "240000 GBP", project="P-9")
    with pytest.raises(CommandError, match="the event says no 'project'"):
        may_decide(world, "240000 GBP", project=None)


@pytest.mark.parametrize("by", ["petra", "ana"])
def test_an_event_goes_up_as_what_is_submitted_does(world: World, by: str) -> None:
    submit(world, "60000 GBP", by=by)
    event = {
        "event": "change_request.submitted",
        "at": "2026-03-02T09:00:00Z",
        "project": "P-1",
        "facts": {"change": {"cost": "60000 GBP", "submitted_by": by}, "actor": {"id": by}},
    }
    with world.governance.reading() as c:
        entry = entry_named(world.governance, c.uow, "P-1", "change_requests", "CR-1")
        there, asked = who_about(c, entry), who_on_event(c, event, None)
    assert [each.standings for each in asked] == [each.standings for each in there]
    assert [sorted(each.roles) for each in asked] == [sorted(each.roles) for each in there]
    may = [each.person for who in asked for each in who.standings if each.may]
    assert may == (["petra"] if by == "ana" else ["bea", "bo"])


def test_the_same_interest_is_declared_and_ended_once(world: World) -> None:
    about = interests.In(party="ACME  Ltd")
    declare = partial(interests.declare, person="petra", about=about, by="petra")
    answers = at_once(world, declare, declare)
    assert len({each.id for each in answers}) == 1
    end = partial(interests.end, interest=answers[0].id, by="bo")
    assert len({each.until for each in at_once(world, end, end)}) == 1
    assert [line.kind for line in world.journal("office") if line.kind.startswith("interest")] == [
        "interest.declared",
        "interest.ended",
    ]


SECOND = """
kind: policy
name: small
version: "1"
currency: GBP
---
kind: roles
roles:
  - {id: chief, title: chief of delivery}
  - {id: second, senior: chief}
---
kind: registers
registers:
  - register: orders
    noun: order
    root: order
    plural: orders
    value: cost
    key_prefix: O
    fields: {price: {type: money}, cost: {type: money}}
---
kind: terms_of_reference
for: second
authority:
  - {id: away, may: approve order, in_absence_of: chief, up_to: unlimited}
  - {id: vacant, may: sign order, while_vacant: chief, up_to: 10 % of order.price}
  - {id: own, may: approve order, up_to: [{value: 50 GBP}]}
"""


def test_what_a_role_may_do_says_where_alone_and_a_limit_in_words(
    make_world: Callable[..., World],
) -> None:
    world = make_world(policy_from(SECOND))
    with world.governance.reading() as c:
        found = powers_of_role(c, "second").powers
    assert [(each.clause, each.up_to, each.where) for each in found] == [
        ("away", None, "in the absence of the chief of delivery"),
        ("vacant", "10 % of the order's price", "while nobody is the chief of delivery"),
        ("own", "50 GBP", ""),
    ]


CHIEF = """  - {id: closes, may: close order, up_to: unlimited}
---
kind: terms_of_reference
for: chief
authority: [{id: large, may: approve order, cumulative: {over: ever}, up_to: [{value: 900 GBP}]}]
reserved: [{act: close order}]
"""


@pytest.mark.parametrize(
    ("role", "act", "above", "up_to", "reach"),
    [
        (
            "second",
            "approve order",
            None,
            "50 GBP",
            "up to any amount in the absence of the chief of delivery; up to 50 GBP",
        ),
        (
            "second",
            "sign order",
            None,
            None,
            "up to 10 % of the order's price while nobody is the chief of delivery",
        ),
        ("chief", "sign order", None, None, "by its terms it may not, unless it goes up"),
        (
            "chief",
            "approve order",
            "50 GBP",
            None,
            "up to 900 GBP together without end in one project",
        ),
        ("chief", "close order", None, None, "reserved to it"),
        ("second", "close order", None, None, "by its terms it may not, unless it goes up"),
    ],
)
def test_how_far_a_role_may_go_says_where_alone(
    make_world: Callable[..., World],
    role: str,
    act: str,
    above: str | None,
    up_to: str | None,
    reach: str,
) -> None:
    world = make_world(policy_from(SECOND + CHIEF))
    with world.governance.reading() as c:
        found = records_of(c, role, act)
    assert (found.above, found.up_to, found.reach) == (above, up_to, reach)


def test_an_act_that_there_is_not_is_told_with_the_nearest(
    make_world: Callable[..., World],
) -> None:
    world = make_world(policy_from(SECOND))
    with world.governance.reading() as c:
        assert records_of(c, "second", "sign order").records == []
        with pytest.raises(CommandError, match="nothing here is 'approve ordr'.*approve order"):
            records_of(c, "second", "approve ordr")
