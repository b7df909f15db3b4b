"""Collection rounds as a section: what each collects, from whom, when and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.model import Section, Table
from pmo_engine.documents.numbering import Numbering, row
from pmo_engine.prose.rounds import round_in_words

if TYPE_CHECKING:
    from pmo_engine.policy import Policy


def rounds_section(policy: Policy, number: str) -> Section:
    """Make the section on collection rounds."""
    numbering = Numbering(number)
    rows = [
        row(numbering.clause(f"round/{e.id}", e.title, round_in_words(e, policy), e.mark))
        for e in policy.rounds.values()
    ]
    table = Table(("Clause", "Round", "What it collects"), tuple(rows))
    return Section("rounds", number, "Collection rounds", (table,), "framework")
