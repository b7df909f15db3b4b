"""What somebody meant who wrote a day or hours as a letter would have it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.hints.times import day_meant, hours_meant, period_meant, weekdays_meant

FORMS = (
    "{0.day} {0:%B} {0.year}",
    "{0.day:02} {0:%b} {0.year}",
    "{0:%B} {0.day}, {0.year}",
    "{0.day}-{0:%b}-{0.year}",
    "{0.day}.{0.month}.{0.year}",
    "{0.year}-{0.month}-{0.day}",
    "{0.year}/{0.month:02}/{0.day:02}",
    "{0:%A} {0.day} {0:%B} {0.year}",
    "{0.year}{0.month:02}{0.day:02}",
)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(FORMS))
def test_a_day_in_a_usual_form_is_that_day(day: date, form: str) -> None:
    assert day_meant(form.format(day)) == (day.isoformat(),)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from("/-"))
def test_a_day_that_may_be_two_is_both(day: date, between: str) -> None:
    meant = day_meant(f"{day.day}{between}{day.month}{between}{day.year}")
    assert meant[0] == day.isoformat()
    assert len(meant) == (2 if day.day <= 12 and day.day != day.month else 1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("31/03/2026", ["2026-03-31"]),
        ("03/31/2026", ["2026-03-31"]),
        ("01/02/2026", ["2026-02-01", "2026-01-02"]),
        ("31/03/26", ["2026-03-31"]),
        ("1st of April 2026", ["2026-04-01"]),
        ("2nd Apr. 2026", ["2026-04-02"]),
        ("2026 April 1", ["2026-04-01"]),
        ("31/02/2026", []),
        ("31 Smarch 2026", []),
        ("31/03/206", []),
        ("131/03/2026", []),
        ("soon", []),
    ],
)
def test_days(text: str, meant: list[str]) -> None:
    assert list(day_meant(text)) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("09:00–17:30", ["09:00-17:30"]),
        ("9am to 5.30pm", ["09:00-17:30"]),
        ("9 a.m. – 5 p.m.", ["09:00-17:00"]),
        ("12am-12pm", ["00:00-12:00"]),
        ("12pm-1pm", ["12:00-13:00"]),
        ("9-17", ["09:00-17:00"]),
        ("0900-1730", ["09:00-17:30"]),
        ("20:00-24:00", ["20:00-24:00"]),
        ("22-6", ["22:00-06:00"]),
        ("10pm-6am", ["22:00-06:00"]),
        ("9-5", ["09:00-17:00"]),
        ("8.30-4.30", ["08:30-16:30"]),
        ("12-1", ["12:00-13:00"]),
        ("9am-5am", ["09:00-05:00"]),
        ("9-9", []),
        ("9-25", []),
        ("9:60-17", []),
        ("13pm-14pm", []),
        ("all day", ["00:00-24:00"]),
    ],
)
def test_hours(text: str, meant: list[str]) -> None:
    assert list(hours_meant(text)) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Monday to Friday", ["mon-fri"]),
        ("Mon – Fri", ["mon-fri"]),
        ("Sat", ["sat"]),
        ("weekdays", ["mon-fri"]),
        ("every day", ["mon-sun"]),
        ("weekends", ["sat-sun"]),
        ("mon, tue, wed", ["mon-wed"]),
        ("Monday, Tuesday and Wednesday", ["mon-wed"]),
        ("sat & sun", ["sat-sun"]),
        ("mon, wed", []),
        ("wed, tue", []),
    ],
)
def test_weekdays(text: str, meant: list[str]) -> None:
    assert list(weekdays_meant(text)) == meant


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("April 2026", ("2026-04-01", "2026-04-30")),
        ("Feb. 2028", ("2028-02-01", "2028-02-29")),
        ("2026-12", ("2026-12-01", "2026-12-31")),
        ("04/2026", ("2026-04-01", "2026-04-30")),
        ("Q4 2026", ("2026-10-01", "2026-12-31")),
        ("13/2026", ()),
        ("Q5 2026", ()),
        ("2026", ()),
        ("December 9999", ()),
    ],
)
def test_a_month_or_quarter_has_a_first_and_a_last_day(text: str, days: tuple[str, ...]) -> None:
    assert period_meant(text) == days
