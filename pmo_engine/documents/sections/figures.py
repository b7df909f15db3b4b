"""Figures as a section: what each is called, how it is worked out, and by what source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.model import Row, Section
from pmo_engine.documents.numbering import cells, without_empty
from pmo_engine.model.names import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy

COLUMNS = ("Of", "Figure", "Unit", "Formula", "Not available", "Source")


def figures_section(policy: Policy, number: str) -> Section:
    """Make the section on figures."""
    table = without_empty(COLUMNS, _rows(policy))
    return Section("figures", number, "Figures", (table,), "framework")


def _rows(policy: Policy) -> Iterator[Row]:
    nouns = {each.id: each.noun for each in policy.registers.values()}
    for each in policy.figures:
        formula = f"{each.id} = {' '.join(each.formula.text.split())}"
        none = f"while {each.because}" if each.because else ""
        of = "project" if each.of is None else words(nouns[each.of])
        label = f"{each.label} ({each.about})" if each.about else each.label
        yield Row(cells(of, label, each.unit, formula, none, each.source))
