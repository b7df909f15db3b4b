"""A matrix of risk: how many risks have each probability and impact, and which."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.drawing import frame
from pmo_engine.drawing.shapes import Box, Drawing, Label, fitted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_engine.drawing.shapes import Shape

STEPS = 5
SIDE, HIGH, LEFT, TOP = 100, 52, 124, 36
LOW_SCORE, HIGH_SCORE = 5, 12  # up to which a score is low, above which it is high
IN_FIELD = 13  # characters that fit


def matrix(title: str, risks: Mapping[tuple[int, int], Sequence[str]]) -> Drawing:
    """Draw the risks of each probability and impact, both 1 to 5, by what they are called.

    Each field says its score, which is their product; those of a high score are the darker ones.
    """
    shapes = frame.heading(title, "")
    for probability in range(STEPS, 0, -1):
        y = TOP + HIGH * (STEPS - probability)
        shapes.append(Label("by", LEFT - 10, y + HIGH // 2 + 4, str(probability), "end"))
        for impact in range(1, STEPS + 1):
            at = LEFT + SIDE * (impact - 1), y
            shapes += _field(at, probability * impact, risks.get((probability, impact), ()))
    bottom = TOP + HIGH * STEPS
    for impact in range(1, STEPS + 1):
        x = LEFT + SIDE * impact - SIDE // 2
        shapes.append(Label("by", x, bottom + 18, str(impact), "middle"))
    shapes.append(Label("label", frame.EDGE, TOP + HIGH // 2 + 4, "Probability"))
    shapes.append(Label("label", LEFT + SIDE * STEPS // 2, bottom + 36, "Impact", "middle"))
    return Drawing(frame.WIDTH, bottom + 46, title, _said(risks), tuple(shapes))


def _field(at: tuple[int, int], score: int, risks: Sequence[str]) -> Iterator[Shape]:
    x, y = at
    dark = (score > LOW_SCORE) + (score > HIGH_SCORE)
    yield Box(f"field-{dark}", x, y, SIDE, HIGH)
    yield Label("small", x + SIDE - 5, y + 13, str(score), "end")
    if risks:
        yield Label("count", x + 8, y + 21, str(len(risks)))
        every = ", ".join(risks)
        said = every if len(every) <= IN_FIELD else f"{risks[0]} …"
        shown = fitted("by", (x + 8, y + 42), said, IN_FIELD)
        yield replace(shown, whole=every) if said != every else shown


def _said(risks: Mapping[tuple[int, int], Sequence[str]]) -> str:
    found = sorted(risks.items(), key=lambda each: (-each[0][0] * each[0][1], each[0]))
    said = [
        f"Probability {p}, impact {i}, score {p * i}: {', '.join(names)}."
        for (p, i), names in found
        if names
    ]
    return " ".join(said) or "No risks."
