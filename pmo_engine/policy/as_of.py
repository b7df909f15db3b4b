"""A policy as it stands on one day: what is in force then, as though it were all there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from pmo_engine.policy.expressions import Dated

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.policy import Policy


def as_of(policy: Policy, day: date) -> Policy:
    """Leave out what is not in force on ``day``; what is left holds always."""
    parts = {each.name: getattr(policy, each.name) for each in fields(policy)}
    return replace(policy, **{n: _part(v, day) for n, v in parts.items() if any(_dated(v))})


def turning_days(policy: Policy) -> set[date]:
    """Give the days on which something begins to hold, or has ended, that decides."""
    parts = (getattr(policy, each.name) for each in fields(policy))
    days = (day for part in parts for item in _dated(part) for day in item.turns())
    return {day for day in days if day is not None}


def _dated(part: Any) -> Iterator[Dated]:
    """Go through the items of a part that are dated; all of a part are, or none."""
    items: Iterable[Any] = part.values() if isinstance(part, Mapping) else ()
    for item in part if isinstance(part, tuple) else items:
        if not isinstance(item, Dated):
            return
        yield item


def _part(part: Any, day: date) -> Any:
    if isinstance(part, Mapping):
        found = ((name, item.as_of(day)) for name, item in part.items())
        return {name: item for name, item in found if item is not None}
    return tuple(found for item in part if (found := item.as_of(day)) is not None)
