"""Boxes one below the other with ways round their right side: dependencies, lives of records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.drawing.shapes import Box, Drawing, Label, Line, fitted, head_left
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.drawing.shapes import Shape

LEFT, BOX_WIDTH, BOX_HEIGHT, GAP, WAY = 4, 220, 40, 30, 26
IN_BOX = 28  # characters that fit
LEAST_WIDTH = 520


@dataclass(frozen=True, slots=True)
class Node:
    """What ways lead to and from; of which kind its box is."""

    name: str
    kind: str = "stage"


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one node to another, by their places, with what is written at it."""

    start: int
    to: int
    label: str = ""
    whole: str = ""


def graph(title: str, about: str, nodes: Sequence[Node], edges: Sequence[Edge]) -> Drawing:
    """Draw nodes in their order; a way leaves a box at its right and enters one with a head.

    Circles, ways to the same node and several between two are all drawn, each on its own height.
    """
    shapes: list[Shape] = []
    for row, node in enumerate(nodes):
        at = LEFT + row * (BOX_HEIGHT + GAP)
        shapes.append(Box(node.kind, LEFT, at, BOX_WIDTH, BOX_HEIGHT, round=6))
        place = LEFT + BOX_WIDTH // 2, at + BOX_HEIGHT // 2 + 5
        shapes.append(fitted("in", place, node.name, IN_BOX, "middle"))
    for number, edge in enumerate(edges):
        shapes += _way(edge, number, len(edges))
    width = max(LEAST_WIDTH, LEFT + BOX_WIDTH + WAY * (len(edges) + 2))
    height = 2 * LEFT + len(nodes) * (BOX_HEIGHT + GAP) - GAP
    return Drawing(width, max(height, 2 * LEFT), title, about, tuple(shapes))


def _way(edge: Edge, number: int, of: int) -> Iterator[Shape]:
    side, x = LEFT + BOX_WIDTH, LEFT + BOX_WIDTH + WAY * (number + 1)
    start, end = (_height(each, number, of) for each in (edge.start, edge.to))
    yield Line("way", ((side, start), (x, start), (x, end), (side, end)), edge.whole)
    yield head_left(side, end)
    if edge.label:
        yield Label("by", x + 3, (start + end) // 2 + 4, edge.label)


def _height(row: int, number: int, of: int) -> int:
    """Give the height at which a way meets a box: each has its own."""
    top = LEFT + row * (BOX_HEIGHT + GAP)
    return top + 4 + (BOX_HEIGHT - 8) * (number + 1) // (of + 1)
