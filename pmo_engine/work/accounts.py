"""Accounts of the operating system, and the people whose they are.

An account is written as the machine has it, ``ana@host``, or as ``ana`` for any machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.acts import Unnamed
from pmo_engine.work.errors import CommandError, Refusal

if TYPE_CHECKING:
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.governance import Governance

KEY = "account/"
"""Under this and the account's name the store keeps the person whose it is."""


def owner_of(accounts: dict[str, str], account: str) -> str | None:
    """Find whose an account is; one of one machine goes before one of any."""
    return accounts.get(account) or accounts.get(account.partition("@")[0])


def signed(governance: Governance, by: str) -> str:
    """Give who acts: the one named, else whose the account is; raises CommandError."""
    if not isinstance(by, Unnamed):
        return by
    account = governance.account
    if account is not None:
        with governance.database.read() as uow:
            owner = owner_of(uow.settings.beginning_with(KEY), account)
        if owner is not None:
            return owner
    raise CommandError(
        f"Missing option '--by': the account {account or 'of this program'} is nobody's here; "
        f"'pmo person account' says whose it is"
    )


def require_own_name(uow: UnitOfWork, actor: str, account: str | None) -> None:
    """Refuse somebody else's name from an account that is a person's, or from another than theirs.

    A program that names no account is trusted with every name.
    """
    if account is None:
        return
    accounts = uow.settings.beginning_with(KEY)
    owner = owner_of(accounts, account)
    if owner is not None and owner != actor:
        called = uow.people.names_of((owner, actor))
        whose, other = called[owner], called[actor]
        raise Refusal(f"the account {account} is {whose}'s, who does not act as {other}")
    own = sorted(name for name, person in accounts.items() if person == actor)
    if own and owner is None:
        who, where = uow.people.name_of(actor), " or ".join(own)
        raise Refusal(f"{who} acts from the account {where}, and not from {account}")
