"""What plots have in common: a heading with its key, axes with grid lines, room for labels."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_engine.drawing.shapes import Box, Dot, Label, Line, Polygon, diamond, fitted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.drawing.scales import Days, Numbers, Tick
    from pmo_engine.drawing.shapes import Anchor, Point, Shape

WIDTH, EDGE = 640, 14
CHARACTER, KEY_CHARACTER = 7, 8  # how wide one is on the average, and at most
NAME = 34  # characters of what is called at the left
KEY_ROW, BELOW = 22, 28
SAMPLE = 34  # a piece of a line in the key
SERIES = 8  # that can be told apart


def room_for(ticks: Sequence[Tick]) -> int:
    """Give the width of the widest label of an axis, with a gap."""
    return CHARACTER * max(len(each.text) for each in ticks) + 12


def key(
    names: Sequence[str], y: int, sort: str, looks: Sequence[int] = ()
) -> tuple[list[Shape], int]:
    """Say which line or bar is what, in rows; give how far down that reaches."""
    shapes: list[Shape] = []
    x = EDGE
    for number, name in zip(looks or range(len(names)), names, strict=True):
        needed = SAMPLE + 8 + KEY_CHARACTER * len(name) + 14
        if x > EDGE and x + needed > WIDTH:
            x, y = EDGE, y + KEY_ROW
        shapes += _sample(number, (x, y), sort)
        shapes.append(Label("label", x + SAMPLE + 8, y + 4, name))
        x += needed
    return shapes, y + KEY_ROW


def _sample(number: int, at: Point, sort: str) -> Iterator[Shape]:
    x, y = at
    if sort == "bar":
        yield from bar(number, (x, y - 6), (SAMPLE, 12))
    else:
        yield Line(f"line-{number % SERIES}", ((x, y), (x + SAMPLE, y)))
        yield mark(number, (x + SAMPLE // 2, y))


def mark(number: int, at: Point, whole: str = "") -> Shape:
    """Draw the mark of a series: circle, square, diamond or triangle, filled or not."""
    kind, (x, y) = f"mark-{number % SERIES}", at
    match number % SERIES:
        case 0 | 5 | 7:
            return Dot(kind, x, y, 4, whole)
        case 1:
            return Box(kind, x - 4, y - 4, 8, 8, whole)
        case 2 | 4 | 6:
            return diamond(kind, at, (5, 5), whole)
        case _:
            return Polygon(kind, ((x, y - 5), (x + 5, y + 4), (x - 5, y + 4)), whole)


BARS = 4
HATCHED = 2  # the bar that has lines across


def bar(number: int, at: Point, size: Point, whole: str = "") -> Iterator[Shape]:
    """Draw a bar of a series: dark, white, hatched or light."""
    (x, y), (width, height) = at, size
    yield Box(f"bar-{number % BARS}", x, y, width, height, whole)
    if number % BARS == HATCHED:
        for left in range(x - height + 8, x + width, 8):
            start, end = max(left, x), min(left + height, x + width)
            foot = y + height + left
            yield Line("hatch", ((start, foot - start), (end, foot - end)))


def across(scale: Days | Numbers, ticks: Sequence[Tick], top: int, bottom: int) -> Iterator[Shape]:
    """Draw an axis that goes across: its grid lines down, its labels below."""
    yield Line("axis", ((scale.start, bottom), (scale.end, bottom)))
    for each in ticks:
        yield Line("grid", ((each.at, top), (each.at, bottom)))
        yield Line("axis", ((each.at, bottom), (each.at, bottom + 5)))
        half = CHARACTER * len(each.text) // 2
        yield Label("by", min(max(each.at, half), WIDTH - half), bottom + 19, each.text, "middle")


def upwards(scale: Numbers, ticks: Sequence[Tick], left: int, right: int) -> Iterator[Shape]:
    """Draw an axis that goes upwards: labels beside, lines across, that of 0 darker."""
    zero = scale.at(Decimal(0))
    for each in ticks:
        kind = "axis" if each.at == zero else "grid"
        yield Line(kind, ((left, each.at), (right, each.at)))
        yield Label("by", left - 8, each.at + 4, each.text, "end")


def heading(title: str, unit: str) -> list[Shape]:
    """Write what a plot is called, and in which unit it is."""
    text = f"{title}, {unit}" if unit else title
    return [fitted("title", (EDGE, 20), text, (WIDTH - 2 * EDGE) // CHARACTER)]


def today_line(scale: Days, day: str, at: int, top: int, bottom: int) -> Iterator[Shape]:
    """Draw the day on which a picture is made, with the day written at its top."""
    anchor: Anchor = "end" if at > (scale.start + scale.end) // 2 else "start"
    yield Line("today", ((at, top), (at, bottom)))
    yield Label("small", at, top - 3, day, anchor)
