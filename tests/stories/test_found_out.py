"""Votes whose persons were not free to cast them, and who is asked at once when people change."""

from functools import partial
from typing import Any

import pytest

from pmo_engine.testing import World
from pmo_engine.testing.world import policy_from
from pmo_engine.work.approvals.votes import vote
from pmo_engine.work.people.appointments import appoint, end, hold, leave
from pmo_engine.work.people.delegations import delegate
from pmo_engine.work.people.interests import In, declare
from pmo_engine.work.people.interests import end as end_interest
from pmo_engine.work.people.posts import Post
from pmo_engine.work.people.second_accounts import same_as
from tests.stories.conftest import DATABASES

pytestmark = DATABASES

TOWN = """
kind: policy
name: town
version: "1"
currency: GBP
head: council
default_within: 5 days
---
kind: roles
roles:
  - {{id: council, body: true}}
  - {{id: treasurer, senior: council}}
  - {{id: clerk, senior: treasurer}}
---
kind: registers
registers:
  - register: changes
    noun: change
    root: change
    plural: changes
    key_prefix: CR
    value: cost
    fields: {{cost: {{type: money}}}}
---
kind: ladders
ladders:
  - {{id: patience, rungs: [{{at: "50%", remind: clerk}}, {{at: "100%", escalate: council}}]}}
---
kind: rules
rules:
{rules}
"""
RULE = """
  - {{id: {0}, title: {0}, on: change.submitted, binding: shall, then: [{{require_approval: {1}}}]}}
"""
CLERK = RULE.format("one", "{from: clerk, ladder: patience}")
TREASURER = RULE.format("two", "{from: treasurer, within: 2 days, ladder: patience}")
COUNCIL = RULE.format("three", "{from: council}")
PEOPLE = {"ada": "clerk", "ada2": "treasurer", "ben": "treasurer", "cem": "clerk", "eve": "council"}


def town(make_world: Any, *rules: str) -> World:
    world: World = make_world(policy_from(TOWN.format(rules="\n".join(rules))))
    world.project("P-1")
    for person, role in PEOPLE.items():
        world.person(person, role)
    for person in ("sam", "fay"):
        world.person(person)
    world.submit("P-1", "changes", "sam", cost="10 GBP")
    return world


@pytest.fixture
def peopled(make_world: Any) -> World:
    return town(make_world, CLERK, TREASURER, COUNCIL)


def asked(world: World) -> dict[str, Any]:
    with world.database.read() as uow:
        (entry,) = uow.entries.of_project("P-1")
        return {row.target: row for row in uow.obligations.of_subject(entry.id)}


def said(world: World, person: str, part: str) -> bool:
    return any(part in each.body for each in world.inbox(person).messages)


def give(world: World, person: str, target: str, choice: Any = "approve") -> str:
    return vote(world.governance, asked(world)[target].id, by=person, choice=choice).status


JOINED = partial(same_as, person="ada", other="ada2", by="eve")


def test_one_person_gives_one_of_two_approvals_and_the_other_is_asked_again(peopled: World) -> None:
    give(peopled, "ada", "clerk")
    give(peopled, "ada2", "treasurer")
    peopled.forward(working_days=3)
    JOINED(peopled.governance)
    rows = asked(peopled)
    assert (rows["clerk"].status, rows["treasurer"].status) == ("met", "open")
    assert (rows["treasurer"].due_at - peopled.clock.now()).days == 2
    assert not rows["treasurer"].stuck_since
    assert any(
        "has signed for the clerk already" in each.body for each in peopled.inbox("ben").messages
    )
    assert not any("signed" in each.body for each in peopled.inbox("cem").messages)
    give(peopled, "eve", "council")
    assert give(peopled, "ben", "treasurer") == "approved"


def test_what_is_asked_again_has_its_ladder(peopled: World) -> None:
    give(peopled, "ada", "clerk")
    give(peopled, "ada2", "treasurer")
    JOINED(peopled.governance)
    peopled.forward(working_days=3)
    assert any(
        "went up" in each or "needs your decision" in each for each in peopled.inbox("eve").subjects
    )
    id = asked(peopled)["treasurer"].id
    with peopled.database.read() as uow:
        fired = [rung.action for rung in uow.rungs.of_obligation(id) if rung.state == "fired"]
    assert fired == ["remind", "escalate"]


