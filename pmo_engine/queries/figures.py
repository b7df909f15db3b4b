"""Figures as faces show them: the value, or why there is none, beside the declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pmo_engine.feel.wire import to_json
from pmo_engine.model.shape import Shape
from pmo_engine.prose.figures import absence_in_words, figure_in_words

if TYPE_CHECKING:
    from pmo_engine.engines.figures import Worked


class FigureRow(Shape):
    """A figure as it stands: ``value`` as JSON, None where it is not available for ``why``."""

    id: str
    label: str
    unit: str
    value: Any
    words: str
    why: str
    formula: str
    source: str
    pack: str | None

    @classmethod
    def of(cls, worked: Worked) -> Self:
        """Show what was worked out."""
        figure, value = worked.figure, worked.shown
        shown = figure_in_words(figure.unit, value) if worked.available else ""
        return cls(
            id=figure.id,
            label=figure.label,
            unit=figure.unit,
            value=to_json(value),
            words=shown or absence_in_words(worked.why),
            why=worked.why,
            formula=" ".join(figure.formula.text.split()),
            source=figure.source,
            pack=figure.pack,
        )
