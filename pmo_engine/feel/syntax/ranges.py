"""Ranges as people write them: from 4 to 9, in the range £1k - £5k, between 4 and 9 exclusive."""

from __future__ import annotations

import re
from decimal import Decimal

from pmo_engine.feel.syntax.pieces import (
    A_DAY,
    AMOUNT,
    DASH,
    END,
    INCLUDED_TOO,
    SUBJECT,
    VALUE,
    Form,
)
from pmo_engine.feel.syntax.writing import Writing
from pmo_engine.model.hints.times import day_among
from pmo_engine.model.hints.values import MULTIPLE, Readings, number_meant

_EXCLUDED = r"\s*,?\s*\(?(?:both\s+)?(?:exclusive|excl\.?|excluded)(?:\b|(?<=\.))\)?"
_ANY = rf"(?:{AMOUNT}|{A_DAY}|{VALUE})"
_LITTLE = (
    r"from|of|range|between|in|is|and|or|by|to|before|after|over|under|above|below|since|until|than"
    r"|least|most"
)

_TO = rf"(?:\bto\b|\buntil\b|-|[{DASH}])"


def _days(found: re.Match[str], writing: Writing) -> Readings:
    """Read a range of two days, both in one order of their figures."""
    first, last = (writing.literals(day_among(found[0], found[each])) for each in ("first", "last"))
    pairs = zip(first, last, strict=False) if len(first) == len(last) else ()
    return tuple(f"in {found['opens']}{one}..{other}{found['closes']}" for one, other in pairs)


DAYS: tuple[Form, ...] = (
    Form(
        rf"\bin\s*(?P<opens>[\[(])\s*(?P<first>{A_DAY})\s*\.\.\s*(?P<last>{A_DAY})\s*(?P<closes>[\])])",
        _days,
        "a range is written {}",
    ),
    Form(
        rf"\bin\s+(?:from\s+)?({A_DAY})\s*{_TO}\s*({A_DAY})",
        r"in [\1..\2]",
        "a range is written {}",
    ),
)
"""Ranges of days, which can be read as what is divided and subtracted."""


def lows(low: str, high: str) -> Readings:
    """Give ``5k`` and ``5`` for the 5 in ``5 to 10k``, of which either may be meant."""
    ends = [_FIGURES.search(each) for each in (low, high)]
    first, last = ends
    if first is None or last is None or first["many"] or not last["many"]:
        return (low,)
    numbers = [number_meant(each["figures"]) for each in (first, last)]
    if not all(numbers) or not 0 < Decimal(numbers[0][0]) < Decimal(numbers[1][0]):
        return (low,)
    end = first.end("figures")
    return f"{low[:end]}{last['many']}{low[end:]}", low


def _shared(found: re.Match[str], _: Writing) -> Readings:
    """Read ``between 5 and 10k`` both ways."""
    low, high = found["low"], found["high"]
    both = lows(low, high)
    ends = [(_whole(each), _whole(high)) for each in both] if len(both) > 1 else []
    return tuple(f"{found['before']}{one}{found['to']}{other}" for one, other in ends)


def _whole(end: str) -> str:
    """Write 10000 for 10k."""
    return _FIGURES.sub(lambda each: number_meant(each[0])[0] if each["many"] else each[0], end)


_FIGURES = re.compile(rf"(?P<figures>\d[\d.,]*)(?:\s?(?P<many>{MULTIPLE}))?")

ENDS: tuple[Form, ...] = (
    Form(
        rf"(?P<before>\b(?:between|in|from)\s+)(?P<low>{END})"
        rf"(?P<to>\s*(?:\b(?:and|to|until)\b|-|[{DASH}])\s*)(?P<high>{END})",
        _shared,
    ),
    Form(
        rf"\bbetween\s+({END})\s*(?:-|[{DASH}])\s*({END})(?![-./]?\d)",
        r"between \1 and \2",
    ),
    Form(r"\bbetween\s+from\b", "between", "leave out 'from'"),
    Form(
        rf"\bin\s+(?:from\s+)?({END})\s*{_TO}\s*({END})(?![-./]?\d)",
        r"in [\1..\2]",
        "a range is written {}",
    ),
    Form(
        rf"\bbetween\s+({_ANY})\s+(?:and|to)\s+({_ANY}){INCLUDED_TOO}",
        r"between \1 and \2",
        "between has both ends in it: write {}",
    ),
    Form(
        rf"\bbetween\s+({_ANY})\s+(?:and|to)\s+({_ANY}){_EXCLUDED}",
        r"in (\1..\2)",
        "a round bracket leaves an end out: write {}",
    ),
    Form(rf"(<=|>=|(?<![<>])=)\s*({_ANY}){INCLUDED_TOO}", r"\1 \2"),
    Form(rf"([<>])\s*({_ANY}){INCLUDED_TOO}", r"\1= \2"),
    Form(rf"([<>])=?\s*({_ANY}){_EXCLUDED}", r"\1 \2"),
    Form(r"\b(?:is|are)\s+(?=(?:between|in)\b)", "", "leave out 'is'"),
    Form(
        rf"\bin\s+(?:the\s+)?(?:range\s+)?(?:of\s+|from\s+)?({END})\s*(?:\.\.\.?|\u2026)\s*({END})",
        r"in [\1..\2]",
    ),
    Form(
        rf"\bin\s*[\[(]\s*({_ANY})\s*(?:to|-|[{DASH}])\s*({_ANY})\s*[\])]",
        r"in [\1..\2]",
        "a range is written {}",
    ),
    *(
        Form(
            rf"\bin\s*\{opening}\s*({_ANY})\s*[,;]\s*({_ANY})\s*\{closing}",
            rf"in {opening}\1..\2{closing}",
            "a range is written {}",
        )
        for opening, closing in ("(]", "[)")
    ),
    Form(
        rf"(?!(?:{_LITTLE})\b)({SUBJECT})\s+({END})\s*(?:to|-|[{DASH}])\s*({END})(?![-./]?\d)",
        r"\1 between \2 and \3",
    ),
    Form(
        rf"\bin\s+(?:the\s+)?range\s+(?:of\s+|from\s+|between\s+)?({_ANY})\s*"
        rf"(?:to\b|and\b|-|[{DASH}])\s*({_ANY})",
        r"between \1 and \2",
        "write between ... and ...",
    ),
    Form(
        r"\bin\s+(?:the\s+)?range\s+(?:of\s+|from\s+|between\s+)?(?=\S)",
        "between ",
        "write between ... and ...",
    ),
    Form(rf"\bby\s+(?:the\s+)?(?=(?:{A_DAY}|@\"))", "<= ", "write '<='"),
    Form(rf"\b(?:dated|on)\s+(?:the\s+)?(?=(?:{A_DAY}|@\"))", "= ", "write '='"),
)
"""Ranges and their ends, the wider before what stands in them."""