def test_the_ladder_of_what_is_asked_again_begins_then(peopled: World) -> None:
    give(peopled, "ada", "clerk")
    give(peopled, "ada2", "treasurer")
    peopled.forward(working_days=3)
    JOINED(peopled.governance)
    before = len(peopled.inbox("cem").subjects)
    peopled.forward(hours=20)
    assert peopled.inbox("cem").subjects[before:] == []
    peopled.forward(hours=5)  # half of its two days
    [reminded] = peopled.inbox("cem").subjects[before:]
    assert reminded.startswith("For information: Change CR-1 of P-1 waits for the treasurer")


def test_what_is_asked_again_is_due_by_the_calendar_of_its_office(make_world: Any) -> None:
    hours = TREASURER.replace("2 days", "4 working hours")
    offices = """
---
kind: calendar
id: house
zone: UTC
hours: {mon-fri: "09:00-17:00"}
---
kind: calendar
id: mornings
zone: UTC
hours: {mon-fri: "08:00-10:00"}
---
kind: offices
offices: [{id: coast, kind: portfolio, title: Coast, head: council, calendar: mornings}]
"""
    whole = TOWN.replace("head: council", "head: council\ncalendar: house")
    world: World = make_world(policy_from(whole.format(rules=CLERK + hours + COUNCIL) + offices))
    world.project("P-1", office="coast")
    for person, role in PEOPLE.items():
        world.person(person, role)
    world.person("sam")
    world.submit("P-1", "changes", "sam", cost="10 GBP")
    first = asked(world)["treasurer"].due_at
    give(world, "ada", "clerk")
    give(world, "ada2", "treasurer")
    JOINED(world.governance)
    again = asked(world)["treasurer"]
    assert (again.status, again.due_at) == ("open", first)


def test_who_is_asked_first_when_it_is_asked_again_hears_so_once(make_world: Any) -> None:
    world = town(make_world, CLERK, COUNCIL)
    give(world, "ada", "clerk")
    declare(world.governance, person="cem", about=In(project="P-1"), by="cem")
    declare(world.governance, person="ada", about=In(project="P-1"), by="ada")
    heard = [each for each in world.inbox("ben").subjects if "needs your decision" in each]
    assert heard == ["Change CR-1 of P-1 needs your decision: 10 GBP"]
    assert [each.title for each in world.waiting_for("ben")] == ["Change CR-1 of P-1"]


def test_the_first_of_two_votes_counts(peopled: World) -> None:
    give(peopled, "ada2", "treasurer")
    peopled.forward(working_days=1)
    give(peopled, "ada", "clerk")
    JOINED(peopled.governance)
    assert [asked(peopled)[each].status for each in ("treasurer", "clerk")] == ["met", "open"]


def test_who_abstained_has_not_signed_twice(peopled: World) -> None:
    give(peopled, "ada", "clerk")
    give(peopled, "ada2", "treasurer", "abstain")
    JOINED(peopled.governance)
    assert not said(peopled, "ada2", "has signed")


def test_who_signed_for_an_account_of_the_same_person_gave_no_second_signature(
    peopled: World,
) -> None:
    delegate(peopled.governance, owner="ada2", delegate="fay", by="ada2")
    give(peopled, "ada", "clerk")
    give(peopled, "fay", "treasurer")
    JOINED(peopled.governance)
    assert asked(peopled)["treasurer"].status == "open"
    assert said(peopled, "fay", "Fay answers for Ada2, as does Ada, who has signed for the clerk")


def test_who_may_sign_for_several_does(make_world: Any) -> None:
    both = [each.replace("ladder", "distinct: false, ladder") for each in (CLERK, TREASURER)]
    world = town(make_world, *both, COUNCIL)
    give(world, "ada", "clerk")
    give(world, "ada2", "treasurer")
    JOINED(world.governance)
    assert give(world, "eve", "council") == "approved"


def test_an_approval_that_has_its_signatures_all_the_same_stays_given(make_world: Any) -> None:
    two = RULE.format("two", "{any: [treasurer, council], distinct: false}")
    world = town(make_world, CLERK, two)
    give(world, "ada2", next(each for each in asked(world) if each != "clerk"))
    declare(world.governance, person="fay", about=In(project="P-1"), by="fay")
    assert [row.status for row in asked(world).values()].count("met") == 1


def test_an_interest_that_is_declared_before_the_outcome_voids_the_vote(peopled: World) -> None:
    give(peopled, "ada", "clerk")
    made = declare(peopled.governance, person="ada", about=In(project="P-1"), by="ada")
    assert asked(peopled)["clerk"].status == "open"
    assert said(peopled, "cem", "Ada has declared")
    end_interest(peopled.governance, made.id, by="eve")
    assert give(peopled, "cem", "clerk") == "submitted"


