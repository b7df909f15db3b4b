"""Swim lanes: of each project its stages over days, and the gates and days that matter in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.drawing import frame
from pmo_engine.drawing.lines import nothing
from pmo_engine.drawing.scales import Days
from pmo_engine.drawing.shapes import Box, Drawing, Label, Line, diamond, fitted
from pmo_engine.model.frozen import dataclass
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pmo_engine.drawing.shapes import Anchor, Shape

State: TypeAlias = Literal["done", "now", "ahead"]
LANE, BAR, TOP = 44, 18, 68
STATES: dict[State, str] = {"done": "done", "now": "under way", "ahead": "ahead"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage from a day to a day, and how it stands."""

    name: str
    start: date
    end: date
    state: State


@dataclass(frozen=True, slots=True)
class Event:
    """A gate or another day that matters."""

    name: str
    day: date


@dataclass(frozen=True, slots=True)
class Lane:
    """A project with its stages and what happens in it."""

    name: str
    stages: tuple[Stage, ...]
    events: tuple[Event, ...] = ()


def lanes(title: str, found: Sequence[Lane], today: date) -> Drawing:
    """Draw a lane for each project; a stage says how it stands by its shade and in words."""
    days = [d for lane in found for s in lane.stages for d in (s.start, s.end)]
    days += [event.day for lane in found for event in lane.events]
    if not days:
        return nothing(title)
    left = (
        frame.EDGE + frame.CHARACTER * min(max(len(each.name) for each in found), frame.NAME) + 14
    )
    scale = Days.over([*days, today], left, frame.WIDTH - 44)
    bottom = TOP + LANE * len(found)
    shapes = [*frame.heading(title, ""), *_key()]
    shapes += frame.across(scale, scale.ticks(), TOP, bottom)
    for number, lane in enumerate(found):
        shapes += _lane(lane, scale, TOP + LANE * number)
    shapes += frame.today_line(scale, value_in_words(today), scale.at(today), TOP, bottom)
    about = " ".join(map(_said, found))
    return Drawing(frame.WIDTH, bottom + frame.BELOW, title, about, tuple(shapes))


def _key() -> Iterator[Shape]:
    x = frame.EDGE
    for kind, words in STATES.items():
        yield Box(kind, x, 30, 22, 10)
        yield Label("by", x + 28, 40, words)
        x += 28 + frame.CHARACTER * len(words) + 20
    yield diamond("gate", (x + 6, 36), (6, 7))
    yield Label("by", x + 18, 40, "gate")


def _lane(lane: Lane, scale: Days, y: int) -> Iterator[Shape]:
    yield Line("grid", ((frame.EDGE, y), (scale.end, y)))
    yield fitted("label", (frame.EDGE, y + LANE // 2 + 4), lane.name, frame.NAME)
    for stage in lane.stages:
        start, end = scale.at(stage.start), scale.at(stage.end)
        yield Box(stage.state, start, y + 6, max(end - start, 2), BAR, _stage_said(stage))
        most = (end - start) // frame.CHARACTER
        if most > 2:  # noqa: PLR2004 - letters that say something
            kind = "on-dark" if stage.state == "now" else "in"
            yield fitted(kind, (start + 4, y + 6 + BAR - 5), stage.name, most)
    for event in lane.events:
        x = scale.at(event.day)
        yield diamond(
            "gate", (x, y + 6 + BAR), (6, 8), f"{event.name}, {value_in_words(event.day)}"
        )
        last = x > (scale.start + scale.end) // 2
        beside: tuple[int, Anchor] = (x - 9, "end") if last else (x + 9, "start")
        yield Label("small", beside[0], y + LANE - 7, event.name, beside[1])


def _stage_said(stage: Stage) -> str:
    start, end = value_in_words(stage.start), value_in_words(stage.end)
    return f"{stage.name}, {start} to {end}, {STATES[stage.state]}"


def _said(lane: Lane) -> str:
    events = (f"{each.name}, {value_in_words(each.day)}" for each in lane.events)
    parts = "; ".join([*map(_stage_said, lane.stages), *events]) or "nothing planned"
    return f"{lane.name}: {parts}."
