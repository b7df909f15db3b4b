"""What somebody meant who wrote a value as a letter would have it: £50,000, or 31/03/2026."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

SIGNS = {"£": "GBP", "€": "EUR"}
_LONGEST = 40
_AMOUNT = re.compile(r"(-?)([0-9][0-9.,' ]*?) ?([kKmM]?)")
_CURRENCY = re.compile(r"[£€]|(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])")
_GROUPED = re.compile(r"[0-9]{1,3}([.,' ])[0-9]{3}(?:\1[0-9]{3})*")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_DAY = re.compile(r"([0-9]{1,4})([./ -])([0-9]{1,2}|[A-Za-z]{3,9})\2([0-9]{2,4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SPAN = re.compile(r"([0-9]{1,5}|[a-z]+)[ -]?((?:working|business|work|week)[ -])?([a-z]+)")
_UNITS = {
    "minute": "minute min mins minutes",
    "hour": "h hr hrs hour hours",
    "working hour": "wh workhour workhours",
    "day": "d day days",
    "working day": "wd workday workdays",
    "week": "w wk week weeks",
    "month": "month months",
    "year": "y yr year years",
}
_THOUSANDS = {"": 1, "k": 1_000, "m": 1_000_000}


def money_meant(text: str) -> str:
    """Give ``50000 GBP`` for ``£50,000``, ``GBP 50k`` and the like; nothing where it is unsure."""
    currencies = _CURRENCY.findall(text) if len(text) <= _LONGEST else []
    if len(currencies) != 1:
        return ""
    found = _AMOUNT.fullmatch(_CURRENCY.sub("", text).strip())
    amount = _number(found[2]) if found else None
    if found is None or amount is None:
        return ""
    whole = amount * _THOUSANDS[found[3].lower()]
    code = SIGNS.get(currencies[0], currencies[0].upper())
    return f"{found[1]}{whole.normalize():f} {code}"


def _number(text: str) -> Decimal | None:
    """Read a number with or without separators; None where a comma may be either of two things."""
    head, point, tail = text.rpartition("," if text.rfind(",") > text.rfind(".") else ".")
    if point and head and len(tail) in {1, 2}:
        whole, part = head, f".{tail}"
    else:
        whole, part = text, ""
    grouped = _GROUPED.fullmatch(whole)
    plain = re.sub(r"[.,' ]", "", whole) if grouped else whole
    return Decimal(plain + part) if _PLAIN.fullmatch(plain + part) else None


def day_meant(text: str) -> str:
    """Give ``2026-03-31`` for ``31/03/2026``, ``31 March 2026``; nothing where it is unsure."""
    found = _DAY.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return ""
    first, middle, last = found[1], _month(found[3]), found[4]
    if len(first) == len("2026"):
        return _day(int(first), middle, int(last))
    if len(last) != len("2026"):
        return ""
    if found[3].isdigit() and int(first) <= 12 and middle <= 12 and int(first) != middle:  # noqa: PLR2004
        return ""  # 01/02/2026 is two days, on either side of the ocean
    in_order = _day(int(last), middle, int(first))
    return in_order or _day(int(last), int(first), middle)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    short = text[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def span_meant(text: str) -> str:
    """Give ``3 working days`` for ``three business days``, ``3 wd``; nothing where it is unsure."""
    found = _SPAN.fullmatch(text.lower()) if len(text) <= _LONGEST else None
    if found is None:
        return ""
    number, working, short = found.groups()
    amount = str(_NUMBERS.index(number) + 1) if number in _NUMBERS else number
    unit = next((each for each, words in _UNITS.items() if short in words.split()), "")
    unit = f"working {unit}" if working else unit
    if not amount.isdigit() or unit not in _UNITS:
        return ""
    return f"{int(amount)} {unit}{'' if int(amount) == 1 else 's'}"


def write(meant: str, otherwise: str = "") -> str:
    """Say how it is written, if it is known what was meant."""
    return f": write {meant}" if meant else otherwise
