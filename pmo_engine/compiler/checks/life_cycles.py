"""Checks of the lives of records: states that nothing reaches or leaves, moves never made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.policy import AutoApprove, RequireApproval
from pmo_engine.policy.registers import APPROVED, DECIDED, OWNER, REFUSED, REQUESTER
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pmo_engine.policy import Move, Policy, RecordLife, Register


def _declared(policy: Policy) -> Iterator[tuple[Register, RecordLife]]:
    return ((each, each.life) for each in policy.registers.values() if each.life.declared)


def reached(life: RecordLife) -> frozenset[str]:
    """Name the states that a record can come to: entered, decided, or moved there."""
    found = {life.first, *DECIDED}
    while more := {move.to for move in life.moves if found & _leaves(life, move)} - found:
        found |= more
    return frozenset(found)


def _leaves(life: RecordLife, move: Move) -> set[str]:
    """Name the states that a move really leaves: what was refused is at most closed."""
    return set(move.start) if move.to in life.closed else set(move.start) - REFUSED


@check(codes.STATE_NOT_REACHED)
def every_state_is_reached(policy: Policy) -> Iterator[Diagnostic]:
    """Find states that no move leads to from where a record can be."""
    for register, life in _declared(policy):
        there = reached(life)
        if not there & {*life.closed}:
            there |= {*life.closed}  # told once, as records that are never over
        for state in (each for each in life.states if each not in there):
            message = f"no {register.noun} ever becomes '{state}': no move leads there"
            hint = f"add a move, as in {{from: {life.first}, to: {state}}}, or leave it out"
            yield at(life.mark, codes.STATE_NOT_REACHED, message, hint)


@check(codes.STATE_NOT_LEFT)
def every_open_state_is_left(policy: Policy) -> Iterator[Diagnostic]:
    """Find states that a record can be in, is not over in, and never leaves."""
    for register, life in _declared(policy):
        if not reached(life) & {*life.closed}:
            continue  # told once, for the whole of its life
        left = {state for move in life.moves for state in _leaves(life, move)}
        inner = [each for each in life.states if each != life.first]
        decided = (APPROVED,) if _is_decided(policy, register) else ()
        for state in (each for each in (*inner, *decided) if each in reached(life)):
            if state not in {*life.closed, *left}:
                message = f"a {register.noun} that is '{state}' stays so: no move leads on"
                hint = f"add a move, as to {life.closed[0]}, or name it under 'closed'"
                yield at(life.mark, codes.STATE_NOT_LEFT, message, hint)


def _is_decided(policy: Policy, register: Register) -> bool:
    """Tell whether a rule has the records of a register decided, or lets them pass."""
    return any(
        isinstance(effect, RequireApproval | AutoApprove)
        for rule in policy.rules
        if any(event.noun == register.noun for event in rule.on)
        for effect in rule.then
    )


@check(codes.NOTHING_CLOSES)
def records_can_be_closed(policy: Policy) -> Iterator[Diagnostic]:
    """Find lives of records that no move brings to an end."""
    for register, life in _declared(policy):
        if len(life.states) > 1 and not reached(life) & {*life.closed}:
            named = f": no move leads to {' or '.join(life.closed)}" if life.closed else ""
            message = f"no {register.noun} is ever over{named}"
            hint = "name under 'closed' the states in which it is, and the moves that lead there"
            yield at(life.mark, codes.NOTHING_CLOSES, message, hint)


@check(codes.MOVE_NEVER_MADE)
def every_move_can_be_made(policy: Policy) -> Iterator[Diagnostic]:
    """Find moves that nobody can make, and such as need what cannot be given."""
    for register, life in _declared(policy):
        for move in life.moves:
            if why := _why_never(policy, register, move):
                message, hint = why
                yield at(move.mark, codes.MOVE_NEVER_MADE, message, hint)


def _why_never(policy: Policy, register: Register, move: Move) -> tuple[str, str] | None:
    life = register.life
    if not _leaves(life, move):
        message = f"what was {' or '.join(move.start)} does not become '{move.to}'"
        return message, "it is asked for again with 'pmo resubmit'; what was refused can be closed"
    if nobody := _nobody(policy, register, move):
        message = f"nobody makes this move: nobody performs {' or '.join(nobody)}"
        return message, "say under 'functional' who performs it, or name somebody else under 'by'"
    for name in move.fields:
        if set(move.start) <= {*life.closed} and not _is_given(register, move.start, name):
            message = f"it needs '{name}', which may be missing when a record is closed"
            hint = "what is closed is not changed: let the moves that close it need it as well"
            return message, hint
    return None


def _nobody(policy: Policy, register: Register, move: Move) -> list[str]:
    """Name who makes a move where those are functional roles alone that nobody performs."""
    known = {*policy.roles, *policy.functional, OWNER, REQUESTER}
    if not move.by or not known.isdisjoint(move.by) or granted_by_terms(policy, register):
        return []
    return list(move.by)


def granted_by_terms(policy: Policy, register: Register) -> bool:
    """Tell whether terms of reference let somebody move, close or reopen a register's records."""
    acts = {f"{verb} {register.noun}" for verb in ("move", "close", "reopen")}
    granted = {item.act for terms in policy.terms.values() for item in terms.authority}
    return not acts.isdisjoint(granted)


def _is_given(register: Register, states: Collection[str], name: str) -> bool:
    """Tell whether a field is given in a record that is in one of some states that are closed."""
    field = register.fields.get(name)
    if field is not None and field.required:
        return True
    into = [move for move in register.life.moves if move.to in states]
    return bool(into) and all(name in move.fields for move in into)
