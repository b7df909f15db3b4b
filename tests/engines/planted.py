"""Random expressions with errors planted in them, each with what a slow model makes of it.

The model knows nothing of the engines: a value is worked out beside the text, and whatever an
error touches is ``FAULT``, unless the rest decides (``and``, ``or``, ``in``, ``some``, ``every``)
or the expression asks for it on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from pmo_engine.feel import types as t
from tests.engines.samples import case, record, table

FAULT = object()


@dataclass(frozen=True)
class Planted:
    """An expression as written, and what it must come to."""

    text: str
    value: Any

    def __repr__(self) -> str:
        return f"{self.text} -> {'FAULT' if self.value is FAULT else self.value}"


CHANGE = {"score": Decimal(3), "rate": Decimal(0), "critical": True, "urgent": False}
CHANGE |= {"note": "abc", "extra": None, "tags": [], "due": date(2026, 3, 2)}
CASE = case(CHANGE, changes=[record("changes[1]", score=Decimal(4), critical=False)])
STEPS = table(
    "steps",
    "first",
    {"n": t.NUMBER},
    {"out": t.NUMBER},
    [(["<= 2"], ["1"]), (["> n / change.rate"], ["7"]), (["-"], ["2"])],
)
"""The second row's test is an error for whatever comes to it."""
TURNS = table("turns", "unique", {"n": t.NUMBER}, {"out": t.NUMBER}, [(["<= 2"], ["5"])])
"""Has no answer above 2."""

WORTH = table(
    "worth",
    "first",
    {"n": t.NUMBER},
    {"out": t.NUMBER},
    [(["< 0"], ["n / change.rate"]), (["-"], ["n + 1"])],
)
"""The first row's answer is an error."""

_ERRORS = (
    "change.score / change.rate",
    "change.score / 0",
    "[1, 2][3]",
    "changes[2].score",
    "max(for c in changes[critical] return c.score)",
    "min([])",
    "sqrt(-1)",
    'number("x")',
    'date("2026-02-30").year',
    "string length(change.extra)",
    "modulo(1, change.rate)",
    "(function(x: number) x)(change.note)",
    "change.extra.year",
    "sublist([1], 2)[1]",
    "turns(3)",
    "steps(change.score)",
    "worth(-1)",
    "{a: change.score / change.rate, b: a + 1}.b",
    "date(2026, 2, 30).day",
    "string length(change.note + number(change.note))",
)
_KNOWN = (
    ("change.score", 3),
    ("2", 2),
    ("4", 4),
    ("count(changes)", 1),
    ("changes[1].score", 4),
    ("steps(1)", 1),
    ("turns(2)", 5),
    ("worth(3)", 4),
)
_TRUTHS = (("change.critical", True), ("change.urgent", False), ("change.extra = null", True))


def _strict(value, *operands):
    return FAULT if any(each is FAULT for each in operands) else value()


def _decide(truths, decisive):
    if decisive in truths:
        return decisive
    return FAULT if FAULT in truths else not decisive


def _at(items, place):
    """Give the item at a place, counted from 1, or from the end by what is below 0."""
    return items[int(place) - (place > 0)] if 1 <= abs(place) <= len(items) else FAULT


def _choose(condition, one, other):
    return FAULT if condition is FAULT else one if condition else other


MOST_PLAIN = 11


@st.composite
def numbers(draw: st.DrawFn, depth: int) -> Planted:
    if depth == 0:
        if draw(st.integers(0, 3)) == 0:
            return Planted(draw(st.sampled_from(_ERRORS)), FAULT)
        text, value = draw(st.sampled_from(_KNOWN))
        return Planted(text, Decimal(value))
    a, b = draw(numbers(depth - 1)), draw(numbers(depth - 1))
    how = draw(st.integers(0, 17))
    x, y = a.value, b.value
    if how > MOST_PLAIN:
        return _taken_apart(a, b, how)
    match how:
        case 0:
            return Planted(f"({a.text} + {b.text})", _strict(lambda: x + y, x, y))
        case 1:
            return Planted(f"({a.text} * -({b.text}))", _strict(lambda: -x * y, x, y))
        case 2:
            c = draw(conditions(depth - 1))
            text = f"(if {c.text} then {a.text} else {b.text})"
            return Planted(text, _choose(c.value, x, y))
        case 3:
            return Planted(f"get or else({a.text}, {b.text})", y if x is FAULT else x)
        case 4:
            return Planted(f"sum([{a.text}, {b.text}])", _strict(lambda: x + y, x, y))
        case 5:
            return Planted(f"count([{a.text}, {b.text}])", Decimal(2))
        case 6:
            return Planted(f"{{x: {a.text}, y: {b.text}}}.x", x)
        case 7:
            return Planted(f"[{a.text}, {b.text}][2]", y)
        case 8:
            return Planted(
                f"(function(v: number) v + {b.text})({a.text})", _strict(lambda: x + y, x, y)
            )
        case 9:
            return Planted(f"max({a.text}, {b.text})", _strict(lambda: max(x, y), x, y))
        case 10:
            return Planted(
                f"sum(for v in [{a.text}, {b.text}] return v + 1)",
                _strict(lambda: x + y + 2, x, y),
            )
        case _:
            answer = _strict(lambda: Decimal(1) if x <= 2 else FAULT, x)
            return Planted(f"steps({a.text})", answer)


