"""Second accounts: two people of the store are one person, as somebody says, or not any more.

What was asked while they were one stays closed to both, or else parting them would open it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.store import tables
from pmo_engine.work.acts import LINK_PERSON
from pmo_engine.work.approvals.looking_again import are_found_out, have_changed
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.notices import wording as notices
from pmo_engine.work.people.acting import tell_clashes
from pmo_engine.work.people.gathered import people
from pmo_engine.work.people.people import told
from pmo_engine.work.permissions import by_founder
from pmo_engine.work.subjects import OfPeople

if TYPE_CHECKING:
    from pmo_engine.work.governance import Governance


class Linked(Shape):
    """Accounts that count as one person for every guard, or not any more.

    ``changed``: it was not so before. ``clashes``: what the person holds by it together though it
    is kept apart. ``by_founder``: the exception by which it was done, if any.
    """

    accounts: tuple[str, ...]
    one_person: bool
    changed: bool
    clashes: tuple[str, ...] = ()
    by_founder: str | None = None


def same_as(
    governance: Governance,
    *,
    person: str,
    other: str,
    by: str,
    taken: bool = False,
    request: str | None = None,
) -> Linked:
    """Say that two accounts are one person's; or with ``taken`` that they are not.

    Raises CommandError where they have an address in common, which says it by itself.
    """
    order = Order(by, LINK_PERSON, OfPeople(person, (other,)), Linked, request)
    linked = carry_out(governance, order, partial(_link, other=other, taken=taken))
    look = are_found_out if linked.one_person else have_changed
    look(governance, *linked.accounts)
    return linked


def _link(c: Command, *, other: str, taken: bool) -> Linked:
    pair = sorted((c.on.row.id, other))
    if pair[0] == pair[1]:
        raise CommandError(f"{other} is one account, and needs no other to be one person")
    links = [each for each in c.uow.standing_in.links() if [each.account, each.other] == pair]
    if bool(links) != taken:
        return _linked(c, pair, taken=taken, changed=False)
    exception = by_founder(c)
    if taken:
        _part(c, links[0])
    else:
        made = tables.SamePerson(account=pair[0], other=pair[1], made_by=c.actor, made_at=c.now)
        c.uow.standing_in.link(made)
    kind = "accounts.parted" if taken else "accounts.joined"
    c.journal(kind, {"accounts": pair, **told(exception)}, tables.OFFICE)
    _tell(c, pair, taken=taken)
    return _linked(c, pair, taken=taken, changed=True, exception=exception)


def _tell(c: Command, pair: list[str], *, taken: bool) -> None:
    """Tell both accounts, for it says what they may decide."""
    what = "two people" if taken else "one person"
    named = " and ".join(map(c.uow.people.name_of, pair))
    said = f"{named} are said to be {what}"
    key = f"{'/'.join(pair)}/{what}/{c.now.isoformat()}"
    people = [each for each in pair if each != c.actor]
    body = f"{c.actor_name} said so."
    notices.send(c, [notices.notice(c, key, each, said, body, None) for each in people])


def _part(c: Command, link: tables.SamePerson) -> None:
    """Let two accounts be two people; what was asked while they were one stays closed to both.

    Who said on the same day that they are one takes it back: they never were.
    """
    on = link.made_at.astimezone(c.zone).date()
    if (link.made_by, on) == (c.actor, c.today):
        c.uow.standing_in.unlink(link)
    else:
        c.uow.standing_in.part(link, c.today, c.actor)


def _linked(
    c: Command, pair: list[str], *, taken: bool, changed: bool, exception: str | None = None
) -> Linked:
    c.uow.write()
    there = people(c)
    one = there.are_one(*pair)
    if taken and one:
        raise CommandError(
            f"{' and '.join(pair)} still are one person: another account links them, or they have "
            f"an address in common"
        )
    accounts = there.accounts(pair[0]) if one else tuple(pair)
    clashes = tell_clashes(c, pair[0]) if one and changed else ()
    return Linked(
        accounts=accounts, one_person=one, changed=changed, clashes=clashes, by_founder=exception
    )
