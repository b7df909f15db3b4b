"""What nobody may act on: obligations without anybody, and records about which nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pydantic import Field

from pmo_engine.model.shape import Shape
from pmo_engine.model.vocabulary import A_RECORD
from pmo_engine.work.approvals.asking import able, why_nobody
from pmo_engine.work.approvals.eligible import cases
from pmo_engine.work.approvals.rising import beyond_reach
from pmo_engine.work.records.settlement import is_decided_about, why_unasked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pmo_engine.queries.inbox import Waiting
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.approvals.eligible import Case
    from pmo_engine.work.governance import Context

    Unread: TypeAlias = Callable[[Entry], str]


def everything(_: Entry) -> str:
    """Hide nothing: who looks is the engine itself, or reads every register."""
    return ""


class Stuck(Shape):
    """Something on which nobody may act, since when (ISO 8601), and why not.

    ``id``: of the obligation; of the record itself where nobody is asked about it.
    """

    id: str
    project: str | None
    title: str
    kind: str  # of the obligation, or "record"
    asked_of: str = Field(alias="for")
    since: str
    due: str | None
    why: list[str]

    @property
    def waiting(self) -> Waiting:
        """Show it among what waits for the head of the office."""
        from pmo_engine.queries.inbox import Waiting  # noqa: PLC0415 - no vote shows it

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

    ``unread``: says of a record why whoever looks may not read it, and hear why it is stuck.
    """
    found = [*_obligations(c, unread), *_records(c, unread)]
    return sorted(found, key=lambda each: (each.since, each.title, each.id))


def _obligations(c: Context, unread: Unread) -> Iterator[Stuck]:
    for case in cases(c, c.uow.obligations.stuck()):
        found = case.standings()
        beyond = beyond_reach(case)
        if beyond or not able(found):
            why = [beyond] if beyond else why_nobody(found, case.deciding)
            hidden = unread(case.about.row) if case.about.name == A_RECORD else ""
            yield _stuck(case, [hidden] if hidden else why)


def _stuck(case: Case, why: list[str]) -> Stuck:
    row = case.row
    since = row.stuck_since or row.opened_at
    return Stuck(
        id=row.id,
        project=row.project,
        title=row.details["title"],
        kind=row.kind,
        asked_of=row.target,
        since=since.isoformat(),
        due=None if row.due_at is None else row.due_at.isoformat(),
        why=why,
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
