"""Whose an account of the operating system is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_engine.model.shape import Shape
from pmo_engine.store import tables
from pmo_engine.work.accounts import KEY
from pmo_engine.work.acts import MAP_ACCOUNT
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.people.people import named, told
from pmo_engine.work.permissions import by_founder
from pmo_engine.work.subjects import OfPerson

if TYPE_CHECKING:
    from pmo_engine.work.governance import Governance


class Account(Shape):
    """An account and the person whose it is; ``None``: nobody's any more."""

    account: str
    person: str | None
    changed: bool
    by_founder: str | None = None


def map_account(
    governance: Governance,
    *,
    person: str,
    account: str,
    by: str,
    taken: bool = False,
    request: str | None = None,
) -> Account:
    """Say that an account, ``ana@host`` or ``ana`` on any machine, is a person's; or not any more.

    From then on nobody but that person acts from it, and they act from nowhere else. Raises
    CommandError where it is somebody else's.
    """
    do = partial(_map, account=named(account, "account"), taken=taken)
    return carry_out(governance, Order(by, MAP_ACCOUNT, OfPerson(person), Account, request), do)


def _map(c: Command, *, account: str, taken: bool) -> Account:
    person, key = c.on.row.id, f"{KEY}{account}"
    owner = c.uow.settings.get(key)
    if owner is not None and owner != person:
        whose = c.uow.people.name_of(owner)
        raise CommandError(f"the account {account} is {whose}'s; take it from them first")
    after = None if taken else person
    if owner == after:
        return Account(account=account, person=after, changed=False)
    exception = by_founder(c)
    if taken:
        c.uow.settings.take_away(key)
    else:
        c.uow.settings.put_first(key, person)
    kind = "account.taken" if taken else "account.given"
    c.journal(kind, {"person": person, "account": account, **told(exception)}, tables.OFFICE)
    return Account(account=account, person=after, changed=True, by_founder=exception)
