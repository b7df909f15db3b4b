"""Planning strategies as a section: how one is chosen, and what each plans stage by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.model import Section, Table
from pmo_engine.documents.numbering import Numbering, capital, row
from pmo_engine.prose.strategies import choice_in_words, strategy_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.documents.model import Clause
    from pmo_engine.policy import Policy


def strategies_section(policy: Policy, number: str) -> Section:
    """Make the section on planning strategies."""
    rows = tuple(map(row, _clauses(policy, Numbering(number))))
    table = Table(("Clause", "Strategy", "What it plans"), rows)
    return Section("strategies", number, "Planning strategies", (table,), "framework")


def _clauses(policy: Policy, numbering: Numbering) -> Iterator[Clause]:
    found = policy.strategies
    if found is None:
        return
    said = choice_in_words(found, policy)
    yield numbering.clause("strategies/chosen_by", "Which strategy", said, found.mark)
    for each in found.ways.values():
        said = strategy_in_words(each, policy)
        yield numbering.clause(f"strategy/{each.id}", capital(each.title), said, each.mark)
