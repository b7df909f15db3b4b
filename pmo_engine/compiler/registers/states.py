"""Binds rules on a state of a record: which states, and the condition that holds in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine import policy as tree
from pmo_engine.compiler.binding.context import Findings
from pmo_engine.compiler.binding.expressions import bind_expression
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import NOWHERE, nearest
from pmo_engine.source.yaml_source import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_engine.compiler import schema as s
    from pmo_engine.compiler.binding.norms import Norms
    from pmo_engine.feel import types as t
    from pmo_engine.model.event_names import EventName

OPEN, CLOSED = "open", "closed"
"""What is said of all states of a record that is not over, and of all in which it is."""


def state_names(
    findings: Findings,
    entry: s.RuleEntry,
    events: Sequence[EventName],
    registers: Mapping[str, tree.Register],
) -> tuple[str, ...]:
    """Read the states of the one register whose records a rule judges while they are in them."""
    written = entry.while_ if isinstance(entry.while_, list) else [entry.while_]
    places = [each for each in written if each is not None]
    if not places:
        return ()
    nouns = dict.fromkeys(event.noun for event in events)
    register = next((r for r in registers.values() if [r.noun] == list(nouns)), None)
    if register is None:
        _refuse(findings, places[0], list(nouns), registers)
        return ()
    found = (name for each in places for name in _states(findings, each, register))
    return tuple(dict.fromkeys(found))


def _refuse(
    findings: Findings, place: Text, nouns: list[str], registers: Mapping[str, tree.Register]
) -> None:
    known = [register.noun for register in registers.values()]
    if len(nouns) > 1:
        message = f"a rule cannot be on a state of several: {', '.join(nouns)}"
        hint = "write a rule for each"
    elif nouns:
        message = f"'{nouns[0][:60]}' has no states: no register calls its records so"
        hint = nearest(nouns[0], known) or f"records: {', '.join(known) or 'none'}"
    else:
        message = f"'{place[:60]}' does not say whose state it is"
        example = known[0] if known else "risk"
        hint = f"write {example}.{place}, or name an event with 'on'"
    findings.add(place.mark, codes.WRONG_VALUE, message, hint)


def _states(findings: Findings, place: Text, register: tree.Register) -> Iterator[str]:
    life, name = register.life, place.removeprefix(f"{register.noun}.")
    if name in life.every:
        yield str(name)
    elif name == OPEN:
        yield from life.open
    elif name == CLOSED:
        yield from life.closed
    else:
        findings.known(Text(name, place.mark), [OPEN, *life.every], codes.UNKNOWN, "state")


def guarded(
    written: tree.Expression | None,
    states: Sequence[str],
    noun: str,
    registers: Mapping[str, tree.Register],
    names: Mapping[str, t.Type],
    parameters: Mapping[str, Any],
    norms: Norms,
) -> tree.Expression | None:
    """Give the condition that a record is in one of some states, and what is written.

    Where nobody gave the state of a record it is taken to be in one of them: an event that comes
    from outside need not say what the store knows.
    """
    root = next(each.root for each in registers.values() if each.noun == noun)
    listed = ", ".join(f'"{state}"' for state in states)
    guard = f"(not(is_known({root}.status)) or {root}.status in ({listed}))"
    text = guard if written is None else f"{guard} and ({written.text})"
    mark = NOWHERE if written is None else written.mark
    known = norms.tolerances
    return bind_expression(
        Findings(), Text(text, mark), names, parameters, condition=True, known=known
    )
