"""Values that YAML ends too early: in [ ] and { } a comma is the end of a value without quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_engine.source.diagnostics import Diagnostic

CUT = "inside [ ] and { } a comma ends the value"
_WORD = re.compile(r"[^\W\d]\w*")
_ENDS_IN_FIGURES = re.compile(r"(?:.*\D)?\d{1,3}")
_GROUP = re.compile(r"\d{3}(?!\d).*")


def is_remainder(value: Any, key: Any, beside: Any) -> bool:
    """Tell whether a key without a value is the rest of the value before it: ``£10,000``.

    A word that could be a key is one whose value was forgotten; where there is no value before it,
    nothing was cut.
    """
    if not (_is_plain(value) and _is_plain(key) and _is_plain(beside)) or beside or not value:
        return False
    without_colon = key.end == beside.mark
    return without_colon and value.mark.line == key.end.line and not _WORD.fullmatch(key)


def is_cut_off(item: Any, following: Any) -> bool:
    """Tell whether an item of a list goes on after a comma: ``<= 5,000 GBP``, ``max(a, b)``."""
    if not (_is_plain(item) and _is_plain(following)) or item.mark.line != following.end.line:
        return False
    if item.count('"') % 2 or item.count("(") > item.count(")"):
        return True
    close = following.mark.column == item.end.column + 1
    grouped = _ENDS_IN_FIGURES.fullmatch(item) and _GROUP.fullmatch(following)
    return bool(close and grouped and not (item + following).isdecimal())


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and bool(getattr(value, "plain", False))


def without_echoes(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Leave out that a value is cut where something else is wrong with the whole of it."""
    found = list(found)
    return [each for each in found if each.message != CUT or not _is_told(each, found)]


def _is_told(cut: Diagnostic, found: Sequence[Diagnostic]) -> bool:
    [edit] = cut.fixes
    inside = (each for each in found if each.message != CUT and each.file == cut.file)
    return any(
        each.severity == "error"
        and each.line == cut.line
        and edit.start.column <= each.column <= edit.end.column
        for each in inside
    )
