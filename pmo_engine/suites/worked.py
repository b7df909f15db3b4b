"""Worked examples: what figures come to, held against what was worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.engines.figures import of_project, of_record
from pmo_engine.feel.format import to_text
from pmo_engine.feel.wire import aware
from pmo_engine.policy.events import read_facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pmo_engine.engines.figures import Worked
    from pmo_engine.policy import Policy, WorkedExample

NOT_AVAILABLE = "not available"


def failures_of(policy: Policy, example: WorkedExample, otherwise: datetime) -> tuple[str, ...]:
    """Say which figures come to something else than an example gives.

    ``otherwise`` is when an example happens that names no time.
    """
    moment = aware(example.at) if example.at is not None else otherwise
    local = moment.astimezone(policy.calendar.clocks)
    facts, problems = read_facts(policy, dict(example.facts), local.date())
    if problems:
        return tuple(map(str, problems))
    facts = {**facts, "now": local}
    found = {**of_project(policy, facts, local.date()), **_of_records(policy, facts, local)}
    differences = (_difference(name, value, found) for name, value in example.gives.items())
    return tuple(filter(None, differences))


def _of_records(policy: Policy, facts: Mapping[str, Any], local: datetime) -> dict[str, Worked]:
    found: dict[str, Worked] = {}
    for register in policy.registers.values():
        for record in facts.get(register.plural, ()):
            worked = of_record(policy, register, record, facts, local.date())
            found |= {f"{record.get('key')}.{id}": each for id, each in worked.items()}
    return found


def _difference(name: str, expected: Any, found: Mapping[str, Worked]) -> str:
    """Say how a figure differs from what is expected; nothing where it does not."""
    worked = found.get(name)
    if worked is None:
        return f"{name}: there is no such record"
    if isinstance(expected, str) and expected.startswith(NOT_AVAILABLE):
        why = expected.removeprefix(NOT_AVAILABLE).lstrip(": ")
        if worked.why and why in worked.why:
            return ""
    elif not worked.why and worked.shown == expected:
        return ""
    came = f"{NOT_AVAILABLE}: {worked.why}" if worked.why else to_text(worked.shown)
    written = expected if isinstance(expected, str) else to_text(expected)
    return f"{name}: {written} was expected, and it is {came}"
