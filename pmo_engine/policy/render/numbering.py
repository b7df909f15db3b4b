"""Numbers for clauses, and short ways to make what a document is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.policy.render.model import Clause, Paragraph, Provision, Run

if TYPE_CHECKING:
    from pmo_engine.policy.diagnostics import Mark
    from pmo_engine.policy.render.model import Content, Words


class Numbering:
    """Counts the clauses below one number: 4.1, 4.2 and so on."""

    def __init__(self, above: str) -> None:
        self._above = above
        self._count = 0

    def clause(self, id: str, heading: str, text: str, mark: Mark) -> Clause:
        """Make the next clause."""
        self._count += 1
        return Clause(id, f"{self._above}.{self._count}", heading, text, mark)


def plain(text: str) -> Words:
    """Give text without style."""
    return (Run(text),)


def capital(text: str) -> str:
    """Begin with a capital."""
    return f"{text[:1].upper()}{text[1:]}"


def paragraph(text: str) -> Paragraph:
    """Give a paragraph of plain text."""
    return Paragraph(plain(text))


def tabled(clause: Clause, *body: Content) -> Provision:
    """Set a clause as what is shown instead of its text."""
    return Provision(clause, body, instead=True)
