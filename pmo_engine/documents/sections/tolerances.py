"""Tolerances as a section: a clause for each level and kind, with a row for each dated value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.model import Row, Section
from pmo_engine.documents.numbering import Numbering, capital, cells, without_empty
from pmo_engine.documents.sections.dates import BEGINNING, time_of
from pmo_engine.model.names import words
from pmo_engine.prose.tolerances import amount_in_words, tolerance_in_words
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmo_engine.documents.model import Time
    from pmo_engine.policy import Allowance, Policy, Tolerance

COLUMNS = (
    "Clause",
    "Tolerance",
    "Of what",
    "Up to, or what must be so",
    "From",
    "Source",
    "Status",
)


def tolerances_section(policy: Policy, number: str, *, on: date) -> Section:
    """Make the section on tolerances."""
    numbering = Numbering(number)
    rows = (row for each in policy.tolerances.values() for row in _rows(each, numbering, on))
    table = without_empty(COLUMNS, rows)
    return Section("tolerances", number, "Tolerances", (table,), "framework")


def _rows(item: Tolerance, numbering: Numbering, on: date) -> Iterator[Row]:
    """Give a row for each value or criterion; the first carries the clause."""
    heading = capital(f"{words(item.of)} of the {words(item.level)}")
    name = f"tolerance/{item.level}/{item.of}"
    clause = numbering.clause(name, heading, tolerance_in_words(item), item.mark)
    for index, (text, since, source, time) in enumerate(_said(item, on)):
        first = index == 0
        what = (clause.number, heading, item.about) if first else ("", "", "")
        yield Row(cells(*what, text, since, source, time), clause if first else None, time=time)


def _said(item: Tolerance, on: date) -> Iterator[tuple[str, str, str, Time]]:
    for value in item.values:
        since = value_in_words(value.start) if value.start else BEGINNING
        yield amount_in_words(value), since, value.source, _time(item, value, on)
    for each in item.criteria:
        span = each.in_force
        since = value_in_words(span.start) if span.start else BEGINNING
        until = f", until {value_in_words(span.end)}" if span.end else ""
        yield each.text, f"{since}{until}", each.source, time_of(span, on)


def _time(item: Tolerance, value: Allowance, on: date) -> Time:
    if value is item.on(on):
        return "in force"
    return "announced" if value.start is not None and value.start > on else "past"
