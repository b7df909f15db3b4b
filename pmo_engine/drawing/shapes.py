"""What a picture is made of: shapes with their places, in whole pixels from the upper left.

A shape's ``kind`` says what it stands for; how that looks is one table in ``svg``.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from pmo_engine.model.frozen import dataclass

Anchor: TypeAlias = Literal["start", "middle", "end"]
Point: TypeAlias = tuple[int, int]
HEAD = 8  # how long the head of an arrow is


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; ``whole`` is what pointing at it says."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    whole: str = ""
    round: int = 0


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled form through corners."""

    kind: str
    points: tuple[Point, ...]
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, straight between them."""

    kind: str
    points: tuple[Point, ...]
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    kind: str
    x: int
    y: int
    radius: int = 6
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text; ``whole`` is what it was before it was made to fit."""

    kind: str
    x: int
    y: int
    text: str
    anchor: Anchor = "start"
    whole: str = ""


Shape: TypeAlias = Box | Polygon | Line | Dot | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a ground of some size; ``title`` names it, ``about`` says what it shows."""

    width: int
    height: int
    title: str
    about: str
    shapes: tuple[Shape, ...]


def fitted(kind: str, at: Point, text: str, most: int, anchor: Anchor = "start") -> Label:
    """Write at most so many characters of a text; pointing at one that is cut says all of it."""
    x, y = at
    if len(text) <= most:
        return Label(kind, x, y, text, anchor)
    return Label(kind, x, y, f"{text[: most - 1].rstrip()}…", anchor, text)


def head_down(x: int, y: int, kind: str = "head") -> Polygon:
    """Draw the head of an arrow that points down to a place."""
    return Polygon(kind, ((x - 5, y - HEAD), (x + 5, y - HEAD), (x, y)))


def head_left(x: int, y: int, kind: str = "head") -> Polygon:
    """Draw the head of an arrow that points left to a place."""
    return Polygon(kind, ((x, y), (x + HEAD, y - HEAD // 2), (x + HEAD, y + HEAD // 2)))


def diamond(kind: str, at: Point, half: Point, whole: str = "") -> Polygon:
    """Draw a diamond round a centre; ``half``: half its width, half its height."""
    (x, y), (across, down) = at, half
    return Polygon(kind, ((x, y - down), (x + across, y), (x, y + down), (x - across, y)), whole)
