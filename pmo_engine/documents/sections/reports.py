"""Reports as a section: for whom each is, how often it is made, what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.documents.model import Section, Table
from pmo_engine.documents.numbering import Numbering, row
from pmo_engine.prose.reports import report_in_words

if TYPE_CHECKING:
    from pmo_engine.policy import Policy


def reports_section(policy: Policy, number: str) -> Section:
    """Make the section on reports."""
    numbering = Numbering(number)
    rows = [
        row(numbering.clause(f"report/{e.id}", e.title, report_in_words(e, policy), e.mark))
        for e in policy.reports.values()
    ]
    table = Table(("Clause", "Report", "What it is"), tuple(rows))
    return Section("reports", number, "Reports", (table,), "framework")
