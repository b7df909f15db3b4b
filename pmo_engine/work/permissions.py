"""Who may do what: the one place that decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.store.errors import NotFound
from pmo_engine.work.errors import CommandError, Refusal

if TYPE_CHECKING:
    from datetime import date

    from pmo_engine.store.tables import Entry, Obligation
    from pmo_engine.store.unit_of_work import UnitOfWork


def roles_of(uow: UnitOfWork, person: str, project: str | None, on: date) -> list[str]:
    """Name the roles that a person holds for a project, or for the office, on a day."""
    held = uow.people.holdings(person, on)
    return sorted({item.role for item in held if item.project in {None, project}})


def require_person(uow: UnitOfWork, person: str) -> None:
    """Refuse somebody whom the store does not know."""
    try:
        uow.people.get(person)
    except NotFound:
        raise CommandError(
            f"nobody here is called '{person}'; add them with 'pmo person add'"
        ) from None


def require_vote(uow: UnitOfWork, obligation: Obligation, person: str, on: date) -> None:
    """Refuse a vote of somebody who does not hold a role that decides, or who asked for it."""
    require_holder(uow, obligation, person, on)
    if person in requesters(uow, obligation):
        raise Refusal(f"{person} asked for this, and nobody approves a request of their own")


def require_holder(uow: UnitOfWork, obligation: Obligation, person: str, on: date) -> None:
    """Refuse somebody who holds none of the roles that an obligation is for."""
    require_person(uow, person)
    deciding = deciding_roles(obligation)
    held = roles_of(uow, person, obligation.project, on)
    if not set(held) & set(deciding):
        roles = ", ".join(held) or "no role"
        raise Refusal(
            f"{person} may not decide this: it is for {' or '.join(deciding)}, "
            f"and {person} holds {roles} in {obligation.chain}"
        )


def deciding_roles(obligation: Obligation) -> list[str]:
    """Name who may decide: the role that was asked, and those it was escalated to."""
    asked = obligation.details.get("role") or obligation.target
    return [asked, *obligation.details.get("escalated_to", [])]


def requesters(uow: UnitOfWork, obligation: Obligation) -> set[str]:
    """Name those whose own request an obligation is about: whoever wrote it or asked for it."""
    if obligation.subject_kind == "gate_review":
        return {uow.gate_reviews.get(obligation.subject_id).opened_by}
    if obligation.subject_kind == "policy_version":
        drafted = uow.policy_versions.get(obligation.subject_id)
        return {drafted.drafted_by, drafted.submitted_by or drafted.drafted_by}
    return _asking(uow, obligation.subject_id)


def _asking(uow: UnitOfWork, entry_id: str) -> set[str]:
    """Name who wrote what is asked; whoever decided about it wrote its later versions."""
    return {v.by for v in uow.entries.versions(entry_id) if v.status == "submitted"}


def require_submitter(uow: UnitOfWork, entry: Entry, person: str, on: date) -> None:
    """Refuse a change by somebody who has nothing to do with the entry's project."""
    require_person(uow, person)
    if person not in _asking(uow, entry.id) and not roles_of(uow, person, entry.project, on):
        raise Refusal(f"{person} holds no role in {entry.project}")
