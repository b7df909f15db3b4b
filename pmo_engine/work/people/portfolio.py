"""Projects and people: added, given roles, listed."""

from __future__ import annotations

from functools import partial
from types import NoneType
from typing import TYPE_CHECKING, Any

from pmo_engine.model.acts import Act
from pmo_engine.model.identifiers import IdentifierError, canonical
from pmo_engine.notify.channel import check
from pmo_engine.notify.errors import DeliveryError
from pmo_engine.store import tables
from pmo_engine.work.acts import ADD_PERSON, ADD_PROJECT, ADDRESS, APPOINT
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.permissions import FOUNDER, is_being_set_up, whoever_the_terms_name
from pmo_engine.work.subjects import Office

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from pmo_engine.work.governance import Context, Governance

ACTIVE = "active"


def add_project(
    governance: Governance,
    *,
    project: str,
    name: str,
    stage: str,
    by: str,
    office: str = "office",
    attributes: Mapping[str, Any] | None = None,
    request: str | None = None,
) -> None:
    """Add a project to the portfolio; raises CommandError where its id is taken."""
    do = partial(
        _add_project, project=project, name=name, stage=stage, office=office, given=attributes or {}
    )
    carry_out(governance, Order(by, ADD_PROJECT, Office(), NoneType, request), do)


def _add_project(
    c: Command, *, project: str, name: str, stage: str, office: str, given: Mapping[str, Any]
) -> None:
    named(project, "project")
    _check_stage(c, stage)
    if c.uow.projects.is_there(project):
        raise CommandError(f"there is a project '{project}' already")
    c.uow.projects.add(
        tables.Project(
            id=project,
            name=name,
            stage=stage,
            office=office,
            status=ACTIVE,
            attributes=dict(given),
        )
    )
    c.journal("project.added", {"name": name, "stage": stage, "office": office}, project)


def named(id: str, what: str) -> str:
    """Give an id back that people may use; raises CommandError."""
    try:
        return canonical(id, what)
    except IdentifierError as error:
        raise CommandError(str(error)) from None


def _check_stage(c: Context, stage: str) -> None:
    known = {name for gate in c.policy.gates.values() for name in (gate.from_stage, gate.to_stage)}
    if known and stage not in known:
        raise CommandError(
            f"no gate knows the stage '{stage}'; there are {', '.join(sorted(known))}"
        )


def add_person(
    governance: Governance,
    *,
    person: str,
    name: str,
    by: str,
    address: str = "",
    hosts: Collection[str] = (),
    request: str | None = None,
) -> None:
    """Add somebody who can hold roles; ``address`` is an Apprise URL, or empty.

    It is checked: ``hosts`` are those that notices may go to besides the usual ones.

    The first one adds themself, and may set the store up until work begins in it.
    """
    check_address(address, person, hosts)
    do = partial(_add_person, person=person, name=name, address=address)
    carry_out(governance, Order(by, ADD_PERSON, Office(), NoneType, request), do)


def _add_person(c: Command, *, person: str, name: str, address: str) -> None:
    named(person, "person")
    first = c.uow.people.is_empty()
    if first and person != c.actor:
        raise Refusal(f"the first person is added by themself: --by {person}")
    if c.uow.people.is_there(person):
        raise CommandError(f"there is somebody called '{person}' already")
    c.uow.people.add(tables.Person(id=person, name=name, address=address))
    c.journal("person.added", {"person": person, **set_up(c)}, tables.OFFICE)
    if first:
        c.uow.settings.put(FOUNDER, person)


def set_address(
    governance: Governance,
    *,
    person: str,
    address: str,
    by: str,
    hosts: Collection[str] = (),
    request: str | None = None,
) -> None:
    """Change where somebody's notices go; one's own, or that of others as the terms say.

    It is checked as in ``add_person``; an empty one takes the address away.
    """
    check_address(address, person, hosts)
    do = partial(_set_address, person=person, address=address)
    carry_out(governance, Order(by, ADDRESS, Office(), NoneType, request), do)


def _set_address(c: Command, *, person: str, address: str) -> None:
    if person != c.actor:
        whoever_the_terms_name(c)
    c.uow.people.get(person)
    c.uow.people.set_address(person, address)
    c.journal("person.address_changed", {"person": person}, tables.OFFICE)


def check_address(address: str, person: str, hosts: Collection[str]) -> None:
    """Raise CommandError for an address that nothing can be sent to; an empty one is none."""
    if not address.strip():
        return
    try:
        check(address, person, hosts)
    except DeliveryError as error:
        raise CommandError(str(error)) from None


def set_up(c: Command) -> dict[str, bool]:
    """Say in the journal that something was done while the store was being set up."""
    return {"set_up": True} if is_being_set_up(c) else {}


def hold(
    governance: Governance,
    *,
    person: str,
    role: str,
    by: str,
    project: str | None = None,
    since: date | None = None,
    until: date | None = None,
    request: str | None = None,
) -> None:
    """Give a person a role from ``since`` (today) on; said again it changes nothing.

    Where ``until`` is given and the person has the role, it ends then.
    """
    do = partial(_hold, person=person, role=role, project=project, since=since, until=until)
    act = Act(APPOINT.verb, role)
    carry_out(governance, Order(by, act, Office(), NoneType, request), do)


def _hold(
    c: Command,
    *,
    person: str,
    role: str,
    project: str | None,
    since: date | None,
    until: date | None,
) -> None:
    if role not in c.policy.roles:
        known = ", ".join(sorted(c.policy.roles))
        raise CommandError(f"the policy has no role '{role}'; it has {known}")
    first = since or c.today
    if until is not None and until < first:
        raise CommandError(f"a role cannot end ({until}) before it begins ({first})")
    if person == c.actor and not is_being_set_up(c):
        raise Refusal(f"nobody appoints themself: somebody else has to make {person} {role}")
    c.uow.people.get(person)
    if project is not None:
        c.uow.projects.get(project)
    held = _held(c, person, role, project, first)
    body = {"person": person, "role": role, "project": project}
    if held is not None:
        if until is not None and c.uow.people.end(held, until):
            c.journal("role.ended", {**body, "to": until.isoformat(), **set_up(c)}, tables.OFFICE)
        return
    c.uow.people.hold(
        tables.RoleHolding(
            person=person, role=role, project=project, from_date=first, to_date=until
        )
    )
    c.journal("role.held", {**body, "from": first.isoformat(), **set_up(c)}, tables.OFFICE)


def _held(
    c: Context, person: str, role: str, project: str | None, on: date
) -> tables.RoleHolding | None:
    holdings = c.uow.people.holdings(person, on)
    return next((h for h in holdings if (h.role, h.project) == (role, project)), None)
