"""Who may decide a matter, and everybody else near it, why not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pmo_engine.authority.eligibility import Decider, Matter, who_may_decide
from pmo_engine.authority.interests import BARRED, Interest
from pmo_engine.authority.people import Absence, Delegation, People
from pmo_engine.model.money import Money
from pmo_engine.model.people import RoleHolding

ASKED = date(2026, 3, 2)
TODAY = date(2026, 3, 9)
ACT = "approve change_request"
HEAD = Decider("head", clause="terms 4", deputies=("deputy",))


def held(person, role="head", project=None, since=date(2026, 1, 1), until=None):
    return RoleHolding(person, role, project, since, until)


def given(owner, delegate, **bounds):
    since = bounds.pop("since", date(2026, 1, 1))
    return Delegation(f"{owner}-{delegate}", owner, delegate, since, **bounds)


def about(*interests, deciders=(HEAD,), **more):
    return Matter(ACT, "P-1", ASKED, tuple(deciders), interests, **more)


def requested(person):
    return Interest(person, "requester", "asked for this")


def asked(matter, *holdings, **others):
    return who_may_decide(matter, People(holdings, **others), TODAY)


def may(found):
    return [(each.person, each.capacity, each.on_behalf_of) for each in found if each.may]


def why(found, person):
    return next(each.why_not for each in found if each.person == person)


def test_whoever_holds_the_role_may_by_its_clause():
    [standing] = asked(about(), held("petra"))
    assert (standing.person, standing.may, standing.role) == ("petra", True, "head")
    assert (standing.capacity, standing.clause, standing.why_not) == ("own role", "terms 4", "")


def test_those_who_may_come_first_and_the_order_of_holdings_decides_nothing():
    one, other = held("ana"), held("zoe", since=date(2025, 1, 1))
    matter = about(requested("zoe"))
    assert [each.person for each in asked(matter, one, other)] == ["ana", "zoe"]
    assert asked(matter, one, other) == asked(matter, other, one)


@pytest.mark.parametrize("kind", sorted(BARRED))
def test_who_has_an_interest_may_not(kind):
    found = asked(about(Interest("petra", kind, "has to do with it")), held("petra"), held("ana"))
    assert may(found) == [("ana", "own role", None)]
    assert "has to do with it" in why(found, "petra")


@pytest.mark.parametrize("kind", ["reviewer", "own project"])
def test_what_only_terms_forbid_is_free_where_they_do_not(kind):
    interest = Interest("petra", kind, "is near")
    assert may(asked(about(interest), held("petra")))
    strict = replace(HEAD, barred=BARRED | {kind})
    assert not may(asked(about(interest, deciders=[strict]), held("petra")))


def test_a_second_account_is_the_same_person():
    found = asked(about(requested("petra")), held("petra-private"), same={"petra-private": "petra"})
    assert may(found) == []
    assert why(found, "petra-private") == (
        "is petra, who asked for this: nobody approves a request of their own"
    )


def test_nobody_decides_what_a_delegate_of_theirs_asked_for():
    found = asked(about(requested("dan")), held("petra"), delegations=(given("petra", "dan"),))
    assert may(found) == []
    assert "has dan as a delegate, who asked for this" in why(found, "petra")


def test_nor_what_somebody_asked_for_whom_they_decide():
    found = asked(
        about(requested("petra")), held("dan"), delegations=(given("petra", "dan", acts=(ACT,)),)
    )
    assert "is a delegate of petra, who asked for this" in why(found, "dan")


def test_chains_of_delegates_are_followed_to_their_end():
    chain = (given("petra", "dan"), given("dan", "eva"), given("eva", "flo"))
    assert not may(asked(about(requested("flo")), held("petra"), delegations=chain))
    assert not may(asked(about(requested("petra")), held("flo"), delegations=chain))


def test_a_delegation_that_was_withdrawn_since_the_request_counts_all_the_same():
    ended = given("petra", "dan", until=ASKED)
    assert not may(asked(about(requested("dan")), held("petra"), delegations=(ended,)))
    before = replace(ended, until=ASKED - timedelta(days=1))
    assert may(asked(about(requested("dan")), held("petra"), delegations=(before,)))


@pytest.mark.parametrize("bounds", [{"acts": ("approve risk",)}, {"projects": ("P-2",)}])
def test_a_delegation_of_something_else_ties_nobody(bounds):
    other = given("petra", "dan", **bounds)
    assert may(asked(about(requested("dan")), held("petra"), delegations=(other,)))


def test_a_delegate_may_on_behalf_of_whoever_gave_it():
    found = asked(about(), held("petra"), delegations=(given("petra", "dan"),))
    assert may(found) == [("petra", "own role", None), ("dan", "delegate", "petra")]


def test_a_delegate_may_not_beyond_what_was_given():
    small = given("petra", "dan", up_to=Money.parse("100 GBP"))
    matter = about(amount=Money.parse("101 GBP"))
    found = asked(matter, held("petra"), delegations=(small,))
    assert may(found) == [("petra", "own role", None)]
    said = "is a delegate of petra, who lets them do it up to 100 GBP, and this is 101 GBP"
    assert why(found, "dan") == said
    found = asked(about(), held("petra"), delegations=(small,))
    assert why(found, "dan").endswith("and what this amounts to is not known")


def test_a_delegate_of_something_else_or_somewhere_else_is_told_of_what_and_where():
    other = given("petra", "dan", acts=("sign contract",))
    there = given("ana", "dan", projects=("P-9",))
    beside = given("ben", "dan", acts=("sign lease",))  # of nobody who is asked
    found = asked(about(), held("petra"), held("ana"), delegations=(other, there, beside))
    assert why(found, "dan") == (
        "is a delegate of ana, who lets them do it in P-9 alone"
        " and of petra, who lets them sign contract alone"
    )
    chain = (given("petra", "dan"), given("dan", "eva"))
    found = asked(about(), held("petra"), delegations=chain)
    assert why(found, "eva") == "is a delegate of nobody who may let them do this here"


def test_chains_are_of_use_only_where_the_terms_say_so():
    chain = (given("petra", "dan"), given("dan", "eva"))
    assert ("eva", "delegate", "petra") not in may(asked(about(), held("petra"), delegations=chain))
    chained = about(deciders=[replace(HEAD, chains=True)])
    assert ("eva", "delegate", "petra") in may(asked(chained, held("petra"), delegations=chain))
    through = about(requested("dan"), deciders=[replace(HEAD, chains=True)])
    assert not may(asked(through, held("petra"), delegations=chain))


def test_a_delegate_of_somebody_with_an_interest_may_not():
    found = asked(about(requested("petra")), held("petra"), delegations=(given("petra", "dan"),))
    assert may(found) == []
    assert "is a delegate of petra" in why(found, "dan")


def away(person, until=None, deputy=None):
    return Absence(person, TODAY, until, deputy)


def test_whoever_is_away_may_not_and_their_delegate_may():
    until = TODAY + timedelta(days=3)
    found = asked(
        about(),
        held("petra"),
        delegations=(given("petra", "dan"),),
        absences=(away("petra", until),),
    )
    assert may(found) == [("dan", "delegate", "petra")]
    assert why(found, "petra") == f"is away until {until}"


def test_a_deputy_stands_in_while_nobody_of_the_role_is_there():
    people = held("petra"), held("ann"), held("del", "deputy")
    found = asked(about(), *people, absences=(away("petra"),))
    assert may(found) == [("ann", "own role", None)]
    assert why(found, "del") == "stands in for head only while nobody of it is there"
    found = asked(about(), *people, absences=(away("petra"), away("ann")))
    assert may(found) == [("del", "deputy", None)]
    assert may(asked(about(), held("petra"), held("del", "deputy"), absences=(away("petra"),))) == [
        ("del", "deputy", "petra")
    ]


def test_a_deputy_stands_in_where_nobody_holds_the_role():
    assert may(asked(about(), held("del", "deputy"))) == [("del", "deputy", None)]


def test_the_deputy_of_an_absence_is_a_person():
    found = asked(about(), held("petra"), absences=(away("petra", deputy="sue"),))
    assert may(found) == [("sue", "deputy", "petra")]
    found = asked(about(), held("petra"), absences=(away("petra", deputy="sue"), away("sue")))
    assert may(found) == []


def test_nobody_stands_in_for_whoever_asked_for_it():
    people = held("petra"), held("del", "deputy")
    found = asked(about(requested("petra")), *people, absences=(away("petra"),))
    assert may(found) == []
    assert "would stand in for petra, who asked for this" in why(found, "del")


def test_who_was_no_member_when_it_was_put_up_may_not():
    board = Decider("board", members=frozenset({"bo"}))
    found = asked(about(deciders=[board]), held("bo", "board"), held("late", "board"))
    assert may(found) == [("bo", "own role", None)]
    assert why(found, "late") == "was no member of board when it was put up"


def test_a_member_through_another_account_is_one():
    board = Decider("board", members=frozenset({"bo"}))
    found = asked(about(deciders=[board]), held("bo2", "board"), same={"bo2": "bo"})
    assert may(found) == [("bo2", "own role", None)]


def test_whoever_signed_another_approval_of_the_record_may_not_sign_this():
    found = asked(about(signed={"ana": "has signed for the project manager"}), held("ana"))
    assert why(found, "ana") == "has signed for the project manager"
    found = asked(about(signed={"ana": "has signed"}), held("ana2"), same={"ana2": "ana"})
    assert may(found) == []


def test_whoever_has_voted_has_no_second_vote():
    matter = about(voted={"ana": "has voted abstain"})
    assert why(asked(matter, held("ana")), "ana") == "has voted abstain"
    assert why(asked(matter), "ana") == "has voted abstain, and has no role for it any more"


def test_whoever_may_change_their_vote_is_said_to():
    matter = about(voted={"ana": "has voted abstain"}, changeable=frozenset({"ana"}))
    later = "has voted abstain, and may change that vote until the outcome"
    assert why(asked(matter, held("ana")), "ana") == later
    gone = asked(matter, held("ana"), absences=(away("ana"),))
    assert why(gone, "ana") == "has voted abstain"


def test_a_second_account_is_told_whose_it_is_and_what_that_has_done():
    matter = about(voted={"ana": "has voted approve"}, changeable=frozenset({"ana"}))
    found = asked(matter, held("ana"), held("ana2"), same={"ana2": "ana"})
    assert why(found, "ana2") == "is ana, who has voted approve"
    signed = about(signed={"ana2": "has signed for clerk already"})
    found = asked(signed, held("ana"), held("ana2"), same={"ana2": "ana"})
    assert why(found, "ana2") == "has signed for clerk already"
    assert why(found, "ana") == "is ana2, who has signed for clerk already"


@pytest.mark.parametrize("what", ["signed", "voted"])
def test_nobody_answers_for_whoever_has_answered(what):
    matter = about(**{what: {"petra": "has voted reject"}})
    found = asked(matter, held("petra"), delegations=(given("petra", "dan"),))
    assert may(found) == []
    assert why(found, "dan") == "is a delegate of petra, who has voted reject"


def test_of_several_who_answer_for_somebody_one_does_and_they_may_still_themself():
    matter = about(voted_for={"petra": "dan has voted approve"})
    gave = (given("petra", "dan"), given("petra", "eva"), given("ana", "eva"))
    found = asked(matter, held("petra"), held("ana", until=ASKED), delegations=gave)
    assert may(found) == [("petra", "own role", None)]
    assert why(found, "eva") == "is a delegate of petra, for whom dan has voted approve"
    both = asked(matter, held("petra"), held("ana"), delegations=gave)
    assert ("eva", "delegate", "ana") in may(both)


@pytest.mark.parametrize(
    ("holder", "owner"), [("petra", "petra-private"), ("petra-private", "petra")]
)
def test_nobody_stands_in_for_whom_somebody_has_answered_through_any_account(holder, owner):
    away = (Absence(holder, ASKED, deputy="dan"),)
    matter = about(voted_for={owner: "eva has voted approve"})
    same = {"petra-private": "petra"}
    found = asked(matter, held(holder), absences=away, same=same)
    assert why(found, "dan") == f"would stand in for {holder}, for whom eva has voted approve"
    assert may(asked(about(), held(holder), absences=away, same=same)) != []


def test_a_limit_keeps_all_of_a_role_and_their_delegates_from_deciding():
    low = replace(HEAD, why_not="may approve no more than 50000 GBP")
    found = asked(about(deciders=[low]), held("petra"), delegations=(given("petra", "dan"),))
    assert may(found) == []
    assert why(found, "petra") == why(found, "dan") == "may approve no more than 50000 GBP"


def test_somebody_with_two_ways_takes_the_one_that_is_open():
    low = Decider("manager", why_not="may approve no more than 50000 GBP")
    found = asked(about(deciders=[low, HEAD]), held("ana", "manager"), held("ana"))
    assert may(found) == [("ana", "own role", None)]
    assert len(found) == 1


def test_whoever_has_an_interest_and_no_role_is_named():
    found = asked(about(requested("sam")), held("petra"))
    assert why(found, "sam") == "asked for this, and has no role for it"


def test_a_role_of_another_project_or_of_the_past_counts_nothing():
    gone = held("old", until=TODAY - timedelta(days=1))
    assert asked(about(), held("far", project="P-2"), gone) == ()
    assert may(asked(about(), held("near", project="P-1"), held("last", until=TODAY)))


def test_a_delegate_who_is_away_does_not_decide():
    found = asked(
        about(),
        held("petra"),
        delegations=(given("petra", "dil"),),
        absences=(Absence("dil", TODAY, date(2026, 3, 12)),),
    )
    assert may(found) == [("petra", "own role", None)]
    assert why(found, "dil") == "is away until 2026-03-12"


def test_whoever_is_on_the_way_of_a_chain_has_to_be_free_to_decide():
    chain = (given("petra", "mia"), given("mia", "dil"), given("mia", "sam"))
    decider = replace(HEAD, chains=True)
    assert ("dil", "delegate", "petra") in may(
        asked(about(deciders=(decider,)), held("petra"), delegations=chain)
    )
    found = asked(about(requested("sam"), deciders=(decider,)), held("petra"), delegations=chain)
    assert [each for each in may(found) if each[0] == "dil"] == []


def test_what_is_kept_for_the_holders_no_delegate_does():
    kept = replace(HEAD, kept="does not do for others what the head keeps")
    found = asked(about(deciders=(kept,)), held("petra"), delegations=(given("petra", "dil"),))
    assert may(found) == [("petra", "own role", None)]
    assert why(found, "dil") == "does not do for others what the head keeps"


def test_a_delegate_holds_one_of_the_roles_that_the_terms_name():
    decider = replace(HEAD, delegates=("deputy", "clerk"))
    found = asked(
        about(deciders=(decider,)),
        held("petra"),
        held("cem", "clerk"),
        delegations=(given("petra", "dil"), given("petra", "cem")),
    )
    assert may(found) == [("petra", "own role", None), ("cem", "delegate", "petra")]
    assert why(found, "dil") == "is no delegate for head, but has to be deputy or clerk"


def test_an_interest_of_ones_own_is_said_before_that_of_others():
    matter = about(requested("sam"), Interest("petra", "owner", "owns it"))
    found = asked(matter, held("petra"), delegations=(given("sam", "petra"),))
    assert why(found, "petra") == "owns it, and nobody decides about what they own"


def test_who_acts_in_a_role_decides_as_acting_unless_it_went_up_to_it():
    acting = RoleHolding("petra", "head", None, date(2026, 1, 1), acting=True)
    assert may(asked(about(), acting)) == [("petra", "acting", None)]
    above = replace(HEAD, capacity="escalation")
    assert may(asked(about(deciders=[above]), acting)) == [("petra", "escalation", None)]


def test_nobody_stands_in_for_who_is_away_so_that_it_goes_up():
    people = (held("petra"), held("dee", "deputy"))
    away = (Absence("petra", date(2026, 3, 1), upward=True),)
    found = asked(about(), *people, absences=away)
    assert may(found) == []
    assert why(found, "dee") == "does not stand in: what waits for head goes up"
    away = (Absence("petra", date(2026, 3, 1)),)
    assert may(asked(about(), *people, absences=away)) == [("dee", "deputy", "petra")]
