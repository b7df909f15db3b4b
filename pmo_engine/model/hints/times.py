"""What somebody meant who wrote a day or hours as a letter would have it: 1st Jan 2026, 9am-5pm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

from pmo_engine.model.hints.values import Readings, plain
from pmo_engine.model.patterns import pattern

_LONGEST = 40
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_SUFFIX = r"(?:st|nd|rd|th)?"
DAY = pattern(
    rf"(?P<a>\d{{1,4}})(?P<sep>[./ -])(?P<b>\d{{1,2}})(?P=sep)(?P<c>\d{{1,4}})"
    rf"|(?P<run>(?:19|20|21)\d{{6}})"
    rf"|(?P<d>\d{{1,2}}){_SUFFIX}[ -]?(?:of )?(?P<m>{_MONTH})\.?,?[ -]?(?P<y>\d{{4}}|\d{{2}})"
    rf"|(?P<y2>\d{{4}})[ -](?P<m2>{_MONTH})\.?[ -](?P<d2>\d{{1,2}}){_SUFFIX}"
    rf"|(?P<m3>{_MONTH})\.? (?P<d3>\d{{1,2}}){_SUFFIX},? (?P<y3>\d{{4}})",
    re.IGNORECASE,
)
"""A day as people write it, from its first figure to its last."""
PERIOD = pattern(
    rf"(?P<name>{_MONTH})\.?,? ?(?P<of>\d{{4}})|(?P<from>\d{{4}})-(?P<number>0[1-9]|1[0-2])"
    rf"|(?P<nth>0?[1-9]|1[0-2])/(?P<in>\d{{4}})|q(?P<quarter>[1-4])[ /-]?(?P<year>\d{{4}})",
    re.IGNORECASE,
)
"""A month or a quarter of a year as people write it."""
_DAY_NAME = pattern(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? ", re.IGNORECASE)
_MIDNIGHT = pattern(r"(?<=\d)[T ]00:00(?::00(?:\.0+)?)?Z?$")
_CLOCK = r"(\d{1,2})(?:[:.h]?(\d{2}))? ?(?:h|hrs)?([ap])?\.?m?\.?"
_HOURS = pattern(rf"(?:from )?{_CLOCK} ?(?:-+|to|until|till) ?{_CLOCK}")
_BETWEEN = pattern(r"\s*(?:[,;/&+|]|\band\b|\bthen\b)\s*", re.IGNORECASE)
_SPACE = pattern(r"(?<=[0-9m])\s+(?=[0-9])")
_MANY = 200
NOON = 12 * 60
_PLACES = {name: n for n, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_ALL_DAY = frozenset({"24 hours", "24h", "all day", "around the clock"})
_DAYS_NAMED = {
    "mon-fri": ("weekdays", "working days", "workdays", "every weekday", "each weekday"),
    "mon-sun": ("daily", "every day", "all days", "each day", "all week"),
    "sat-sun": ("weekend", "weekends"),
}
_WEEKDAY = r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_WEEKDAYS = pattern(rf"(?:from )?{_WEEKDAY}\.? ?(?:(?:-|to|until|till|through) ?{_WEEKDAY}\.?)?")


def day_meant(text: str) -> Readings:
    """Give ``2026-03-31`` for ``31/03/2026``, ``31st March 2026``, ``20260331``.

    ``01/04/2026`` is two days, on either side of the ocean; ``1.4.2026`` is the first of April.
    """
    text = plain(text) if len(text) <= _LONGEST else ""
    found = DAY.fullmatch(_MIDNIGHT.sub("", _DAY_NAME.sub("", text)))
    return tuple(dict.fromkeys(_days(found))) if found else ()


_ORDERS = ("day first", "month first")
"""The orders in which figures with strokes between them are read, on either side of the ocean."""


def day_among(text: str, written: str) -> Readings:
    """Give what a day of a text may mean, where all its days are written in one order.

    ``01/04/2026`` beside ``30/04/2026`` is the first of April.
    """
    orders = _read_in_orders(text)
    own = _read_in_orders(written)[0] if DAY.fullmatch(written) and _read_in_orders(written) else {}
    possible = [order for order in _ORDERS if all(each.get(order) for each in orders)]
    meant = tuple(dict.fromkeys(own[order] for order in possible if order in own))
    return meant or day_meant(written)


def in_one_order(text: str, readings: Readings) -> Readings:
    """Choose the readings of a text that read all of its days in one order, if there are such."""
    orders = _read_in_orders(text)
    alike = tuple(
        each
        for each in readings
        if any(all(day.get(order, "-") in each for day in orders) for order in _ORDERS)
    )
    return alike or readings


def _read_in_orders(text: str) -> list[dict[str, str]]:
    """Give for each day with strokes what it is in each order in which it is one."""
    found = (each for each in DAY.finditer(text) if each["a"] and len(each["a"]) <= len("31"))
    return [dict(_in_orders(each)) for each in found if each["sep"] != "."]


def _in_orders(found: re.Match[str]) -> Iterator[tuple[str, str]]:
    for order, (year, month, day) in zip(_ORDERS, _orders(found), strict=False):
        with suppress(ValueError):
            yield order, date(year, month, day).isoformat()


def _days(found: re.Match[str]) -> Iterator[str]:
    for year, month, day in _orders(found):
        try:
            yield date(year, month, day).isoformat()
        except ValueError:
            continue


def _orders(found: re.Match[str]) -> Iterator[tuple[int, int, int]]:
    """Give year, month and day in each order in which they may stand."""
    part = found.groupdict()
    if run := part["run"]:
        yield int(run[:4]), int(run[4:6]), int(run[6:])
    elif part["a"]:
        yield from _figures(part["a"], int(part["b"]), part["c"], part["sep"])
    else:
        last = next(each for each in ("", "2", "3") if part[f"m{each}"])
        month = MONTHS.index(part[f"m{last}"][:3].lower()) + 1
        yield _year(part[f"y{last}"]), month, int(part[f"d{last}"])


def _figures(first: str, middle: int, last: str, between: str) -> Iterator[tuple[int, int, int]]:
    if len(first) == len("2026"):
        yield int(first), middle, int(last)
        return
    if len(first) > len("31") or len(last) not in {len("26"), len("2026")}:
        return
    yield _year(last), middle, int(first)
    if between != ".":
        yield _year(last), int(first), middle


def _year(text: str) -> int:
    return int(text) if len(text) == len("2026") else 2000 + int(text)


def period_meant(text: str) -> Readings:
    """Give the first and the last day of ``April 2026``, ``2026-04``, ``04/2026``, ``Q2 2026``."""
    found = PERIOD.fullmatch(plain(text)) if len(text) <= _LONGEST else None
    if found is None:
        return ()
    part = found.groupdict()
    year = int(next(part[each] for each in ("of", "from", "in", "year") if part[each]))
    if part["quarter"]:
        last = 3 * int(part["quarter"])
        first = last - 2
    else:
        number = part["number"] or part["nth"] or MONTHS.index(part["name"][:3].lower()) + 1
        first = last = int(number)
    return _first_and_last(year, first, last)


def _first_and_last(year: int, first: int, last: int) -> Readings:
    if not date.min.year <= year < date.max.year:
        return ()
    end = date(year + last // 12, last % 12 + 1, 1) - timedelta(days=1)
    return date(year, first, 1).isoformat(), end.isoformat()


def hours_meant(text: str) -> Readings:
    """Give ``09:00-17:30`` for ``9am to 5.30pm``, ``09:00 – 17:30``, ``9-17``, ``9-5.30``.

    Hours that end before they begin end on the next day: ``22:00-06:00`` for ``10pm-6am``.
    """
    text = plain(text).lower() if len(text) <= _LONGEST else ""
    found = _HOURS.fullmatch(text)
    if found is None:
        return ("00:00-24:00",) if text in _ALL_DAY else ()
    opens, closes = _minutes(*found.groups()[:3]), _minutes(*found.groups()[3:])
    if opens is None or closes is None or opens == closes:
        return ()
    if closes < opens <= NOON and not (found[3] or found[6]):
        closes += NOON  # 9-5: nobody works from nine until five in the morning
    return (f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}",)


def spans_of_hours_meant(text: str) -> Readings:
    """Give each span of ``9-12, 13-17.30``, ``9:00-12:00 and 13:00-17:30``; of one alone none."""
    text = plain(text[:_MANY]).strip("[](){} ")
    for between in (_BETWEEN, _SPACE):
        parts = between.split(text)
        found = [each[0] for part in parts if (each := hours_meant(part))]
        if len(parts) > 1 and len(found) == len(parts):
            return tuple(found)
    return ()


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    """Give the minutes since midnight of a time of day, on a clock of 24 hours or of 12."""
    passed, of_hour = int(hour), int(minute or 0)
    if half:
        passed = passed % 12 + 12 * (half == "p") if 1 <= passed <= 12 else 25  # noqa: PLR2004
    return 60 * passed + of_hour if of_hour < 60 and 60 * passed + of_hour <= 24 * 60 else None  # noqa: PLR2004


def _in_a_row(names: list[str]) -> str:
    """Give the span of days that stand one after the other, each by its name; else nothing."""
    places = [_PLACES.get(name[:3]) for name in names if _WEEKDAYS.fullmatch(name)]
    if len(names) < 2 or len(places) < len(names):  # noqa: PLR2004 - one is no row
        return ""
    first = places[0] or 0
    in_a_row = places == [*range(first, first + len(places))]
    return f"{names[0][:3]}-{names[-1][:3]}" if in_a_row else ""


def weekdays_meant(text: str) -> Readings:
    """Give ``mon-fri`` for ``Monday to Friday``, ``Mon – Fri`` or ``weekdays``."""
    text = plain(text).lower() if len(text) <= _LONGEST else ""
    if found := next((days for days, said in _DAYS_NAMED.items() if text in said), ""):
        return (found,)
    if days := _in_a_row(re.split(r"[,/&+; ]+(?:and )?", text)):
        return (days,)
    span = _WEEKDAYS.fullmatch(text)
    return ("-".join(each for each in span.groups() if each),) if span else ()
