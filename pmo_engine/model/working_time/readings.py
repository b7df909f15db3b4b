"""What somebody meant who wrote a week, a span of days or a day of the year as a letter would."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pmo_engine.model.hints.times import (
    MONTHS,
    day_meant,
    hours_meant,
    spans_of_hours_meant,
    weekdays_meant,
)
from pmo_engine.model.hints.values import Readings, plain
from pmo_engine.model.patterns import pattern

_LONGEST = 200
_TWO_LETTERS = {
    "mo": "mon",
    "tu": "tue",
    "we": "wed",
    "th": "thu",
    "fr": "fri",
    "sa": "sat",
    "su": "sun",
    "di": "tue",
    "mi": "wed",
    "do": "thu",
    "so": "sun",
}
"""As lists of opening hours have them, in English or in German."""
_SHORT = pattern(rf"\b(?:{'|'.join(_TWO_LETTERS)})\b")
_CLOSED = frozenset({"closed", "off", "none", "geschlossen"})
_GROUPS = pattern(
    r"\s*[;\n]\s*|\s*,?\s*\band\s+(?=[a-z])|\s*,\s*(?=[a-z])"
    r"|\s+(?!to\b|until\b|till\b|from\b)(?=[a-z]+(?:-[a-z]+)? \d)"
)
_GROUP = pattern(r"([a-z][a-z .\-]*?)[\s:,.]*((?:from )?\d.*|closed|off|none|geschlossen)")
_BETWEEN_DAYS = pattern(r"\s*(?:\.\.+|\b(?:to|until|till|through|bis)\b| -+ )\s*")
_WITHIN_MONTH = pattern(r"(\d{1,2})(?:st|nd|rd|th)? ?(?:-+|to|until) ?(\d{1,2}\D.*)")
_NAMED = {
    "christmas eve": "12-24",
    "new year's eve": "12-31",
    "new years eve": "12-31",
    "day before holidays": "before holidays",
    "day before a holiday": "before holidays",
    "day before public holidays": "before holidays",
    "day before a public holiday": "before holidays",
    "before bank holidays": "before holidays",
    "before public holidays": "before holidays",
}
_WEEKDAY = r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_MONTH = rf"({'|'.join(MONTHS)})[a-z]*"
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "every": ""}
_AGAIN = pattern(
    r"(?:on )?(?:the )?(?:(first|second|third|fourth|last|1st|2nd|3rd|4th|every) )?"
    rf"{_WEEKDAY}(?: ?(?:-|to) ?{_WEEKDAY})?"
    rf"(?: (?:of|in) (?:the |each |every )?(?:month|{_MONTH}(?: ?(-|to|and) ?{_MONTH})?))?"
)


def week_meant(text: str) -> Readings:
    """Give ``{mon-fri: "09:00-17:30"}`` for ``Mon-Fri 9am-5.30pm``, ``Mo-Do 8-17; Fr 8-14``."""
    text = plain(text).lower() if len(text) <= _LONGEST else ""
    if text in {"24/7", "24x7", "always", "around the clock"}:
        return ('{mon-sun: "00:00-24:00"}',)
    written = _SHORT.sub(lambda found: _TWO_LETTERS[found[0]], text.replace(" uhr", ""))
    groups = [_group(each) for each in _GROUPS.split(written) if each]
    said = [each for each in groups if each]
    names = [name.partition(":")[0] for name in said]
    if not said or None in groups or len(set(names)) < len(names):
        return ()
    return (f"{{{', '.join(said)}}}",)


def _group(text: str) -> str | None:
    """Read ``mon-fri 9-17``; nothing for a day that is closed, None for another form."""
    found = _GROUP.fullmatch(text)
    days = weekdays_meant(found[1].strip()) if found else ()
    if not found or not days:
        return None
    if found[2] in _CLOSED:
        return ""
    spans = hours_meant(found[2]) or spans_of_hours_meant(found[2])
    if not spans:
        return None
    hours = ", ".join(f'"{each}"' for each in spans)
    return f"{days[0]}: {hours}" if len(spans) == 1 else f"{days[0]}: [{hours}]"


def days_meant(text: str) -> Readings:
    """Give ``{from: 2026-12-24, to: 2026-12-31}`` for ``24-31 December 2026``, ``... to ...``."""
    text = plain(text) if len(text) <= _LONGEST else ""
    found = _WITHIN_MONTH.fullmatch(text.lower())
    parts = (
        [f"{found[1]}{found[2].lstrip('0123456789')}", found[2]]
        if found
        else _BETWEEN_DAYS.split(text)
    )
    ends = [day_meant(each) for each in parts]
    if len(ends) != 2 or any(len(each) != 1 for each in ends):  # noqa: PLR2004 - two ends
        return ()
    return (f"{{from: {ends[0][0]}, to: {ends[1][0]}}}",)


def day_rule_meant(text: str) -> Readings:
    """Give ``12-24`` for ``24 December``, ``last fri`` for ``the last Friday of the month``.

    What names no month and no place, as ``Fridays``, is no rule for a day of its own.
    """
    text = plain(text).lower() if len(text) <= _LONGEST else ""
    if named := _NAMED.get(text.removeprefix("the ")):
        return (named,)
    days = day_meant(f"{text.rstrip('. ')}{_year_after(text)}")
    return tuple(dict.fromkeys(day[len("2000-") :] for day in days)) or tuple(_rule(text))


def _year_after(text: str) -> str:
    """Give a leap year with which a day of any year is read, after the figures as they are."""
    between = re.fullmatch(r"\d{1,2}([./])\d{1,2}\.?", text)
    return f"{between[1] if between else ' '}2000"


def holidays_meant(text: str) -> Readings:
    """Give ``{country: GB, subdivision: ENG}`` for ``GB-ENG``, as ISO 3166-2 writes it."""
    found = re.fullmatch(r"([A-Za-z]{2})[-_/ ]([A-Za-z0-9]{1,3})", plain(text))
    return (f"{{country: {found[1].upper()}, subdivision: {found[2].upper()}}}",) if found else ()


def _rule(text: str) -> Iterator[str]:
    found = _AGAIN.fullmatch(text)
    if found is None:
        return
    place, first, last, month, and_, until = found.groups()
    place = _ORDINALS.get(place or "", place or "")
    if not (place or month) or (and_ == "and" and not _follows(month, until)):
        return
    days = "-".join(filter(None, (first, last)))
    months = "-".join(filter(None, (month, until)))
    yield " ".join(filter(None, (place, days, f"in {months}" if months else "")))


def _follows(month: str, other: str) -> bool:
    return MONTHS.index(other) == MONTHS.index(month) + 1
