"""Pictures as SVG that stands alone: one look for every page, for paper and for files.

How each kind of shape looks is said in attributes at the shape, which browsers, Word's pictures
and the typesetter of PDF all follow. What differs by colour differs by form or dash too.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, assert_never

from pmo_engine.drawing.shapes import Box, Dot, Label, Line, Polygon

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.drawing.shapes import Drawing, Point, Shape

FONTS = "system-ui, 'Segoe UI', Roboto, Arial, 'DejaVu Sans', sans-serif"
LETTERS = f'font-family="{FONTS}" font-size="13"'
INK, SOFT, RULE, BLUE, PALE, RED = "#1c2733", "#4f5b67", "#d3dae0", "#1f6fb2", "#dcebf7", "#a3260f"
_BAND = f'fill="#eef1f4" stroke="{SOFT}"'
_BLUE = f'fill="{PALE}" stroke="{BLUE}"'
_LINE = 'fill="none" stroke-linejoin="round" stroke-width="2"'
LOOKS = {
    # texts
    "label": f'fill="{INK}"',
    "title": f'fill="{INK}" font-weight="600"',
    "in": f'fill="{INK}"',
    "by": f'fill="{SOFT}" font-size="12"',
    "small": f'fill="{SOFT}" font-size="11"',
    "count": f'fill="{INK}" font-size="16" font-weight="600"',
    "on-dark": 'fill="#ffffff" font-weight="600"',
    # stages, gates, ways between them
    "stage": _BAND,
    "over": _BLUE,
    "gate": f'{_BLUE} stroke-width="1.5"',
    "way": f'fill="none" stroke="{SOFT}"',
    "head": f'fill="{SOFT}"',
    # ladders
    "early-line": f'fill="none" stroke="{BLUE}" stroke-width="3"',
    "late-line": f'fill="none" stroke="{RED}" stroke-width="3" stroke-dasharray="6 4"',
    "asked": f'fill="{INK}"',
    "early": f'fill="{BLUE}"',
    "late": f'fill="#ffffff" stroke="{RED}" stroke-width="3"',
    # offices, programmes, projects
    "office": f'fill="#ffffff" stroke="{INK}"',
    "temporary": f'fill="#ffffff" stroke="{INK}" stroke-dasharray="6 4"',
    "programme": f'fill="#ffffff" stroke="{INK}" stroke-width="2"',
    "project": 'fill="#ffffff" stroke="#8a949e"',
    "vacant": f'fill="#ffffff" stroke="{RED}" stroke-width="2.5"',
    # axes
    "axis": f'fill="none" stroke="{SOFT}"',
    "grid": f'fill="none" stroke="{RULE}"',
    "today": f'fill="none" stroke="{INK}" stroke-dasharray="2 3"',
    "limit": f'fill="none" stroke="{INK}" stroke-width="1.5" stroke-dasharray="10 4"',
    # series: by colour, by dash, by the form of their marks
    "line-0": f'{_LINE} stroke="{INK}"',
    "line-1": f'{_LINE} stroke="{BLUE}" stroke-dasharray="8 4"',
    "line-2": f'{_LINE} stroke="#b4540a" stroke-dasharray="2 4" stroke-linecap="round"',
    "line-3": f'{_LINE} stroke="#1d7a4c" stroke-dasharray="12 4 2 4"',
    "line-4": f'{_LINE} stroke="#7b3fa0" stroke-dasharray="5 5"',
    "line-5": f'{_LINE} stroke="#6b7682" stroke-dasharray="1 3"',
    "line-6": f'{_LINE} stroke="#b07d10" stroke-dasharray="10 3 3 3"',
    "line-7": f'{_LINE} stroke="{RED}" stroke-dasharray="16 3"',
    "mark-0": f'fill="{INK}"',
    "mark-1": f'fill="#ffffff" stroke="{BLUE}" stroke-width="1.5"',
    "mark-2": 'fill="#b4540a"',
    "mark-3": 'fill="#ffffff" stroke="#1d7a4c" stroke-width="1.5"',
    "mark-4": 'fill="#7b3fa0"',
    "mark-5": 'fill="#ffffff" stroke="#6b7682" stroke-width="1.5"',
    "mark-6": 'fill="#f2b233" stroke="#1c2733"',
    "mark-7": f'fill="{RED}"',
    "bar-0": f'fill="#29445c" stroke="{INK}"',
    "bar-1": f'fill="#ffffff" stroke="{INK}"',
    "bar-2": f'fill="#a9c6df" stroke="{INK}"',
    "bar-3": f'fill="#e9edf0" stroke="{INK}"',
    "hatch": f'fill="none" stroke="{INK}" stroke-width="0.8"',
    # fields of a matrix
    "field-0": f'fill="#ffffff" stroke="{SOFT}"',
    "field-1": f'fill="#e4e9ed" stroke="{SOFT}"',
    "field-2": f'fill="#bcc7d1" stroke="{SOFT}"',
    # how a stage stands
    "done": f'fill="#a9b6c2" stroke="{INK}"',
    "now": f'fill="#29445c" stroke="{INK}"',
    "ahead": f'fill="#ffffff" stroke="{INK}"',
    # red, amber, green: each has its own form, too
    "green": 'fill="#1d7a4c" stroke="#1d7a4c"',
    "amber": 'fill="#f2b233" stroke="#1c2733"',
    "red": f'fill="{RED}" stroke="{RED}"',
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
"""What a file of its own needs, and a page does not."""


def in_page(written: str) -> str:
    """Give a picture that was written as it stands in a page of HTML."""
    return written.replace(NAMESPACE, "", 1)


def svg(drawing: Drawing) -> str:
    """Write a picture as SVG; nothing in it is fetched, run, or read as markup."""
    size = f'width="{drawing.width}" height="{drawing.height}"'
    view = f'viewBox="0 0 {drawing.width} {drawing.height}"'
    return "\n".join(
        [
            f'<svg{NAMESPACE} role="img" {size} {view} {LETTERS}>',
            f"<title>{_text(drawing.title)}</title>",
            f"<desc>{_text(drawing.about)}</desc>",
            f'<rect {size} fill="#ffffff"/>',
            *map(_written, drawing.shapes),
            "</svg>\n",
        ]
    )


def _written(shape: Shape) -> str:
    look = LOOKS[shape.kind]
    match shape:
        case Box(_, x, y, width, height, _, corner):
            place = f'x="{x}" y="{y}" width="{width}" height="{height}"'
            tag, attributes = "rect", f'{place} rx="{corner}"' if corner else place
        case Polygon(_, points):
            tag, attributes = "polygon", f'points="{_points(points)}"'
        case Line(_, points):
            tag, attributes = "polyline", f'points="{_points(points)}"'
        case Dot(_, x, y, radius):
            tag, attributes = "circle", f'cx="{x}" cy="{y}" r="{radius}"'
        case Label(_, x, y, text, anchor):
            to = "" if anchor == "start" else f' text-anchor="{anchor}"'
            written = f"{_said(shape)}{_text(text)}"
            return f'<text x="{x}" y="{y}"{to} {look}>{written}</text>'
        case _:
            assert_never(shape)
    said = _said(shape)
    return f"<{tag} {attributes} {look}>{said}</{tag}>" if said else f"<{tag} {attributes} {look}/>"


def _said(shape: Shape) -> str:
    return f"<title>{_text(shape.whole)}</title>" if shape.whole else ""


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _text(text: str) -> str:
    return escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text), quote=False)
