"""What waits for a decision, what came to be in a period, and how long requests took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select
from sqlmodel import col

from pmo_engine.model.frozen import dataclass
from pmo_engine.queries.asked.matters import record_in_short
from pmo_engine.queries.reported.raised import why
from pmo_engine.store.tables import Entry, GateReview, Obligation, Subject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from pmo_engine.queries.view import View


ENTERED = "entered"
DECIDED = ("approval", "exception")
"""What waits for a decision: to be approved, or to be answered."""


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment up to another, which is not in it."""

    start: datetime
    end: datetime

    def has(self, moment: datetime | None) -> bool:
        """Tell whether a moment is in it."""
        return moment is not None and self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Waiting:
    """An approval or exception that is open: what is to be decided, by whom, and until when.

    ``register``: that of the record that it is about; None where it is about no record. ``why``:
    of an exception, what raised it.
    """

    id: str
    register: str | None
    project: str | None
    title: str
    target: str
    opened_at: datetime
    due_at: datetime | None
    about: str = ""  # what the record is called, and how much it is
    why: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that came to be: a record that was entered, decided or closed, a gate decided."""

    register: str | None
    at: datetime
    project: str
    what: str
    title: str
    how: str


@dataclass(frozen=True, slots=True)
class Requests:
    """The records of a register in a period: how many came, were decided, how long that took.

    ``typical`` is the median, ``longest`` the longest time from request to decision; ``left`` are
    those that wait still.
    """

    register: str
    came: int
    decided: int
    typical: timedelta | None
    longest: timedelta | None
    left: int


def called_of(document: Mapping[str, Any] | None) -> str:
    """Give what a record is called by its title; nothing where it is none, or has none."""
    return str((document or {}).get("title") or "")


def waiting(view: View, projects: Collection[str] | None) -> list[Waiting]:
    """List open approvals and exceptions in projects, or everywhere, the earliest due first."""
    columns = (Obligation.id, Entry.register_name, Obligation.project, Subject.title)
    moments = (Obligation.target, Obligation.opened_at, Obligation.due_at)
    raised = (Obligation.kind, Obligation.rule, Obligation.also_rules, Obligation.details)
    wanted = select(*(col(each) for each in (*columns, *moments, Entry.document, *raised)))
    wanted = wanted.join(Subject, col(Subject.id) == col(Obligation.subject_id))
    wanted = wanted.outerjoin(Entry, col(Entry.id) == col(Obligation.subject_id))
    wanted = wanted.where(col(Obligation.status) == "open", col(Obligation.kind).in_(DECIDED))
    if projects is not None:
        wanted = wanted.where(col(Obligation.project).in_(projects))
    found = [
        Waiting(
            id=row.id,
            register=row.register_name,
            project=row.project,
            title=row.title,
            target=row.target,
            opened_at=row.opened_at,
            due_at=row.due_at,
            about=_in_short(view, row),
            why=why((row.rule, *row.also_rules), row.details) if row.kind == "exception" else "",
        )
        for row in view.uow.select(wanted)
    ]
    return sorted(found, key=lambda e: (e.due_at is None, e.due_at or e.opened_at, e.id))


def _in_short(view: View, row: Any) -> str:
    return "" if row.document is None else record_in_short(view, row.register_name, row.document)


def happened(view: View, projects: Collection[str], span: Span) -> list[Happened]:
    """List what came to be in projects in a span, the latest first."""
    found = [*_records(view, projects, span), *_gates(view, projects, span)]
    return sorted(found, key=lambda each: (each.at, each.project, each.what), reverse=True)


def _records(view: View, projects: Collection[str], span: Span) -> Iterator[Happened]:
    """Give each record once, with the last that became of it in the span."""
    moments = (col(Entry.submitted_at), col(Entry.decided_at), col(Entry.closed_at))
    in_span = or_(*(and_(each >= span.start, each < span.end) for each in moments))
    columns = (Entry.project, Entry.register_name, Entry.key, Entry.document, Entry.status)
    wanted = select(*(col(each) for each in columns), *moments)
    for row in view.uow.select(wanted.where(col(Entry.project).in_(projects), in_span)):
        known = {ENTERED: row.submitted_at, "decided": row.decided_at, "closed": row.closed_at}
        there = {what: at for what, at in known.items() if at is not None and span.has(at)}
        last = max(reversed(there), key=lambda each: there[each])
        status = row.status.replace("_", " ")
        how = status if last == "decided" and status != "submitted" else last
        title = str(row.document.get("title", ""))
        what = f"{_noun(view, row)} {row.key}"
        yield Happened(row.register_name, there[last], row.project, what, title, how)


def _noun(view: View, row: Any) -> str:
    declared = view.policy.registers.get(row.register_name)
    return row.register_name if declared is None else declared.noun.replace("_", " ")


def _gates(view: View, projects: Collection[str], span: Span) -> Iterator[Happened]:
    columns = (GateReview.closed_at, GateReview.project, GateReview.gate, GateReview.outcome)
    wanted = select(*(col(each) for each in columns)).where(
        col(GateReview.project).in_(projects),
        col(GateReview.closed_at) >= span.start,
        col(GateReview.closed_at) < span.end,
    )
    for at, project, gate, outcome in view.uow.select(wanted):
        declared = view.policy.gates.get(gate)
        title = "" if declared is None else declared.title
        how = outcome.replace("_", " ")
        yield Happened(None, at, project, f"gate {gate}", title, how)


def requests(view: View, projects: Collection[str] | None, span: Span) -> list[Requests]:
    """Count the requests of a span by their registers, in the order in which these are declared.

    A request is a record for which an approval was asked.
    """
    asked = select(col(Obligation.subject_id)).where(col(Obligation.kind) == "approval")
    columns = (Entry.register_name, Entry.standing, Entry.submitted_at, Entry.decided_at)
    wanted = select(*(col(each) for each in columns))
    wanted = wanted.where(col(Entry.submitted_at) < span.end, col(Entry.id).in_(asked))
    if projects is not None:
        wanted = wanted.where(col(Entry.project).in_(projects))
    rows: dict[str, list[Any]] = {}
    for row in view.uow.select(wanted):
        rows.setdefault(row.register_name, []).append(row)
    found = (_counted(name, rows[name], span) for name in view.policy.registers if name in rows)
    return [each for each in found if each.came or each.decided or each.left]


def middle(times: Sequence[timedelta]) -> timedelta | None:
    """Give the median of times in their order; None where there is none."""
    if not times:
        return None
    half = len(times) // 2
    return (times[half] + times[-half - 1]) / 2


def _counted(register: str, rows: list[Any], span: Span) -> Requests:
    times = sorted(row.decided_at - row.submitted_at for row in rows if span.has(row.decided_at))
    open_then = (
        row
        for row in rows
        if row.standing in {"waiting", "blocked"}
        or (row.decided_at is not None and row.decided_at >= span.end)
    )
    return Requests(
        register=register,
        came=sum(span.has(row.submitted_at) for row in rows),
        decided=len(times),
        typical=middle(times),
        longest=times[-1] if times else None,
        left=sum(1 for _ in open_then),
    )
