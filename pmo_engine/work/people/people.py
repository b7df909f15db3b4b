"""People: added, changed, and the accounts of the operating system that are theirs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from pmo_engine.model.identifiers import IdentifierError, canonical
from pmo_engine.model.shape import Shape
from pmo_engine.notify.channel import check
from pmo_engine.notify.errors import DeliveryError
from pmo_engine.source.diagnostics import nearest
from pmo_engine.store import tables
from pmo_engine.work.acts import ADD_PERSON, CHANGE_ADDRESS, CHANGE_PERSON
from pmo_engine.work.approvals.looking_again import are_found_out
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError, IdTaken, Refusal
from pmo_engine.work.people.acting import tell_clashes
from pmo_engine.work.people.gathered import people
from pmo_engine.work.permissions import FOUNDER, by_founder
from pmo_engine.work.subjects import Office, OfPerson

if TYPE_CHECKING:
    from collections.abc import Collection

    from pmo_engine.work.governance import Governance

LONGEST_NAME = 200  # characters


class Known(Shape):
    """Somebody as they are now.

    ``changed``: what became otherwise. ``one_with``: other accounts that count as the same person,
    as for one address. ``clashes``: what that person holds by it together though it is kept apart.
    ``by_founder``: the exception by which it was done, if any.
    """

    person: str
    name: str
    changed: tuple[str, ...]
    one_with: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()
    by_founder: str | None = None


def add_person(
    governance: Governance,
    *,
    person: str,
    name: str,
    by: str,
    address: str = "",
    zone: str = "",
    hosts: Collection[str] = (),
    request: str | None = None,
) -> Known:
    """Add somebody who can hold roles; ``address`` is an Apprise URL, or empty.

    It is checked: ``hosts`` are those that notices may go to besides the usual ones. Quiet hours
    are theirs by their ``zone``; empty: the policy's.

    The first one adds themself, and may set the store up until work begins in it.
    """
    check_address(address, person, hosts)
    values = {"name": called(name), "address": address, "zone": check_zone(zone)}
    do = partial(_add_so, values={"person": named(person, "person"), **values})
    return carry_out(governance, Order(by, ADD_PERSON, Office(), Known, request), do)


def _add_so(c: Command, *, values: dict[str, str]) -> Known:
    return add(c, **values)


def add(c: Command, *, person: str, name: str, address: str, zone: str = "") -> Known:
    """Add somebody in a command; ``add_person`` says what it does."""
    first = c.uow.people.is_empty()
    if first and person != c.actor:
        raise Refusal(f"the first person is added by themself: --by {person}")
    if c.uow.people.is_there(person):
        raise IdTaken(
            f"there is somebody called '{person}' already; 'pmo person change' changes them"
        )
    exception = by_founder(c)
    c.uow.people.add(tables.Person(id=person, name=name, address=address, zone=zone))
    c.journal("person.added", {"person": person, **told(exception)}, tables.OFFICE)
    if first:
        c.uow.settings.put_first(FOUNDER, person)
    return Known(
        person=person,
        name=name,
        changed=("person",),
        one_with=_one_with(c, person, look=bool(address.strip())),
        by_founder=exception,
    )


def change_person(
    governance: Governance,
    *,
    person: str,
    by: str,
    name: str | None = None,
    address: str | None = None,
    zone: str | None = None,
    hosts: Collection[str] = (),
    request: str | None = None,
) -> Known:
    """Give somebody another name, address or zone (empty: none).

    Their own address and zone are theirs to change.

    Raises CommandError where nothing is given to change.
    """
    if name is None and address is None and zone is None:
        raise CommandError("nothing to change: give --name, --address or --zone")
    check_address(address or "", person, hosts)
    values = {
        "name": None if name is None else called(name),
        "address": address,
        "zone": None if zone is None else check_zone(zone),
    }
    act = CHANGE_ADDRESS if name is None else CHANGE_PERSON
    order = Order(by, act, OfPerson(person), Known, request)
    known = carry_out(governance, order, partial(change, given=values))
    if "address" in known.changed:
        are_found_out(governance, person)
    return known


def change(c: Command, *, given: dict[str, str | None]) -> Known:
    """Change the person whom a command is about; None leaves a value as it is."""
    person: tables.Person = c.on.row
    values = {k: v for k, v in given.items() if v is not None and v != getattr(person, k)}
    changed = tuple(sorted(values))
    if not changed:
        return Known(person=person.id, name=person.name, changed=())
    exception = None if person.id == c.actor and c.act == CHANGE_ADDRESS else by_founder(c)
    before = _one_with(c, person.id, look="address" in values)
    c.uow.people.change(person, **values)
    _keep_together(c, person.id, before)
    body = {"person": person.id, "changed": [*changed], **told(exception)}
    c.journal("person.changed", body, tables.OFFICE)
    one_with = _one_with(c, person.id, look=bool(values.get("address", "").strip()))
    return Known(
        person=person.id,
        name=person.name,
        changed=changed,
        one_with=one_with,
        clashes=tell_clashes(c, person.id) if set(one_with) - set(before) else (),
        by_founder=exception,
    )


def _one_with(c: Command, person: str, *, look: bool) -> tuple[str, ...]:
    """Name the accounts with which somebody counts as one person, where it has to be looked at."""
    if not look:
        return ()
    c.uow.write()
    return tuple(each for each in people(c).accounts(person) if each != person)


def _keep_together(c: Command, person: str, before: Collection[str]) -> None:
    """Let nobody part accounts of their own, that had an address in common, by another address.

    Where somebody else gives it they are two from now on, but for what was asked by then.
    """
    still = _one_with(c, person, look=True) if before else ()
    own = c.actor in {person, *before}
    for other in sorted(set(before) - set(still)):
        first, second = sorted((person, other))
        made = tables.SamePerson(account=first, other=second, made_by=c.actor, made_at=c.now)
        link = c.uow.standing_in.link(made)
        if not own:
            c.uow.standing_in.part(link, c.today, c.actor)
        kind = "accounts.joined" if own else "accounts.parted"
        c.journal(kind, {"accounts": [first, second]}, tables.OFFICE)


def named(id: str, what: str) -> str:
    """Give an id back that people may use; raises CommandError."""
    try:
        return canonical(id, what)
    except IdentifierError as error:
        raise CommandError(str(error)) from None


def called(name: str) -> str:
    """Give a name back that says something, and not too much; raises CommandError."""
    if not name.strip():
        raise CommandError("a name has at least one letter")
    if len(name) > LONGEST_NAME:
        raise CommandError(f"a name has at most {LONGEST_NAME} characters, not {len(name)}")
    return name


def check_zone(zone: str) -> str:
    """Give a time zone back that there is, or none; raises CommandError with the nearest."""
    known = available_timezones() if zone else set()
    if zone and zone not in known:
        hint = nearest(zone, known) or "write it as in Europe/London"
        raise CommandError(f"there is no time zone '{zone[:60]}' ({hint})")
    return zone


def check_address(address: str, person: str, hosts: Collection[str]) -> None:
    """Raise CommandError for an address that nothing can be sent to; an empty one is none."""
    if not address.strip():
        return
    try:
        check(address, person, hosts)
    except DeliveryError as error:
        raise CommandError(str(error)) from None


def told(exception: str | None) -> dict[str, Any]:
    """Say in the journal by which exception the founder did something."""
    return {} if exception is None else {"by_founder": exception}
