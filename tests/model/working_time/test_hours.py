"""Working hours as people write them."""

from datetime import timedelta

import pytest

from pmo_engine.model.working_time.hours import CalendarError, clip, parse_hours, parse_week

NINE_TO_FIVE = ((540, 1020),)
WITH_LUNCH = parse_hours(["13:00-17:00", "09:00-12:00"])


def test_intervals_are_put_in_order():
    assert parse_hours("09:00-17:00") == NINE_TO_FIVE
    assert WITH_LUNCH == ((540, 720), (780, 1020))
    assert parse_hours("00:00-24:00") == ((0, 1440),)
    assert parse_hours([]) == ()


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ("9-17", "'9-17' are not hours: write 09:00-17:00"),
        ("09:60-17:00", "are not hours"),
        ("09:00 - 17:00", "are not hours"),
        ("٠٩:00-17:00", "are not hours"),
        ("24:00-06:00", "'24:00-06:00' must end after it begins, by 24:00 or on the next day"),
        (["20:00-02:00", "23:00-23:30"], "hours overlap"),
        ("09:00-09:00", "must end after it begins"),
        ("09:00-24:01", "by 24:00"),
        (["09:00-12:01", "12:00-17:00"], "hours overlap: 09:00-12:01, 12:00-17:00"),
    ],
)
def test_what_are_not_hours_is_quoted(hours, message):
    with pytest.raises(CalendarError, match=message):
        parse_hours(hours)


def test_a_week():
    week = parse_week({"mon-thu": "09:00-17:00", "sat": ["09:00-17:00"]})
    assert week == (NINE_TO_FIVE,) * 4 + ((), NINE_TO_FIVE, ())


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("monday", "'monday' are not weekdays: write mon"),
        ("mon-", "'mon-' are not weekdays: mon, tue"),
        ("Mon", "are not weekdays"),
        ("fri-tue", "'fri-tue' names tue a second time"),
        ("wed", "'wed' names wed a second time"),
    ],
)
def test_what_are_not_weekdays_is_quoted(key, message):
    with pytest.raises(CalendarError, match=message):
        parse_week({"tue-thu": "09:00-17:00", key: "09:00-17:00"})


@pytest.mark.parametrize(
    ("hour", "clipped"), [(7, 9), (9, 9), (10, 10), (12, 12), (12.5, 13), (17, 17), (20, 17)]
)
def test_a_time_of_day_is_moved_into_hours(hour, clipped):
    assert clip(WITH_LUNCH, timedelta(hours=hour)) == timedelta(hours=clipped)


def test_hours_over_midnight_are_one_span():
    assert parse_hours("22:00-06:00") == ((1320, 1800),)
    assert parse_hours(["22:00-06:00", "12:00-13:00"]) == ((720, 780), (1320, 1800))
    assert parse_hours("22:00-00:00") == ((1320, 1440),)


def test_a_week_may_run_over_its_end():
    week = parse_week({"sun-thu": "09:00-17:00"})
    assert [bool(hours) for hours in week] == [True] * 4 + [False] * 2 + [True]
    assert parse_week({"mon-sun": "09:00-17:00"}) == parse_week({"tue-mon": "09:00-17:00"})


def test_hours_over_midnight_may_not_run_into_those_of_the_next_day():
    parse_week({"mon": "22:00-06:00", "tue": "06:00-14:00"})
    with pytest.raises(CalendarError, match="the hours of mon run into those of tue"):
        parse_week({"mon": "22:00-06:01", "tue": "06:00-14:00"})
    with pytest.raises(CalendarError, match="the hours of sun run into those of mon"):
        parse_week({"sun": "22:00-06:01", "mon": "06:00-14:00"})
