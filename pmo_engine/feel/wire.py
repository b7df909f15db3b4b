"""Values as they cross the border: JSON out, and text or JSON in, typed by what is expected."""

from __future__ import annotations

import re
from collections.abc import ValuesView
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from json import dumps
from typing import TYPE_CHECKING, Any

from pmo_engine.feel import types as t
from pmo_engine.feel.bounds import takes
from pmo_engine.feel.format import to_text
from pmo_engine.feel.values import Builtin, EqualityTest, Function, Missing, Range, Record
from pmo_engine.model.decimals import digits
from pmo_engine.model.durations import Months, format_days_time, parse_days_time
from pmo_engine.model.hints.times import day_meant
from pmo_engine.model.hints.values import Misread, Readings, number_meant, yes_or_no
from pmo_engine.model.moments import day_written, moment_written
from pmo_engine.model.money import Money, MoneyError
from pmo_engine.source.diagnostics import closest, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NULL_TEXTS = frozenset({"", "null", "~"})
SHOWN = 60
LARGEST_EXPONENT = 6144  # of decimal128, which numbers of expressions are
MOST_DIGITS = 1_000
MOST_LEVELS = 50  # of lists and contexts in one another
_SEVERAL = (list, tuple, ValuesView)
_DIGITS = rf"[0-9]{{1,{MOST_DIGITS}}}"
_NUMBER = re.compile(rf"-?(?:{_DIGITS}(?:\.{_DIGITS})?|\.{_DIGITS})(?:[eE][+-]?[0-9]{{1,6}})?")


class WireError(Misread):
    """A value that is not of the type expected; ``path`` names it."""

    def __init__(
        self, path: str, what: str, value: Any = None, readings: Readings = (), wanted: str = ""
    ) -> None:
        self.path, self.value = path, value
        super().__init__(printable(f"{path}: {what}" if path else what), readings, wanted)


class NoZone(ValueError):
    """A time that does not say where it is that time."""


