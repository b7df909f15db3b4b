"""A policy as it stands on one day: what is in force then, as though it were all there is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.policy import InForce

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.policy import Authority, Policy, Tolerance


def as_of(policy: Policy, day: date) -> Policy:
    """Leave out what is not in force on ``day``; what is left holds always."""
    always = InForce()
    return replace(
        policy,
        rules=tuple(replace(r, in_force=always) for r in policy.rules if day in r.in_force),
        departures=tuple(
            replace(d, in_force=always) for d in policy.departures if day in d.in_force
        ),
        terms={
            role: replace(terms, authority=tuple(_authority(each, day) for each in terms.authority))
            for role, terms in policy.terms.items()
        },
        tables={
            name: replace(
                table,
                rows=tuple(
                    replace(row, in_force=always) for row in table.rows if day in row.in_force
                ),
            )
            for name, table in policy.tables.items()
        },
        tolerances={
            name: _tolerance(each, day, always) for name, each in policy.tolerances.items()
        },
    )


def _tolerance(item: Tolerance, day: date, always: InForce) -> Tolerance:
    value = item.on(day)
    criteria = (replace(each, in_force=always) for each in item.criteria if day in each.in_force)
    return replace(item, values=() if value is None else (value,), criteria=tuple(criteria))


def _authority(item: Authority, day: date) -> Authority:
    limit = item.limit_on(day)
    return replace(item, limits=() if limit is None else (limit,))
