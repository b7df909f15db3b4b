"""Turns decisions into work: obligations opened, kept, withdrawn; their timers and notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pmo_engine.model.durations import Span
from pmo_engine.policy.decision import Obligation
from pmo_engine.policy.ladders import timetable
from pmo_engine.policy.selection import superior
from pmo_engine.prose.names import words
from pmo_engine.store import tables
from pmo_engine.work.notices import wording as notices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.store.tables import SubjectKind
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk


@dataclass(frozen=True, slots=True)
class Subject:
    """What obligations are about: an entry or a gate review, and how people call it."""

    kind: SubjectKind
    id: str
    project: str | None  # None: the office itself
    title: str  # "Change request CR-1 of P-1"
    asker: str  # the person who submitted or opened it


def reconcile(
    desk: Desk,
    uow: UnitOfWork,
    subject: Subject,
    decision: Decision,
    kept: tables.Decision,
    *,
    first: bool = False,
) -> None:
    """Bring open obligations in line with a decision, by rule, kind and target.

    What is still asked keeps its deadline; what is no longer asked is withdrawn (or met, where a
    fact that was asked for has been given). A ``first`` decision has none to bring in line.
    ``kept`` is the decision as it was stored.
    """
    wanted = [item for item in decision.obligations if item.kind != "notice"]
    standing = [] if first else uow.obligations.open_for(subject.kind, subject.id)
    left = {row.id: row for row in standing}
    reasons = {item["id"]: tuple(item["reasons"]) for item in kept.result["obligations"]}
    new = []
    for item in wanted:
        same = next((row for row in left.values() if same_as(row, item)), None)
        if same is None:
            new.append(item)
        else:
            del left[same.id]
    for row in left.values():
        withdraw(uow, row)
    for item in new:
        open_obligation(desk, uow, subject, item, reasons[item.id], kept.id)
    tell(desk, uow, subject, decision)


def same_as(row: tables.Obligation, item: Obligation) -> bool:
    """Say whether an obligation that was opened is the one that a decision asks for."""
    rules = {row.rule, *row.also_rules}
    return row.kind == item.kind and row.target == item.target and not rules.isdisjoint(item.rules)


def withdraw(uow: UnitOfWork, row: tables.Obligation) -> None:
    """Close what is no longer asked for."""
    status: tables.ObligationStatus = "met" if row.kind == "information" else "withdrawn"
    uow.obligations.close(row, status)
    uow.journal.add(row.chain, f"obligation.{status}", {"obligation": row.id, "rule": row.rule})


def open_obligation(
    desk: Desk,
    uow: UnitOfWork,
    subject: Subject,
    item: Obligation,
    reasons: tuple[str, ...],
    decision_id: str,
) -> tables.Obligation:
    """Open an obligation: its row, its timers, notices to those who must act, the journal."""
    row = uow.obligations.add(_row(desk, subject, item, reasons, decision_id))
    start_timers(desk, uow, row)
    addressed = _addressees(desk, uow, row, subject)
    due = [f"Due {notices.shown(row.due_at)}."] if row.due_at else []
    body = "\n".join([*row.reasons, *due])
    said = notices.worded(desk, "asked", notices.values_of(row), opening(row), body)
    uow.outbox.add_new(
        notices.notice(desk, f"{row.id}/opened", person, *said, row.project) for person in addressed
    )
    told = {
        "obligation": row.id,
        "subject": subject.title,
        "kind": row.kind,
        "rule": row.rule,
        "target": row.target,
        "due": None if row.due_at is None else row.due_at.isoformat(),
        "clause": row.clause,
        "told": addressed,
    }
    uow.journal.add(row.chain, "obligation.opened", told)
    return row


def _row(
    desk: Desk, subject: Subject, item: Obligation, reasons: tuple[str, ...], decision_id: str
) -> tables.Obligation:
    now = desk.clock.now()
    within = None if item.within is None else Span.parse(item.within)
    return tables.Obligation(
        project=subject.project,
        subject_kind=subject.kind,
        subject_id=subject.id,
        decision_id=decision_id,
        rule=item.rule,
        kind=item.kind,
        target=item.target,
        also_rules=list(item.also),
        binding=item.binding,
        opened_at=now,
        due_at=None if within is None else desk.policy.calendar.deadline(now, within),
        ladder=item.ladder,
        clause=item.clause,
        reasons=list(reasons),
        details={"title": subject.title, "role": item.role, "text": item.text},
    )


def opening(row: tables.Obligation) -> str:
    """Give the subject line of the notice that an obligation is open."""
    title = row.details["title"]
    match row.kind:
        case "approval":
            return f"{title} needs your decision"
        case "information":
            return f"{title} waits for {row.target}"
        case "assessment":
            return f"{title} needs your assessment"
        case "exception":
            return f"{title}: exception report"
        case _:
            return f"{title}: {row.kind} {row.target}"


def _addressees(desk: Desk, uow: UnitOfWork, row: tables.Obligation, subject: Subject) -> list[str]:
    role = row.details["role"]
    if role is None:
        return [subject.asker] if row.kind == "information" else []
    people = notices.holders(desk, uow, role, row.project)
    while not people and (role := superior(desk.policy, role)) is not None:
        people = notices.holders(desk, uow, role, row.project)
    return people


def tell(desk: Desk, uow: UnitOfWork, subject: Subject, decision: Decision) -> None:
    """Tell those whom a decision says are to be told; each once."""
    for item in decision.obligations:
        if item.kind != "notice" or item.role is None:
            continue
        key = f"{subject.id}/{item.id}"
        reasons = "\n".join(decision.reasons(item))
        values = {
            "title": subject.title,
            "project": subject.project or "",
            "role": words(item.role),
            "message": item.text,
            "reasons": reasons,
        }
        body = f"{item.text}\n{reasons}".strip()
        said = notices.worded(desk, "told", values, subject.title, body)
        notices.send(uow, notices.to_role(desk, uow, item.role, subject.project, key, *said))


def start_timers(desk: Desk, uow: UnitOfWork, row: tables.Obligation) -> None:
    """Set the rungs of an obligation's ladder, each at its moment."""
    ladder = desk.policy.ladders.get(row.ladder) if row.ladder is not None else None
    role = row.details["role"]
    if ladder is None or row.due_at is None or role is None:
        return
    rungs = (
        tables.Rung(
            obligation_id=row.id,
            rung=each.number,
            due_at=each.moment,
            action=each.rung.action,
            role=each.role,
        )
        for each in timetable(desk.policy, ladder, role, row.opened_at, row.due_at)
    )
    uow.rungs.add_all(rungs)


def close_all(
    uow: UnitOfWork, rows: Iterable[tables.Obligation], status: tables.ObligationStatus
) -> None:
    """Close what is open of some obligations."""
    for row in rows:
        if row.status == "open":
            uow.obligations.close(row, status)


def as_asked(row: tables.Obligation) -> Obligation:
    """Give an obligation as the engine asked for it, which is what prose speaks of."""
    facts = (row.target,) if row.kind == "information" else ()
    return Obligation(
        row.kind,
        row.rule,
        row.target,
        row.binding,
        role=row.details["role"],
        ladder=row.ladder,
        facts=facts,
        clause=row.clause,
        text=row.details["text"],
    )
