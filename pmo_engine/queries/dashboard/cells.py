"""Figures as a dashboard shows them, each with its colour by the thresholds of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.feel.wire import to_json
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money
from pmo_engine.model.rag import Colour, worst
from pmo_engine.model.shape import Shape
from pmo_engine.prose.figures import absence_in_words, figure_in_words, why_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pmo_engine.engines.figures import Worked
    from pmo_engine.policy import Policy
    from pmo_engine.policy.figures import Unit

UNKNOWN = "not known"
Coloured: TypeAlias = "tuple[bool, Colour | None]"
"""Whether a figure counts for colours, and its colour; None is not known."""


class Cell(Shape):
    """A figure as it stands: ``value`` as JSON, in words, or why there is none; its colour."""

    value: Any
    words: str
    colour: str | None = None  # None: it has no thresholds, or none that count


def said(colour: Colour | None) -> str:
    """Say a colour; one that is not known in words."""
    return UNKNOWN if colour is None else colour.value


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures of a project as they are shown, and the worst colour of each aspect."""

    cells: Mapping[str, Cell]
    aspects: Mapping[str, Colour | None]


class Shower:
    """Shows the figures of a dashboard as a policy says, with the colours of a day."""

    def __init__(self, policy: Policy, day: date) -> None:
        self.policy, self.thresholds, self.day = policy, policy.thresholds, day
        self._known: dict[tuple[Any, ...], Cell] = {}
        listed = () if policy.dashboard is None else policy.dashboard.figures
        units = {each.id: each.unit for each in policy.figures}
        self.units = {id: units[id] for id in dict.fromkeys((*listed, *policy.thresholds))}

    def of(self, figures: Mapping[str, Worked]) -> Shown:
        """Show the figures of a project."""
        coloured = {id: self.colour(id, figures[id]) for id in self.units}
        return Shown(self._cells(figures, coloured), self._aspects(coloured))

    def cells(self, figures: Mapping[str, Worked]) -> dict[str, Cell]:
        """Show figures, each in its cell."""
        return self._cells(figures, {id: self.colour(id, figures[id]) for id in self.units})

    def _cells(
        self, figures: Mapping[str, Worked], coloured: Mapping[str, Coloured]
    ) -> dict[str, Cell]:
        return {id: self._cell(unit, figures[id], coloured[id]) for id, unit in self.units.items()}

    def _cell(self, unit: Unit, worked: Worked, coloured: Coloured) -> Cell:
        """Show a figure; those that read the same are one, but for amounts, that seldom do."""
        shown = worked.shown
        if isinstance(shown, Money):
            return self._made(unit, worked, shown, coloured)
        key = unit, type(shown), str(shown), worked.why, coloured
        if key not in self._known:
            self._known[key] = self._made(unit, worked, shown, coloured)
        return self._known[key]

    def _made(self, unit: Unit, worked: Worked, shown: Any, coloured: Coloured) -> Cell:
        is_there, colour = coloured
        if worked.available:
            words = figure_in_words(unit, shown)
        else:
            words = absence_in_words(why_in_words(worked.why, self.policy))
        return Cell(value=to_json(shown), words=words, colour=said(colour) if is_there else None)

    def colour(self, id: str, worked: Worked) -> Coloured:
        """Tell whether a figure counts for colours, and give its colour; None is not known."""
        threshold = self.thresholds.get(id)
        if threshold is None:
            return False, None
        if worked.available:
            return True, threshold.colour(worked.value, self.day)
        return not (threshold.optional and worked.value is True), None

    def _aspects(self, coloured: Mapping[str, Coloured]) -> dict[str, Colour | None]:
        """Give the worst colour of each aspect that has a figure which counts."""
        found: dict[str, list[Colour | None]] = {}
        for id, threshold in self.thresholds.items():
            is_there, colour = coloured[id]
            if is_there:
                found.setdefault(threshold.of, []).append(colour)
        return {aspect: worst(colours) for aspect, colours in found.items()}
