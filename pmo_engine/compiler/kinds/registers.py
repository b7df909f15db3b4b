"""Registers, and what is added to those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import registers
from pmo_engine.compiler.checks import life_cycles
from pmo_engine.compiler.checks import registers as checks
from pmo_engine.compiler.kinds.kind import Kind, part
from pmo_engine.compiler.names import Entry, Index, declared_field
from pmo_engine.compiler.registers import derived
from pmo_engine.feel import types as t
from pmo_engine.model.event_names import RHYTHMS, EventName
from pmo_engine.policy.events import PLACES
from pmo_engine.policy.registers import EVENTS, IMPLICIT

if TYPE_CHECKING:
    from collections.abc import Iterable


def _declare(documents: Iterable[s.Registers], index: Index) -> None:
    documents = list(documents)
    for document in documents:
        for register in document.declared:
            _add(index, register)
    known = {str(each.register_): each for document in documents for each in document.declared}
    for document in documents:
        for more in document.extensions:
            if (extended := known.get(str(more.extends))) is not None:
                _extend(index, extended, more)
    _declare_places(index)


def _declare_places(index: Index) -> None:
    for noun in PLACES:
        if noun not in index.nouns:
            for rhythm in RHYTHMS:
                about = f"The clock raises it for each {noun}: every {rhythm}"
                index.add("event", Entry(EventName.timed(noun, rhythm), about))


def _add(index: Index, register: s.RegisterEntry) -> None:
    root, noun = str(register.root), str(register.noun)
    about = f"Conditions call the record `{root}`, the project's records `{register.plural}`."
    index.add("register", Entry(str(register.register_), "register", about, register.mark))
    index.add("fact", Entry(root, f"the {noun} in hand", mark=register.root.mark))
    plural = Entry(str(register.plural), f"the project's {noun} records", mark=register.plural.mark)
    index.add("fact", plural)
    index.plurals[str(register.plural)] = index.nouns[noun] = root
    fields = index.records.setdefault(root, {})
    for name, kind in IMPLICIT:
        fields.setdefault(name, Entry(name, t.describe(kind), "Every record has it."))
    fields.update({name: declared_field(name, entry) for name, entry in register.fields_.items()})
    for what in (*EVENTS, *register.events):
        index.add(
            "event", Entry(EventName.of(noun, what), f"a {noun} is {what}", mark=register.mark)
        )
    for rhythm in RHYTHMS:
        about = f"The clock raises it for each open {noun}: every {rhythm}"
        index.add("event", Entry(EventName.timed(noun, rhythm), about, mark=register.mark))
    index.add("act", Entry(f"approve {noun}", "act", mark=register.mark))


def _extend(index: Index, register: s.RegisterEntry, more: s.ExtensionEntry) -> None:
    """Add what a register got from others, once all are known."""
    fields = index.records[str(register.root)]
    fields.update({name: declared_field(name, entry) for name, entry in more.fields_.items()})
    for what in more.events:
        event, about = EventName.of(register.noun, what), f"a {register.noun} is {what}"
        index.add("event", Entry(event, about, mark=what.mark))


KIND = Kind(
    s.Registers,
    parts=(
        part("registers", registers.registers),
        part("fact_types", registers.fact_types, "registers"),
        part("derived", derived.derived, "registers functions"),
    ),
    checks=(
        checks.nobody_is_unasked_about_what_decides,
        life_cycles.every_state_is_reached,
        life_cycles.every_open_state_is_left,
        life_cycles.records_can_be_closed,
        life_cycles.every_move_can_be_made,
    ),
    declare=_declare,
    printed=frozenset({"registers.fields.about"}),
    bare=frozenset({"registers.fields"}),
)
