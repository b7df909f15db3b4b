"""Public holidays, from the `holidays` library, which is loaded when the first one is asked for."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from pmo_engine.model.working_time.hours import CalendarError

if TYPE_CHECKING:
    from holidays import HolidayBase


def _country(name: str) -> tuple[str, ...]:
    """Give the code of a country that is written by its name, or by its three letters."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415 - as slow as the library

    asked = name.casefold().replace(" ", "_")
    named = ((key, code, *others) for key, (_, code, *others) in COUNTRIES.items())
    found = (each[1] for each in named if asked in map(str.casefold, each))
    return tuple(code for code in found if code != name)


@lru_cache(maxsize=1024)
def public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Return a year's public holidays, days off in place of others included.

    `country` is an ISO 3166 code, `subdivision` the library's (GB: ENG, NIR, SCT, WLS).
    CalendarError for what the library does not know.
    """
    return frozenset(_known(country, subdivision, year))


@lru_cache(maxsize=1024)
def worked_in_lieu(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Return the days of a year's weekends that are worked in place of others (China, Hungary)."""
    found = _known(country, subdivision, year)
    return frozenset(day for day in getattr(found, "weekend_workdays", ()) if day.year == year)


@lru_cache(maxsize=16)
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
