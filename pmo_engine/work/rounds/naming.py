"""Which round is meant, how people call it, and who closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.authority.seniority import above
from pmo_engine.model.frozen import dataclass
from pmo_engine.source.diagnostics import nearest
from pmo_engine.work.acts import CLOSE_ROUND
from pmo_engine.work.errors import CommandError
from pmo_engine.work.people.acting import acts_for_another
from pmo_engine.work.people.held import roles_of
from pmo_engine.work.subjects import Locked

if TYPE_CHECKING:
    from pmo_engine.store import tables
    from pmo_engine.store.unit_of_work import UnitOfWork
    from pmo_engine.work.command import Command
    from pmo_engine.work.governance import Context


@dataclass(frozen=True, slots=True)
class OfRound:
    """A command about a round that was opened: what it waits for is locked first, then itself."""

    id: str

    def lock(self, uow: UnitOfWork) -> Locked:
        uow.subjects.lock_all([each.id for each in uow.returns.of_round(self.id)])
        return Locked(uow.rounds.lock(self.id))


def round_named(c: Context, name: str, period: str | None) -> tables.Round:
    """Find a round that was opened, by its period or the last one; raises CommandError."""
    known = {*c.policy.rounds, *(each.round for each in c.uow.rounds.all())}
    if name not in known:
        hint = nearest(name, known) or f"there are {', '.join(sorted(known)) or 'none'}"
        raise CommandError(f"no round is called '{name}' ({hint})")
    row = c.uow.rounds.latest(name) if period is None else c.uow.rounds.find(name, period)
    if row is not None:
        return row
    opened = [each.period for each in c.uow.rounds.all(name)]
    if period is None or not opened:
        raise CommandError(f"no round of '{name}' was opened yet; the sweep does when it is time")
    hint = nearest(period, opened) or f"there are {', '.join(opened[-8:])}"
    raise CommandError(f"'{name}' has no round for '{period}' ({hint})")


def title_of(row: tables.Round) -> str:
    """Say how people call a round: "Monthly status 2026-03"."""
    return f"{row.title} {row.period}"


def closers(c: Context, row: tables.Round) -> list[str]:
    """Name the roles that may close a round: the one that is named, and those above it."""
    return [row.closer, *above(c.policy, row.closer)]


def closes(c: Command, row: tables.Round, project: str | None) -> bool:
    """Tell whether the actor holds a role that closes a round, of a project or of the office."""
    return not set(closers(c, row)).isdisjoint(roles_of(c, c.actor, project))


def may_close(c: Command, row: tables.Round) -> bool:
    """Tell whether the actor closes a round, by a role or for somebody who does."""
    return closes(c, row, None) or acts_for_another(c, closers(c, row), [CLOSE_ROUND])


def return_of(c: Context, row: tables.Round, project: str) -> tables.Return:
    """Find what a project is asked for in a round; raises CommandError where it is not."""
    for each in c.uow.returns.of_round(row.id):
        if each.project == project:
            return each
    c.uow.projects.get(project)
    raise CommandError(f"{project} is not asked in {title_of(row)}")
