"""What is said of days and ranges: within 30 days of today, in April 2026, from 4 to 9."""

from __future__ import annotations

import re

from pmo_engine.feel.syntax.pieces import (
    A_DAY,
    A_PERIOD,
    BOUND,
    SUBJECT,
    Form,
    sign_of,
)
from pmo_engine.feel.syntax.writing import Writing, duration_meant, literal_of
from pmo_engine.model.hints.number_words import NUMBER_IN_WORDS
from pmo_engine.model.hints.times import DAYS, MONTHS, day_meant, period_meant
from pmo_engine.model.hints.values import Readings, span_meant

_IS = r"(?:\s+(?:is|was|are|falls|lies))?"
_SPAN = (
    rf"(?P<span>(?:\d{{1,5}}|{NUMBER_IN_WORDS}|an?)[ -]"
    r"(?:(?:working|business|office|calendar)[ -])?(?:day|week|month|year)s?)"
)
_DAY = rf"(?:{A_DAY}|@\"[^\"]*\"|{SUBJECT})"
_BEFORE = rf"(?:ago|old|(?:before|prior to)\s+(?P<before>{_DAY}))"
_AFTER = rf"(?:away|from now|ahead|(?:after|from)\s+(?P<after>{_DAY}))"
_PAST, _COMING = r"last|past|previous|preceding", r"next|coming|following"
_AGES = {"older": ">", "newer": "<", "younger": "<", "more recent": "<"}
_SIDES = {"prior to": "before", "from": "after", "either side of": "of"}
_OF_THE_DAY = re.compile(r"\b(?:after|before|since|until|from|by|earlier|later|sooner)\b")
_TURNED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}


def _length(text: str) -> tuple[str, str]:
    """Give ``P30D`` for thirty days, and ``5 working days`` where they are such."""
    text = text.replace("calendar ", "").replace("calendar-", "")
    spans = span_meant(text)
    working = spans[0] if spans and "working" in spans[0] else ""
    lengths = duration_meant(text)
    return (lengths[0] if lengths else ""), working


def _apart(found: re.Match[str], _: Writing) -> Readings:
    """Read ``x.end - x.start > 4 years``: months and years are counted from a day on."""
    length, working = _length(found["span"])
    if working or not re.match(r"P\d+[YM]", length):
        return ()
    return (f'{found["later"]} {found["sign"]} {found["earlier"]} + @"{length}"',)


def _number(span: str) -> str:
    return span.split(" ", 1)[0]


def _lately(found: re.Match[str], _: Writing) -> Readings:
    """Read ``in the last 30 days``, ``within the next five working days``."""
    subject, coming = found["subject"], bool(re.fullmatch(_COMING, found["when"]))
    length, working = _length(found["span"])
    if working:
        days = f"today, {subject}" if coming else f"{subject}, today"
        return (f"working_days_between({days}) between 0 and {_number(working)}",)
    if not length:
        return ()
    far = f'@"{length}"'
    ends = f"today and today + {far}" if coming else f"today - {far} and today"
    return (f"{subject} between {ends}",)


def _within(found: re.Match[str], writing: Writing) -> Readings:
    """Read ``within 30 days of today``; without a day, in whichever direction."""
    subject, anchor = found["subject"], literal_of(found["anchor"] or "today", writing)
    length, working = _length(found["span"])
    side = _SIDES.get(found["side"] or "", found["side"])
    if working:
        count = f"between 0 and {_number(working)}"
        before = f"working_days_between({subject}, {anchor}) {count}"
        after = f"working_days_between({anchor}, {subject}) {count}"
        return {"before": (before,), "after": (after,)}.get(side or "", (before, after))
    if not length:
        return ()
    low, high = f'{anchor} - @"{length}"', f'{anchor} + @"{length}"'
    ends = {"before": (low, anchor), "after": (anchor, high), "of": (low, high)}
    meant = [ends[side]] if side else list(ends.values())
    return tuple(f"{subject} between {first} and {last}" for first, last in meant)


