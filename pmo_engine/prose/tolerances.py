"""Tolerances as English: how much a level may exceed, since when, or what must be so."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

from pmo_engine.model.names import words
from pmo_engine.model.vocabulary import LEFT_OUT
from pmo_engine.prose.names import called, of_it, path_in_words, records_in_words, sentence
from pmo_engine.prose.values import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.policy import Allowance, InForce, Policy, Tolerance
    from pmo_engine.policy.tolerances import Measured


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


def owner_in_words(item: Tolerance) -> str:
    """Say whose tolerance it is of what: "the project's tolerance of cost"."""
    return f"the {words(item.level)}'s tolerance of {words(item.of)}"


def exceeded_in_words(
    item: Tolerance, facts: Mapping[str, Any], policy: Policy, *, since_first: bool
) -> str:
    """Say with this case's values what leaves a tolerance, and by how much it might.

    A day that is forecast and past without being met counts as today.
    """
    measured, today = item.measured, facts.get("today")
    assert measured is not None  # those alone have a rule
    register = policy.registers[measured.register]
    root, plan = register.root, measured.first if since_first else measured.against
    given = [facts.get(root) or {}] if measured.each else facts.get(register.plural) or ()
    records = [each for each in given if measured.each or _counts(each, measured)]
    met = measured.met if measured.met and _sum(records, measured.met) is not None else None
    name = met or measured.forecast
    value, planned = _sum(records, name), None if plan is None else _sum(records, plan)
    said = path_in_words(f"{root}.{name}", policy)
    if not measured.each:
        all_of_it = f"{records_in_words(register, policy)} together"
        said = f"{of_it(called(name, policy, of=root))} of all {all_of_it}"
    past = isinstance(value, date) and today is not None and value < today and met is None
    late = " and past" if past and measured.met else ""
    against = "" if planned is None else f", planned {value_in_words(planned)}"
    first = " at first" if since_first else ""
    held = None if today is None else item.on(today)
    by = f"; the {words(item.level)} may leave it by {amount_in_words(held)}" if held else ""
    broken = f"{owner_in_words(item)} is exceeded"
    return sentence(f"{broken}: {said} is {value_in_words(value)}{late}{against}{first}{by}")


def _counts(record: Mapping[str, Any], measured: Measured) -> bool:
    known = all(
        record.get(each) is not None for each in (measured.forecast, measured.against) if each
    )
    return known and record.get("standing") not in LEFT_OUT


def _sum(records: Iterable[Mapping[str, Any]], name: str) -> Any:
    """Add up a field of records; None where none has it."""
    known = [each[name] for each in records if each.get(name) is not None]
    return reduce(add, known) if known else None


def _when(span: InForce) -> str:
    since = f", from {value_in_words(span.start)}" if span.start else ""
    until = f", until {value_in_words(span.end)}" if span.end else ""
    return f"{since}{until}"
