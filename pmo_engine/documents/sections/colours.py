"""The published thresholds of colours as a section, a clause for each figure that has any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.model import Row, Section
from pmo_engine.documents.numbering import Numbering, capital, cells, without_empty
from pmo_engine.prose.figures import band_in_words, threshold_in_words
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmo_engine.documents.model import Time
    from pmo_engine.policy import Policy
    from pmo_engine.policy.figures import Band, Threshold

COLUMNS = ("Clause", "Figure", "Of", "Colours", "From", "Source", "Status")


def thresholds_section(policy: Policy, number: str, *, on: date) -> Section:
    """Make the section on the thresholds of colours, as of a day."""
    numbering = Numbering(number)
    found = (_rows(each, policy, numbering, on) for each in policy.thresholds.values())
    table = without_empty(COLUMNS, (row for rows in found for row in rows))
    return Section("dashboard", number, "Colours", (table,), "framework")


def _rows(item: Threshold, policy: Policy, numbering: Numbering, on: date) -> Iterator[Row]:
    """Give a row for each band; the first carries the clause."""
    figure = next(each for each in policy.figures if each.id == item.figure)
    text = threshold_in_words(item, figure)
    name = f"threshold/{item.figure}"
    clause = numbering.clause(name, capital(figure.label), text, item.mark)
    for index, band in enumerate(item.bands):
        what = (clause.number, capital(figure.label), item.of) if not index else ("", "", "")
        since = value_in_words(band.start) if band.start else "always"
        time = _time(item, band, on)
        said = band_in_words(band, item, figure)
        row = cells(*what, said, since, band.source, time)
        yield Row(row, None if index else clause, time=time)


def _time(item: Threshold, band: Band, on: date) -> Time:
    if band is item.on(on):
        return "in force"
    return "announced" if band.start is not None and band.start > on else "past"
