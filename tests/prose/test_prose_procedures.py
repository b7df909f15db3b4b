"""Working time in words."""

import pytest

from pmo_engine.model.working_time.day_rules import DayRule
from pmo_engine.model.working_time.hours import parse_hours
from pmo_engine.prose.procedures import day_rule_in_words, holidays_in_words, hours_in_words


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("12-24", "24 December of each year"),
        ("before holidays", "the day before a public holiday"),
        ("last fri", "the last Friday of each month"),
        ("first mon in jan-feb", "the first Monday of January and February"),
        ("fri in jul-aug", "Friday in July and August"),
    ],
)
def test_days_that_come_again_in_words(rule: str, said: str) -> None:
    found = DayRule.parse(rule)
    assert found is not None
    assert day_rule_in_words(found) == said


def test_hours_of_a_night_in_words() -> None:
    assert hours_in_words(parse_hours("22:00-06:00")) == "22:00 to 06:00 of the next day"
    assert hours_in_words(parse_hours("18:00-24:00")) == "18:00 to 24:00"


@pytest.mark.parametrize(
    ("country", "part", "said"),
    [
        ("NZ", "TKI", "those of Taranaki, New Zealand"),
        ("US", "OH", "those of Ohio, United States"),
        ("GB", None, "those of the United Kingdom"),
        ("NL", None, "those of the Netherlands"),
        ("DE", None, "those of Germany"),
        ("BR", "SP", "those of São Paulo, Brazil"),
    ],
)
def test_public_holidays_name_the_country_and_its_part(
    country: str, part: str | None, said: str
) -> None:
    assert holidays_in_words(country, part) == said
