"""Where roles count that are held for an office or a programme."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.authority.incompatible import clashes
from pmo_engine.authority.people import People
from pmo_engine.authority.units import Placed, Reach, Units
from pmo_engine.model.people import RoleHolding, unit_of
from pmo_engine.policy import Office

DAY = date(2026, 11, 23)
OLD = date(2025, 1, 1)
OFFICES = {
    "top": Office("top", "portfolio", "top", head="pmo_head"),
    "hub": Office("hub", "programme", "hub", under="top"),
    "spoke": Office("spoke", "project", "spoke", under="hub"),
    "brief": Office("brief", "programme", "brief", under="hub", until=DAY, serves=("north",)),
    "centre": Office("centre", "centre of excellence", "centre", under="top"),
}
PROJECTS = {
    "P-1": Placed("north", "spoke"),
    "P-2": Placed("south", None),
    "P-3": Placed(None, "hub"),
    "P-4": Placed(None, "gone"),
}
PROGRAMMES = {
    "all": Placed(),
    "north": Placed("all", "brief"),
    "south": Placed("all", "hub"),
}
SHARED = {"risk": unit_of(office="centre")}


def units(on: date = DAY) -> Units:
    return Units(OFFICES, PROJECTS, PROGRAMMES, SHARED, on)


def held(person: str, role: str, unit: str | None = None, project: str | None = None):
    return RoleHolding(person, role, project, OLD, unit=unit)


def people(*holdings: RoleHolding, on: date = DAY) -> People:
    return People(holdings, units=units(on))


@pytest.mark.parametrize(
    ("project", "near", "above"),
    [
        (
            "P-1",
            {"programme north", "programme all", "office spoke", "office brief"},
            ("office hub", "office top"),
        ),
        ("P-2", {"programme south", "programme all", "office hub"}, ("office top",)),
        ("P-3", {"office hub"}, ("office top",)),
        ("P-4", {"office top"}, ()),
        ("P-9", {"office top"}, ()),
        (None, {"office top"}, ()),
    ],
)
def test_a_role_counts_near_and_goes_up_by_the_offices(project, near, above):
    assert units()._reach(project) == Reach(frozenset(near), above)


def test_without_offices_nothing_is_near():
    assert Units()._reach(None) == Units()._reach("P-1") == Reach()


def test_an_office_past_its_end_serves_no_more_and_the_one_above_does_its_work():
    later = units(date(2026, 11, 24))
    assert "office brief" not in later.near("sponsor", "P-1")
    moved = Units(OFFICES, {"P-5": Placed(None, "brief")}, {}, {}, date(2026, 11, 24))
    assert moved.near("sponsor", "P-5") == {"office hub"}
    assert moved.above("P-5") == ("office top",)
    today = Units(OFFICES, {"P-5": Placed(None, "brief")}, {}, {}, DAY)
    assert today.near("sponsor", "P-5") == {"office brief"}
    assert [each.id for each in today.offices_of("P-5")] == ["brief", "hub", "top"]


def test_a_role_for_a_programme_counts_for_its_projects():
    there = people(held("ana", "sponsor", "programme all"), held("ben", "sponsor", project="P-1"))
    assert there.holders("sponsor", "P-1", DAY) == ("ben", "ana")
    assert there.holders("sponsor", "P-2", DAY) == ("ana",)
    assert there.holders("sponsor", "P-3", DAY) == ()
    assert there.holders("sponsor", None, DAY) == ()
    assert there.roles_of("ana", "P-2", DAY) == ("sponsor",)
    assert there.roles_of("ana", "P-3", DAY) == ()


def test_the_project_comes_before_its_units_and_these_before_everywhere():
    there = people(
        held("cy", "sponsor"),
        held("ana", "sponsor", "office spoke"),
        held("ben", "sponsor", project="P-1"),
    )
    assert there.holders("sponsor", "P-1", DAY) == ("ben", "ana", "cy")
    both = people(held("ana", "sponsor"), held("ana", "sponsor", "office spoke"))
    found = both.holding("ana", "sponsor", "P-1", DAY)
    assert found is not None
    assert found.unit == "office spoke"


def test_only_where_nobody_near_holds_it_the_next_office_above_does():
    hub = held("hana", "sponsor", "office hub")
    top = held("tom", "sponsor", "office top")
    assert people(hub, top).holders("sponsor", "P-1", DAY) == ("hana",)
    assert people(top).holders("sponsor", "P-1", DAY) == ("tom",)
    assert people(top).roles_of("tom", "P-1", DAY) == ("sponsor",)
    near = held("ana", "sponsor", "office spoke")
    assert people(hub, top, near).holders("sponsor", "P-1", DAY) == ("ana",)
    assert people(hub, top, near).roles_of("hana", "P-1", DAY) == ()
    everywhere = held("eva", "sponsor")
    assert people(hub, top, everywhere).holders("sponsor", "P-1", DAY) == ("eva",)


def test_a_shared_role_counts_everywhere():
    there = people(held("ria", "risk", "office centre"), held("fin", "finance", "office centre"))
    assert there.holders("risk", "P-1", DAY) == there.holders("risk", None, DAY) == ("ria",)
    assert there.holders("finance", "P-1", DAY) == ()


def test_a_role_for_a_unit_is_held_in_its_days_alone():
    over = RoleHolding("ana", "sponsor", None, OLD, date(2026, 11, 22), unit="office spoke")
    assert people(over).holders("sponsor", "P-1", DAY) == ()
    assert people(over).holders("sponsor", "P-1", date(2026, 11, 22)) == ("ana",)


@pytest.mark.parametrize(
    ("unit", "around"),
    [
        ("office spoke", {"office spoke", "office hub", "office top"}),
        ("office top", {"office top"}),
        (
            "programme north",
            {"programme north", "programme all", "office brief", "office hub", "office top"},
        ),
        ("programme all", {"programme all", "office top"}),
    ],
)
def test_what_is_above_a_unit_gives_a_right_to_it(unit, around):
    assert units().around(unit) == around


APART = """kind: roles
roles: [{id: sponsor, senior: board, not_with: [treasurer]}, {id: treasurer, senior: board}]
"""


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ({"unit": "office spoke"}, {"project": "P-1"}, True),
        ({"unit": "office spoke"}, {"project": "P-3"}, False),
        ({"unit": "office hub"}, {"project": "P-1"}, True),
        ({"unit": "office spoke"}, {}, True),
        ({"unit": "office centre"}, {"unit": "office centre"}, True),
        ({"unit": "programme south"}, {"unit": "office spoke"}, False),
        ({"unit": "programme north"}, {"unit": "office spoke"}, True),
        ({"project": "P-1"}, {"project": "P-2"}, False),
    ],
)
def test_roles_that_do_not_go_together_are_not_held_for_one_project(make_policy, one, other, clash):
    policy = make_policy(APART)
    pair = (held("ana", "sponsor", **one), held("ana", "treasurer", **other))
    assert bool([*clashes(policy, pair, units())]) == clash


PAIR = "kind: roles\nroles: [{id: auditor, not_with: [risk]}, {id: risk}]\n"
DAYS = st.integers(0, 6).map(lambda number: DAY + timedelta(days=number))
PLACES = ("office top", "office late", "office brief", "P-1", "P-2")
SPANS = st.tuples(st.sampled_from(PLACES), DAYS, st.none() | st.integers(0, 3))


def in_span(role: str, span: tuple[str, date, int | None]) -> RoleHolding:
    place, since, length = span
    until = None if length is None else since + timedelta(days=length)
    unit, project = (place, None) if place.startswith("office") else (None, place)
    return RoleHolding("ana", role, project, since, until, unit=unit)


@given(SPANS, SPANS, DAYS, DAYS)
def test_roles_clash_on_whichever_day_offices_make_them_meet(
    make_policy: Any, one: Any, other: Any, opens: date, ends: date
) -> None:
    policy = make_policy(PAIR)
    offices = {
        "top": OFFICES["top"],
        "late": Office("late", "project", "late", under="top", since=opens),
        "brief": Office("brief", "project", "brief", under="late", until=ends),
    }
    stands = {"P-1": Placed(None, "late"), "P-2": Placed(None, "brief")}
    now = Units(offices, stands, {}, {}, DAY)
    pair = in_span("auditor", one), in_span("risk", other)
    slow = any(
        all(each.holds(day) for each in pair)
        and (one[0] == other[0] or replace(now, on=day).meet(*pair))
        for day in (DAY + timedelta(days=number) for number in range(20))
    )
    assert bool([*clashes(policy, pair, now)]) == slow


def test_of_days_that_are_over_the_organisation_is_as_it_is_now(make_policy: Any) -> None:
    policy, now = make_policy(PAIR), units()
    past = OLD + timedelta(days=9)
    pair = (
        RoleHolding("ana", "auditor", None, OLD, past, unit="office brief"),
        RoleHolding("ana", "risk", "P-1", OLD, past),
    )
    assert [*clashes(policy, pair, now)]
    later = replace(now, on=DAY + timedelta(days=1))
    assert not [*clashes(policy, pair, later)]
    assert not [*clashes(policy, [replace(each, until=None) for each in pair], later)]


@pytest.mark.parametrize(("last", "clash"), [(2, False), (3, True), (None, True)])
def test_an_office_that_opens_joins_roles_from_its_first_day_on(
    make_policy: Any, last: int | None, clash: Any
) -> None:
    opens = DAY + timedelta(days=3)
    offices = {
        "top": OFFICES["top"],
        "late": Office("late", "project", "late", under="top", since=opens),
    }
    now = Units(offices, {"P-1": Placed(None, "late")}, {}, {}, DAY)
    pair = in_span("auditor", ("P-1", DAY, None)), in_span("risk", ("office late", DAY, last))
    assert bool([*clashes(make_policy(PAIR), pair, now)]) == clash
