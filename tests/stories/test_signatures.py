"""Approvals that several sign, in turns or at once, and acts beside to approve."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pmo_engine.questions import authority
from pmo_engine.store.tables import Obligation
from pmo_engine.testing import World, policy_from, story_of
from pmo_engine.work.approvals import votes
from pmo_engine.work.approvals.bodies import Body, with_body
from pmo_engine.work.approvals.rising import in_words
from pmo_engine.work.approvals.stuck import stuck
from pmo_engine.work.errors import Refusal
from pmo_engine.work.people.second_accounts import same_as
from pmo_engine.work.records.endings import withdraw
from pmo_engine.work.records.resubmission import resubmit

POLICY = """
kind: policy
name: buyers
version: "1"
currency: GBP
---
kind: calendar
id: office
zone: Europe/London
hours: {mon-fri: "09:00-17:00"}
---
kind: roles
roles:
  - {id: ceo}
  - {id: cfo, senior: ceo, title: Finance director}
  - {id: cio, senior: ceo}
  - {id: buyer, senior: cfo}
---
kind: ladders
ladders:
  - id: usual
    rungs:
      - {at: 50 %, remind: addressee}
      - {after: 1 working day, escalate: senior}
---
kind: registers
registers:
  - register: purchases
    noun: purchase
    root: purchase
    plural: purchases
    value: cost
    key_prefix: PUR
    fields: {cost: {type: money}, kind: {type: [it, other]}}
---
kind: rules
rules:
  - id: r
    title: A purchase is signed
    on: purchase.submitted
    binding: shall
    then:
