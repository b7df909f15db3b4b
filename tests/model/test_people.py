"""Who holds a role on a day, in a stable order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.authority.people import People
from pmo_engine.model.people import RoleHolding

DAY = date(2026, 11, 23)
OLD = date(2025, 1, 1)


def holders(held, role, project, on):
    return People(tuple(held)).holders(role, project, on)


def holding(person, role="sponsor", project=None, since=OLD, until=None):
    return RoleHolding(person, role, project, since, until)


def test_the_project_s_own_come_before_the_office_s():
    held = [holding("ana"), holding("ben", project="P-1"), holding("cy", project="P-2")]
    assert holders(held, "sponsor", "P-1", DAY) == ("ben", "ana")
    assert holders(held, "sponsor", None, DAY) == ("ana",)
    assert holders(held, "pmo_head", "P-1", DAY) == ()


def test_both_days_are_included():
    held = [holding("ana", since=DAY, until=DAY)]
    assert holders(held, "sponsor", None, DAY) == ("ana",)
    assert holders(held, "sponsor", None, date(2026, 11, 22)) == ()
    assert holders(held, "sponsor", None, date(2026, 11, 24)) == ()


def test_the_longest_in_the_role_comes_first_and_nobody_twice():
    held = [holding("ben"), holding("ana", since=DAY), holding("cy"), holding("ben", project="P-1")]
    assert holders(held, "sponsor", "P-1", DAY) == ("ben", "cy", "ana")


def test_a_holding_does_not_end_before_it_begins():
    with pytest.raises(ValueError, match="ana holds sponsor until 2025-01-01, before 2026-11-23"):
        holding("ana", since=DAY, until=OLD)


@given(st.permutations([holding(p, project=q) for p in "abc" for q in (None, "P-1")]))
def test_the_order_of_the_holdings_does_not_matter(held):
    assert holders(held, "sponsor", "P-1", DAY) == ("a", "b", "c")