def test_what_is_declared_after_the_outcome_casts_no_doubt_on_it(make_world: Any) -> None:
    world = town(make_world, CLERK)
    assert give(world, "ada", "clerk") == "approved"
    declare(world.governance, person="ada", about=In(project="P-1"), by="ada")
    assert not any("do not count" in each for each in world.inbox("eve").subjects)


def test_of_an_outcome_the_head_is_told_once(make_world: Any) -> None:
    world = town(make_world, CLERK)
    give(world, "ada", "clerk")
    for other in ("sam", "fay"):
        same_as(world.governance, person="ada", other=other, by="eve")
    (told,) = [each for each in world.inbox("eve").messages if "do not count" in each.subject]
    assert "Ada is Sam, who asked for this" in told.body
    kinds = [line.kind for line in world.journal("P-1")]
    assert kinds.count("outcome.doubted") == 1


def test_a_body_counts_again_without_what_is_void(make_world: Any) -> None:
    body = "\n---\nkind: terms_of_reference\nfor: council\nmembers: 3\nquorum: {meet: 2, vote: 2}"
    world: World = make_world(policy_from(TOWN.format(rules=COUNCIL) + body))
    world.project("P-1")
    for person in ("eve", "eli", "ela"):
        world.person(person, "council")
    world.person("sam")
    world.submit("P-1", "changes", "sam", cost="10 GBP")
    give(world, "eve", "council")
    same_as(world.governance, person="eve", other="sam", by="eli")
    give(world, "eli", "council")
    assert asked(world)["council"].status == "open"
    assert give(world, "ela", "council") == "approved"


def test_a_body_that_is_asked_again_votes_in_its_whole_time(make_world: Any) -> None:
    body = "members: 5\nquorum: {meet: 2}\nvoting: {written: {within: 2 days, count: cast}}"
    terms = f"\n---\nkind: terms_of_reference\nfor: council\n{body}"
    world: World = make_world(policy_from(TOWN.format(rules=CLERK + COUNCIL) + terms))
    world.project("P-1")
    for person in ("eve", "eli", "ela", "una", "ugo"):
        world.person(person, "council")
    world.person("cem", "clerk")
    world.person("sam")
    world.submit("P-1", "changes", "sam", cost="10 GBP")
    give(world, "eve", "council")
    give(world, "eli", "council")
    assert asked(world)["council"].status == "open"
    world.forward(hours=96)
    assert asked(world)["council"].status == "met"
    same_as(world.governance, person="eve", other="sam", by="eli")
    [again] = world.waiting_for("ela")
    assert again.vote_until == "2026-03-08T09:00:00+00:00"
    give(world, "ela", "council")
    world.forward(hours=47)
    assert asked(world)["council"].status == "open"
    world.forward(hours=1)
    assert asked(world)["council"].status == "met"
    assert world.inbox("una").subjects.count("The time to decide Change CR-1 of P-1 is up") == 2
    assert give(world, "cem", "clerk") == "approved"


WRITTEN = "members: 5\nquorum: {meet: 2}\nvoting: {written: {within: 2 days, count: cast}"
EXTENDED = f"{WRITTEN}, extended: {{reached_within: 1 day, by: 1 day}}}}"


def council(make_world: Any, rule: str, terms: str) -> World:
    """Five sit on the council, which votes in writing; Cem and Ada are clerks."""
    body = f"\n---\nkind: terms_of_reference\nfor: council\n{terms}"
    world: World = make_world(policy_from(TOWN.format(rules=rule) + body))
    world.project("P-1")
    for person in ("eve", "eli", "ela", "una", "ugo"):
        world.person(person, "council")
    for person in ("cem", "ada"):
        world.person(person, "clerk")
    world.person("ben", "treasurer")
    world.person("sam")
    world.submit("P-1", "changes", "sam", cost="10 GBP")
    return world


@pytest.mark.parametrize(
    ("terms", "votes"),
    [
        (f"{WRITTEN}}}", ("eve", "eli")),
        (
            "members: 5\nvoting: {silence: {means: consent, within: 2 days, source: minute 4}}",
            (),
        ),
    ],
    ids=["in writing", "by silence"],
)
def test_what_a_body_has_passed_stands_where_another_signature_does_not_count(
    make_world: Any, terms: str, votes: Any
) -> None:
    both = RULE.format("both", "{all: [council, clerk]}")
    world = council(make_world, both + RULE.format("two", "{from: treasurer}"), terms)
    [target] = {*asked(world)} - {"treasurer"}
    for person in votes:
        give(world, person, target)
    world.forward(hours=48)
    give(world, "ada", target)
    assert asked(world)[target].status == "met"
    same_as(world.governance, person="ada", other="sam", by="eve")
    assert world.waiting_for("ela") == []
    give(world, "ben", "treasurer")
    assert give(world, "cem", target) == "approved"


