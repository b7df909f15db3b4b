"""Forms of a whole cell of a table that are not of the language, and how each is written in it."""

from __future__ import annotations

import re

from pmo_engine.feel.syntax.pieces import (
    A_PERIOD,
    BETWEEN_WORDS,
    BOUND,
    CODE,
    COMPARED,
    DASH,
    END,
    FIGURES,
    INCLUDED,
    INCLUDED_TOO,
    Form,
    sign_of,
)
from pmo_engine.feel.syntax.ranges import lows
from pmo_engine.feel.syntax.writing import Writing
from pmo_engine.model.hints.times import period_meant
from pmo_engine.model.hints.values import CURRENCY_WORD, Readings


def _words(found: re.Match[str], writing: Writing) -> Readings:
    if writing.kind != "string":
        return ()
    return (", ".join(re.split(BETWEEN_WORDS, found[0])),)


def _range(found: re.Match[str], writing: Writing) -> Readings:
    """Give ``[0 GBP..5000 GBP]`` for ``0–5000 GBP``, ``between £0 and £5k``."""
    high = writing.end(found["high"])
    ends = [writing.end(each) for each in lows(found["low"], found["high"])]
    return tuple(f"[{low}..{high}]" for low in ends if low and high)


def _ends(found: re.Match[str], writing: Writing) -> Readings:
    """Give ``(5..9]`` for ``over 5 but not over 9``, ``< 5, > 9`` for ``under 5 or over 9``."""
    signs = [sign_of(found[each]) for each in ("first", "second")]
    one, other = writing.end(found["one"]), writing.end(found["other"])
    if not one or not other:
        return ()
    match signs[0][0], signs[1][0], found["join"] or "":
        case ">", "<", join if join != "or":
            opening, closing = "(["[len(signs[0]) - 1], ")]"[len(signs[1]) - 1]
            return (f"{opening}{one}..{other}{closing}",)
        case "<", ">", "or" | ",":
            return (f"{signs[0]} {one}, {signs[1]} {other}",)
        case _:
            return ()


def _around(found: re.Match[str], writing: Writing) -> Readings:
    """Give ``(5..9]`` for ``5 < n <= 9``."""
    low, high = writing.end(found["low"]), writing.end(found["high"])
    opening, closing = "(["[len(found["above"]) - 1], ")]"[len(found["below"]) - 1]
    return (f"{opening}{low}..{high}{closing}",) if low and high else ()


def _with_unit(found: re.Match[str], writing: Writing) -> Readings:
    """Give ``[0 GBP..5000 GBP]`` for ``[0..5000] GBP``."""
    low, high = (writing.end(f"{found[each]} {found['unit']}") for each in ("low", "high"))
    return (f"{found['open']}{low}..{high}{found['close']}",) if low and high else ()


def _included(found: re.Match[str], writing: Writing) -> Readings:
    """Give ``<= 5000 GBP`` for ``under £5,000 inclusive``."""
    sign, end = sign_of(found["how"]), writing.end(found["end"])
    return (f"{sign}{'=' * (sign in {'<', '>'})} {end}".strip(),) if end else ()


def _period(found: re.Match[str], writing: Writing) -> Readings:
    """Give ``[2026-04-01..2026-04-30]`` for ``April 2026``, ``< 2026-04-01`` for before it."""
    year = found["year"]
    days = (f"{year}-01-01", f"{year}-12-31") if year else period_meant(found["period"] or "")
    if writing.kind != "date" or not days:
        return ()
    match sign_of(found["how"] or "in"):
        case "in" | "during":
            return (f"[{days[0]}..{days[1]}]",)
        case ("<" | ">=") as sign:
            return (f"{sign} {days[0]}",)
        case (">" | "<=") as sign:
            return (f"{sign} {days[1]}",)
        case _:
            return ()


ANYTHING = (
    rf"(?i:otherwise|else|any(?:thing)?(?: \w+)?|(?:in )?all(?: \w+){{0,2}}"
    rf"|every(?:thing)?(?: \w+)?|others?|(?:the )?rest|(?:the )?remaining(?: \w+)?"
    rf"|\*|n/a|always|default|[{DASH}])"
)
"""Words for whatever there is."""

CELLS: tuple[Form, ...] = (
    Form(ANYTHING, "-", "a cell that everything passes is written -"),
    Form(
        rf"(?:from\s+|between\s+)?(?P<low>{END})\s*(?:-|[{DASH}]|\bto\b|\band\b|\.\.\.?|\u2026)"
        rf"\s*(?P<high>{END}){INCLUDED}",
        _range,
    ),
    Form(
        rf"(?:(?P<how>in|during|{BOUND})\s+)?(?:(?P<period>{A_PERIOD})|(?P<year>(?:19|20|21)\d\d))",
        _period,
    ),
    Form(
        r"(?P<open>[\[(\]])(?P<low>[^\[\]]+?)\.\.(?P<high>[^\[\]]+?)(?P<close>[\])\[])"
        rf"\s*(?P<unit>{CODE}|{CURRENCY_WORD}|)",
        _with_unit,
    ),
    Form(
        rf"(?:is )?(?P<first>{BOUND})\s*(?P<one>{END})\s*(?P<join>,|and|but|to|or|)\s*"
        rf"(?P<second>{BOUND})\s*(?P<other>{END})",
        _ends,
    ),
    Form(
        rf"(?P<low>{END})\s*(?P<above><=?)\s*[^\W\d][\w.]*\s*(?P<below><=?)"
        rf"\s*(?P<high>{END})",
        _around,
    ),
    Form(rf"({END})\s*(?:\+|(?:or|and) (?:more|over|above|later|upwards?))", r">= \1"),
    Form(rf"({END})\s*(?:or|and) (?:less|under|below|fewer|earlier)", r"<= \1"),
    Form(rf"(?P<how>{BOUND}|)\s*(?P<end>{END}){INCLUDED_TOO}", _included),
    Form(r"from\s+(.+)", r">= \1"),
    Form(r"by\s+(.+)", r"<= \1"),
    Form(rf"(?:not|except|<>|!=|\u2260)\s*(?!{COMPARED})([^()\s].*)", r"not(\1)"),
    Form(rf"(?:exactly|equals?(?: to)?|is)\s+(?!{COMPARED}|(?:not|or|to)\b)(.+)", r"\1"),
    Form(rf"{FIGURES}(?:\s+or\s+{FIGURES})+", lambda found, _: (found[0].replace(" or ", ", "),)),
    Form(rf'"?[^\W\d]\w*"?(?:{BETWEEN_WORDS}"?[^\W\d]\w*"?)+', _words),
)
"""Forms of a whole cell."""
