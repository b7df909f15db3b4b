"""What is said of amounts beside others: 10 % more than, twice, within £1,000 of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pmo_engine.feel.syntax.pieces import (
    AMOUNT,
    BOUND,
    NUMBER,
    PERCENT,
    SUBJECT,
    VALUE,
    Form,
    sign_of,
)
from pmo_engine.feel.syntax.writing import Writing, literal_of
from pmo_engine.model.hints.values import Readings, number_meant

_MORE = r"more|higher|greater|larger|above|over|\+|plus"
_LESS = r"less|lower|smaller|fewer|below|under|-|minus"
_WHOLE = rf"(?P<whole>{AMOUNT}|(?!an?\b){VALUE})"
_PART = rf"(?P<part>{NUMBER})\s?{PERCENT}"
_IS = r"(?:\s+(?:is|was|are))?"
_TURNED = {">": "<", ">=": "<="}
_TIMES = {
    "twice": "2 * {}",
    "double": "2 * {}",
    "triple": "3 * {}",
    "half": "{} / 2",
    "a half": "{} / 2",
    "a third": "{} / 3",
    "one third": "{} / 3",
    "two thirds": "{} * 2 / 3",
    "two-thirds": "{} * 2 / 3",
    "a quarter": "{} / 4",
    "one quarter": "{} / 4",
    "three quarters": "{} * 3 / 4",
}


def _shares(found: re.Match[str]) -> Iterator[Decimal]:
    for each in number_meant(found["part"]):
        yield Decimal(each) / 100


def _write(share: Decimal) -> str:
    return f"{share.normalize():f}"


def _changed(found: re.Match[str], writing: Writing) -> Readings:
    """Read ``10 % more than £5,000``, ``£5,000 + 10 %`` as a product."""
    whole = literal_of(found["whole"], writing)
    sign = -1 if re.fullmatch(_LESS, found["change"]) else 1
    return tuple(f"{whole} * {_write(1 + sign * each)}" for each in _shares(found))


def _beyond(found: re.Match[str], writing: Writing) -> Readings:
    """Read ``exceeds £5,000 by more than 10 %`` as a comparison with a product."""
    side, least = sign_of(found["how"]), sign_of(found["least"] or ">=")
    if side not in {"<", ">"} or least not in _TURNED:
        return ()
    sign, change = (least, 1) if side == ">" else (_TURNED[least], -1)
    whole = literal_of(found["whole"], writing)
    return tuple(
        f"{found['subject']} {sign} {whole} * {_write(1 + change * each)}"
        for each in _shares(found)
    )


def _part_of(found: re.Match[str], writing: Writing) -> Readings:
    """Read ``10 % of £5,000`` as a product."""
    whole = literal_of(found["whole"], writing)
    return tuple(f"{_write(each)} * {whole}" for each in _shares(found))


def _times(found: re.Match[str], writing: Writing) -> Readings:
    """Read ``twice £5,000``, ``half of change.cost``, ``three times change.cost``."""
    word, whole = found["times"].lower(), literal_of(found["whole"], writing)
    if word in _TIMES:
        return (_TIMES[word].format(whole),)
    return tuple(
        f"{each} * {whole}" for each in number_meant(word.removesuffix("times").strip("x "))
    )


def _parts_of(found: re.Match[str], writing: Writing) -> Readings:
    whole = literal_of(found["whole"], writing)
    return (f"{whole} * {found['above']} / {found['below']}",)


def _near(found: re.Match[str], writing: Writing) -> Readings:
    """Read ``within £1,000 of £5,000``, ``within 10 % of change.estimate`` as a range."""
    subject, whole = found["subject"], literal_of(found["whole"], writing)
    if found["part"]:
        ends = [(_write(1 - each), _write(1 + each)) for each in _shares(found)]
        return tuple(
            f"{subject} between {whole} * {low} and {whole} * {high}" for low, high in ends
        )
    far = literal_of(found["far"], writing)
    return (f"{subject} between {whole} - {far} and {whole} + {far}",)


_GREATER = r"greate(?:r|st)|large(?:r|st)|high(?:er|est)|bigge(?:r|st)"
_EXTREME = rf"(?:the\s+)?(?P<which>{_GREATER}|less(?:er)?|least|smalle(?:r|st)|lowe(?:r|st))"
_OPERAND = r"[^()<>=]+?"


def _extreme(found: re.Match[str], writing: Writing) -> Readings:
    """Read ``the greater of £5,000 and 10 % of change.cost`` as what gives it."""
    name = "max" if re.fullmatch(_GREATER, found["which"].lower()) else "min"
    one, other = (_operand(found[each], writing) for each in ("one", "other"))
    before = f"{sign_of(found['how'])} " if found.groupdict().get("how") else ""
    return (f"{before}{name}({one}, {other})",) if one and other else ()


def _operand(text: str, writing: Writing) -> str:
    """Write an amount, a number or a share as an expression has it; nothing where it is unclear."""
    part = re.fullmatch(rf"{_PART}\s+of\s+{_WHOLE}", text)
    written = number_meant(text) if part is None else _part_of(part, writing)
    if written:
        return written[0] if len(written) == 1 else ""
    return literal_of(text, writing)


EXTREMES: tuple[Form, ...] = (
    Form(
        rf"(?P<how>{BOUND}|=)\s*(?P<one>{_OPERAND})\s+(?:or|and)\s+(?P<other>{_OPERAND}),?\s+"
        rf"whichever\s+(?:is|be)\s+{_EXTREME}\b",
        _extreme,
    ),
    Form(
        rf"\b{_EXTREME}\s+of\s+(?P<one>{_OPERAND})\s+(?:and|or)\s+(?P<other>{_OPERAND})"
        r"(?=\s+(?:and|or)\b|\s*[)<>=]|\s*$)",
        _extreme,
    ),
)
"""What several amounts come to, as limits have it."""

SHARES: tuple[Form, ...] = (
    Form(
        rf"(?P<subject>{SUBJECT}){_IS}\s+(?P<how>{BOUND})\s+{_WHOLE}\s+by\s+"
        rf"(?P<least>{BOUND})?\s*{_PART}",
        _beyond,
    ),
    Form(
        rf"(?P<subject>{SUBJECT}){_IS}\s+(?:within|\u00b1|\+/-)\s*(?:{_PART}|(?P<far>{AMOUNT}))"
        rf"\s+of\s+{_WHOLE}",
        _near,
    ),
    Form(rf"{_PART}\s+(?P<change>{_MORE}|{_LESS})(?:\s+than)?\s+{_WHOLE}", _changed),
    Form(rf"{_WHOLE}\s*(?P<change>\+|-|plus\b|minus\b)\s*{_PART}", _changed),
    Form(rf"{_PART}\s+of\s+{_WHOLE}", _part_of),
    Form(
        rf"\b(?P<times>{'|'.join(_TIMES)}|(?:\d+|[a-z]+) times|\d+\s?x)(?:\s+of)?\s+{_WHOLE}",
        _times,
    ),
    Form(rf"(?<![\w.])(?P<above>\d+)/(?P<below>\d+)\s+of\s+{_WHOLE}", _parts_of),
    Form(r"\b(?:is|are)\s+(?:not negative|non-negative)\b", ">= 0", "write '>= 0'"),
    Form(r"\b(?:is|are)\s+not positive\b", "<= 0", "write '<= 0'"),
    Form(r"\b(?:is|are)\s+positive\b", "> 0", "write '> 0'"),
    Form(r"\b(?:is|are)\s+negative\b", "< 0", "write '< 0'"),
)
"""Amounts that are said by others, the wider before what stands in them."""
