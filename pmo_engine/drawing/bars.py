"""Numbers beside one another: bars that go across, so that what they are of can be read."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_engine.drawing import frame
from pmo_engine.drawing.lines import nothing
from pmo_engine.drawing.scales import Numbers
from pmo_engine.drawing.shapes import Drawing, Label, Line, fitted
from pmo_engine.model.frozen import dataclass
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.drawing.scales import Tick
    from pmo_engine.drawing.shapes import Shape

THICK, GAP = 18, 12  # of a bar, between groups
ABSENT = "not available"


@dataclass(frozen=True, slots=True)
class Group:
    """What is compared of one thing, in the order of the series; None: not available."""

    name: str
    values: tuple[Decimal | None, ...]


def bars(
    title: str,
    series: Sequence[str],
    groups: Sequence[Group],
    unit: str = "",
    *,
    reach: Sequence[Decimal] = (),
) -> Drawing:
    """Draw a bar for each value, with the value at its end, and a key where series are several.

    The scale takes in ``reach``, too, so that pictures that belong together have one scale.
    """
    values = [*reach, *(value for each in groups for value in each.values if value is not None)]
    if not groups:
        return nothing(title)
    shapes = frame.heading(title, unit)
    keyed, top = frame.key(series, 42, "bar") if len(series) > 1 else ([], 34)
    names = min(max(len(each.name) for each in groups), frame.NAME) * frame.CHARACTER
    ends = max([len(value_in_words(each)) for each in values] or [0])
    absent = any(None in each.values for each in groups)
    room = frame.CHARACTER * max(ends, len(ABSENT) if absent else 0)
    left = frame.EDGE + names + 12 + (room if any(each < 0 for each in values) else 0)
    scale = Numbers.over(values, left, frame.WIDTH - room - 12)
    bottom = top + sum(THICK * len(each.values) + GAP for each in groups)
    shapes += [*keyed, *frame.across(scale, _sparse(scale), top, bottom)]
    zero, y = scale.at(Decimal(0)), top + GAP // 2
    for each in groups:
        middle = y + THICK * len(each.values) // 2 + 5
        shapes.append(fitted("label", (frame.EDGE, middle), each.name, frame.NAME))
        shapes += _group(each, series, scale, y)
        y += THICK * len(each.values) + GAP
    shapes.append(Line("axis", ((zero, top), (zero, bottom))))
    about = " ".join(_said(each, series) for each in groups)
    about = f"In {unit}. {about}" if unit else about
    return Drawing(frame.WIDTH, bottom + frame.BELOW, title, about, tuple(shapes))


def _sparse(scale: Numbers) -> list[Tick]:
    """Give as many ticks as have room beside one another."""
    ticks = scale.ticks()
    room = max((scale.end - scale.start) // frame.room_for(ticks), 1)
    return ticks[:: -(-len(ticks) // room)]


def _group(group: Group, series: Sequence[str], scale: Numbers, y: int) -> Iterator[Shape]:
    zero = scale.at(Decimal(0))
    for number, value in enumerate(group.values):
        middle = y + THICK * number + THICK // 2 + 4
        if value is None:
            yield Label("small", zero + 6, middle, ABSENT)
            continue
        end, text = scale.at(value), value_in_words(value)
        whole = ", ".join(filter(None, (group.name, series[number]))) + f": {text}"
        at, size = (min(zero, end), y + THICK * number + 1), (abs(end - zero), THICK - 3)
        yield from frame.bar(number, at, size, whole)
        before = value < 0
        yield Label(
            "label", end + (-6 if before else 6), middle, text, "end" if before else "start"
        )


def _said(group: Group, series: Sequence[str]) -> str:
    values = (ABSENT if each is None else value_in_words(each) for each in group.values)
    if len(series) == 1:
        return f"{group.name}: {next(values)}."
    parts = (f"{name} {value}" for name, value in zip(series, values, strict=True))
    return f"{group.name}: {', '.join(parts)}."
