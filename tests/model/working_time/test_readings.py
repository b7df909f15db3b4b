"""Weeks, spans of days and days of the year as letters have them: what is read, and what is not."""

import pytest

from pmo_engine.model.working_time.readings import (
    day_rule_meant,
    days_meant,
    holidays_meant,
    week_meant,
)

WEEKS = {
    "Mon-Fri 9am-5.30pm": '{mon-fri: "09:00-17:30"}',
    "Di-Do 8-17 Uhr; Fr 8-14": '{tue-thu: "08:00-17:00", fri: "08:00-14:00"}',
    "Mi 8-12; So geschlossen": '{wed: "08:00-12:00"}',
    "Mo.-Fr. 8-17, Sa.8-12": '{mon-fri: "08:00-17:00", sat: "08:00-12:00"}',
    "24/7": '{mon-sun: "00:00-24:00"}',
    "24x7": '{mon-sun: "00:00-24:00"}',
    "around the clock": '{mon-sun: "00:00-24:00"}',
    "mon-fri 9-17, sat off": '{mon-fri: "09:00-17:00"}',
    "mon-thu 9:00-17:00 and fri 9:00-16:00": '{mon-thu: "09:00-17:00", fri: "09:00-16:00"}',
    "mon-fri 9-12, 13-17": '{mon-fri: ["09:00-12:00", "13:00-17:00"]}',
    "mon-fri from 9 to 17": '{mon-fri: "09:00-17:00"}',
    "mon 9-17; mon 9-12": None,  # one day twice
    "mon-fri 9-17; nobody knows": None,
    "sat closed": None,
    "so-so": None,
    f"mon-fri 9-17{' ' * 250}sat 9-12": None,  # longer than anybody writes
}
SPANS = {
    "24-31 December 2026": "{from: 2026-12-24, to: 2026-12-31}",
    "24-31st December 2026": "{from: 2026-12-24, to: 2026-12-31}",
    "2-3rd May 2026": "{from: 2026-05-02, to: 2026-05-03}",
    "1st-5th May 2026": "{from: 2026-05-01, to: 2026-05-05}",
    "24 December 2026 to 1 January 2027": "{from: 2026-12-24, to: 2027-01-01}",
    "2026-12-24..2026-12-31": "{from: 2026-12-24, to: 2026-12-31}",
    "1/2/2026 to 3/2/2026": None,  # two days on two sides of an ocean
    "24 December 2026": None,
    "1 May 2026 to 2 May 2026 to 3 May 2026": None,
}
DAYS = {
    "24 December": ("12-24",),
    "24.12.": ("12-24",),
    "Christmas Eve": ("12-24",),
    "the day before a holiday": ("before holidays",),
    "29 February": ("02-29",),
    "3/4": ("03-04", "04-03"),
    "the last Friday of the month": ("last fri",),
    "1st Mon of the month": ("first mon",),
    "every Friday in July": ("fri in jul",),
    "Fridays in July and August": ("fri in jul-aug",),
    "Fridays in July and September": (),  # and August is not meant
    "Fridays in Jul-Sep": ("fri in jul-sep",),
    "on the second Mon-Tue of each month": ("second mon-tue",),
    "Fridays": (),
    "last Friday": ("last fri",),
}
HOLIDAYS = {
    "GB-ENG": "{country: GB, subdivision: ENG}",
    "gb_eng": "{country: GB, subdivision: ENG}",
    "de/by": "{country: DE, subdivision: BY}",
    "England": None,
    "GB-ENGL": None,
}


@pytest.mark.parametrize(("written", "meant"), WEEKS.items())
def test_weeks(written: str, meant: str | None) -> None:
    assert week_meant(written) == ((meant,) if meant else ())


@pytest.mark.parametrize(("written", "meant"), SPANS.items())
def test_spans_of_days(written: str, meant: str | None) -> None:
    assert days_meant(written) == ((meant,) if meant else ())


@pytest.mark.parametrize(("written", "meant"), DAYS.items())
def test_days_of_a_year(written: str, meant: tuple[str, ...]) -> None:
    assert set(day_rule_meant(written)) == set(meant)


@pytest.mark.parametrize(("written", "meant"), HOLIDAYS.items())
def test_holidays_of_a_part_of_a_country(written: str, meant: str | None) -> None:
    assert holidays_meant(written) == ((meant,) if meant else ())
