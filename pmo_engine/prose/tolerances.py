"""Tolerances as English: how much a level may exceed, since when, or what must be so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.authority.tolerances import of_all, of_one
from pmo_engine.model.names import words
from pmo_engine.prose.names import called, of_it, path_in_words, records_in_words, sentence
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.authority.tolerances import Standing
    from pmo_engine.policy import Allowance, InForce, Policy, Tolerance


def tolerance_in_words(item: Tolerance) -> str:
    """Say a tolerance with all its dated values, or its criteria, one on each line."""
    lines = [sentence(f"up to {_dated(each)}") for each in item.values]
    for each in item.criteria:
        source = f" ({each.source})" if each.source else ""
        lines.append(sentence(f"{each.text.rstrip('.')}{_when(each.in_force)}{source}"))
    return "\n".join([*lines, *([sentence(item.about)] if item.about else [])])


def _dated(item: Allowance) -> str:
    since = f", from {value_in_words(item.start)}" if item.start else ""
    source = f" ({item.source})" if item.source else ""
    return f"{amount_in_words(item)}{since}{source}"


def amount_in_words(item: Allowance) -> str:
    """Say how much a tolerance allows: "10 %", "50,000 GBP", "4 weeks"."""
    return value_in_words(item.value) if item.measure in {"money", "number"} else item.written


def conceded_in_words(name: str) -> str:
    """Say what was let be beyond a tolerance, by its name: ``project_time``, ``stage_cost``."""
    level, _, of = name.partition("_")
    return f"what was conceded of the {level}'s {words(of)}"


def owner_in_words(item: Tolerance) -> str:
    """Say whose tolerance it is of what: "the project's tolerance of cost"."""
    return f"the {words(item.level)}'s tolerance of {words(item.of)}"


def exceeded_in_words(
    item: Tolerance, facts: Mapping[str, Any], policy: Policy, *, since_first: bool
) -> str:
    """Say with this case's values what leaves a tolerance, and by how much it might.

    A day that is forecast and past without being met counts as today.
    """
    broken, today = f"{owner_in_words(item)} is exceeded", facts.get("today")
    stands = _standing(item, facts, policy, since_first=since_first)
    if stands is None:  # as where the record that a rule looked at is not at hand
        return sentence(broken)
    said = _measured_in_words(item, stands, policy)
    value, late = stands.past or stands.forecast, " and past" if stands.past else ""
    against = "" if stands.against is None else f", planned {value_in_words(stands.against)}"
    first = " at first" if since_first else ""
    held = None if today is None else item.on(today)
    by = f"; the {words(item.level)} may leave it by {amount_in_words(held)}" if held else ""
    return sentence(f"{broken}: {said} is {value_in_words(value)}{late}{against}{first}{by}")


def _standing(
    item: Tolerance, facts: Mapping[str, Any], policy: Policy, *, since_first: bool
) -> Standing | None:
    measured = item.measured
    assert measured is not None  # those alone have a rule
    register = policy.registers[measured.register]
    if measured.each:
        record = facts.get(register.root) or {}
        return of_one(measured, record, facts.get("today"), since_first=since_first)
    stage = (facts.get("project") or {}).get("stage")
    return of_all(measured, facts.get(register.plural) or (), stage, since_first=since_first)


def _measured_in_words(item: Tolerance, stands: Standing, policy: Policy) -> str:
    """Name what is measured: of a record, or of all that count of a project, or of its stage."""
    measured = item.measured
    assert measured is not None  # as above
    register = policy.registers[measured.register]
    if measured.each:
        return path_in_words(f"{register.root}.{stands.name}", policy)
    field = of_it(called(stands.name, policy, of=register.root))
    of_stage = " of the stage" if measured.of_stage else ""
    return f"{field} of all {records_in_words(register, policy)}{of_stage} together"


def _when(span: InForce) -> str:
    since = f", from {value_in_words(span.start)}" if span.start else ""
    until = f", until {value_in_words(span.end)}" if span.end else ""
    return f"{since}{until}"
