"""Names that a table or a derived fact cannot have: what each is already, and where from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.functions import GOVERNANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_engine.compiler.binding.context import Context
    from pmo_engine.source.diagnostics import Mark
    from pmo_engine.source.yaml_source import Text

_GIVEN = {
    "project": "the project that an event is about",
    "stage": "the stage of the project",
    "office": "the office whose policy it is",
    "gate": "the gate that a review is of",
    "actor": "the person who acts",
    "standing": "the sums of limits, the roles that are away and the roles of who asks",
    "today": "the day of an event",
    "now": "the moment of an event",
    "history": "the earlier events of a case",
}


def taken(context: Context, name: str) -> str:
    """Say what a name of expressions is already; empty where it is not a name of any."""
    for mark, what in _declared(context, name):
        return f"it is {what} ({mark}{brought(context, mark)})"
    if name in BUILTINS:
        return "it is a function of every expression"
    if name in GOVERNANCE:
        return "it is a function of governance that every condition has"
    given = _GIVEN.get(name)
    return "" if given is None else f"it is what the engine tells every condition: {given}"


def way_out(context: Context, name: Text, facts: Iterable[str], more: str) -> str:
    """Give a name that is free, like the one that is taken."""
    names = {*facts, *(str(each.id) for each in context.reading.of(s.TableEntry))}
    free = next(each for each in _others(f"{name}_{more}") if each not in names)
    return f"choose another name, such as {free}"


def _others(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}_{number}" for number in range(2, 10_000))


def _declared(context: Context, name: str) -> Iterator[tuple[Mark, str]]:
    for document in context.reading.of(s.Registers):
        for register in document.declared:
            whose = f"of the register '{register.register_}'"
            if register.root == name:
                yield register.root.mark, f"what conditions call the record in hand {whose}"
            if register.plural == name:
                yield register.plural.mark, f"what conditions call the project's records {whose}"


def table_in(context: Context, name: str) -> str:
    """Say where a table is declared."""
    tables = context.reading.of(s.TableEntry)
    mark = next((each.id.mark for each in tables if each.id == name), None)
    return "" if mark is None else f" ({mark}{brought(context, mark)})"


def brought(context: Context, mark: Mark) -> str:
    """Say which pack brings what stands somewhere; empty for what is the policy's own."""
    packs = {str(use.use) for header in context.reading.of(s.PolicyHeader) for use in header.packs}
    pack = mark.file.partition("/")[0]
    return f", which the pack '{pack}' brings" if pack in packs else ""
