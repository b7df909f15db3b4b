"""The picture of an organisation: a tree of boxes that goes downwards, as SVG that stands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.drawing.shapes import Box, Drawing, Line, fitted
from pmo_engine.drawing.svg import svg
from pmo_engine.queries.organisation import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.drawing.shapes import Shape
    from pmo_engine.queries.organisation import Node, Organisation

ROW, STEP, LEFT, TOP = 46, 26, 12, 12
BOX_WIDTH, BOX_HEIGHT, WIDTH = 560, 36, 900
IN_LINE = 84  # characters that fit


def drawn(found: Organisation) -> str:
    """Draw offices and programmes, each tree below the other."""
    trees = (*found.offices, *found.programmes)
    rows = [placed for node in trees for placed in _with_depths(node, 0)]
    shapes: list[Shape] = []
    above: list[int] = []  # where the boxes end that a node hangs on, the nearest last
    for row, (depth, node) in enumerate(rows):
        at = LEFT + STEP * depth, TOP + ROW * row
        above[depth:] = [at[1] + BOX_HEIGHT]
        if depth:
            foot = at[1] + BOX_HEIGHT // 2
            side = at[0] - 14
            shapes.append(Line("way", ((side, above[depth - 1]), (side, foot), (at[0], foot))))
        shapes += _box(node, said(node, found), *at)
    width = max((LEFT + STEP * depth + BOX_WIDTH + LEFT for depth, _ in rows), default=WIDTH)
    about = " ".join(f"{said(node, found)}." for _, node in rows)
    title = f"The organisation on {found.day}"
    return svg(Drawing(width, 2 * TOP + ROW * len(rows), title, about, tuple(shapes)))


def _with_depths(node: Node, depth: int) -> Iterator[tuple[int, Node]]:
    yield depth, node
    for each in node.under:
        yield from _with_depths(each, depth + 1)


def _box(node: Node, whole: str, x: int, y: int) -> Iterator[Shape]:
    """Draw a node: its heading, and a line below it with the rest of the whole."""
    first, _, rest = whole.partition("; ")
    lacking = bool(node.vacant) or node.state == "ended"
    title = f"{node.id}  {node.title}" if node.title != node.id else first
    corner = 6 if node.sort == "programme" else 2
    yield Box(_kind(node, lacking=lacking), x, y, BOX_WIDTH, BOX_HEIGHT, whole, corner)
    yield fitted("title", (x + 10, y + 15), f"{title} (!)" if lacking else title, IN_LINE)
    yield fitted("small", (x + 10, y + 29), rest, IN_LINE)


def _kind(node: Node, *, lacking: bool) -> str:
    if lacking:
        return "vacant"
    temporary = node.form == "virtual" or node.until is not None
    return "temporary" if node.sort == "office" and temporary else node.sort
