"""Durations are read strictly and printed canonically."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.durations import (
    DurationError,
    Months,
    Share,
    Span,
    add_months,
    format_days_time,
    parse_days_time,
    parse_iso_duration,
)


@pytest.mark.parametrize(
    ("text", "count", "printed"),
    [
        ("P1Y2M", 14, "P1Y2M"),
        ("P14M", 14, "P1Y2M"),
        ("P2Y", 24, "P2Y"),
        ("-P3M", -3, "-P3M"),
        ("P0Y", 0, "P0M"),
    ],
)
def test_years_and_months(text, count, printed):
    assert Months.parse(text) == Months(count)
    assert str(Months(count)) == printed


@pytest.mark.parametrize(
    ("text", "value", "printed"),
    [
        ("P1DT2H", timedelta(days=1, hours=2), "P1DT2H"),
        ("PT26H", timedelta(hours=26), "P1DT2H"),
        ("-P3D", timedelta(days=-3), "-P3D"),
        ("PT1M1.5S", timedelta(seconds=61.5), "PT1M1.5S"),
        ("PT0.000001S", timedelta(microseconds=1), "PT0.000001S"),
        ("-PT20M", timedelta(minutes=-20), "-PT20M"),
        ("P0D", timedelta(), "PT0S"),
    ],
)
def test_days_and_time(text, value, printed):
    assert parse_days_time(text) == value
    assert format_days_time(value) == printed


@pytest.mark.parametrize(
    "text",
    ["P", "PT", "P1", "1Y", "P1YT", "P1DT", "P1M2Y", "P1H", "P1W", "P-1Y", "p1y", "P1.5Y", "P١Y",
     "P1Y\n", "PT1.1234567S", "P1Y2D", "P" + "9" * 5000 + "Y", ""],
)  # fmt: skip
def test_what_is_not_a_duration_is_quoted(text):
    for parse in (Months.parse, parse_days_time, parse_iso_duration):
        with pytest.raises(DurationError, match=r"^'") as raised:
            parse(text)
        assert len(str(raised.value)) < 200


def test_the_two_kinds_are_told_apart_and_not_mixed():
    assert parse_iso_duration("P1M") == Months(1)
    assert parse_iso_duration("PT1M") == timedelta(minutes=1)
    with pytest.raises(DurationError, match="not both"):
        parse_iso_duration("P1Y1D")


def test_a_duration_longer_than_time_itself():
    with pytest.raises(DurationError, match="too long"):
        parse_days_time("P999999999999D")


@given(st.timedeltas())
def test_days_and_time_come_back(value):
    assert parse_days_time(format_days_time(value)) == value


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_months_are_numbers(a, b):
    assert Months.parse(str(Months(a))) == Months(a)
    assert Months(a) + Months(b) - Months(b) == Months(a)
    assert (Months(a) < Months(b)) == (a < b)
    assert abs(-Months(a)) == Months(abs(a))


def test_months_do_not_add_to_days():
    with pytest.raises(TypeError):
        Months(1) + timedelta(days=1)
    with pytest.raises(TypeError):
        Months(1) - timedelta(days=1)


def test_months_end_on_the_last_day_of_a_shorter_month():
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert add_months(date(2027, 1, 31), -2) == date(2026, 11, 30)
    assert add_months(datetime(2026, 12, 5, 9, 30), 12) == datetime(2027, 12, 5, 9, 30)


@pytest.mark.parametrize("months", [12 * 8000, -12 * 2030])
def test_months_beyond_the_years(months):
    with pytest.raises(ValueError, match="year"):
        add_months(date(2026, 11, 30), months)


@pytest.mark.parametrize(
    ("text", "span", "printed"),
    [
        ("3 working days", Span(3, "working_day"), "3 working days"),
        ("1 working day", Span(1, "working_day"), "1 working day"),
        ("4 working hours", Span(4, "working_hour"), "4 working hours"),
        ("1.5 working hours", Span(Decimal("1.5"), "working_hour"), "1.5 working hours"),
        ("2 hours", Span(2, "hour"), "2 hours"),
        ("2.0 hours", Span(2, "hour"), "2 hours"),
        ("30 minutes", Span(30, "minute"), "30 minutes"),
        ("5 days", Span(5, "day"), "5 days"),
        ("2 weeks", Span(2, "week"), "2 weeks"),
        ("12 months", Span(12, "month"), "12 months"),
        ("1 year", Span(1, "year"), "1 year"),
    ],
)
def test_spans(text, span, printed):
    assert Span.parse(text) == span
    assert str(span) == printed
    assert Span.parse(printed) == span


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3 workdays", "'3 workdays' is not a length of time: write 3 working days"),
        ("3 working weeks", "is not a length of time"),
        ("three days", "is not a length of time"),
        ("-3 days", "is not a length of time"),
        ("3days", "is not a length of time"),
        ("3 dayss", "is not a length of time"),
        ("3 days\n", "is not a length of time"),
        ("٣ days", "is not a length of time"),
        ("1.5 working days", "'1.5 working days': only minutes and hours can have a fraction"),
        ("101 years", "'101 years' is out of range: 0 to 100"),
        ("9" * 500 + " days", "is not a length of time"),
    ],
)
def test_what_is_not_a_span_is_quoted(text, message):
    with pytest.raises(DurationError, match=message):
        Span.parse(text)


@pytest.mark.parametrize(
    ("text", "fraction", "printed"),
    [
        ("50 %", "0.5", "50 %"),
        ("50%", "0.5", "50 %"),
        ("12.5 %", "0.125", "12.5 %"),
        ("100 %", "1", "100 %"),
        ("0 %", "0", "0 %"),
    ],
)
def test_shares(text, fraction, printed):
    assert Share.parse(text) == Share(Decimal(fraction))
    assert str(Share(Decimal(fraction))) == printed


@pytest.mark.parametrize("text", ["%", "-5 %", "1234567 %", "some"])
def test_what_is_not_a_share_is_quoted(text):
    with pytest.raises(DurationError, match="is not a percentage, as in '50 %'"):
        Share.parse(text)


@pytest.mark.parametrize("text", ["5", "5  %", "5 % ", "٥ %", "5 per cent", "0.05"])
def test_what_may_be_a_share_is_written(text):
    with pytest.raises(DurationError, match="is not a percentage: write 5 %"):
        Share.parse(text)
