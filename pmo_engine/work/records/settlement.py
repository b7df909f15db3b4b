"""What the engine is asked about an entry, and what follows: decided, settled, decided again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.feel.wire import to_json
from pmo_engine.policy import AutoApprove
from pmo_engine.policy.events import Event
from pmo_engine.store import tables
from pmo_engine.work.facts import entry_event
from pmo_engine.work.obligations import Subject, close_all, reconcile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk


def decide_entry(
    desk: Desk,
    uow: UnitOfWork,
    entry: tables.Entry,
    event_name: str,
    by: str,
    *,
    settled: bool = False,
) -> Decision:
    """Decide about an entry, keep the decision and do what follows from it.

    Where its outcome is ``settled``, what is recorded since changes nothing that was decided.
    """
    event = entry_event(desk, uow, entry, event_name)
    decision = desk.engine.decide(event)
    kept = keep_decision(uow, event, decision, "entry", entry.id, entry.version)
    if not settled:
        subject = subject_of(desk, entry, by)
        reconcile(desk, uow, subject, decision, kept, first=entry.version == 1)
        if passes_by_itself(desk, decision):
            settle_entry(desk, uow, entry, "approved", by)
    return decision


def keep_decision(
    uow: UnitOfWork,
    event: Event,
    decision: Decision,
    kind: tables.SubjectKind,
    id: str,
    version: int,
) -> tables.Decision:
    """Store what the engine said, with the facts from which it said it."""
    result = decision.as_dict()
    row = uow.decisions.add(
        tables.Decision(
            project=event.project,
            subject_kind=kind,
            subject_id=id,
            subject_version=version,
            event=event.name,
            at=event.at,
            policy_name=result["policy"]["name"],
            policy_version=result["policy"]["version"],
            policy_digest=result["policy"]["digest"],
            facts=to_json(dict(event.facts)),
            result=result,
        )
    )
    body = {
        "decision": row.id,
        "event": event.name,
        "status": result["status"],
        "fired": result["fired"],
        "policy": result["policy"],
    }
    body |= {name: result[name] for name in ("trial", "faults") if result.get(name)}
    uow.journal.add(event.project or tables.OFFICE, "decided", body)
    return row


def subject_of(desk: Desk, entry: tables.Entry, asker: str) -> Subject:
    """Say how people call an entry: 'Change request CR-1 of P-1'."""
    noun = desk.policy.registers[entry.register_name].noun.replace("_", " ")
    title = f"{noun[:1].upper()}{noun[1:]} {entry.key} of {entry.project}"
    return Subject("entry", entry.id, entry.project, title, asker)


def passes_by_itself(desk: Desk, decision: Decision) -> bool:
    """Say whether a rule that fired lets the record pass, and nothing stands in the way."""
    if decision.status != "clear":
        return False
    fired = set(decision.outcomes.fired)
    return any(
        isinstance(effect, AutoApprove)
        for rule in desk.policy.rules
        if rule.id in fired and rule.binding != "trial"
        for effect in rule.then
    )


def settle_entry(desk: Desk, uow: UnitOfWork, entry: tables.Entry, status: str, by: str) -> None:
    """Give an entry its outcome; what is still open is withdrawn, and followers are told."""
    register = desk.policy.registers[entry.register_name]
    uow.entries.revise(entry, status=status, decided_at=desk.clock.now())
    close_all(uow, uow.obligations.open_for("entry", entry.id), "withdrawn")
    uow.journal.add(
        entry.project, f"{register.noun}.{status}", {"key": entry.key, "version": entry.version}
    )
    event_name = f"{register.noun}.{status}"
    if desk.selection(event_name).rules:
        event = entry_event(desk, uow, entry, event_name)
        decision = desk.engine.decide(event)
        kept = keep_decision(uow, event, decision, "entry", entry.id, entry.version)
        reconcile(desk, uow, subject_of(desk, entry, by), decision, kept)


def approve_if_done(desk: Desk, uow: UnitOfWork, entry: tables.Entry, by: str) -> None:
    """Approve an entry once somebody did since its last change, and nothing binding is open.

    Silence approves nothing: obligations that are merely met do not. A binding rule that came to a
    fault holds it until a change of the record, or of the policy, lets the rule be judged.
    """
    if entry.status != "submitted":  # an approval of what follows from its outcome
        return
    rows = uow.obligations.of_subject("entry", entry.id)
    if any(row.status == "open" and row.binding == "shall" for row in rows):
        return
    if _held_by_a_fault(desk, uow, entry):
        return
    if any(row.kind == "approval" for row in given_since_changed(uow, entry, rows)):
        settle_entry(desk, uow, entry, "approved", by)


def _held_by_a_fault(desk: Desk, uow: UnitOfWork, entry: tables.Entry) -> bool:
    """Tell whether a binding rule could not be judged when an entry was last decided about."""
    last = uow.decisions.of_subject("entry", entry.id)[-1]
    binding = {rule.id for rule in desk.policy.rules if rule.binding == "shall"}
    return not binding.isdisjoint(last.result["faults"])


def given_since_changed(
    uow: UnitOfWork, entry: tables.Entry, rows: Iterable[tables.Obligation]
) -> list[tables.Obligation]:
    """Choose what people gave since an entry's last change; facts, it holds itself."""
    changed = uow.entries.versions(entry.id)[-1].at
    given = (row for row in rows if row.status == "met" and row.kind != "information")
    return [row for row in given if row.closed_at is not None and row.closed_at >= changed]
