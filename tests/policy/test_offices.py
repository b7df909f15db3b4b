"""Offices as a tree: who is above, who is in charge on a day, and by which calendar one works."""

from collections.abc import Callable
from datetime import date

import pytest

from pmo_engine.policy import Office, Policy
from pmo_engine.policy.organisation import calendar_of, head_of_office, in_charge, top, upward
from pmo_engine.policy.selection import head_of, superior

TEXT = """
kind: offices
offices:
  - {id: spoke, kind: project, under: hub, from: 2026-02-01, until: 2026-03-31, calendar: late}
  - {id: hub, kind: programme, under: town, zone: Africa/Lagos}
  - {id: town, kind: portfolio, head: board, roles: [risk]}
---
kind: calendar
id: late
zone: Europe/Paris
hours: {mon-sun: "12:00-20:00"}
---
kind: roles
roles: []
functional: [{role: risk, performed_by: officer, office: hub}]
"""


@pytest.fixture(scope="module")
def policy(make_policy: Callable[[str], Policy]) -> Policy:
    return make_policy(TEXT)


def ids(offices: tuple[Office, ...]) -> list[str]:
    return [each.id for each in offices]


def test_the_way_up_ends_at_the_top(policy: Policy) -> None:
    assert ids(tuple(upward(policy.offices, "spoke"))) == ["spoke", "hub", "town"]
    assert ids(tuple(upward(policy.offices, "nowhere"))) == ["town"]
    assert ids(tuple(upward(policy.offices, None))) == ["town"]
    assert tuple(upward({}, "spoke")) == ()
    assert top({}) is None


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2026, 1, 31), ["hub", "town"]),
        (date(2026, 2, 1), ["spoke", "hub", "town"]),
        (date(2026, 3, 31), ["spoke", "hub", "town"]),
        (date(2026, 4, 1), ["hub", "town"]),
    ],
)
def test_an_office_does_its_work_from_its_first_day_to_its_last(
    policy: Policy, day: date, there: list[str]
) -> None:
    assert ids(in_charge(policy.offices, "spoke", day)) == there
    zone = "Europe/Paris" if "spoke" in there else "Africa/Lagos"
    own = calendar_of(policy.offices, "spoke", day)
    assert own is not None
    assert own.zone == zone


def test_the_office_at_the_top_does_its_work_past_its_end_for_nobody_is_above_it() -> None:
    offices = {"town": Office("town", "portfolio", "town", until=date(2026, 3, 1))}
    assert ids(in_charge(offices, "town", date(2026, 3, 2))) == ["town"]


def test_an_office_has_a_head_of_its_own_or_the_next_above(policy: Policy) -> None:
    day = date(2026, 3, 1)
    assert head_of_office(policy.offices, "spoke", day) == "board"
    assert head_of_office({}, "spoke", day) is None
    assert head_of(policy) == "board"
    assert superior(policy, "risk") == "board"


def test_an_office_works_in_the_policys_hours_and_its_own_zone(policy: Policy) -> None:
    own = calendar_of(policy.offices, "hub", date(2026, 3, 1))
    assert own is not None
    assert (own.zone, own.hours) == ("Africa/Lagos", policy.calendar.hours)
    assert calendar_of(policy.offices, "town", date(2026, 3, 1)) is None


def test_an_office_has_the_roles_that_are_named_and_its_head(policy: Policy) -> None:
    town, hub = policy.offices["town"], policy.offices["hub"]
    assert town.has("risk")
    assert town.has("board")
    assert not town.has("pmo_head")
    assert hub.has("pmo_head")
