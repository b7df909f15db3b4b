"""What does not go on by itself: nobody may act on it, is asked about it, or is chased any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pydantic import Field

from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import A_RECORD
from pmo_engine.work.approvals.asking import able, why_stuck
from pmo_engine.work.approvals.eligible import cases
from pmo_engine.work.approvals.rising import beyond_reach
from pmo_engine.work.records.settlement import is_decided_about, why_unasked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pmo_engine.queries.asked.inbox import Waiting
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.governance import Context

    Unread: TypeAlias = Callable[[Entry], str]


def everything(_: Entry) -> str:
    """Hide nothing: who looks is the engine itself, or reads every register."""
    return ""


class Stuck(Shape):
    """Something on which nobody may act, or that is overdue and chased no more; since when and why.

    ``id``: of the obligation; of the record itself where nobody is asked about it. ``may``: who may
    act on what is overdue all the same.
    """

    id: str
    project: str | None
    title: str
    kind: str  # of the obligation, or "record"
    asked_of: str = Field(alias="for")
    since: str
    due: str | None
    why: list[str]
    may: list[str] = Field(default_factory=list)

    @property
    def waiting(self) -> Waiting:
        """Show it among what waits for the head of the office."""
        from pmo_engine.queries.asked.inbox import Waiting  # noqa: PLC0415 - no vote shows it

        return Waiting(
            id=self.id,
            title=self.title,
            project=self.project,
            kind=self.kind,
            rule="",
            clause="",
            asked_of=self.asked_of,
            since=self.since,
            due=self.due,
            reasons=self.why,
            version=1,
            for_information=True,
            stuck=True,
        )


def stuck(c: Context, unread: Unread = everything) -> list[Stuck]:
    """List what is stuck, the longest so first; what somebody may act on by now is left out.

    But what is overdue stands on it once its ladder has come to its end, whoever may act on it.

    ``unread``: says of a record why whoever looks may not read it, and hear why it is stuck.
    """
    found = [*_obligations(c, unread), *_records(c, unread)]
    return sorted(found, key=lambda each: (each.since, each.title, each.id))


def how_many(c: Context) -> int:
    """Count what is stuck, without asking of all that is overdue who may act on it."""
    overdue = {row.id for row in c.uow.obligations.exhausted(c.now)}
    rows = [row for row in c.uow.obligations.stuck() if row.id not in overdue]
    nobodys = (case for case in cases(c, rows) if beyond_reach(case) or not able(case.standings()))
    return sum(1 for _ in (*overdue, *nobodys, *_records(c, everything)))


def _obligations(c: Context, unread: Unread) -> Iterator[Stuck]:
    overdue = {row.id: row for row in c.uow.obligations.exhausted(c.now)}
    rows = {**overdue, **{row.id: row for row in c.uow.obligations.stuck()}}
    for case in cases(c, list(rows.values())):
        found = case.standings()
        beyond = beyond_reach(case)
        may = [] if beyond else able(found)
        if may and case.row.id not in overdue:
            continue
        if may:
            why = [_overdue(c, may)]
        else:
            why = [beyond] if beyond else why_stuck(case, found, case.deciding)
        hidden = unread(case.about.row) if case.about.name == A_RECORD else ""
        yield _stuck(case, [hidden] if hidden else why, may)


def _overdue(c: Context, may: list[str]) -> str:
    who = " or ".join(map(c.uow.people.name_of, may))
    return f"it is overdue, nobody is reminded of it any more, and {who} may act on it"


def _stuck(case: Case, why: list[str], may: list[str]) -> Stuck:
    row = case.row
    since = row.stuck_since or (row.due_at if may and row.due_at else row.opened_at)
    return Stuck(
        id=row.id,
        project=row.project,
        title=row.details["title"],
        kind=row.kind,
        asked_of=row.target,
        since=since.isoformat(),
        due=None if row.due_at is None else row.due_at.isoformat(),
        why=why,
        may=may,
    )


def _records(c: Context, unread: Unread) -> Iterator[Stuck]:
    recorded = [each.id for each in c.policy.registers.values() if each.stands_unasked]
    for entry in c.uow.entries.unasked(recorded):
        if is_decided_about(c.under(entry), entry):
            at = entry.submitted_at or c.now
            hidden = unread(entry)
            yield Stuck(
                id=entry.id,
                project=entry.project,
                title=c.uow.subjects.get(entry.id).title,
                kind="record",
                asked_of="",
                since=at.isoformat(),
                due=None,
                why=[hidden] if hidden else why_unasked(c.under(entry), entry),
            )
