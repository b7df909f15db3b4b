"""What a policy makes of a pack: a table of the terms that it fixes, the rules that it lifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.model import Provision, Row, Run
from pmo_engine.documents.numbering import Numbering, capital, cells, without_empty
from pmo_engine.documents.sections.dates import BEGINNING, time_of, when_in_force
from pmo_engine.model.names import words
from pmo_engine.prose.packs import departure_in_words, latitude_in_words, parameter_in_words
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from pmo_engine.documents.model import Block, Time, Words
    from pmo_engine.policy import DatedValue, Departure, Parameter, Policy

COLUMNS = ("Clause", "Term", "What it is", "Value", "From", "Source", "May be", "Status")


def pack_blocks(pack: str, policy: Policy, numbering: Numbering, on: date) -> Iterator[Block]:
    """Give what comes before a pack's rules: its terms, and each departure from it."""
    rows = [
        row
        for item in policy.parameters.get(pack, {}).values()
        for row in _parameter(item, numbering, on)
    ]
    if rows:
        yield without_empty(COLUMNS, rows)
    departures = [item for item in policy.departures if item.pack == pack]
    for name, item in zip(_names(departures), departures, strict=True):
        yield _departure(name, item, numbering, policy, on)


def _parameter(item: Parameter, numbering: Numbering, on: date) -> Iterator[Row]:
    """Give a row for each dated value of a parameter; the first carries its clause."""
    name, heading = f"pack/{item.pack}/{item.name}", capital(words(item.name))
    clause = numbering.clause(name, heading, parameter_in_words(item), item.mark)
    yield from (
        Row(
            cells(
                clause.number if first else "",
                heading if first else "",
                item.about if first else "",
                value_in_words(each.value),
                value_in_words(each.start) if each.start else BEGINNING,
                each.source,
                latitude_in_words(item) if first else "",
                time,
            ),
            clause if first else None,
            time=time,
        )
        for each in item.values
        for first, time in [(each is item.values[0], _time_of(item, each, on))]
    )


def _time_of(item: Parameter, value: DatedValue, on: date) -> Time:
    if value is item.on(on):
        return "in force"
    return "announced" if value.start is not None and value.start > on else "past"


def _names(departures: Iterable[Departure]) -> Iterator[str]:
    """Give the ids of departures: one that is lifted at several times is counted."""
    seen: dict[str, int] = {}
    for item in departures:
        name = f"departure/{item.pack}/{item.rule}"
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}/{seen[name]}"


def _departure(
    name: str, item: Departure, numbering: Numbering, policy: Policy, on: date
) -> Provision:
    text = f"{departure_in_words(item, policy)}{when_in_force(item.in_force)}"
    heading = f"Departure: {item.title.rstrip('.')}"
    clause = numbering.clause(name, heading, text, item.mark)
    notes: list[Words] = []
    if item.replaced_by:
        title = next((e.title for e in policy.rules if e.id == item.replaced_by), item.replaced_by)
        notes.append((Run("Instead: "), Run(title, to=f"rule/{item.replaced_by}")))
    if time_of(item.in_force, on) in {"past", "announced"}:
        notes.append((Run("Holds at other times than the day of this document.", "emphasis"),))
    return Provision(clause, notes=tuple(notes))
