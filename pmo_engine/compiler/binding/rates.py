"""Binds rates of other currencies: one for a day at the most."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from pmo_engine import policy as tree
from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings, in_order
from pmo_engine.model.money import MoneyError, minor_digits
from pmo_engine.source import codes

if TYPE_CHECKING:
    from pmo_engine.source.yaml_source import Text

_RATE = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")


def rates(context: Context) -> dict[str, tree.Rates]:
    """Bind the rates of every currency, those of one in the order of their days."""
    entries: dict[str, list[s.RateEntry]] = {}
    for document in context.reading.of(s.Rates):
        for entry in document.rates:
            if _is_another(context, entry.of):
                entries.setdefault(str(entry.of), []).append(entry)
    return {currency: _bound(context.findings, of) for currency, of in entries.items()}


def _is_another(context: Context, code: Text) -> bool:
    if code == context.currency:
        message = f"{code} is the policy's own currency"
        context.findings.add(code.mark, codes.WRONG_VALUE, message, "rates are of other currencies")
        return False
    try:
        minor_digits(str(code))
    except MoneyError as error:
        context.findings.misread(str(code), code.mark, codes.WRONG_VALUE, error)
        return False
    return True


def _bound(findings: Findings, entries: list[s.RateEntry]) -> tree.Rates:
    in_order(findings, entries, "rate")
    ordered = sorted(entries, key=lambda each: each.from_ or date.min)
    for earlier, later in pairwise(ordered):
        if earlier.to is not None and later.from_ is not None and later.from_ < earlier.to:
            message = f"{later.of} has two rates from {later.from_} until {earlier.to}"
            findings.add(later.mark, codes.OUT_OF_ORDER, message, "let one end as the other begins")
    ends = [later.from_ for later in ordered[1:]]
    values = [_rate(findings, *each) for each in zip(ordered, [*ends, None], strict=True)]
    return tree.Rates(str(entries[0].of), tuple(values), entries[0].mark)


def _rate(findings: Findings, entry: s.RateEntry, following: date | None) -> tree.Rate:
    ends = [day for day in (entry.to, following) if day is not None]
    in_force = tree.InForce(entry.from_, min(ends, default=None))
    if entry.to is not None and not tree.InForce(entry.from_, entry.to):
        message = f"this rate never holds: from {entry.from_} to {entry.to}"
        hint = "'to' is the first day on which it ends"
        findings.add(entry.mark, codes.WRONG_VALUE, message, hint)
    value = Decimal(entry.rate) if _RATE.fullmatch(entry.rate) else Decimal(0)
    if not value:
        message = f"'{entry.rate[:60]}' is no rate"
        hint = "write how much of the policy's currency one unit is, as in 0.8612"
        findings.add(entry.rate.mark, codes.WRONG_VALUE, message, hint)
    return tree.Rate(in_force, value, str(entry.source), entry.mark)
