"""Pictures of what a policy says: gates between stages, a ladder, the life of a record.

All go downwards, so that they fit a page and a telephone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.drawing.graph import Edge, Node, graph
from pmo_engine.drawing.shapes import (
    Box,
    Dot,
    Drawing,
    Label,
    Line,
    Point,
    diamond,
    fitted,
    head_down,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.documents.model import Flow, Life, Passage, TimeLine
    from pmo_engine.drawing.shapes import Shape

WIDTH = 520
BOX_WIDTH, BOX_HEIGHT = 220, 40
GATE_HEIGHT, ARROW = 64, 26
CENTRE = BOX_WIDTH // 2 + 4
BESIDE = CENTRE + 62
STEP, LINE_AT = 52, 16
IN_BOX, BESIDE_GATE, BESIDE_LINE = 28, 40, 62  # characters that fit


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
    about = "; ".join(map(passage_in_words, flow.passages))
    return Drawing(WIDTH, at + 4, flow.about, f"{about}.", tuple(shapes))


def passage_in_words(passage: Passage) -> str:
    """Say between which stages a gate is and who decides there."""
    gate = f"{passage.gate} {passage.title}, decided by {passage.decided_by}"
    return f"{passage.from_stage} → {passage.to_stage}: {gate}"


def _stage(shapes: list[Shape], at: int, name: str) -> int:
    shapes.append(Box("stage", CENTRE - BOX_WIDTH // 2, at, BOX_WIDTH, BOX_HEIGHT, round=6))
    shapes.append(fitted("in", (CENTRE, at + BOX_HEIGHT // 2 + 5), name, IN_BOX, "middle"))
    return at + BOX_HEIGHT


def _arrow(shapes: list[Shape], at: int) -> int:
    end = at + ARROW
    shapes += [Line("way", ((CENTRE, at), (CENTRE, end))), head_down(CENTRE, end)]
    return end


def _gate(shapes: list[Shape], at: int, name: str, beside: tuple[str, str]) -> int:
    half, (title, decider) = GATE_HEIGHT // 2, beside
    shapes.append(diamond("gate", (CENTRE, at + half), (52, half)))
    shapes.append(fitted("in", (CENTRE, at + half + 5), name, 9, "middle"))
    shapes.append(fitted("title", (BESIDE, at + half - 4), title, BESIDE_GATE))
    shapes.append(fitted("by", (BESIDE, at + half + 14), f"decided by {decider}", BESIDE_GATE))
    return at + 2 * half


def draw_time_line(line: TimeLine) -> Drawing:
    """Draw rungs as points on a line that changes where the time allowed is over."""
    early = sum(not step.late for step in line.steps)
    asked, due = 18, 18 + STEP * (early + 1)
    end = asked + STEP * (len(line.steps) + 1)
    shapes: list[Shape] = [_upright("early-line", asked, due - STEP // 2)]
    if early < len(line.steps):
        shapes.append(_upright("late-line", due - STEP // 2, end - STEP))
    shapes += [Dot("asked", LINE_AT, asked), Label("title", LINE_AT + 24, asked + 5, "asked")]
    for place, step in enumerate(line.steps, 1):
        at: Point = LINE_AT + 24, asked + STEP * place
        shapes.append(Dot("late" if step.late else "early", LINE_AT, at[1]))
        shapes.append(fitted("title", (at[0], at[1] - 2), step.when, BESIDE_LINE))
        shapes.append(fitted("by", (at[0], at[1] + 16), step.what, BESIDE_LINE))
    about = "; ".join(f"{step.when}: {step.what}" for step in line.steps)
    return Drawing(WIDTH, end - STEP + 30, line.about, f"{about}.", tuple(shapes))


def _upright(kind: str, start: int, end: int) -> Line:
    return Line(kind, ((LINE_AT, start), (LINE_AT, end)))


def draw_life(life: Life) -> Drawing:
    """Draw states as boxes one below the other, and each move as a way round their right side.

    The numbers at the ways are those of the clauses that say the moves.
    """
    nodes = [Node(each, "over" if each in life.closed else "stage") for each in life.states]
    edges = [
        Edge(life.states.index(leg.start), life.states.index(leg.to), leg.number.rpartition(".")[2])
        for leg in life.legs
    ]
    return graph(life.about, "; ".join(life_in_lines(life)) + ".", nodes, edges)


def life_in_lines(life: Life) -> Iterator[str]:
    """Say the states of a record and each move between them."""
    over = f"; over: {', '.join(life.closed)}" if life.closed else ""
    yield f"States: {', '.join(life.states)}{over}"
    yield from (f"{leg.start} → {leg.to} ({leg.number})" for leg in life.legs)
