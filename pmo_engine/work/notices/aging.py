"""Evidence grows old: no older is taken than its rule says, and it is asked for again in time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from pmo_engine.model.durations import Span
from pmo_engine.model.working_time.occasions import beginning
from pmo_engine.store import tables
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.obligations import Asked, as_asked, open_obligation
from pmo_engine.work.people.places import calendar_for
from pmo_engine.work.timed.things import Place, Record

if TYPE_CHECKING:
    from pmo_engine.model.working_time.calendar import WorkingCalendar
    from pmo_engine.work.command import Command

TOO_OLD = 0
"""The number of the rung at which evidence is asked for again; a ladder's begin with 1."""
MOST_DAYS = 400
"""No time allowed is longer; the search for the day on which it has to begin ends there."""
AT_NOON = time(12)


def date_evidence(c: Command, row: tables.Obligation, dated: date | None) -> None:
    """Keep of which day evidence is that was given, and set when it is asked for again.

    Raises Refusal where it is too old, CommandError for a day that is still to come.
    """
    day = dated or c.today
    if day > c.today:
        raise CommandError(f"--dated: {day} is still to come; evidence is there already")
    c.uow.obligations.change(row, details={**row.details, "dated": day.isoformat()})
    said = row.details.get("max_age")
    if said is None:
        return
    calendar, age = calendar_for(c, row.project), Span.parse(said)
    last = calendar.deadline(beginning(calendar, day), age).astimezone(calendar.clocks).date()
    if last < c.today:
        raise Refusal(f"{row.target} of {day} is too old: it may be no older than {said}")
    due_at = _in_time(calendar, row, last)
    c.uow.rungs.set(
        tables.Rung(
            obligation_id=row.id,
            rung=TOO_OLD,
            due_at=max(due_at, c.now),
            action="close",
            role=row.details["role"] or "",
        )
    )


def _in_time(calendar: WorkingCalendar, row: tables.Obligation, last: date) -> datetime:
    """Give when it has to be asked for, so that it is there on the last day of the one before."""
    end = beginning(calendar, last + timedelta(days=1))
    allowed = Span.parse(row.details["within"]) if row.details.get("within") else None
    for back in range(MOST_DAYS if allowed is not None else 0):
        moment = datetime.combine(last - timedelta(days=back), AT_NOON, calendar.clocks)
        if allowed is not None and calendar.deadline(moment, allowed) <= end:
            return moment
    return end


def ask_again(c: Command, row: tables.Obligation) -> None:
    """Ask for evidence anew whose day is about to be too long ago, unless all of it is over."""
    about = c.on.row
    under = c.under(about) if isinstance(about, tables.Entry) else c
    thing = Record(about) if isinstance(about, tables.Entry) else Place(about)
    if row.status != "met" or thing.is_over(under):
        return
    item = as_asked(row)
    reasons = (*row.reasons, f"{row.target} is of {row.details['dated']}, and grows too old.")
    subject = thing.subject(under)
    open_obligation(under, subject, Asked(item, reasons, row.decision_id), beside=True)
