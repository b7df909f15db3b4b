"""Register entries: submitted, changed, decided again each time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from pmo_engine.feel.wire import to_json
from pmo_engine.store import tables
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.facts import given_record, require_fields
from pmo_engine.work.permissions import require_person, require_submitter
from pmo_engine.work.records.settlement import decide_entry

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from pmo_engine.decisions.decision import Decision
    from pmo_engine.policy import Policy, Register
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk

DECIDED = frozenset({"approved", "rejected", "closed"})
OWN_COLUMNS = ("owner", "due")


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry as it stands, with the decision about it."""

    project: str
    register: str
    key: str
    version: int
    status: str
    decision: Decision

    def as_dict(self) -> dict[str, Any]:
        """Give the shape that the command line prints."""
        return {
            "project": self.project,
            "register": self.register,
            "key": self.key,
            "version": self.version,
            "status": self.status,
            "decision": self.decision.as_dict(),
        }


def submit(
    desk: Desk,
    *,
    project: str,
    register: str,
    fields: Mapping[str, Any],
    by: str,
    key: str | None = None,
) -> Recorded:
    """Enter a record into a register and decide about it, in one transaction.

    ``fields`` are text or JSON by name; ``owner`` and ``due`` are every record's own. Raises
    CommandError for fields that are wrong, StoreError where the store refuses.
    """
    declared = register_named(desk, register)
    typed = given_record(declared, fields)
    require_fields(declared, typed)
    with desk.transaction(by) as uow:
        require_person(uow, by)
        uow.projects.get(project)
        return enter(desk, uow, declared, project, typed, by, key)


def enter(
    desk: Desk,
    uow: UnitOfWork,
    register: Register,
    project: str,
    typed: Mapping[str, Any],
    by: str,
    key: str | None = None,
) -> Recorded:
    """Enter a record within a transaction; ``typed`` are its fields."""
    number = uow.entries.count(project, register.id) + 1
    entry = uow.entries.add(
        tables.Entry(
            project=project,
            register_name=register.id,
            key=key or f"{register.key_prefix}-{number}",
            status="submitted",
            owner=typed.get("owner"),
            due=typed.get("due"),
            document=_document(typed),
            policy_digest=desk.policy.digest,
            submitted_by=by,
            submitted_at=desk.clock.now(),
        )
    )
    uow.journal.add(project, f"{register.noun}.submitted", _body(entry))
    return _recorded(entry, decide_entry(desk, uow, entry, f"{register.noun}.submitted", by))


def update(
    desk: Desk,
    *,
    project: str,
    register: str,
    key: str,
    changes: Mapping[str, Any],
    by: str,
    expected: int | None = None,
) -> Recorded:
    """Change fields of a record and decide about it again; ``None`` takes a field away.

    An approval was given to what the record said then, so a change asks for it anew. Raises
    Refusal for what a decision that was taken looked at, StaleVersion if the record is not at
    the version ``expected``.
    """
    given = {name: value for name, value in changes.items() if value is not None}
    gone = set(changes) - set(given)
    with desk.transaction(by) as uow:
        entry = entry_named(desk, uow, project, register, key)
        require_submitter(uow, entry, by, desk.today())
        under = desk.of(entry)
        typed = given_record(under.policy.registers[entry.register_name], given)
        return revise(under, uow, entry, typed, gone, by, expected)


def revise(
    desk: Desk,
    uow: UnitOfWork,
    entry: tables.Entry,
    typed: Mapping[str, Any],
    gone: Collection[str],
    by: str,
    expected: int | None = None,
) -> Recorded:
    """Change a record within a transaction: ``typed`` fields are set, those ``gone`` taken away.

    ``desk`` is that of the version of the policy that the record is under.
    """
    noun = desk.policy.registers[entry.register_name].noun
    decided = entry.status in DECIDED
    if decided:
        _refuse_decided(desk, entry, {*typed, *gone})
    kept = {name: value for name, value in entry.document.items() if name not in gone}
    uow.entries.revise(
        entry,
        expected,
        document={**kept, **_document(typed)},
        owner=typed.get("owner", None if "owner" in gone else entry.owner),
        due=typed.get("due", None if "due" in gone else entry.due),
        policy_digest=desk.policy.digest,
    )
    uow.journal.add(entry.project, f"{noun}.updated", _body(entry))
    return _recorded(entry, decide_entry(desk, uow, entry, f"{noun}.updated", by, settled=decided))


