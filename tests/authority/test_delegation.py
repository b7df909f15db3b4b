"""What somebody may do for somebody else, against a slow model that tries every way there is."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.authority.delegation import (
    Wanted,
    circle,
    covers,
    delegates_of,
    delegators_of,
    holding,
    may_for,
)
from pmo_engine.authority.people import Absence, Delegation, People, one_each
from pmo_engine.model.money import Money
from pmo_engine.model.people import RoleHolding

DAY = date(2026, 3, 2)
LATER = DAY + timedelta(days=9)
CHANGE, CONTRACT = "approve change", "approve contract"
NAMES = ("ana", "ben", "cem", "dov", "eva")


def gbp(amount: str) -> Money:
    return Money.parse(f"{amount} GBP")


def given_by(owner, delegate, since=DAY, until=None, **bounds):
    return Delegation(f"{owner}-{delegate}", owner, delegate, since, until, **bounds)


def people(*delegations, same=None):
    return People((), delegations, same=same or {})


def owners(world, person, wanted=None, on=DAY, own=lambda _: True, chains=lambda _: False):
    wanted = wanted or Wanted(CHANGE)
    return [each.owner for each in may_for(world, person, wanted, on, own=own, chains=chains)]


def test_a_delegate_acts_within_days_that_both_count():
    world = people(given_by("ana", "ben", DAY, LATER))
    assert owners(world, "ben", on=DAY) == owners(world, "ben", on=LATER) == ["ana"]
    assert owners(world, "ben", on=DAY - timedelta(days=1)) == []
    assert owners(world, "ben", on=LATER + timedelta(days=1)) == []
    assert owners(world, "ana") == owners(world, "cem") == []


def test_round_a_circle_of_others_nobody_goes_twice():
    world = people(given_by("ana", "ben"), given_by("ben", "ana"), given_by("ben", "cem"))
    assert owners(world, "cem", chains=lambda _: True) == ["ben", "ana"]


def test_a_delegate_acts_within_acts_projects_and_amount():
    bounded = given_by("ana", "ben", acts=(CHANGE,), projects=("P-1",), up_to=gbp("100"))
    assert covers(bounded, Wanted(CHANGE, "P-1", gbp("100")))
    assert not covers(bounded, Wanted(CHANGE, "P-1", gbp("100.01")))
    assert not covers(bounded, Wanted(CHANGE, "P-1", Money.parse("1 EUR")))
    assert not covers(bounded, Wanted(CHANGE, "P-1"))  # what it amounts to is not known
    assert not covers(bounded, Wanted(CHANGE, "P-2", gbp("1")))
    assert not covers(bounded, Wanted(CHANGE, None, gbp("1")))
    assert not covers(bounded, Wanted(CONTRACT, "P-1", gbp("1")))
    assert covers(given_by("ana", "ben", acts=("approve",)), Wanted(CONTRACT))
    assert covers(given_by("ana", "ben"), Wanted("appoint project_manager"))


def test_nobody_does_for_another_what_these_may_not_do():
    world = people(given_by("ana", "ben"), given_by("cem", "ben"))
    assert owners(world, "ben", own="cem".__eq__) == ["cem"]


def test_a_chain_holds_only_where_the_owner_s_terms_let_it():
    world = people(given_by("ana", "ben"), given_by("ben", "cem"))
    assert owners(world, "cem") == ["ben"]
    assert owners(world, "cem", chains="ana".__eq__) == ["ben", "ana"]
    (_, far) = may_for(world, "cem", Wanted(CHANGE), DAY, own=lambda _: True, chains=lambda _: True)
    assert far.between == ("ana", "ben")
    assert [each.delegate for each in far.by] == ["ben", "cem"]


def test_a_chain_holds_no_further_than_each_of_its_links():
    world = people(given_by("ana", "ben", up_to=gbp("50")), given_by("ben", "cem", acts=(CHANGE,)))
    reach = lambda act, amount: owners(  # noqa: E731 - said once
        world, "cem", Wanted(act, None, gbp(amount)), chains=lambda _: True
    )
    assert reach(CHANGE, "50") == ["ben", "ana"]
    assert reach(CHANGE, "51") == ["ben"]
    assert reach(CONTRACT, "1") == []


def test_nobody_acts_for_themselves_through_a_second_account():
    world = people(given_by("ana", "ben"), given_by("ana2", "ben"), same={"ben": "ana"})
    assert owners(world, "ben") == ["ana2"]
    assert owners(people(given_by("ana", "ana")), "ana") == []


def test_whom_something_came_to_is_followed_to_the_end_and_through_accounts():
    world = people(
        given_by("ana", "ben"),
        given_by("ben2", "cem"),
        given_by("ana", "ben"),
        given_by("ben2", "cem"),
        given_by("cem", "ana"),
        same={"ben2": "ben"},
    )
    assert delegates_of(world, "ana", holding(DAY)) == {"ben", "ben2", "cem"}
    assert delegators_of(world, "ben", holding(DAY)) == {"ana", "cem"}
    assert delegates_of(world, "ana", holding(DAY - timedelta(days=1))) == frozenset()


def test_a_circle_is_told_with_those_in_it():
    world = people(given_by("ben", "cem"), given_by("cem", "dov"))
    assert circle(world, given_by("dov", "ben")) == ("dov", "ben", "cem", "dov")
    assert circle(world, given_by("dov", "eva")) == ()
    assert circle(people(given_by("ben", "ana2"), same={"ana2": "ana"}), given_by("ana", "ben"))


def test_what_never_goes_together_is_no_circle():
    back = given_by("ben", "ana", LATER)
    assert circle(people(back), given_by("ana", "ben", DAY, LATER))
    assert not circle(people(back), given_by("ana", "ben", DAY, LATER - timedelta(days=1)))
    ended = given_by("ben", "ana", DAY, withdrawn_on=DAY)
    assert not circle(people(ended), given_by("ana", "ben", DAY + timedelta(days=1), LATER))
    changes = given_by("ben", "ana", acts=(CHANGE,))
    assert circle(people(changes), given_by("ana", "ben", acts=("approve",)))
    assert not circle(people(changes), given_by("ana", "ben", acts=(CONTRACT,)))
    here = given_by("ben", "ana", projects=("P-1",))
    assert circle(people(here), given_by("ana", "ben", projects=("P-1", "P-2")))
    assert not circle(people(here), given_by("ana", "ben", projects=("P-2",)))


spans = st.tuples(st.integers(-2, 2), st.none() | st.integers(0, 3))
bounds = st.fixed_dictionaries(
    {
        "acts": st.sampled_from([(), (CHANGE,), (CONTRACT,), ("approve",)]),
        "projects": st.sampled_from([(), ("P-1",), ("P-2",)]),
        "up_to": st.none() | st.sampled_from([gbp("10"), gbp("20")]),
    }
)


@st.composite
def delegation(draw):
    owner, delegate = draw(st.permutations(NAMES))[:2]
    first, length = draw(spans)
    since = DAY + timedelta(days=first)
    until = None if length is None else since + timedelta(days=length)
    return replace(given_by(owner, delegate, since, until), **draw(bounds))


def by_trying(world, person, wanted, own, chains):
    """Try every order of every choice of people that ends with a person."""
    found = set()
    others = [name for name in NAMES if name != person]
    for size in range(1, len(NAMES)):
        for way in permutations(others, size):
            steps = [*zip(way, (*way[1:], person), strict=True)]
            linked = all(
                any(
                    (d.owner, d.delegate) == step and d.holds(DAY) and covers(d, wanted)
                    for d in world.delegations
                )
                for step in steps
            )
            if linked and own(way[0]) and (size == 1 or chains(way[0])):
                found.add(way[0])
    return found


@given(
    st.lists(delegation(), max_size=7),
    st.sampled_from(NAMES),
    st.builds(
        Wanted,
        st.sampled_from([CHANGE, CONTRACT]),
        st.sampled_from([None, "P-1"]),
        st.none() | st.sampled_from([gbp("10"), gbp("15")]),
    ),
    st.sets(st.sampled_from(NAMES)),
    st.sets(st.sampled_from(NAMES)),
)
def test_may_for_finds_whom_trying_every_way_finds(made, person, wanted, may, handing_on):
    world = People((), tuple(made))
    own, chains = may.__contains__, handing_on.__contains__
    found = may_for(world, person, wanted, DAY, own=own, chains=chains)
    assert {each.owner for each in found} == by_trying(world, person, wanted, own, chains)
    assert len({each.owner for each in found}) == len(found)
    for each in found:
        assert each.by[-1].delegate == person
        assert each.by[0].owner == each.owner
        for one, other in zip(each.by, each.by[1:], strict=False):
            assert one.delegate == other.owner


@given(st.lists(delegation(), max_size=5), st.randoms())
def test_the_order_in_which_delegations_are_given_decides_nothing(made, random):
    unique = list({each.id: each for each in made}.values())
    shuffled = random.sample(unique, len(unique))
    answers = [
        may_for(
            People((), tuple(each)), "ana", Wanted(CHANGE), DAY, own=bool, chains=lambda _: True
        )
        for each in (unique, shuffled)
    ]
    assert answers[0] == answers[1]


def test_accounts_that_are_one_person_s_are_one_however_they_are_said():
    same = one_each([("dov", "cem"), ("ana", "ben"), ("eva", "dov"), ("ben", "ben")])
    assert same == {"dov": "cem", "eva": "cem", "ben": "ana"}
    world = People((), same=same)
    assert world.are_one("eva", "dov")
    assert not world.are_one("eva", "ben")
    assert world.accounts("eva") == ("cem", "dov", "eva")
    assert world.accounts("zoe") == ("zoe",)


def test_people_say_who_holds_what_and_who_is_away():
    office, own = RoleHolding("ana", "head", None, DAY), RoleHolding("ana", "head", "P-1", LATER)
    world = People(
        (office, own), absences=(Absence("ana2", DAY, DAY, "ben"),), same={"ana2": "ana"}
    )
    assert world.holders("head", "P-1", LATER) == ("ana",)
    assert world.roles_of("ana", "P-1", LATER) == ("head",)
    assert world.holding("ana", "head", "P-1", LATER) == own
    assert world.holding("ana", "head", "P-1", DAY) == office
    assert world.holding("ana", "sponsor", "P-1", DAY) is None
    away = world.absence("ana", DAY)
    assert away is not None
    assert away.deputy == "ben"
    assert world.absence("ana", LATER) is None
    assert world.absence("ben", DAY) is None


def test_what_is_withdrawn_holds_on_that_day_no_more_though_it_did_for_some_of_it():
    ended = given_by("ana", "ben", DAY, LATER, withdrawn_on=DAY + timedelta(days=2))
    assert ended.holds(DAY + timedelta(days=1))
    assert not ended.holds(DAY + timedelta(days=2))
    assert not ended.holds(DAY + timedelta(days=3))
    assert ended.last == DAY + timedelta(days=2)
    assert given_by("ana", "ben", DAY, DAY, withdrawn_on=LATER).last == DAY
    assert given_by("ana", "ben").last is None
