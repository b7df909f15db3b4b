"""What time asked of a project or an office by a rule that the policy has no more.

Nothing but time judges these, by the version of its day: no other event would find it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.vocabulary import MOTION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.policy import Policy
    from pmo_engine.store.tables import Obligation


def forgotten(rows: Iterable[Obligation], policy: Policy) -> list[Obligation]:
    """Choose what no rule of a policy asks for; ``rows``: what is open of projects and offices."""
    known = {MOTION, *(rule.id for rule in policy.rules)}
    return [row for row in rows if known.isdisjoint({row.rule, *row.also_rules})]
