"""Figures as a section: what each is called, how it is worked out, and by what source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.model import Row, Run, Section, Table
from pmo_engine.documents.numbering import cells, without_empty
from pmo_engine.prose.names import called

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_engine.documents.links import Places
    from pmo_engine.documents.model import Clause
    from pmo_engine.policy import Figure, Policy

COLUMNS = ("Of", "Figure", "Unit", "How it is reckoned", "Not available")
UNITS = {"fte": "full-time equivalents", "share": "%"}


def figures_section(policy: Policy, number: str) -> Section:
    """Make the section on figures."""
    table = without_empty(COLUMNS, _rows(policy))
    return Section("figures", number, "Figures", (table,), "framework")


def _rows(policy: Policy) -> Iterator[Row]:
    for each in policy.figures:
        none = f"while {each.because}" if each.because else ""
        label = f"{each.label} ({each.about})" if each.about else each.label
        unit = UNITS.get(each.unit, each.unit)
        yield Row(cells(_of(each, policy), label, unit, each.source, none))


def _of(figure: Figure, policy: Policy) -> str:
    return "project" if figure.of is None else called(policy.registers[figure.of].noun, policy)


def formulas_section(
    policy: Policy, number: str, numbers: Mapping[str, Clause], places: Places
) -> Section:
    """Make the annex of figures as they are written."""
    del numbers, places
    rows = tuple(
        Row(
            (
                *cells(_of(each, policy), each.label),
                (Run(f"{each.id} = {' '.join(each.formula.text.split())}", "code"),),
            )
        )
        for each in policy.figures
    )
    table = Table(("Of", "Figure", "Formula, as written"), rows)
    title = "Annex: figures as they are written"
    return Section("formulas", number, title, (table,) if rows else (), "framework")
