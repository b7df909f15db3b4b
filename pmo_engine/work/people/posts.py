"""What can be held: a role in one project, for an office or a programme, or everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.people import RoleHolding, unit_of
from pmo_engine.source.diagnostics import nearest
from pmo_engine.work.errors import CommandError, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.policy import Office, Policy
    from pmo_engine.store import tables
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context


@dataclass(frozen=True, slots=True)
class Post:
    """A role, in one project, for a unit or for all.

    ``acting``: until somebody is appointed to it for good.
    """

    role: str
    project: str | None
    acting: bool = False
    unit: str | None = None


def unit_named(office: str | None, programme: str | None, project: str | None) -> str | None:
    """Give the unit that is meant; raises CommandError where more than one place is given."""
    given = [each for each in (office, programme, project) if each is not None]
    if len(given) > 1:
        raise CommandError(
            "a role is held in one place: give one of --project, --office and --programme"
        )
    if office is None and programme is None:
        return None
    return unit_of(office=office, programme=programme)


def require_post(c: Context, post: Post) -> None:
    """Refuse a role for an office or a programme that there is not, or that does not have it."""
    kind, _, id = (post.unit or "").partition(" ")
    if kind == "programme":
        require_programme(c, id)
    if kind == "office":
        office = office_named(c.policy, id)
        if not office.has(post.role):
            known = [*office.roles, *([office.head] if office.head is not None else [])]
            hint = nearest(post.role, known) or f"it has {', '.join(known)}"
            raise CommandError(f"the office '{id}' has no role '{post.role}' ({hint})")
        if office.until is not None and office.until < c.today:
            raise CommandError(
                f"the office '{id}' ended on {office.until}, and nobody begins in it any more"
            )


def office_named(policy: Policy, id: str) -> Office:
    """Find an office by its id; raises CommandError with the nearest."""
    if id not in policy.offices:
        if not policy.offices:
            raise CommandError(
                f"no office is called '{id}': the policy declares none, under 'kind: offices'"
            )
        raise CommandError(f"no office is called '{id}' ({_near(id, policy.offices)})")
    return policy.offices[id]


def require_programme(c: Context, id: str) -> None:
    """Raise CommandError, with the nearest, where no programme or portfolio is called so."""
    known = [each.id for each in c.uow.programmes.all()]
    if id not in known:
        raise CommandError(f"no programme or portfolio is called '{id}' ({_near(id, known)})")


def _near(id: str, known: Iterable[str]) -> str:
    names = sorted(known)
    return nearest(id, names) or f"there are {', '.join(names[:8]) or 'none'}"


def require_one_head(c: Command, post: Post, asked: RoleHolding) -> None:
    """Refuse a second head of an office for the same days; somebody acting is none."""
    kind, _, id = (post.unit or "").partition(" ")
    if kind != "office" or post.acting or c.policy.offices[id].head != post.role:
        return
    for row in c.uow.people.of_unit(post.unit or "", post.role):
        if row.person != asked.person and not row.acting and _overlap(row, asked):
            called = c.uow.people.names_of((row.person, asked.person))
            raise Refusal(
                f"two heads: {called[row.person]} heads the office '{id}' from {row.from_date}"
                f" already; end that, or appoint {called[asked.person]} acting"
            )


def _overlap(row: tables.RoleHolding, asked: RoleHolding) -> bool:
    begun = asked.until is None or row.from_date <= asked.until
    return begun and (row.to_date is None or row.to_date >= asked.since)
