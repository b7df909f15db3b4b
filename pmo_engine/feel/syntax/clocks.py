"""Times of day as people write them, and days that have passed: after 5pm, before noon, overdue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_engine.feel.syntax.pieces import BOUND, SUBJECT, Form, sign_of

if TYPE_CHECKING:
    from pmo_engine.feel.syntax.writing import Writing
    from pmo_engine.model.hints.values import Readings

_CLOCK = (
    r"(?<![\w.:@\"])(?P<time>\d{1,2}(?:[:.][0-5]\d)?\s?(?:[ap]m\b|[AP]M\b|[ap]\.m\.)|\d{1,2}:[0-5]\d(?::[0-5]\d)?"
    r"|noon\b|midday\b|midnight\b)(?![\w:\"])"
)
_WORDS = {"noon": (12, 0, 0), "midday": (12, 0, 0), "midnight": (0, 0, 0)}
_IS = r"(?:\s+(?:is|was))?"
_HALF = 12  # hours in one half of a day


def _time(text: str) -> tuple[int, int, int] | None:
    """Give hour, minute and second; None for what is no time of day."""
    if text in _WORDS:
        return _WORDS[text]
    figures = [*map(int, re.findall(r"\d+", text)), 0, 0]
    hour, minute, second = figures[:3]
    if half := re.search(r"[apAP](?=\.?[mM])", text):
        if not 1 <= hour <= _HALF:
            return None
        hour = hour % _HALF + (_HALF if half[0] in "pP" else 0)
    return (hour, minute, second) if hour < 2 * _HALF else None


def _literal(text: str, writing: Writing) -> str:
    """Write a time of day by the clocks of the office."""
    found = _time(text)
    if found is None:
        return ""
    zone = f"@{writing.zone}" if writing.zone else ""
    return writing.literals(("{:02}:{:02}:{:02}".format(*found) + zone,))[0]


def _alone(found: re.Match[str], writing: Writing) -> Readings:
    literal = _literal(found["time"], writing)
    return (literal,) if literal else ()


def _compared(found: re.Match[str], writing: Writing) -> Readings:
    """Read 'now is after 5pm': what is compared is a moment, or a time of day already."""
    literal, sign = _literal(found["time"], writing), sign_of(found["how"].strip())
    subject = found["subject"]
    if not literal or subject.endswith((".hour", ".minute")):
        return ()
    is_time = subject.startswith("time(")
    subjects = (subject,) if is_time else (subject, f"time({subject})")
    return tuple(f"{each} {sign} {literal}" for each in subjects)


def _hour(found: re.Match[str], _: Writing) -> Readings:
    time = _time(found["time"])
    return (f"{found['what']}{time[0]}",) if time is not None and not any(time[1:]) else ()


def _passed(found: re.Match[str], _: Writing) -> Readings:
    """Read 'is overdue' of a day, or of a record by when it is due."""
    subject, sign = found["subject"], ">=" if found["no"] else "<"
    return f"{subject} {sign} today", f"{subject}.due {sign} today"


TIMES: tuple[Form, ...] = (
    Form(
        rf"(?:\bthe\s+)?(?P<subject>{SUBJECT})\s+(?:(?:is|was|has)\s+)?(?P<no>not\s+)?"
        r"(?:overdue|late|expired|lapsed|past(?:\s+its)?\s+(?:due|end|expiry)(?:\s+date)?)\b",
        _passed,
    ),
    Form(rf"(?P<what>\.hour\s*(?:[<>]=?|!?=)\s*){_CLOCK}", _hour),
    Form(
        rf"(?P<subject>{SUBJECT}){_IS}\s*(?P<how>{BOUND}|=|!=)\s*{_CLOCK}",
        _compared,
        "a time of day is compared with one: write {}",
    ),
    Form(_CLOCK, _alone, "a time of day is written {}"),
)
"""The wider before what stands in them."""
