"""The picture of an organisation: a tree of boxes that goes downwards, as SVG that stands alone."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.queries.organisation import said
from pmo_engine.reports.report import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.queries.organisation import Node, Organisation

ROW, STEP, LEFT, TOP = 46, 26, 12, 12
BOX_WIDTH, BOX_HEIGHT, WIDTH = 560, 36, 900
IN_LINE = 84  # characters that fit


@dataclass(frozen=True, slots=True)
class Box:
    """A node at its place: a heading, a line below it, and where the box is that it hangs on."""

    sort: str
    x: int
    y: int
    title: str
    line: str
    whole: str
    dashed: bool
    vacant: bool
    from_y: int | None


def drawn(found: Organisation) -> str:
    """Draw offices and programmes, each tree below the other."""
    boxes: list[Box] = []
    for node in (*found.offices, *found.programmes):
        boxes += _boxes(node, 0, len(boxes), None)
    height = TOP + ROW * len(boxes) + TOP
    width = max((each.x + BOX_WIDTH + LEFT for each in boxes), default=WIDTH)
    template = environment().get_template("organisation.svg.j2")
    return template.render(boxes=boxes, width=width, height=height, day=found.day, box=BOX_SIZE)


BOX_SIZE = (BOX_WIDTH, BOX_HEIGHT)


def _boxes(node: Node, depth: int, row: int, parent: int | None) -> Iterator[Box]:
    """Give the box of a node, then those of all under it, one below the other."""
    y = TOP + ROW * row
    whole = said(node)
    first, _, rest = whole.partition("; ")
    yield Box(
        sort=node.sort,
        x=LEFT + STEP * depth,
        y=y,
        title=shorten(f"{node.id}  {node.title}" if node.title != node.id else first, IN_LINE),
        line=shorten(rest, IN_LINE, placeholder=" …"),
        whole=whole,
        dashed=node.sort == "office" and (node.form == "virtual" or node.until is not None),
        vacant=bool(node.vacant) or node.state == "ended",
        from_y=None if parent is None else parent + BOX_HEIGHT,
    )
    row += 1
    for each in node.under:
        below = list(_boxes(each, depth + 1, row, y))
        yield from below
        row += len(below)
