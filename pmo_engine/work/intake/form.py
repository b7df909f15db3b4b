"""Proposals as they are filled in: in which register, and what is wrong with a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.work.errors import CommandError
from pmo_engine.work.facts import given_record

if TYPE_CHECKING:
    from pmo_engine.policy import Policy, Register
    from pmo_engine.work.governance import Context


def register_of_proposals(policy: Policy, name: str | None = None) -> Register:
    """Find the register whose records become projects; raises CommandError."""
    known = {each.id: each for each in policy.registers.values() if each.becomes is not None}
    if not known:
        raise CommandError(
            "the policy has no register whose records become projects; the pack 'intake' has one"
        )
    if name is None and len(known) > 1:
        raise CommandError(f"name the register with --register: {', '.join(sorted(known))}")
    found = known.get(name) if name is not None else next(iter(known.values()))
    if found is None:
        raise CommandError(f"records of '{name}' become no projects; {', '.join(known)} do")
    return found


def problem_with(c: Context, register: Register, name: str, value: Any) -> str:
    """Say what is wrong with what somebody gives for one field; empty where nothing is."""
    try:
        given_record(c, register, {name: value})
    except CommandError as error:
        return str(error)
    return ""
