"""What the cells of a table mean as people keep it: labels, shares, amounts, days, unknowns."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.exchange.sheets import CellDay
from pmo_engine.feel import types as t
from pmo_engine.feel.bounds import bounds_of
from pmo_engine.feel.wire import WireError, from_wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy import ImportLayout

_SHARE = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})? ?%")
_TWO = re.compile(r"-?[0-9]{1,3}[.,'][0-9]{3}")
_FORMULA = re.compile(
    r"'?=\s*(?:[-+(0-9]|\$?[A-Za-z]{1,3}\$?[0-9]|[A-Za-z][A-Za-z0-9.]*\(|[\w']+!).*", re.DOTALL
)
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_EPOCH = date(1899, 12, 30)
_SPACES = re.compile("[\u00a0\u202f\u2009]")
TRUTH = {"true": True, "yes": True, "y": True, "false": False, "no": False, "n": False}
NOT_KNOWN = frozenset(
    {
        *("tbc", "tbd", "tba", "to be confirmed", "to be decided", "to be determined"),
        *("n/a", "na", "n.a.", "unknown", "not known", "not available", "?"),
    }
)
"""What people write into a cell for which they have no amount, day or yes."""
NOTHING = frozenset({"-", "--", "\u2013", "\u2014"})
"""What people write into a cell that they leave empty; of amounts and numbers it may be nothing."""
TOTALS = frozenset({"total", "totals", "grand total", "sum", "subtotal", "sub-total"})
"""What a row is called that adds up those above it."""


def is_not_known(kind: t.Type, text: str) -> bool:
    """Tell whether a cell says that nobody knows; of texts, and of words that are values, none."""
    is_value = isinstance(kind, t.EnumType) and as_said(kind, text) in kind.values
    if kind == t.STRING or is_value:
        return False
    is_amount = kind == t.NUMBER or isinstance(kind, t.MoneyType)
    return text.casefold() in NOT_KNOWN or (text in NOTHING and not is_amount)


def is_a_total(row: Mapping[str, str], key: str | None) -> bool:
    """Tell whether a row adds up those above it: that stands where it should be named."""
    named = row[key] if key is not None else next(filter(str.strip, row.values()), "")
    return named.strip().rstrip(":").casefold() in TOTALS


def is_formula(text: str) -> bool:
    """Tell whether a text is a formula that no spreadsheet worked out."""
    return _FORMULA.fullmatch(text) is not None


def hint_of(kind: t.Type, text: str) -> str:
    """Say what a cell may be that is not of the type of its column."""
    if is_formula(text):
        return " (a formula as text: write into the cell what it comes to)"
    if kind == t.DATE and _SERIAL.fullmatch(text):
        day = _EPOCH + timedelta(days=int(float(text)))
        return f" (spreadsheets count {day} so: give the column the format of a date)"
    return ""


def may_be_two(kind: t.Type, text: str) -> bool:
    """Tell of what only resembles a value, or is two numbers on two sides of a border: 1,005."""
    return isinstance(kind, t.EnumType) or (kind == t.NUMBER and bool(_TWO.fullmatch(text)))


def as_said(kind: t.Type, text: str) -> str:
    """Give what a cell says as the engine has it: the value of a label, a share for a percentage.

    A label is a value of an enumeration but for case, blanks and dashes.
    """
    match kind:
        case t.EnumType(values) if text not in values:
            found = [each for each in values if alike_in_words(each) == alike_in_words(text)]
            return found[0] if len(found) == 1 else text
        case t.NUMBER if text.endswith("%") and _SHARE.fullmatch(text):
            of_hundred = getattr(bounds_of(kind), "percent", False)
            number = text.removesuffix("%").rstrip()
            return number if of_hundred else f"{Decimal(number).scaleb(-2):f}"
        case _:
            return text


def alike_in_words(text: str) -> str:
    """Give what texts have in common that differ by case, blanks, dashes and other signs."""
    return " ".join(re.split(r"[\W_]+", text.casefold())).strip()


def items_of(text: str) -> list[str]:
    """Give the items of a list that a cell holds, one a line or with semicolons between."""
    return [each.strip() for each in re.split(r"[;\n]", text) if each.strip()]


def as_formatted(layout: ImportLayout, kind: t.Type, text: str, name: str) -> Any:
    """Type what a table writes in its own way; None for what is written as the engine has it."""
    formatted = bool(layout.sign or layout.thousands or layout.decimal != ".")
    match kind:
        case t.MoneyType(str(currency)) if formatted:
            return from_wire(kind, f"{_digits(layout, text, name)} {currency}", name)
        case t.NUMBER if formatted:
            return from_wire(kind, _digits(layout, text, name), name)
        case t.BOOLEAN if text.casefold() in TRUTH:  # a spreadsheet shouts
            return TRUTH[text.casefold()]
        case t.DATE if isinstance(text, CellDay):
            return text.day
        case t.DATE if layout.dates is not None:
            return _day(layout.dates, text, name)
        case _:
            return None


def _digits(layout: ImportLayout, text: str, name: str) -> str:
    """Take sign and separators off an amount, so that ``-$1,234.50`` is ``-1234.50``.

    A sign may stand before or behind it; a space is a space, whether lines break there or not. What
    stands in brackets, or before a minus, is below zero, as accounts have it.
    """
    below_zero = rf"(?:{re.escape(layout.sign)} ?)?\(([^-]+)\)|([^-]+)-"
    if found := re.fullmatch(below_zero, text):
        return f"-{_digits(layout, (found[1] or found[2]).strip(), name)}"
    mark = _SPACES.sub(" ", layout.thousands)
    sign, between, point = map(re.escape, (layout.sign, mark, layout.decimal))
    whole = rf"[0-9]{{1,3}}(?:{between}[0-9]{{3}})+|[0-9]+" if mark else "[0-9]+"
    amount = rf"(-?)(?:{sign} ?)?(-?)({whole})(?:{point}([0-9]+))?(?: ?{sign})?"
    found = re.fullmatch(amount, _SPACES.sub(" ", text))
    if found is None or (found[1] and found[2]):
        form = f"{layout.sign}1{layout.thousands}234{layout.decimal}50"
        raise WireError(name, f"'{text}' is not written as in {form}")
    minus, inner, digits, minor = found.groups(default="")
    plain = digits.replace(mark, "") if mark else digits
    return f"{minus}{inner}{plain}{f'.{minor}' if minor else ''}"


def _day(form: str, text: str, name: str) -> date:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        example = date(2026, 3, 2).strftime(form)
        raise WireError(name, f"'{text}' is not written as in {example}") from None
