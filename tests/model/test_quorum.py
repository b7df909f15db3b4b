"""A quorum is rounded up."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.quorum import needed, parse_fraction


@pytest.mark.parametrize(
    ("members", "part", "expected"),
    [
        (12, "1/2", 6),
        (11, "1/2", 6),
        (7, "1/2", 4),
        (12, "2/3", 8),
        (11, "2/3", 8),
        (7, "2/3", 5),
        (5, "1/1", 5),
        (1, "1/100", 1),
    ],
)
def test_how_many_it_takes(members, part, expected):
    assert needed(members, parse_fraction(part)) == expected


@pytest.mark.parametrize("text", ["0/2", "3/2", "1/0", "1.5", "-1/2", "most", "1/2\n"])
def test_what_is_no_part_is_quoted(text):
    with pytest.raises(ValueError, match="is not a part of a body's members, as in 1/2 or 2/3"):
        parse_fraction(text)


@pytest.mark.parametrize("text", ["half", "0.5", "1 / 2", "١/٢", "50 %"])
def test_what_may_be_a_part_is_written(text):
    with pytest.raises(ValueError, match="is not a part of a body's members: write 1/2"):
        parse_fraction(text)


def test_a_body_without_members_has_no_quorum():
    with pytest.raises(ValueError, match="1/2 of 0 members is no quorum"):
        needed(0, Fraction(1, 2))


@given(st.integers(1, 1000), st.fractions(min_value="1/1000", max_value=1))
def test_it_is_the_smallest_number_that_suffices(members, part):
    count = needed(members, part)
    assert Fraction(count, members) >= part > Fraction(count - 1, members)
