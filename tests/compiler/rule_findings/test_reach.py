"""Which numbers a value comes to, held against numbers of all kinds between the limits named."""

from decimal import Decimal
from itertools import pairwise

import pytest

from pmo_engine.compiler.rule_findings.reach import ANY, WHOLE, Reach, reach_of
from pmo_engine.compiler.table_findings.axes import NULL, Segment
from pmo_engine.feel.checking.checker import check
from pmo_engine.feel.checking.typed import with_types
from pmo_engine.feel.syntax.parser import parse
from pmo_engine.model.money import Money
from tests.small_policy import check_text

LIMITS = [Decimal(each) for each in ("-2", "-0.5", "0", "0.25", "1", "1.5", "2", "3")]
NUMBERS = [Decimal(each) / 1000 for each in range(-4000, 5001)]
POINTS = [Segment(each, each, is_point=True) for each in LIMITS]
BETWEEN = [Segment(low, high) for low, high in pairwise([None, *LIMITS, None])]


def lies_in(number: Decimal, segment: Segment) -> bool:
    if segment.is_point:
        return bool(number == segment.low)
    above = segment.low is None or number > segment.low
    return above and (segment.high is None or number < segment.high)


def comes(number: Decimal, reach: Reach) -> bool:
    above = reach.least is None or number >= reach.least
    below = (reach.most is None or number <= reach.most) and (
        reach.below is None or number < reach.below
    )
    whole = reach.places is None or number == round(number, reach.places)
    return above and below and whole


@pytest.mark.parametrize(
    "reach",
    [
        ANY,
        WHOLE,
        Reach(Decimal(0)),
        Reach(Decimal(0), places=0),
        Reach(Decimal(1), Decimal(2), places=0),
        Reach(Decimal(0), below=Decimal(2)),
        Reach(Decimal(0), below=Decimal(2), places=0),
        Reach(Decimal(0), below=Decimal("0.25")),
        Reach(places=1),
        Reach(places=-1),
        Reach(most=Decimal(-2), places=0),
    ],
)
def test_a_segment_is_reached_where_a_number_of_it_comes(reach: Reach) -> None:
    segments = [*POINTS, *BETWEEN, NULL]
    mask = reach.among(segments)
    for place, segment in enumerate(segments):
        met = not segment.is_null and any(
            lies_in(number, segment) and comes(number, reach)
            for number in [*NUMBERS, Decimal(-10), Decimal(10)]
        )
        assert bool(mask >> place & 1) is met, segment


def test_amounts_are_reached_by_their_numbers() -> None:
    low, high = Money(Decimal("1.2"), "GBP"), Money(Decimal("1.9"), "GBP")
    segments = [Segment(None, low), Segment(low, high), Segment(high, None)]
    assert WHOLE.among(segments) == 0b101


def test_numbers_of_very_many_digits_are_looked_at() -> None:
    large = Decimal(10) ** 6000
    point = Segment(large, large, is_point=True)
    assert WHOLE.among([point, Segment(large, None), Segment(None, -large)]) == 0b111


POLICY = check_text("").policy
assert POLICY is not None
FACTS = POLICY.facts
DAY_NUMBERS = Reach(Decimal(1), Decimal(31), places=0)
FORMS = [
    ("count(changes)", Reach(Decimal(0), places=0)),
    ("string length(change.reason)", Reach(Decimal(0), places=0)),
    ("day of year(change.asked_on)", Reach(Decimal(1), Decimal(366), places=0)),
    ("week of year(change.asked_on)", Reach(Decimal(1), Decimal(53), places=0)),
    ("abs(change.weeks)", Reach(Decimal(0))),
    ("abs(floor(change.weeks))", Reach(Decimal(0), places=0)),
    ("modulo(change.weeks, 4)", Reach(Decimal(0), below=Decimal(4), places=0)),
    ("modulo(change.weeks, 0.5)", Reach(Decimal(0), below=Decimal("0.5"))),
    ("modulo(change.weeks, 0)", ANY),
    ("modulo(change.weeks, -4)", ANY),
    ("modulo(4, change.weeks)", ANY),
    ("floor(change.weeks)", WHOLE),
    ("ceiling(change.weeks)", WHOLE),
    ("decimal(change.weeks, 2)", Reach(places=2)),
    ("round half up(change.weeks, -1)", Reach(places=-1)),
    ("round up(change.weeks, 0.5)", ANY),
    ("round down(change.weeks, 101)", ANY),
    ("round down(change.weeks, -101)", ANY),
    ("round half down(change.weeks, change.weeks)", ANY),
    ("change.asked_on.day", DAY_NUMBERS),
    ("change.asked_at.day", DAY_NUMBERS),
    ("change.asked_on.year", WHOLE),
    ("change.spent.days", WHOLE),
    ("change.weeks", ANY),
]


@pytest.mark.parametrize(("written", "reach"), FORMS)
def test_the_form_of_a_value_says_what_it_comes_to(written: str, reach: Reach) -> None:
    node = parse(written)
    checked = check(node, FACTS)
    assert not checked.problems
    assert reach_of(with_types(node, checked)) == reach


def test_a_point_that_is_no_number_is_not_reached() -> None:
    assert ANY.among([Segment("a", "a", is_point=True)]) == 0
