"""Rates of other currencies as a section: a row for each, with who set it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.model import Row, Section
from pmo_engine.documents.numbering import cells, without_empty
from pmo_engine.documents.sections.dates import BEGINNING, time_of
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmo_engine.policy import Policy

COLUMNS = ("Currency", "Worth", "From", "Until", "Source", "Status")


def rates_section(policy: Policy, number: str, *, on: date) -> Section:
    """Make the section on rates."""
    table = without_empty(COLUMNS, _rows(policy, on))
    return Section("rates", number, "Rates of other currencies", (table,), "framework")


def _rows(policy: Policy, on: date) -> Iterator[Row]:
    for each in policy.rates.values():
        for index, rate in enumerate(each.values):
            span, time = rate.in_force, time_of(rate.in_force, on)
            since = value_in_words(span.start) if span.start else BEGINNING
            until = value_in_words(span.end) if span.end else ""
            worth = f"{rate.value:f} {policy.currency}"
            currency = each.currency if index == 0 else ""
            yield Row(cells(currency, worth, since, until, rate.source, time), time=time)
