"""Rows of one table that name one another: what is named goes in first."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from pmo_engine.policy.registers import OF_RECORDS
from pmo_engine.work.records.references import keys_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.exchange.record_rows import ImportedRecord
    from pmo_engine.policy import Register
    from pmo_engine.work.records.references import Coming


def together(
    register: Register, records: Sequence[ImportedRecord], project: str | None
) -> dict[str, Coming]:
    """Give what the keyed rows of a table say, by project and key, where rows name one another."""
    found: dict[str, dict[str, dict[str, object]]] = {}
    for each in records if _names_own(register) else ():
        if each.key is not None:
            said = {**each.first, **each.fields}
            found.setdefault(each.project or project or "", {})[each.key] = said
    return dict(found)


def named_first(
    register: Register, records: tuple[ImportedRecord, ...], project: str | None
) -> tuple[ImportedRecord, ...]:
    """Give rows in an order in which each comes after those that it names; in a circle, as is."""
    names = _names_own(register)
    rows = {(each.project or project, each.key): at for at, each in enumerate(records) if each.key}
    before: dict[int, list[int]] = {}
    for at, each in enumerate(records if names else ()):
        keys = (key for name in names for key in keys_in({**each.first, **each.fields}.get(name)))
        asked = (rows.get((each.project or project, key)) for key in keys)
        before[at] = [row for row in asked if row is not None]
    if not any(before.values()):
        return records
    try:
        return tuple(records[at] for at in TopologicalSorter(before).static_order())
    except CycleError:
        return records


def _names_own(register: Register) -> list[str]:
    own = (each for each in register.relations if each.how == OF_RECORDS)
    return [each.name for each in own if each.other == register.id]
