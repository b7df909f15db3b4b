"""Pictures as shapes with their places: gates between stages, a ladder, the life of a record.

All go downwards, so that they fit a page and a telephone; lengths are in pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.documents.model import Flow, Leg, Life, TimeLine

Anchor: TypeAlias = Literal["start", "middle"]
WIDTH = 520
BOX_WIDTH, BOX_HEIGHT = 220, 40
GATE_HEIGHT, ARROW = 64, 26
CENTRE = BOX_WIDTH // 2 + 4
BESIDE = CENTRE + 62
STEP, LINE_AT = 52, 16
IN_BOX, BESIDE_GATE, BESIDE_LINE = 28, 40, 62  # characters that fit


@dataclass(frozen=True, slots=True)
class Box:
    """A stage."""

    kind: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Diamond:
    """A gate."""

    kind: str
    points: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line; one that ``points`` ends in a head."""

    kind: str
    x: int
    start: int
    end: int
    points: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A point on a time line."""

    kind: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Bend:
    """A line with corners, through points as SVG writes them."""

    kind: str
    points: str


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text."""

    kind: str
    x: int
    y: int
    text: str
    anchor: Anchor = "start"


Shape: TypeAlias = Box | Diamond | Arrow | Bend | Dot | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a ground of some size, and what they show."""

    width: int
    height: int
    about: str
    shapes: tuple[Shape, ...]


def draw_flow(flow: Flow) -> Drawing:
    """Draw stages as boxes with their gates as diamonds between; a chain goes straight down."""
    shapes: list[Shape] = []
    at, last = 4, None
    for each in flow.passages:
        if each.from_stage != last:
            at = _stage(shapes, at + (ARROW if last is not None else 0), each.from_stage)
        at = _gate(shapes, _arrow(shapes, at), each.gate, (each.title, each.decided_by))
        at = _stage(shapes, _arrow(shapes, at), each.to_stage)
        last = each.to_stage
    return Drawing(WIDTH, at + 4, flow.about, tuple(shapes))


def _stage(shapes: list[Shape], at: int, name: str) -> int:
    shapes.append(Box("stage", CENTRE - BOX_WIDTH // 2, at, BOX_WIDTH, BOX_HEIGHT))
    shapes.append(Label("in", CENTRE, at + BOX_HEIGHT // 2 + 5, _short(name, IN_BOX), "middle"))
    return at + BOX_HEIGHT


def _arrow(shapes: list[Shape], at: int) -> int:
    shapes.append(Arrow("way", CENTRE, at, at + ARROW, points=True))
    return at + ARROW


def _gate(shapes: list[Shape], at: int, name: str, beside: tuple[str, str]) -> int:
    half = GATE_HEIGHT // 2
    sides = (0, 0), (52, half), (0, 2 * half), (-52, half)
    shapes.append(Diamond("gate", " ".join(f"{CENTRE + x},{at + y}" for x, y in sides)))
    shapes.append(Label("in", CENTRE, at + half + 5, _short(name, 9), "middle"))
    title, decider = beside
    shapes.append(Label("title", BESIDE, at + half - 4, _short(title, BESIDE_GATE)))
    shapes.append(Label("by", BESIDE, at + half + 14, _short(f"decided by {decider}", BESIDE_GATE)))
    return at + 2 * half


def draw_time_line(line: TimeLine) -> Drawing:
    """Draw rungs as points on a line that changes where the time allowed is over."""
    early = sum(not step.late for step in line.steps)
    asked, due = 18, 18 + STEP * (early + 1)
    end = asked + STEP * (len(line.steps) + 1)
    shapes: list[Shape] = [Arrow("early", LINE_AT, asked, due - STEP // 2, points=False)]
    if early < len(line.steps):
        shapes.append(Arrow("late", LINE_AT, due - STEP // 2, end - STEP, points=False))
    shapes += [Dot("asked", LINE_AT, asked), Label("title", LINE_AT + 24, asked + 5, "asked")]
    for place, step in enumerate(line.steps, 1):
        at, kind = asked + STEP * place, "late" if step.late else "early"
        shapes.append(Dot(kind, LINE_AT, at))
        shapes.append(Label("title", LINE_AT + 24, at - 2, _short(step.when, BESIDE_LINE)))
        shapes.append(Label("by", LINE_AT + 24, at + 16, _short(step.what, BESIDE_LINE)))
    return Drawing(WIDTH, end - STEP + 30, line.about, tuple(shapes))


LANE, GAP, HEAD = 26, 30, 8


def draw_life(life: Life) -> Drawing:
    """Draw states as boxes one below the other, and each move as a way round their right side.

    The numbers at the ways are those of the clauses that say the moves.
    """
    shapes: list[Shape] = []
    for row, state in enumerate(life.states):
        kind = "over" if state in life.closed else "stage"
        at = 4 + row * (BOX_HEIGHT + GAP)
        shapes.append(Box(kind, 4, at, BOX_WIDTH, BOX_HEIGHT))
        text = _short(state, IN_BOX)
        shapes.append(Label("in", 4 + BOX_WIDTH // 2, at + BOX_HEIGHT // 2 + 5, text, "middle"))
    for lane, leg in enumerate(life.legs):
        shapes += _way(life, leg, lane, len(life.legs))
    width = max(WIDTH, 4 + BOX_WIDTH + LANE * (len(life.legs) + 2))
    height = 8 + len(life.states) * (BOX_HEIGHT + GAP) - GAP
    return Drawing(width, height, life.about, tuple(shapes))


def _way(life: Life, leg: Leg, lane: int, lanes: int) -> Iterator[Shape]:
    """Lead a move out of the right side of its first state and into that of its last."""
    side, x = 4 + BOX_WIDTH, 4 + BOX_WIDTH + LANE * (lane + 1)
    start, end = (_height(life, each, lane, lanes) for each in (leg.start, leg.to))
    yield Bend("way", f"{side},{start} {x},{start} {x},{end} {side},{end}")
    tip = f"{side},{end} {side + HEAD},{end - HEAD // 2} {side + HEAD},{end + HEAD // 2}"
    yield Diamond("head", tip)
    yield Label("by", x + 3, (start + end) // 2 + 4, leg.number.rpartition(".")[2])


def _height(life: Life, state: str, lane: int, lanes: int) -> int:
    """Give the height at which a way meets a state: each has its own."""
    top = 4 + life.states.index(state) * (BOX_HEIGHT + GAP)
    return top + 4 + (BOX_HEIGHT - 8) * (lane + 1) // (lanes + 1)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