"""
ADVISER = """'if purchase.kind = "it" then "cio" else "nobody"'"""
TIMED = "within: 4 working days, ladder: usual"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def office(*approvals: str, **holders: str) -> World:
        effects = (f"      - require_approval: {each}\n" for each in approvals)
        url = f"sqlite:///{tmp_path}/office{len(made)}.db"
        world = World(policy_from(POLICY + "".join(effects)), url)
        made.append(world)
        world.project("P-1")
        world.person("sam")
        for person, roles in holders.items():
            world.person(person, *roles.split())
        world.submit("P-1", "purchases", "sam", cost="50 GBP")
        return world

    yield office
    for world in made:
        world.close()


PEOPLE = {"ceo": "ceo", "fin": "cfo", "ina": "cio"}


def status(world: World) -> str:
    return world.status("P-1", "purchases", "PUR-1")


def asked_of(world: World) -> list[dict[str, object]]:
    found = story_of(world.governance, project="P-1", register="purchases", key="PUR-1")
    return [each.model_dump(mode="json") for each in found.obligations]


def waits(world: World, *people: str) -> list[str]:
    return [each for each in people if world.waiting_for(each)]


def row_of(world: World, number: int = 0) -> str:
    return str(asked_of(world)[number]["id"])


def vote(world: World, person: str, choice: str = "approve", number: int = 0) -> str:
    found = votes.vote(world.governance, row_of(world, number), by=person, choice=choice)  # type: ignore[arg-type]
    return found.status


def test_all_have_to_sign_whoever_comes_first(office: Callable[..., World]) -> None:
    world = office(f"{{all: [cfo, cio], {TIMED}}}", **PEOPLE)
    assert waits(world, "ceo", "fin", "ina") == ["fin", "ina"]
    assert vote(world, "ina") == "submitted"
    [waiting] = world.waiting_for("fin")
    assert waiting.signatures == "Finance director: 1 missing; cio: Ina"
    assert vote(world, "fin") == "approved"


def test_one_of_any_is_enough_and_one_refusal_is_not(office: Callable[..., World]) -> None:
    world = office("{any: [cfo, cio], within: 2 days}", **PEOPLE)
    assert vote(world, "ina", "reject") == "submitted"
    assert vote(world, "fin") == "approved"


def test_nobody_above_is_asked_where_one_of_any_is_there(office: Callable[..., World]) -> None:
    world = office("{any: [cfo, cio]}", ceo="ceo", ina="cio")
    assert waits(world, "ceo", "ina") == ["ina"]
    with pytest.raises(Refusal, match="it is for"):
        vote(world, "ceo")
    assert vote(world, "ina", "reject") == "submitted"
    assert waits(world, "ceo", "ina") == ["ceo"]  # of the finance director there is nobody


def test_nobody_above_signs_where_two_of_three_can(office: Callable[..., World]) -> None:
    people = {"ceo": "ceo", "fin": "cfo buyer", "ina": "cio", "bob": "buyer"}
    world = office("{of: '2 of [cfo, cio, buyer]'}", **people)
    assert vote(world, "fin") == "submitted"
    assert waits(world, "ceo", "ina", "bob") == ["ina", "bob"]
    with pytest.raises(Refusal, match="it is for"):
        vote(world, "ceo")
    assert vote(world, "bob") == "approved"


def test_of_two_of_three_it_goes_up_where_too_few_are_there(office: Callable[..., World]) -> None:
    world = office("{of: '2 of [cfo, cio, buyer]'}", ceo="ceo", fin="cfo")
    assert waits(world, "ceo", "fin") == ["ceo", "fin"]
    assert vote(world, "fin") == "submitted"
    assert vote(world, "ceo") == "approved"


def test_all_who_could_refused(office: Callable[..., World]) -> None:
    world = office("{any: [cfo, cio], within: 2 days}", **PEOPLE)
    vote(world, "ina", "reject")
    assert vote(world, "fin", "reject") == "rejected"


def test_of_all_one_refusal_refuses(office: Callable[..., World]) -> None:
    world = office("{all: [cfo, cio], within: 2 days}", **PEOPLE)
    assert vote(world, "ina", "reject") == "rejected"


def test_in_sequence_the_next_is_asked_and_told_and_nobody_else(
    office: Callable[..., World],
) -> None:
    world = office(f"{{all: [buyer, 2 of cfo], in: sequence, {TIMED}}}", bob="buyer", **PEOPLE)
    world.person("flo", "cfo")
    told = "Purchase PUR-1 of P-1 needs your decision: 50 GBP"
    assert world.inbox("bob").subjects == [told]
    assert world.inbox("fin").subjects == []
    with pytest.raises(
        Refusal, match="Fin is not asked yet: the Finance director signs after the buyer"
    ):
        vote(world, "fin")
    world.forward(working_days=1)
    assert vote(world, "bob") == "submitted"
    assert world.inbox("fin").subjects == [told]
    assert world.inbox("flo").subjects == [told]
    due = asked_of(world)[0]["due_at"]
    assert due == "2026-03-09T09:00:00+00:00"  # four working days from when they were asked
    assert vote(world, "fin") == "submitted"
    assert vote(world, "flo") == "approved"


def who(world: World, number: int = 0) -> dict[str, str]:
    """Say of each who is near the record why they may not act on it now."""
    with world.governance.reading() as c:
        entry = c.uow.entries.by_key("P-1", "purchases", "PUR-1")
        found = {each.id: each for each in authority.who_about(c, entry)}[row_of(world, number)]
        return {each.person: each.why_not for each in found.standings}


def test_who_comes_later_and_who_has_signed_are_told_so(office: Callable[..., World]) -> None:
    world = office(f"{{all: [cio, cfo, ceo], in: sequence, {TIMED}}}", ivo="cio", **PEOPLE)
    after = "is not asked yet: the ceo signs after the cio and the Finance director"
    assert (who(world)["ina"], who(world)["ceo"]) == ("", after)
    with pytest.raises(Refusal, match=f"Ceo {after}"):
        vote(world, "ceo")
    vote(world, "ina")
    assert who(world)["ina"] == "has voted approve, and may change that vote until the outcome"
    assert who(world)["fin"] == ""
    with pytest.raises(Refusal, match="Ina has voted approve"):
        vote(world, "ina", "reject")
    with pytest.raises(Refusal, match="Ivo is not waited for: the cio has signed already"):
        vote(world, "ivo")


def test_nobody_decides_yet_while_others_are_asked_first_and_advice_reaches_who_decides(
    office: Callable[..., World],
) -> None:
    world = office(f"{{from: cfo, {TIMED}}}", "{from: cio, act: recommend purchase}", **PEOPLE)
    number = next(
        i for i, each in enumerate(asked_of(world)) if each["act"] != "recommend purchase"
    )
    first = "is not asked yet: it waits for the cio to recommend purchase"
    assert who(world, number)["fin"] == first
    assert who(world, 1 - number)["ina"] == ""
    [told] = world.inbox("ina").messages
    assert "You are asked to recommend purchase: approve it or reject it, with" in told.body
    votes.vote(
        world.governance, row_of(world, 1 - number), by="ina", choice="reject", reason="too dear"
    )
    said = "Asked before, the cio is against it: Ina voted reject: too dear"
    assert who(world, number)["fin"] == ""
    assert world.waiting_for("fin")[0].advice == (said,)
    assert said in world.inbox("fin").messages[-1].body


def test_two_of_a_role_are_two_persons(office: Callable[..., World]) -> None:
    world = office("{of: 2 of cfo, within: 2 days}", **PEOPLE)
    world.person("flo", "cfo")
    assert vote(world, "fin") == "submitted"
    with pytest.raises(Refusal, match="voted approve"):
        vote(world, "fin")
    assert vote(world, "flo") == "approved"


def test_somebody_with_two_roles_signs_once_and_blocks_nobody(
    office: Callable[..., World],
) -> None:
    world = office("{all: [cfo, cio], within: 2 days}", fin="cfo cio", flo="cfo")
    assert vote(world, "fin") == "submitted"
    with pytest.raises(Refusal, match="voted approve"):
        vote(world, "fin")
    assert vote(world, "flo") == "approved"
    [approval] = asked_of(world)
    assert {(each["person"], each["role"]) for each in approval["votes"]} == {
        ("fin", "cio"),
        ("flo", "cfo"),
    }


def test_one_person_may_sign_for_both_where_the_rule_says_so(
    office: Callable[..., World],
) -> None:
    world = office("{all: [cfo, cio], distinct: false, within: 2 days}", fin="cfo cio")
    assert vote(world, "fin") == "approved"


def test_who_is_missing_is_reminded_and_it_goes_up_from_them(
    office: Callable[..., World],
) -> None:
    world = office(f"{{all: [cfo, cio], {TIMED}}}", **PEOPLE)
    vote(world, "fin")
    world.forward(working_days=2)
    assert world.inbox("fin").subjects == ["Purchase PUR-1 of P-1 needs your decision: 50 GBP"]
    assert world.inbox("ina").subjects[1:] == [
        "Reminder: Purchase PUR-1 of P-1 waits for the Finance director and the cio: 50 GBP"
    ]
    world.forward(working_days=3)
    assert waits(world, "ceo") == ["ceo"]
    assert vote(world, "ceo") == "approved"


def test_a_signature_settles_nothing_and_has_to_be_there(office: Callable[..., World]) -> None:
    both = ("{from: cio, within: 2 days}", "{from: cfo, act: sign purchase, within: 2 days}")
    world = office(*both, **PEOPLE)
    assert world.inbox("fin").subjects == ["Purchase PUR-1 of P-1 needs your signature: 50 GBP"]
    number = next(i for i, each in enumerate(asked_of(world)) if each["act"])
    assert vote(world, "fin", number=number) == "submitted"
    assert vote(world, "ina", number=1 - number) == "approved"


def test_without_a_decision_signatures_approve_nothing(office: Callable[..., World]) -> None:
    world = office("{from: cfo, act: sign purchase, within: 2 days}", **PEOPLE)
    assert vote(world, "fin") == "submitted"


@pytest.mark.parametrize("choice", ["approve", "reject"])
def test_who_is_asked_answers_before_others_are_asked_to_decide(
    office: Callable[..., World], choice: str
) -> None:
    both = (f"{{from: ceo, {TIMED}}}", f"{{from: cfo, act: recommend purchase, {TIMED}}}")
    world = office(*both, **PEOPLE)
    assert waits(world, "ceo", "fin") == ["fin"]
    assert world.inbox("fin").subjects == [
        "Purchase PUR-1 of P-1 needs your answer, before it is decided: 50 GBP"
    ]
    number = next(i for i, each in enumerate(asked_of(world)) if each["act"])
    assert asked_of(world)[1 - number]["due_at"] is None
    with pytest.raises(Refusal, match="waits for the Finance director to recommend purchase"):
        vote(world, "ceo", number=1 - number)
    world.forward(working_days=1)
    assert vote(world, "fin", choice, number=number) == "submitted"
    assert world.inbox("ceo").subjects == ["Purchase PUR-1 of P-1 needs your decision: 50 GBP"]
    assert asked_of(world)[1 - number]["due_at"] is not None
    assert vote(world, "ceo", number=1 - number) == "approved"


def test_where_nobody_is_asked_before_them_any_more_those_who_decide_are(
    office: Callable[..., World],
) -> None:
    approvals = (
        f"{{from: ceo, {TIMED}}}",
        f"{{from: {{chosen_by: {ADVISER}}}, act: recommend purchase, {TIMED}}}",
    )
    world = office(*approvals, **PEOPLE)
    world.update("P-1", "purchases", "PUR-1", "sam", kind="it")
    assert waits(world, "ceo", "ina") == ["ina"]
    world.update("P-1", "purchases", "PUR-1", "sam", kind="other")
    assert waits(world, "ceo", "ina") == ["ceo"]
    [waiting] = world.waiting_for("ceo")
    assert waiting.due is not None
    assert world.vote("ceo").status == "approved"


def test_who_is_told_gets_a_notice(office: Callable[..., World]) -> None:
    world = office("{from: ceo, within: 2 days}", "{from: cfo, act: advise purchase}", **PEOPLE)
    assert world.inbox("fin").subjects == ["Purchase PUR-1 of P-1: 50 GBP"]
    assert world.vote("ceo").status == "approved"


def test_a_changed_record_is_signed_anew_from_the_first_on(office: Callable[..., World]) -> None:
    world = office(f"{{all: [cfo, cio], in: sequence, {TIMED}}}", **PEOPLE)
    vote(world, "fin")
    assert waits(world, "fin", "ina") == ["ina"]
    world.update("P-1", "purchases", "PUR-1", "sam", cost="60 GBP")
    assert waits(world, "fin", "ina") == ["fin"]


def test_who_has_voted_may_change_it_and_who_stepped_aside_may_not(
    office: Callable[..., World],
) -> None:
    world = office(f"{{from: cfo, {TIMED}}}", **PEOPLE)
    vote(world, "fin", "abstain")
    assert who(world)["fin"] == "has voted abstain, and may change that vote until the outcome"
    [mine] = world.waiting_for("fin")
    assert mine.voted == "abstain"
    vote(world, "fin", "recuse")
    assert who(world)["fin"] == "has stepped aside"
    assert world.waiting_for("fin") == []
    with pytest.raises(Refusal, match="Fin may not decide this: Fin has stepped aside"):
        vote(world, "fin")


def test_accounts_of_one_person_that_may_each_vote_are_said_to_have_one_vote(
    office: Callable[..., World],
) -> None:
    world = office(f"{{from: cfo, {TIMED}}}", **PEOPLE)
    world.person("fin2", "cfo")
    same_as(world.governance, person="fin", other="fin2", by="ceo")
    with world.governance.reading() as c:
        entry = c.uow.entries.by_key("P-1", "purchases", "PUR-1")
        found = authority.who_about(c, entry)
    with_whom = {each.person: each.one_with for one in found for each in one.standings}
    assert (with_whom["fin"], with_whom["fin2"]) == (("fin2",), ("fin",))


def test_whoever_it_goes_up_to_hears_what_it_is_about(office: Callable[..., World]) -> None:
    world = office("{from: cfo, within: 2 working days, when_time_is_up: goes up}", **PEOPLE)
    world.forward(working_days=3)
    [told] = [e for e in world.inbox("ceo").messages if e.subject.endswith("needs your decision")]
    assert told.body.splitlines() == [
        "It goes up to you: nobody decided in time.",
        "A purchase is signed.",
    ]


def test_what_nobody_above_may_decide_stays_with_who_may_and_is_not_called_stuck(
    office: Callable[..., World],
) -> None:
    world = office("{from: ceo, within: 2 working days, when_time_is_up: goes up}", **PEOPLE)
    world.forward(working_days=3)
    *_, told = world.inbox("ceo").messages
    assert told.subject.endswith("still waits for your decision")
    assert told.body.splitlines() == [
        "It stays with you: nobody decided in time, and nobody above may decide it.",
        "A purchase is signed.",
    ]
    assert not [e for e in world.inbox("ceo").messages if "is stuck" in e.subject]
    [waits] = world.waiting_for("ceo")
    assert (waits.stuck, waits.for_information) == (False, False)
    with world.governance.reading() as c:
        [overdue] = stuck(c)
    assert overdue.may == ["ceo"]
    assert vote(world, "ceo", "approve") == "approved"


LAPSED = (
    "the approval by the ceo lapsed 04 March 2026 09:00: nobody decided in time. A change of it "
    "asks anew, and so do 'pmo withdraw' and 'pmo resubmit'"
)
SIGNED = (
    "the 'sign purchase' by the Finance director was given, but no rule asks anybody to approve "
    "it, and none lets it pass"
)


def why_left(world: World) -> list[str]:
    with world.governance.reading() as c:
        [left] = stuck(c)
    return left.why


def test_of_a_lapsed_approval_it_is_said_what_asks_anew(office: Callable[..., World]) -> None:
    world = office("{from: ceo, within: 2 working days, when_time_is_up: lapses}", **PEOPLE)
    world.forward(working_days=3)
    assert why_left(world) == [LAPSED]
    there = {"project": "P-1", "register": "purchases", "key": "PUR-1", "by": "sam"}
    withdraw(world.governance, **there)
    again = resubmit(world.governance, **there, changes={})
    world.vote("ceo")
    assert world.status("P-1", "purchases", again.key) == "approved"


def test_of_what_was_only_signed_it_is_said_what_was_given(office: Callable[..., World]) -> None:
    world = office("{from: cfo, act: sign purchase}", **PEOPLE)
    vote(world, "fin", "approve")
    assert why_left(world) == [SIGNED]


def test_who_is_there_is_said_once_where_there_is_no_quorum() -> None:
    why, tally = "no quorum: 1 of 3 that make a quorum are there", "1 of 2 in favour, 3 recused"
    body = Body("board", ("a",), 5, why=why, tally=f"{tally}; 1 of 3 there")
    row = Obligation(details=with_body({}, body))
    assert in_words(row) == f"{why}: {tally}"
    tied = replace(body, why="a tie")
    assert in_words(Obligation(details=with_body({}, tied))) == f"a tie: {tally}; 1 of 3 there"


def three_of_one_role(office: Callable[..., World], **more: str) -> World:
    """Ask for two of three of whom one asked for it, so that two may sign."""
    world = office("{of: 2 of cfo}", "{from: cio}", ina="cio", fin="cfo", flo="cfo", **more)
    world.appoint("sam", "cfo")
    return world


def test_two_of_a_role_are_refused_as_soon_as_a_no_leaves_too_few_who_may(
    office: Callable[..., World],
) -> None:
    world = three_of_one_role(office)
    assert vote(world, "fin", "reject") == "rejected"
    assert waits(world, "ina", "flo") == []


@pytest.mark.parametrize("choice", ["abstain", "recuse"])
def test_two_of_a_role_go_up_as_soon_as_who_answers_neither_leaves_too_few(
    office: Callable[..., World], choice: str
) -> None:
    world = three_of_one_role(office, ceo="ceo")
    assert waits(world, "ceo") == []
    assert vote(world, "fin", choice) == "submitted"
    assert waits(world, "ceo", "flo") == ["ceo", "flo"]
    vote(world, "ceo")
    vote(world, "ina", number=1)
    assert vote(world, "flo") == "approved"
