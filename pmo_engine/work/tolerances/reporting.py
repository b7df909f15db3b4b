"""The report that goes with an exception of a tolerance, and is kept up while it waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.vocabulary import PARTS
from pmo_engine.work.approvals.taking_back import answers_put, take_back
from pmo_engine.work.governance import System
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.notices.asking import tell_to
from pmo_engine.work.tolerances.report import drafted, in_lines

if TYPE_CHECKING:
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context
    from pmo_engine.work.obligations import Subject

CAUSE = PARTS[0]


def report(c: Context, subject: Subject, row: tables.Obligation) -> None:
    """Draft the report of an exception that a tolerance raised, and put it among the reasons."""
    found = drafted(c, row, subject.row) if row.kind == "exception" else {}
    if found:
        row.details = {**row.details, "report": found}
        row.reasons = [*row.reasons, *in_lines(found)]


def report_anew(c: Command, row: tables.Obligation, about: tables.Entry | tables.Project) -> None:
    """Say in the report of an exception what is exceeded by now; whoever waits for it hears so.

    What was put to a body as its answer was an answer to something else, and is taken back.
    """
    before, found = row.details.get("report"), drafted(c, row, about)
    if not before or not found or found[CAUSE] == before[CAUSE]:
        return
    reasons = [each for each in row.reasons if each not in in_lines(before)]
    reasons += in_lines(found)
    times = row.details.get("reported", 1) + 1
    details = {**row.details, "report": found, "reported": times}
    c.uow.obligations.change(row, details=details, reasons=reasons)
    if isinstance(c.actor, System):
        return  # who reminds of it says how it stands by then
    take_back(c, answers_put(c, [row]), "What is exceeded has changed since it was put.", ())
    said = "What is exceeded has changed since you were told."
    tell_to(c, row, notices.waited_for(c, row), f"{row.id}/reported/{times}", said)