def _since(found: re.Match[str], writing: Writing) -> Readings:
    """Read ``more than 30 days ago``, ``at least two weeks before change.due``."""
    subject, (length, working) = found["subject"], _length(found["span"])
    said = found.groupdict()
    sign = _AGES.get(said.get("age") or "") or sign_of(said.get("bound") or "")
    if sign not in _TURNED:
        return ()
    anchor = literal_of(said.get("before") or said.get("after") or "today", writing)
    is_later = bool(said.get("later"))
    signs = [sign] if is_later else _signs(sign, said.get("bound") or "")
    if working:
        days = f"{anchor}, {subject}" if is_later else f"{subject}, {anchor}"
        counted = signs if is_later else [_TURNED[each] for each in signs]
        return tuple(f"working_days_between({days}) {each} {_number(working)}" for each in counted)
    far = f'{anchor} {"+" if is_later else "-"} @"{length}"'
    return tuple(f"{subject} {each} {far}" for each in signs) if length else ()


def _signs(sign: str, bound: str) -> list[str]:
    """Give how a day is compared with one that is past: more than 30 days ago is before that day.

    A sign may be of the day, as it is written, or of how long ago it was.
    """
    if not bound[-1:].isalpha():
        return [sign, _TURNED[sign]] if bound else [_TURNED[sign]]
    return [sign] if _OF_THE_DAY.search(bound) else [_TURNED[sign]]


def _distance(found: re.Match[str], writing: Writing) -> Readings:
    """Read ``30 days before change.due``, ``two weeks from today`` as a day."""
    length, _ = _length(found["span"])
    said = found.groupdict()
    anchor = literal_of(said["before"] or said["after"] or "today", writing)
    return (f'{anchor} {"+" if said["later"] else "-"} @"{length}"',) if length else ()


def _period(found: re.Match[str], writing: Writing) -> Readings:
    """Read ``in April 2026``, ``before Q3 2026``, ``until 2026-04`` by the days of that time."""
    days = period_meant(found["period"])
    if not days:
        return ()
    subject, (first, last) = found["subject"], writing.literals(days)
    if edge := found["edge"]:
        first = last = last if edge == "end" else first
    match sign_of(found["how"].strip()):
        case "in" | "during" | "within" | "=":
            return (f"{subject} between {first} and {last}",)
        case "!=" | "not in":
            return (f"not({subject} between {first} and {last})",)
        case ("<" | ">=") as sign:
            return (f"{subject} {sign} {first}",)
        case (">" | "<=") as sign:
            return (f"{subject} {sign} {last}",)
        case _:
            return ()


def _recurring(found: re.Match[str], _: Writing) -> Readings:
    """Read ``in April``, ``in Q2``, ``in 2026`` by the parts of a day."""
    subject, when = found["subject"], found["when"].lower()
    if when.isdecimal():
        return (f"{subject}.year = {when}",)
    if when.startswith("q"):
        last = 3 * int(when[1])
        return (f"{subject}.month between {last - 2} and {last}",)
    return (f"{subject}.month = {MONTHS.index(when[:3]) + 1}",)


_MONTH = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    "|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)


def _weekday(found: re.Match[str], _: Writing) -> Readings:
    """Read ``is a Monday``, ``is on a weekend`` by the name of the day."""
    named = re.findall("|".join(DAYS), found["days"].title()) or DAYS[5:]
    names = ", ".join(f'"{each}"' for each in named)
    day = f"day of week({found['subject']})"
    is_one = f"{day} = {names}" if len(named) == 1 else f"{day} in ({names})"
    return (f"not({is_one})" if " not " in found[0] else is_one,)


def _same_month(found: re.Match[str], writing: Writing) -> Readings:
    """Read ``between 1 and 30 April 2026``, where the first day has the month of the last."""
    last = day_meant(found["last"])
    if len(last) != 1 or not 0 < int(found["first"]) <= int(last[0][8:]):
        return ()
    first = f"{last[0][:8]}{int(found['first']):02}"
    start, end = writing.literals((first, *last))
    return (f"between {start} and {end}",)