def _recorded(entry: tables.Entry, decision: Decision) -> Recorded:
    return Recorded(
        entry.project, entry.register_name, entry.key, entry.version, entry.status, decision
    )


def _refuse_decided(desk: Desk, entry: tables.Entry, changed: Collection[str]) -> None:
    """Refuse a change to what the decision about an entry looked at; the rest is recorded."""
    register = desk.policy.registers[entry.register_name]
    decisive = desk.fields_decided_on(register)
    touched = sorted(set(changed) & decisive)
    if touched:
        raise Refusal(
            f"{entry.key} is {entry.status} already, on {', '.join(touched)} among others; "
            f"submit a new {register.noun} instead"
        )


def register_named(desk: Desk, name: str) -> Register:
    """Find a register by its id, noun or plural; raises CommandError."""
    found = _register_in(desk.policy, name)
    if found is None:
        known = ", ".join(sorted(desk.policy.registers))
        raise CommandError(f"no register is called '{name}'; the policy has {known}")
    return found


def entry_named(desk: Desk, uow: UnitOfWork, project: str, register: str, key: str) -> tables.Entry:
    """Find an entry, also of a register that only an earlier version of the policy has."""
    earlier = (desk.shelf.desk_of(term.digest).policy for term in reversed(desk.shelf.terms))
    found = (_register_in(policy, register) for policy in chain([desk.policy], earlier))
    declared = next(filter(None, found), None) or register_named(desk, register)
    return uow.entries.by_key(project, declared.id, key)


def _register_in(policy: Policy, name: str) -> Register | None:
    registers = policy.registers.values()
    return next((r for r in registers if name in {r.id, r.noun, r.plural}), None)


def _document(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: to_json(value) for name, value in typed.items() if name not in OWN_COLUMNS}


def _body(entry: tables.Entry) -> dict[str, Any]:
    due: date | None = entry.due
    return {
        "register": entry.register_name,
        "key": entry.key,
        "version": entry.version,
        "fields": entry.document,
        "owner": entry.owner,
        "due": None if due is None else due.isoformat(),
    }


def listed(desk: Desk, *, project: str, register: str) -> list[dict[str, Any]]:
    """List a project's entries of one register."""
    declared = register_named(desk, register)
    with desk.reading() as uow:
        uow.projects.get(project)
        return [_shown(entry) for entry in uow.entries.of_project(project, declared.id)]


def _shown(entry: tables.Entry) -> dict[str, Any]:
    due: date | None = entry.due
    return {
        "project": entry.project,
        "register": entry.register_name,
        "key": entry.key,
        "version": entry.version,
        "status": entry.status,
        "owner": entry.owner,
        "due": None if due is None else due.isoformat(),
        "fields": entry.document,
    }


def story(desk: Desk, *, project: str, register: str, key: str) -> dict[str, Any]:
    """Give an entry with all its versions, decisions, obligations and votes."""
    with desk.reading() as uow:
        entry = entry_named(desk, uow, project, register, key)
        return {
            **_shown(entry),
            "versions": [
                {"version": v.version, "status": v.status, "fields": v.document, "by": v.by}
                for v in uow.entries.versions(entry.id)
            ],
            "decisions": [
                {"event": d.event, "at": d.at.isoformat(), "result": d.result}
                for d in uow.decisions.of_subject("entry", entry.id)
            ],
            "obligations": obligations_of(uow, "entry", entry.id),
        }


def obligations_of(uow: UnitOfWork, kind: tables.SubjectKind, id: str) -> list[dict[str, Any]]:
    """Give all obligations of an entry or review, with their votes."""
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "target": row.target,
            "rule": row.rule,
            "clause": row.clause,
            "binding": row.binding,
            "status": row.status,
            "opened_at": row.opened_at.isoformat(),
            "due_at": None if row.due_at is None else row.due_at.isoformat(),
            "closed_at": None if row.closed_at is None else row.closed_at.isoformat(),
            "escalated_to": row.details.get("escalated_to", []),
            "reasons": row.reasons,
            "votes": [
                {
                    "person": vote.person,
                    "choice": vote.choice,
                    "reason": vote.reason,
                    "at": vote.at.isoformat(),
                    "superseded": vote.superseded_at is not None,
                }
                for vote in uow.votes.all_of(row.id)
            ],
        }
        for row in uow.obligations.of_subject(kind, id)
    ]
