"""What goes by the clock and what passes: sums, multiples, months, times of day in zones."""

import pytest

from pmo_engine.engines.tracing import evaluate
from pmo_engine.feel.format import to_text
from pmo_engine.feel.syntax.parser import parse

EVE = '@"2026-10-24T17:00:00@Europe/London"'  # the clocks go back the night after
SUMMER = 'time(@"2026-07-01T17:00:00@Europe/London")'
WINTER = 'time(@"2026-01-05T17:00:00@Europe/London")'


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (f'{EVE} + (@"P1D" + @"PT24H")', "2026-10-26T17:00:00@Europe/London"),
        (f'{EVE} + (@"P1D" + @"P1D")', "2026-10-26T17:00:00@Europe/London"),
        (f'{EVE} + (@"PT24H" + @"PT24H")', "2026-10-26T16:00:00@Europe/London"),
        (f'{EVE} + (@"P3D" - @"P1D")', "2026-10-26T17:00:00@Europe/London"),
        (f'{EVE} + (@"PT72H" - @"P1D")', "2026-10-26T16:00:00@Europe/London"),
        (f'{EVE} + (@"P3D" - @"PT24H")', "2026-10-26T17:00:00@Europe/London"),
        (f'{EVE} + @"P1D" * 2', "2026-10-26T17:00:00@Europe/London"),
        (f'{EVE} + @"PT24H" * 2', "2026-10-26T16:00:00@Europe/London"),
        (f'{EVE} + @"P1DT12H"', "2026-10-26T05:00:00@Europe/London"),
        (f'{EVE} + @"PT36H"', "2026-10-26T04:00:00@Europe/London"),
        (f'{EVE} - @"-P1D"', "2026-10-25T17:00:00@Europe/London"),
        (f'{EVE} - @"-PT24H"', "2026-10-25T16:00:00@Europe/London"),
        (f'{EVE} + abs(@"-PT24H")', "2026-10-25T16:00:00@Europe/London"),
        ('@"2027-02-28T01:30:00@Europe/London" + @"P1M"', "2027-03-28T02:00:00@Europe/London"),
        ('@"2027-03-27T01:30:00@Europe/London" + @"P1D"', "2027-03-28T02:00:00@Europe/London"),
        ('@"2011-12-29T12:00:00@Pacific/Apia" + @"P1D"', "2011-12-31T00:00:00@Pacific/Apia"),
        ('@"2026-10-25T00:30:00@Europe/London" + @"PT2H"', "2026-10-25T01:30:00@Europe/London"),
        ('(@"2026-10-25T00:30:00@Europe/London" + @"PT2H").time offset', "PT0S"),
        ('(@"2026-10-25T00:30:00@Europe/London" + @"PT1H").time offset', "PT1H"),
        ('@"P1D" = @"PT24H"', "true"),
        ('string(@"PT24H")', "P1D"),
    ],
)
def test_days_go_by_the_clock_and_hours_pass(expression: str, found: str) -> None:
    assert to_text(evaluate(parse(expression), {})) == found


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (f"{SUMMER} = {WINTER}", "true"),
        (f"{SUMMER} - {WINTER}", "PT0S"),
        (f'{SUMMER} = @"17:00:00@Europe/London"', "true"),
        (f'{SUMMER} = @"16:00:00Z"', "true"),
        (f'{WINTER} = @"17:00:00Z"', "true"),
        (f'{SUMMER} = @"18:00:00@Europe/Paris"', "true"),
        (f'{SUMMER} + @"PT1H" = @"17:00:00Z"', "true"),
        (f'({SUMMER} + @"PT1H").time offset', "PT1H"),
        (f'@"12:00:00@America/New_York" <= {SUMMER}', "true"),
        (f'@"12:00:01@America/New_York" <= {SUMMER}', "false"),
        (f'{SUMMER} = @"17:00:00"', "false"),
        (f'{SUMMER} < @"18:00:00"', "null"),
        # No day is known of either: standard time, whatever it is on 1 January 1970.
        ('@"17:00:00@Europe/London".time offset', "PT0S"),
        ('@"17:00:00@Europe/London" = @"17:00:00Z"', "true"),
        ('@"17:00:00@Australia/Melbourne" = @"17:00:00+10:00"', "true"),
    ],
)
def test_a_zone_has_the_offset_of_the_day(expression: str, found: str) -> None:
    assert to_text(evaluate(parse(expression), {})) == found
