"""Projects and people: added, given roles, listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.notify.channel import check
from pmo_engine.notify.errors import DeliveryError
from pmo_engine.store import tables
from pmo_engine.work.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.rulebook import Desk

ACTIVE = "active"


def add_project(
    desk: Desk,
    *,
    project: str,
    name: str,
    stage: str,
    by: str,
    office: str = "office",
    attributes: Mapping[str, Any] | None = None,
) -> None:
    """Add a project to the portfolio; raises Duplicate where its id is taken."""
    _check_stage(desk, stage)
    with desk.transaction(by) as uow:
        uow.projects.add(
            tables.Project(
                id=project,
                name=name,
                stage=stage,
                office=office,
                status=ACTIVE,
                attributes=dict(attributes or {}),
            )
        )
        uow.journal.add(project, "project.added", {"name": name, "stage": stage, "office": office})


def _check_stage(desk: Desk, stage: str) -> None:
    known = {
        name for gate in desk.policy.gates.values() for name in (gate.from_stage, gate.to_stage)
    }
    if known and stage not in known:
        raise CommandError(
            f"no gate knows the stage '{stage}'; there are {', '.join(sorted(known))}"
        )


def add_person(
    desk: Desk,
    *,
    person: str,
    name: str,
    by: str,
    address: str = "",
    hosts: Collection[str] = (),
) -> None:
    """Add somebody who can hold roles; ``address`` is an Apprise URL, or empty.

    It is checked: ``hosts`` are those that notices may go to besides the usual ones.
    """
    check_address(address, person, hosts)
    with desk.transaction(by) as uow:
        uow.people.add(tables.Person(id=person, name=name, address=address))
        uow.journal.add(tables.OFFICE, "person.added", {"person": person})


def check_address(address: str, person: str, hosts: Collection[str]) -> None:
    """Raise CommandError for an address that nothing can be sent to; an empty one is none."""
    if not address.strip():
        return
    try:
        check(address, person, hosts)
    except DeliveryError as error:
        raise CommandError(str(error)) from None


def hold(
    desk: Desk,
    *,
    person: str,
    role: str,
    by: str,
    project: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> None:
    """Give a person a role from ``since`` (today) on; said again it changes nothing."""
    if role not in desk.policy.roles:
        known = ", ".join(sorted(desk.policy.roles))
        raise CommandError(f"the policy has no role '{role}'; it has {known}")
    first = since or desk.today()
    if until is not None and until < first:
        raise CommandError(f"a role cannot end ({until}) before it begins ({first})")
    with desk.transaction(by) as uow:
        uow.people.get(person)
        if project is not None:
            uow.projects.get(project)
        if _holds(uow, person, role, project, first):
            return
        uow.people.hold(
            tables.RoleHolding(
                person=person, role=role, project=project, from_date=first, to_date=until
            )
        )
        body = {"person": person, "role": role, "project": project, "from": first.isoformat()}
        uow.journal.add(tables.OFFICE, "role.held", body)


def _holds(uow: UnitOfWork, person: str, role: str, project: str | None, on: date) -> bool:
    return any(
        held.role == role and held.project == project for held in uow.people.holdings(person, on)
    )


def projects(desk: Desk) -> list[dict[str, Any]]:
    """List all projects."""
    with desk.reading() as uow:
        return [
            {
                "id": row.id,
                "name": row.name,
                "stage": row.stage,
                "office": row.office,
                "status": row.status,
                "attributes": row.attributes,
            }
            for row in uow.projects.all()
        ]


def people(desk: Desk) -> list[dict[str, Any]]:
    """List all people with the roles that they hold today; addresses are left out."""
    with desk.reading() as uow:
        return [
            {"id": row.id, "name": row.name, "roles": ", ".join(_roles(uow, row.id, desk.today()))}
            for row in uow.people.all()
        ]


def _roles(uow: UnitOfWork, person: str, on: date) -> list[str]:
    return [
        held.role if held.project is None else f"{held.role} ({held.project})"
        for held in uow.people.holdings(person, on)
    ]
