"""Colours that somebody says instead of the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape

if TYPE_CHECKING:
    from pmo_engine.queries.view import View


class Override(Shape):
    """Who says which colour, why, and up to which day, its last; ``name``: the author's."""

    colour: str
    author: str
    name: str = ""
    reason: str
    until: str


def overrides(view: View) -> dict[tuple[str, str], Override]:
    """Give those that hold today, by what they are of."""
    held = [row for row in view.uow.overrides.open() if row.until >= view.today]
    called = view.uow.people.names_of(row.author for row in held)
    return {
        ("project", row.project) if row.project else ("programme", str(row.programme)): Override(
            colour=row.colour,
            author=row.author,
            name=called[row.author],
            reason=row.reason,
            until=row.until.isoformat(),
        )
        for row in held
    }