def test_a_quorum_that_is_late_again_prolongs_the_vote_again(make_world: Any) -> None:
    world = council(make_world, CLERK + COUNCIL, EXTENDED)
    world.forward(hours=40)
    for person in ("eve", "eli"):
        give(world, person, "council")
    world.forward(hours=40)
    assert asked(world)["council"].status == "met"
    same_as(world.governance, person="eve", other="sam", by="ugo")
    world.forward(hours=40)
    give(world, "ela", "council")
    assert world.inbox("una").subjects.count("The vote on Change CR-1 of P-1 is open longer") == 2


def test_of_several_signatures_the_one_that_does_not_count_is_asked_again(make_world: Any) -> None:
    both = RULE.format("both", "{all: [clerk, treasurer]}")
    world = town(make_world, both, COUNCIL)
    [target] = {*asked(world)} - {"council"}
    give(world, "ada", target)
    give(world, "ben", target)
    assert asked(world)[target].status == "met"
    same_as(world.governance, person="ada", other="sam", by="eve")
    [again] = world.waiting_for("cem")
    assert (again.id, again.tally) == (asked(world)[target].id, "")
    assert again.signatures == "clerk: 1 missing; treasurer: Ben"
    assert asked(world)[target].details["asked"] == ["clerk"]
    assert world.waiting_for("ben") == []
    give(world, "eve", "council")
    assert give(world, "cem", target) == "approved"


@pytest.mark.parametrize("acting", [False, True])
def test_who_gets_a_role_is_asked_at_once(peopled: World, acting: Any) -> None:
    begin = partial(appoint, person="fay", post=Post("clerk", None, acting=acting), by="eve")
    begin(peopled.governance)
    assert peopled.inbox("fay").subjects == ["Change CR-1 of P-1 needs your decision: 10 GBP"]
    again = begin(peopled.governance)
    assert (again.changed, len(peopled.inbox("fay").subjects)) == (False, 1)


@pytest.mark.parametrize(
    "ends", [partial(end, role="clerk"), leave], ids=["the role ends", "somebody leaves"]
)
def test_what_nobody_may_decide_any_more_goes_up_at_once(make_world: Any, ends: Any) -> None:
    world = town(make_world, CLERK)
    before = len(world.inbox("ben").subjects)
    ends(world.governance, person="ada", by="eve")
    assert len(world.inbox("ben").subjects) == before  # cem is a clerk still
    ends(world.governance, person="cem", by="eve")
    assert world.inbox("ben").subjects[before:] == [
        "Change CR-1 of P-1 needs your decision: 10 GBP"
    ]
    assert give(world, "ben", "clerk") == "approved"


def test_accounts_that_are_parted_are_looked_at_at_once(make_world: Any) -> None:
    world = town(make_world, CLERK)
    for person in ("ada", "cem"):
        same_as(world.governance, person=person, other="sam", by="eve")
    assert world.waiting_for("ben")
    same_as(world.governance, person="cem", other="sam", by="eve", taken=True)
    assert world.waiting_for("cem")


def test_a_role_that_is_taken_back_was_never_held(peopled: World) -> None:
    hold(peopled.governance, person="fay", role="clerk", by="eve")
    give(peopled, "fay", "clerk")
    end(peopled.governance, person="fay", role="clerk", by="eve")
    assert asked(peopled)["clerk"].status == "open"
    assert said(peopled, "ada", "Fay never held the role of clerk")


def test_a_vote_stays_whose_voter_leaves_after_some_days(peopled: World) -> None:
    peopled.forward(working_days=1)
    give(peopled, "ada", "clerk")
    leave(peopled.governance, person="ada", by="eve")
    assert asked(peopled)["clerk"].status == "met"


def test_others_hear_of_who_decides_by_an_appointment_of_who_asked(make_world: Any) -> None:
    world = town(make_world, CLERK)
    world.person("eli", "council")
    world.submit("P-1", "changes", "eve", cost="20 GBP")
    hold(world.governance, person="fay", role="clerk", by="eli")
    assert not any("a role that" in each for each in world.inbox("ben").subjects)
    hold(world.governance, person="sam", role="clerk", by="eve")
    for person in ("eli", "ben"):  # of the head's role, and of that above a clerk
        (told,) = [each for each in world.inbox(person).subjects if "a role that" in each]
        assert told == "Sam may decide Change CR-2 of P-1 by a role that Eve gave them"
    assert not any("a role that" in each for each in world.inbox("eve").subjects)
