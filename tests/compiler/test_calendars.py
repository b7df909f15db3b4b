"""Each word of a calendar changes which days and hours are worked."""

from datetime import UTC, date, datetime

import pytest

from pmo_engine.testing import policy_from
from tests.small_policy import HEADER

WORDS = """\
zone: Europe/London
hours: {mon-fri: "10:00-14:00"}
holidays: {country: GB, subdivision: SCT}
closures: [{from: 2026-03-09, to: 2026-03-10}]
half_days: {2026-03-11: "10:00-12:00"}
"""


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 1, 2), False),  # a holiday of Scotland alone
        (date(2026, 4, 6), True),  # Easter Monday is none there
        (date(2026, 3, 6), True),
        (date(2026, 3, 7), False),
        (date(2026, 3, 9), False),
        (date(2026, 3, 10), False),
        (date(2026, 3, 11), True),
    ],
)
def test_days_are_worked_as_the_calendar_says(day: date, *, worked: bool) -> None:
    assert calendar().is_working_day(day) == worked


def test_hours_are_worked_as_the_calendar_says() -> None:
    start = datetime(2026, 3, 6, 12, tzinfo=UTC)
    half, whole = (calendar().add_working_hours(start, hours) for hours in (3, 5))
    assert half == datetime(2026, 3, 11, 11, tzinfo=UTC)
    assert whole == datetime(2026, 3, 12, 11, tzinfo=UTC)


def calendar():
    before, _, after = HEADER.partition("zone: Europe/London\n")
    rest = after.partition("---\n")[2]
    return policy_from(f"{before}{WORDS}---\n{rest}").calendar
