"""Up to where forecasts may go by what exceptions were answered with, as a fact for rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.feel.bounds import unbounded
from pmo_engine.feel.values import Record
from pmo_engine.feel.wire import from_wire
from pmo_engine.policy.tolerances import SINCE_FIRST, kept_by
from pmo_engine.work.tolerances.measuring import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.policy import Tolerance
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context

TOLERATED = "tolerated"
"""The fact: by tolerance, the furthest that was granted to what is looked at."""
PLAN = "exception plan"
"""The evidence that the answer 'plan' asks for."""
ANSWER = "answer"
"""The detail of an exception that keeps how it was answered."""


def kept_tolerances(c: Context, row: tables.Obligation) -> list[tuple[Tolerance, bool]]:
    """Give the tolerances that an exception is about, and whether since the first baseline."""
    found = (kept_by(rule, c.policy.tolerances.values()) for rule in (row.rule, *row.also_rules))
    return [each for each in found if each is not None]


def name_of(tolerance: Tolerance, *, since_first: bool) -> str:
    """Name a tolerance, as it is held against the current or the first baseline."""
    return tolerance.name + (SINCE_FIRST if since_first else "")


def tolerated(c: Context, row: tables.Entry | tables.Project) -> Record:
    """Give what was granted to a record or project, as long as its baseline is what it was then."""
    kinds = dict(c.policy.facts[TOLERATED].entries)  # type: ignore[union-attr] # it is a context
    found: dict[str, Any] = {}
    for asked in _answered(c.uow.obligations.of_subject(row.id)):
        for tolerance, since_first in kept_tolerances(c, asked):
            name = name_of(tolerance, since_first=since_first)
            granted = asked.details[ANSWER]["granted"].get(name)
            stands = granted and standing_of(c, tolerance, row, since_first=since_first)
            if granted and stands is not None and stands.basis == granted["against"]:
                kind = unbounded(kinds[name])
                found[name] = from_wire(kind, granted["up_to"], f"{TOLERATED}.{name}")
    return Record(TOLERATED, found)


def _answered(rows: Iterable[tables.Obligation]) -> list[tables.Obligation]:
    """Give answered exceptions, the latest last, which therefore is what holds."""
    return [row for row in rows if row.kind == "exception" and ANSWER in row.details]