def printable(text: str) -> str:
    r"""Write out what no file can hold: halves of characters, as in ``\\ud800``."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def to_json(value: Any) -> Any:
    """Give a value as JSON: exact numbers, money, times and durations as text."""
    match value:
        case None | bool() | str() | int():
            return value
        case Decimal():
            return digits(value)
        case datetime() | date() | time():
            return value.isoformat().replace("+00:00", "Z")
        case timedelta():
            return format_days_time(value)
        case dict():
            return {name: to_json(item) for name, item in value.items()}
        case list() | tuple():
            return [to_json(item) for item in value]
        case Missing():
            return None
        case Range() | EqualityTest() | Function() | Builtin():
            return to_text(value)
        case _:
            return str(value)


def from_wire(kind: t.Type, value: Any, path: str) -> Any:
    """Type ``value`` (text or JSON) as ``kind``; an unquoted YAML ``null`` is null.

    Raises WireError naming ``path``, also for what is nested deeper than ``MOST_LEVELS``.
    """
    _check_levels(value, path)
    return _typed(kind, value, path)


def _typed(kind: t.Type, value: Any, path: str) -> Any:
    if value is None or (_is_unquoted(value) and value in NULL_TEXTS):
        return None
    match kind:
        case t.Simple(bounds=t.Bounds() as bounds) | t.MoneyType(bounds=t.Bounds() as bounds):
            return _within(kind, bounds, value, path)
        case t.MoneyType():
            return _money(kind, value, path)
        case t.EnumType(closed=True):
            return _enumerated(kind, value, path)
        case t.ListType():
            return _listed(kind, value, path)
        case t.ContextType():
            return _context(kind, value, path)
        case t.EnumType():
            return _read_simple(t.STRING, value, path)
        case t.Simple() if kind.name in _READERS:
            return _read_simple(kind, value, path)
        case _:
            return _plain(value, path)


def _within(kind: t.Simple | t.MoneyType, bounds: t.Bounds, value: Any, path: str) -> Any:
    """Type a value that has bounds; a percentage may have its sign."""
    if bounds.percent and isinstance(value, str):
        value = value.removesuffix("%").rstrip()
    if isinstance(kind, t.MoneyType):
        typed = _money(kind, value, path)
    else:
        typed = _read_simple(kind, value, path)
    if not takes(kind, typed):
        place = "" if bounds.mark is None else f" ({bounds.mark.file}:{bounds.mark.line})"
        raise WireError(path, f"{_shown(value)} is not {t.describe(kind)}{place}", value)
    return typed


def plain(value: Any, path: str = "") -> Any:
    """Read a value of no declared type: JSON as it stands, numbers exact; contexts are records.

    Raises WireError for a float, and for what is nested deeper than ``MOST_LEVELS``.
    """
    _check_levels(value, path)
    return _plain(value, path)


def _check_levels(value: Any, path: str) -> None:
    if not isinstance(value, dict | list):
        return
    level = [value]
    for _ in range(MOST_LEVELS + 1):
        inside = (each.values() if isinstance(each, dict) else each for each in level)
        level = [item for items in inside if isinstance(items, _SEVERAL) for item in items]
        if not level:
            return
    raise WireError(path, f"is nested deeper than {MOST_LEVELS} levels")


def _plain(value: Any, path: str) -> Any:
    if isinstance(value, float):
        raise WireError(path, _inexact(value))
    if isinstance(value, dict):
        fields = {_whole(name, path): item for name, item in value.items()}
        places = {name: f"{path}.{name}" if path else name for name in fields}
        return Record(path, {name: _plain(item, places[name]) for name, item in fields.items()})
    if isinstance(value, list):
        return [_plain(item, f"{path}[{i}]") for i, item in enumerate(value, 1)]
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _read_simple(t.NUMBER, value, path)
    return _whole(value, path) if isinstance(value, str) else value


def _whole(text: str, path: str) -> str:
    """Give a text back; WireError where it has half of a character, which no file can hold."""
    if not text.isascii() and printable(text) != text:
        raise WireError(path, f"{_shown(text)} has half of a character in it")
    return str(text)


def _is_unquoted(value: Any) -> bool:
    return isinstance(value, str) and getattr(value, "plain", False)


def _shown(value: Any) -> str:
    text = str(value) if isinstance(value, str) else repr(value)
    return f"'{text[:SHOWN]}'" + ("..." if len(text) > SHOWN else "")


def _inexact(value: float) -> str:
    return f"{value!r} is a binary fraction; give an exact number, as text or Decimal"


def _money(kind: t.MoneyType, value: Any, path: str) -> Money:
    if not isinstance(value, str | Money):
        example = f"50000 {kind.currency or 'GBP'}"
        raise WireError(path, f"{_shown(value)} is not money; write it as '{example}'")
    try:
        money = value if isinstance(value, Money) else Money.parse(value, kind.currency or "")
    except MoneyError as error:
        raise WireError(path, error.what, value, error.readings, error.wanted) from None
    if kind.currency and money.currency != kind.currency:
        raise WireError(path, f"'{value}' is not in {kind.currency}")
    return money


def _enumerated(kind: t.EnumType, value: Any, path: str) -> str:
    if value not in kind.values:
        near = closest(str(value), kind.values)
        hint = "".join(f" (did you mean '{each}'?)" for each in near)
        error = WireError(path, f"{_shown(value)} is none of {', '.join(kind.values)}{hint}", value)
        error.readings = near
        raise error
    return str(value)


def _listed(kind: t.ListType, value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        several = _several(value) if isinstance(value, str) else []
        hint = f": write {dumps(several)}" if any(several) else ""
        raise WireError(path, f"{_shown(value)} is not a list{hint}")
    return [_typed(kind.item, item, f"{path}[{i}]") for i, item in enumerate(value, 1)]


def _several(text: str) -> list[str]:
    """Give what may have been meant by a text in the place of a list: ``sam, ana``, ``[sam]``."""
    inside = text.strip().removeprefix("[").removesuffix("]")
    return [each.strip().strip("'\"") for each in inside.split(",")]


def _context(kind: t.ContextType, value: Any, path: str) -> Record:
    if not isinstance(value, dict):
        raise WireError(path, f"{_shown(value)} has no fields; give them as 'name: value'")
    fields = dict(kind.entries)
    found: dict[str, Any] = {}
    for name, item in value.items():
        place = f"{path}.{name}"
        if name in fields:
            found[name] = _typed(fields[name], item, place)
        elif kind.open:
            found[name] = _plain(item, place)
        else:
            hint = nearest(name, fields) or f"it has {', '.join(sorted(fields))}"
            raise WireError(place, f"is not a field of '{kind.name or path}' ({hint})")
    return Record(path, found, fields.keys())


def _read_simple(kind: t.Simple, value: Any, path: str) -> Any:
    if isinstance(value, float):
        raise WireError(path, _inexact(value))
    written = value
    if isinstance(value, str):
        value = _whole(value, path)
    try:
        return _READERS[kind.name](value)
    except NoZone:
        hint = "has no zone; write it as in 2026-03-02T09:00:00Z"
        raise WireError(path, f"{_shown(value)} {hint}") from None
    except (ValueError, InvalidOperation, TypeError, OverflowError):
        meant = _MEANT[kind.name](str(value)) if kind.name in _MEANT else ()
        hint = ", as in 2026-03-31" if kind == t.DATE and not meant else ""
        what = f"{_shown(value)} is not {t.describe(kind)}{hint}"
        raise WireError(path, what, written, meant) from None


def _number(value: Any) -> Decimal:
    """Read a number as JSON and amounts of money write it: plain digits of one script, bounded."""
    if isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.fullmatch(value)):
        raise TypeError(value)
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > LARGEST_EXPONENT:
        raise ValueError(value)
    if len(number.as_tuple().digits) > MOST_DIGITS:
        raise ValueError(value)
    return number


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in {"true", "false"}:
        return bool(value == "true")
    raise ValueError(value)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return str(value)


def aware(text: Any) -> datetime:
    """Read an ISO 8601 date and time; raises ValueError, NoZone where it has no offset."""
    moment = text if isinstance(text, datetime) else moment_written(text)
    if moment.tzinfo is None:
        raise NoZone(text)
    return moment


_MEANT: Mapping[str, Callable[[str], Readings]] = {
    t.NUMBER.name: number_meant,
    t.BOOLEAN.name: yes_or_no,
    t.DATE.name: day_meant,
}
_READERS: Mapping[str, Callable[[Any], Any]] = {
    t.NUMBER.name: _number,
    t.STRING.name: _string,
    t.BOOLEAN.name: _boolean,
    t.DATE.name: lambda v: v if type(v) is date else day_written(v),
    t.DATE_TIME.name: aware,
    t.DAYS_TIME_DURATION.name: parse_days_time,
    t.YEARS_MONTHS_DURATION.name: Months.parse,
}
