"""Public holidays, from the `holidays` library, which is loaded when the first one is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pmo_engine.model.working_time.hours import CalendarError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from holidays import HolidayBase

Country = tuple[str, str | None]
"""A country's code, with that of its subdivision."""


class YearsHolidays(NamedTuple):
    """A year's days off, and the days of its weekends worked in place of others (China)."""

    off: frozenset[date]
    worked: frozenset[date] = frozenset()


KnownHolidays = Mapping[int, YearsHolidays]
"""By year."""


def _country(name: str) -> tuple[str, ...]:
    """Give the code of a country that is written by its name, or by its three letters."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415 - as slow as the library

    asked = name.casefold().replace(" ", "_")
    named = ((key, code, *others) for key, (_, code, *others) in COUNTRIES.items())
    found = (each[1] for each in named if asked in map(str.casefold, each))
    return tuple(code for code in found if code != name)


@lru_cache(maxsize=1024)
def public_holidays(country: str, subdivision: str | None, year: int) -> YearsHolidays:
    """Return a year's public holidays, days off in place of others included.

    `country` is an ISO 3166 code, `subdivision` the library's (GB: ENG, NIR, SCT, WLS).
    CalendarError for what the library does not know.
    """
    found = _known(country, subdivision, year)
    worked = (day for day in getattr(found, "weekend_workdays", ()) if day.year == year)
    return YearsHolidays(frozenset(found), frozenset(worked))


def known_holidays(holidays: Country, years: Iterable[int]) -> KnownHolidays:
    """Find those of some years, but for the years that the library does not know."""
    known = {}
    for year in years:
        with suppress(CalendarError):
            known[year] = public_holidays(*holidays, year)
    return known


def _known(country: str, subdivision: str | None, year: int) -> HolidayBase:
    from holidays import country_holidays  # noqa: PLC0415 - slow to load, and not always needed

    try:
        found = country_holidays(country, subdiv=subdivision, years=year)
    except NotImplementedError as error:
        wanted = ": write its two letters, as in GB" if len(country) > len("GB") else ""
        raise CalendarError(f"public holidays: {error}", _country(country), wanted) from None
    if not found.start_year <= year <= found.end_year:
        known = f"{found.start_year} to {found.end_year}"
        raise CalendarError(f"public holidays of {country} are known from {known}, not in {year}")
    return found
