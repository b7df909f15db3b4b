"""Who may read which register: whom terms let with ``may: read contracts``; else everybody here.

A record that somebody asked for, owns, voted on or is asked about is theirs to read all the same.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import roles_in_words
from pmo_engine.model.acts import Unnamed
from pmo_engine.model.vocabulary import A_RECORD
from pmo_engine.policy.selection import holders_of
from pmo_engine.work.accounts import require_own_name, signed
from pmo_engine.work.errors import Refusal
from pmo_engine.work.notices.wording import waited_for
from pmo_engine.work.people.held import roles_of
from pmo_engine.work.records.naming import versions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pmo_engine.policy import Policy, Register
    from pmo_engine.queries.asked.matters import About
    from pmo_engine.store.tables import Entry
    from pmo_engine.work.governance import Context, Governance


def readers_of(policy: Policy, register: Register, on: date) -> list[str]:
    """Name the roles that alone may read a register on a day; nobody's name: it is open."""
    names = dict.fromkeys((register.id, register.noun, register.plural))
    return sorted({role for name in names for role, _ in holders_of(policy, f"read {name}", on)})


def _readers(c: Context, register: str) -> list[str]:
    """Name the roles that alone may read a register, by the last version that has it."""
    policies = (each for each in versions(c.governance) if register in each.registers)
    policy = c.policy if register in c.policy.registers else next(policies, None)
    return [] if policy is None else readers_of(policy, policy.registers[register], c.today)


def require_reader(
    governance: Governance,
    c: Context,
    by: str,
    register: str,
    project: str | None,
    entry: Entry | None = None,
) -> None:
    """Refuse whoever may read neither a register nor the record of it that is meant.

    A name that is given is somebody's here, even where everybody may read it.
    """
    roles = _readers(c, register)
    if not roles and isinstance(by, Unnamed):
        return
    reader = reader_of(governance, c, by)
    if not roles:
        return
    held = roles_of(c, reader, project)
    if set(roles).isdisjoint(held) and (entry is None or reader not in _near(c, entry)):
        who, whose = c.uow.people.name_of(reader), roles_in_words(roles, c.policy)
        raise Refusal(f"{who} may not read {register}: under the terms that is for {whose}")


def unread(c: Context, reader: str | None, entry: Entry) -> str:
    """Say that a record is not somebody's to read, nor for whom it is; nothing where they may.

    ``reader`` None is nobody that is known, who reads what is open to all.
    """
    unsaid = unread_of(c, reader, [entry.register_name], entry.project)
    return "" if unsaid and reader and reader in _near(c, entry) else unsaid


def unread_of(c: Context, reader: str | None, registers: Iterable[str], project: str | None) -> str:
    """Say that what is told from registers is not somebody's to read, nor for whom it is."""
    kept = [roles for each in registers if (roles := _readers(c, each))]
    held = set(roles_of(c, reader, project)) if kept and reader else set()
    closed = next((roles for roles in kept if held.isdisjoint(roles)), None)
    return "" if closed is None else f"this is for {roles_in_words(closed, c.policy)} to read"


def require_reader_of_review(governance: Governance, c: Context, by: str, id: str) -> None:
    """Refuse whoever may not read a review, which tells from every register of its project.

    Who opened it, whom it asks and who voted on it may.
    """
    review = c.uow.gate_reviews.get(id)
    if by not in {review.opened_by, *asked_about(c, id)}:
        require_reader_of_all(governance, c, by, review.project)
    elif not isinstance(by, Unnamed):
        reader_of(governance, c, by)


def hidden_from(c: Context, person: str, about: About) -> str:
    """Say that what is told of is not somebody's to read; nothing where they may."""
    kind, row = about
    return unread(c, person, row) if kind == A_RECORD else ""


def require_reader_of_all(governance: Governance, c: Context, by: str, project: str | None) -> None:
    """Refuse whoever may not read every register, as who reads of everything would."""
    if not isinstance(by, Unnamed):
        reader_of(governance, c, by)
    known = dict.fromkeys(chain.from_iterable(each.registers for each in versions(governance)))
    for register in known:
        require_reader(governance, c, by, register, project)


def reader_of(governance: Governance, c: Context, by: str) -> str:
    """Give who reads, where the store knows them and the name is their own."""
    reader = signed(governance, by)
    c.uow.people.get(reader)
    require_own_name(c.uow, reader, governance.account)
    return reader


def _near(c: Context, entry: Entry) -> set[str | None]:
    """Name those whom a record concerns: who asked, who owns it, who is asked or has voted."""
    return {entry.submitted_by, entry.owner, *asked_about(c, entry.id)}


def asked_about(c: Context, subject: str) -> set[str]:
    """Name those who are asked about a subject, or have voted on it."""
    found: set[str] = set()
    for row in c.uow.obligations.of_subject(subject):
        found.update(waited_for(c, row, informed=False))
        found.update(vote.person for vote in c.uow.votes.all_of(row.id))
    return found