def _taken_apart(a: Planted, b: Planted, how: int) -> Planted:
    """Give a number out of a list, a context, a table, a date, a range or a text."""
    x, y = a.value, b.value
    match how:
        case 12:
            return Planted(f"[1, 2, 3][{a.text}]", _strict(lambda: _at([1, 2, 3], x), x))
        case 13:
            return Planted(f"{{x: {a.text}, y: x + {b.text}}}.y", _strict(lambda: x + y, x, y))
        case 14:
            answer = _strict(lambda: x + 1 if x >= 0 else FAULT, x)
            return Planted(f"worth({a.text})", answer)
        case 15:
            day = _strict(lambda: x if x in range(1, 32) else FAULT, x)
            return Planted(f"date(2026, 3, {a.text}).day", day)
        case 16:
            many = _strict(lambda: abs(x - y) + 1, x, y)
            return Planted(f"count(for v in {a.text}..{b.text} return v)", many)
        case _:
            text = f"string length(change.note + string({a.text}))"
            return Planted(text, _strict(lambda: Decimal(3 + len(str(int(x)))), x))


MOST_OF_CONDITIONS = 18


@st.composite
def conditions(draw: st.DrawFn, depth: int) -> Planted:
    if depth == 0:
        return Planted(*draw(st.sampled_from(_TRUTHS)))
    how = draw(st.integers(0, 24))
    if how > MOST_OF_CONDITIONS:
        return draw(_of_days_and_texts(depth, how))
    if how < 9:
        return draw(_of_numbers(depth, how))
    p, q = draw(conditions(depth - 1)), draw(conditions(depth - 1))
    a, b = p.value, q.value
    match how:
        case 9:
            return Planted(f"({p.text} and {q.text})", _decide([a, b], decisive=False))
        case 10:
            return Planted(f"({p.text} or {q.text})", _decide([a, b], decisive=True))
        case 11:
            return Planted(f"not({p.text})", _strict(lambda: not a, a))
        case 12:
            return Planted(f"(({p.text}) = true)", _strict(lambda: a, a))
        case 13:
            return Planted(f"(({p.text}) != ({q.text}))", _strict(lambda: a != b, a, b))
        case 14:
            c = draw(conditions(depth - 1))
            text = f"(if {p.text} then {q.text} else {c.text})"
            return Planted(text, _choose(a, b, c.value))
        case 15:
            return Planted(f"(({p.text}) in (true, {q.text}))", _among(a, b))
        case 16:
            return Planted(f"all([{p.text}, {q.text}])", _decide([a, b], decisive=False))
        case 17:
            return Planted(f"(({p.text}) = null)", _strict(lambda: False, a))
        case _:
            return Planted(f"is defined({p.text})", a is not FAULT)


def _among(value, other):
    if value is FAULT:
        return FAULT
    return _decide([value, FAULT if other is FAULT else value == other], decisive=True)


@st.composite
def _of_numbers(draw: st.DrawFn, depth: int, how: int) -> Planted:
    p, q, r = (draw(numbers(depth - 1)) for _ in range(3))
    a, b, c = p.value, q.value, r.value
    above = [_strict(lambda v=v: v > c, v, c) for v in (a, b)]
    match how:
        case 0:
            return Planted(f"({p.text} > {q.text})", _strict(lambda: a > b, a, b))
        case 1:
            return Planted(f"({p.text} = {q.text})", _strict(lambda: a == b, a, b))
        case 2:
            text = f"({p.text} between {q.text} and {r.text})"
            return Planted(text, _strict(lambda: b <= a <= c, a, b, c))
        case 3:
            tests = [_strict(lambda: a == b, a, b), _strict(lambda: a > c, a, c)]
            return Planted(f"({p.text} in ({q.text}, > {r.text}))", _decide(tests, decisive=True))
        case 4:
            text = f"(some v in [{p.text}, {q.text}] satisfies v > {r.text})"
            return Planted(text, _decide(above, decisive=True))
        case 5:
            text = f"(every v in [{p.text}, {q.text}] satisfies v > {r.text})"
            return Planted(text, _decide(above, decisive=False))
        case 6:
            text = f"(count([{p.text}, {q.text}][item > {r.text}]) > 1)"
            return Planted(text, _strict(lambda: all(above), *above))
        case 7:
            return Planted(f"(({p.text}) instance of number)", _strict(lambda: True, a))
        case _:
            alike = [_strict(lambda v=v: v == c, v, c) for v in (a, b)]
            value = FAULT if c is FAULT else _decide(alike, decisive=True)
            return Planted(f"list contains([{p.text}, {q.text}], {r.text})", value)


@st.composite
def _of_days_and_texts(draw: st.DrawFn, depth: int, how: int) -> Planted:
    p, q, r = (draw(numbers(depth - 1)) for _ in range(3))
    a, b, c = p.value, q.value, r.value
    day, length = '@"2026-03-02"', '@"P1D"'
    match how:
        case 19:
            text = f'("x" + string({p.text}) = "x" + string({q.text}))'
            return Planted(text, _strict(lambda: a == b, a, b))
        case 20:
            text = f"({day} + {length} * {p.text} > {day} + {length} * {q.text})"
            return Planted(text, _strict(lambda: a > b, a, b))
        case 21:
            text = f"(({day} + {length} * {p.text}) - {day} = {length} * {q.text})"
            return Planted(text, _strict(lambda: a == b, a, b))
        case 22:
            text = f"({p.text} in [{q.text}..{r.text}])"
            return Planted(text, _within(a, b, c, lambda: b <= a <= c))
        case 23:
            text = f"({p.text} in ({q.text}..{r.text}))"
            return Planted(text, _within(a, b, c, lambda: b < a < c))
        case _:
            text = f'(change.due + duration("P1D") * {p.text} in (> {day}))'
            return Planted(text, _strict(lambda: a > 0, a))


def _within(value, low, high, test):
    return _strict(lambda: test() if low <= high else FAULT, value, low, high)
