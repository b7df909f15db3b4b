"""Values as English text: ``50,000 GBP``, ``1 January 2026``, ``3 days and 2 hours``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pmo_engine.feel.temporal import Time, WideDate, WideDateTime, format_temporal
from pmo_engine.feel.values import Missing
from pmo_engine.model.durations import Months, Span
from pmo_engine.model.money import Money
from pmo_engine.model.patterns import pattern

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WORD = pattern(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")


class Spoken(str):
    """A text that is said as it is: the title of a role."""

    __slots__ = ()


def value_in_words(value: Any) -> str:
    """Say a value; what is not known says so."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case Missing():
            return "not known"
        case Spoken():
            return str(value)
        case str():
            return value.replace("_", " ") if _WORD.fullmatch(value) else f'"{value}"'
        case int() | Decimal():
            whole, point, part = f"{Decimal(value):f}".partition(".")
            return number_in_words(f"{whole}{point}{part.rstrip('0')}")
        case Money():
            number, _, currency = str(value).partition(" ")
            return f"{number_in_words(number)} {currency}"
        case datetime():
            return _moment_in_words(value)
        case date():
            return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
        case timedelta():
            return _duration_in_words(value)
        case Months():
            years, months = divmod(abs(value.count), 12)
            return _signed(value.count < 0, _counted((years, "year"), (months, "month")))
        case WideDate() | WideDateTime() | Time():
            return format_temporal(value)
        case list() | tuple():
            return joined([value_in_words(item) for item in value]) or "nothing"
        case _:
            return str(value)


def number_in_words(text: str) -> str:
    """Separate the thousands of a plain decimal: ``1234567.5`` is ``1,234,567.5``."""
    whole, point, part = text.partition(".")
    sign = whole[: len(whole) - len(whole.lstrip("-"))]
    part = part.rstrip("0") if set(part) == {"0"} else part
    return f"{sign}{Decimal(whole.lstrip('-') or 0):,f}{point if part else ''}{part}"


def span_in_words(span: Span | None, before: str = " within ") -> str:
    """Say a time allowed, nothing where there is none."""
    return "" if span is None else f"{before}{span}"


def joined(parts: Sequence[str], word: str = "and") -> str:
    """List in a sentence: ``a, b and c``."""
    *rest, last = parts or [""]
    return f"{', '.join(rest)} {word} {last}" if rest else last


def _moment_in_words(value: datetime) -> str:
    seconds = "%H:%M" if not (value.second or value.microsecond) else "%H:%M:%S"
    zone = f" {value.tzname()}" if value.tzinfo else ""
    return f"{value_in_words(value.date())} {value.strftime(seconds)}{zone}"


def _duration_in_words(value: timedelta) -> str:
    size = abs(value)
    minutes, seconds = divmod(size.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = _counted((size.days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
    return _signed(value < timedelta(), text)


def _counted(*parts: tuple[int, str]) -> str:
    said = [f"{count:,} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return joined(said) if said else f"0 {parts[0][1]}s"


def _signed(negative: bool, text: str) -> str:  # noqa: FBT001 - read beside its only uses
    return f"minus {text}" if negative else text