def _from_month(found: re.Match[str], writing: Writing) -> Readings:
    """Read ``between April and June 2026`` from the first day to the last."""
    last = period_meant(found["last"])
    first = period_meant(found["first"]) or period_meant(f"{found['first']} {last[0][:4]}")
    if not first:
        return ()
    start, end = writing.literals((first[0], last[1]))
    return (f"between {start} and {end}",)


PERIODS: tuple[Form, ...] = (
    Form(
        rf"(?P<subject>{SUBJECT}){_IS}\s*"
        rf"(?P<how>\bnot in|\bin|\bduring|\bwithin|\bby|!=|=|{BOUND}|is not|is)"
        rf"\s+(?:(?:the )?(?P<edge>start|beginning|end) of )?(?P<period>{A_PERIOD})(?![\w/.-])",
        _period,
    ),
    Form(
        rf"\b(?:between|from)\s+(?P<first>{A_PERIOD}|{_MONTH})\s+(?:and|to|until)\s+"
        rf"(?P<last>{A_PERIOD})(?![\w/.-])",
        _from_month,
    ),
    Form(
        rf"\b(?:between|from)\s+(?P<first>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:and|to|until)\s+"
        rf"(?P<last>{A_DAY})",
        _same_month,
    ),
    *(
        Form(
            rf"({SUBJECT}){_IS}\s+(?:{said})\s+(?:the\s+)?{edge}\s+of\s+((?:19|20|21)\d\d)\b",
            rf"\1.year {sign} \2",
        )
        for said, edge, sign in (
            ("by|before|until|up to", "end", "<="),
            ("after", "end", ">"),
            ("before", "(?:start|beginning)", "<"),
            ("since|after|from", "(?:start|beginning)", ">="),
        )
    ),
    Form(
        rf"(?P<subject>{SUBJECT}){_IS}\s+(?:in|during)\s+"
        rf"(?P<when>{_MONTH}|[Qq][1-4]|(?:19|20|21)\d\d)\b(?!\s*[\d/-])",
        _recurring,
    ),
)
"""Months, quarters and years in the place of a day."""

PHRASES: tuple[Form, ...] = (
    *PERIODS,
    Form(
        rf"(?P<subject>{SUBJECT}){_IS}\s+(?:with)?in\s+(?:the\s+)?(?P<when>{_PAST}|{_COMING})\s+{_SPAN}",
        _lately,
    ),
    Form(
        rf"(?P<subject>{SUBJECT}){_IS}\s+within\s+{_SPAN}"
        rf"(?:\s+(?P<side>before|after|from|prior to|of|either side of)\s+(?P<anchor>{_DAY}))?",
        _within,
    ),
    Form(
        rf"(?P<subject>{SUBJECT}){_IS}\s+(?P<bound>{BOUND})\s+{_SPAN}\s+"
        rf"(?:{_BEFORE}|(?P<later>{_AFTER}))",
        _since,
    ),
    Form(
        rf"(?P<subject>{SUBJECT}){_IS}\s+(?P<age>older|newer|younger|more recent)\s+than\s+{_SPAN}",
        _since,
    ),
    Form(
        rf"(?P<later>{SUBJECT})\s*(?:-|minus)\s*(?P<earlier>{SUBJECT})\s*(?P<sign>[<>]=?)\s*{_SPAN}",
        _apart,
    ),
    Form(rf"({SUBJECT}){_IS}\s+(?:in the past|has passed)\b", r"\1 < today"),
    Form(rf"({SUBJECT}){_IS}\s+in the future\b", r"\1 > today"),
    Form(
        rf"(?P<subject>{SUBJECT}){_IS}\s+(?:(?:on|not on|a|an|not a)\s+)*"
        rf"(?P<days>(?i:{'|'.join(DAYS)}|weekend)(?:\s+or\s+(?:a )?(?i:{'|'.join(DAYS)}))*)s?\b",
        _weekday,
    ),
    Form(rf"(?<![\w.]){_SPAN}\s+(?:{_BEFORE}|(?P<later>{_AFTER}))", _distance),
)
"""Phrases, the wider before what stands in them."""
