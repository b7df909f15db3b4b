from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.feel import clockwork
from pmo_engine.feel.temporal import (
    TemporalError,
    Time,
    WideDate,
    WideDateTime,
    WideDuration,
    format_temporal,
    from_ordinal,
    ordinal,
    parse_temporal,
)
from pmo_engine.model.durations import Months, days_by_clock

WIDE = WideDate(-2021, 1, 1)
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("-2021-01-01", WIDE),
        ("99999-12-31", WideDate(99999, 12, 31)),
        ("09:30:00", Time(9, 30, 0)),
        ("09:30:00.123456789Z", Time(9, 30, 0, 123456789, UTC)),
        ("09:30:00-05:30", Time(9, 30, 0, 0, timezone(timedelta(hours=-5, minutes=-30)))),
        ("09:30:00@Europe/Paris", Time(9, 30, 0, 0, ZoneInfo("Europe/Paris"))),
        ("2026-03-02T09:30:00.5Z", datetime(2026, 3, 2, 9, 30, 0, 500000, UTC)),
        ("2026-03-02T09:30:00", datetime(2026, 3, 2, 9, 30)),
        ("-2021-01-01T10:00:00", WideDateTime(WIDE, Time(10, 0, 0))),
        ("P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("-P3D", timedelta(days=-3)),
        ("PT0.000000001S", WideDuration(1)),
        ("-P1Y2M", Months(-14)),
        ("PT0S", timedelta()),
    ],
)
def test_texts_are_read_and_written(text: str, value: object) -> None:
    assert parse_temporal(text) == value
    assert format_temporal(value) == text  # type: ignore[arg-type]


def test_a_part_of_a_second_may_have_no_digits() -> None:
    assert parse_temporal("PT1.S") == timedelta(seconds=1)


def test_midnight_at_the_end_of_a_day() -> None:
    assert parse_temporal("2026-12-31T24:00:00Z") == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29",
        "2026-13-01",
        "02026-01-01",
        "+2026-01-01",
        "9999999999-01-01",
        "24:00:00",
        "09:60:00",
        "9:00:00",
        "09:30:00+19:00",
        "09:30:00+02:60",
        "09:30:00+01:00@Europe/Paris",
        "09:30:00@Europe/Nowhere",
        "2026-03-02T24:00:01",
        "P",
        "P1DT",
        "P1H",
        "P1Y1D",
        "",
        "nonsense",
        "٢٠٢٦-01-01",
    ],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(TemporalError):
        parse_temporal(text)


@given(st.integers(min_value=-365_000_000_000, max_value=365_000_000_000))
def test_days_are_counted_over_all_years(days: int) -> None:
    assert ordinal(from_ordinal(days)) == days


@given(st.dates())
def test_days_are_counted_as_python_does(day: date) -> None:
    assert ordinal(day) == day.toordinal()


@given(
    st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo("Europe/London")])),
    st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)),
)
def test_days_go_by_the_clock_and_hours_pass(moment: datetime, by: timedelta) -> None:
    days = days_by_clock(by)
    moved = clockwork.move_moment(moment, timedelta(days=days))
    if isinstance(moved, datetime):
        shown = moment.replace(tzinfo=None, fold=0) + timedelta(days=days)
        skipped = datetime.combine(moved.date(), moved.time()) - shown
        assert timedelta() <= skipped <= timedelta(hours=1)
    passed = clockwork.move_moment(moved, by - timedelta(days=days))
    assert passed == clockwork.move_moment(moment, by)
    assert clockwork.elapsed(passed, moved) == by - timedelta(days=days)


@given(
    st.datetimes(
        min_value=datetime(1900, 1, 1),
        max_value=datetime(2100, 1, 1),
        timezones=st.sampled_from([UTC, *map(ZoneInfo, ZONES)]),
    ),
    st.integers(min_value=-3000, max_value=3000),
)
def test_hours_are_hours_in_every_zone(moment: datetime, minutes: int) -> None:
    by = parse_temporal(f"{'-' if minutes < 0 else ''}PT{abs(minutes)}M")
    moved = clockwork.move_moment(moment, by)
    assert clockwork.elapsed(moved, moment) == by
    assert clockwork.move_moment(moment, clockwork.elapsed(moved, moment)) == moved
    assert clockwork.move_moment(moved, -by).astimezone(UTC) == moment.astimezone(UTC)


def test_elapsed_time_counts_real_hours_across_a_change_of_clocks() -> None:
    london = ZoneInfo("Europe/London")
    before, after = datetime(2026, 3, 29, 0, tzinfo=london), datetime(2026, 3, 29, 3, tzinfo=london)
    assert clockwork.elapsed(after, before) == timedelta(hours=2)


def test_elapsed_time_needs_two_of_a_kind() -> None:
    local = datetime(2026, 3, 29)
    assert clockwork.elapsed(local, datetime(2026, 3, 29, tzinfo=UTC)) is None
    assert clockwork.elapsed(date(2026, 3, 2), date(2026, 3, 1)) == timedelta(days=1)


def test_wide_values_move_too() -> None:
    assert clockwork.move_months(WIDE, Months(-1)) == WideDate(-2022, 12, 1)
    assert clockwork.move_date(date(9999, 12, 31), timedelta(days=1)) == WideDate(10000, 1, 1)
    assert clockwork.scale(timedelta(days=1), Decimal("0.5")) == timedelta(hours=12)
    with pytest.raises(TemporalError):
        clockwork.move_date(WideDate(999_999_999, 12, 31), timedelta(days=1))
