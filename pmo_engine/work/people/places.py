"""Which office serves a project, and by whose calendar its work is due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from pmo_engine.authority.units import Placed
from pmo_engine.model.people import place_of
from pmo_engine.model.vocabulary import OFFICE
from pmo_engine.policy.organisation import calendar_of, in_charge
from pmo_engine.policy.selection import head_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmo_engine.model.working_time.calendar import WorkingCalendar
    from pmo_engine.policy import Office, Register
    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context

WRITTEN = ("project.added", "project.proposed", "project.changed")
"""The lines of the journal that say where a project stands."""
WRITTEN_OF_TREE = ("programme.added", "programme.changed")
"""The lines that say where a programme or portfolio stands."""


def office_of(c: Context, project: tables.Project) -> str | None:
    """Name the office that a project names, else that of the next programme that names one."""
    if project.office in c.policy.offices:
        return project.office
    above = (each.office for each in programmes_of(c, project))
    return next((office for office in above if office in c.policy.offices), None)


def programmes_of(c: Context, project: tables.Project) -> Iterator[tables.Programme]:
    """Give the programme that a project is in, and those above, up to the portfolio."""
    current = project.programme
    while current is not None:
        programme = c.uow.programmes.get(current)
        yield programme
        current = programme.within


Stood: TypeAlias = tuple[Placed, Mapping[str, Placed]]
"""Where a project stands, and the programmes that it is in so, up to the portfolio."""


def stood_since(c: Context, project: str, day: date) -> list[Stood]:
    """Give where a project stood on a day, and wherever since, as the journal says.

    It is moved with the programme that it is in, and with any above that.
    """
    lines = [(at, "", body) for at, body in c.uow.journal.when_told(project, WRITTEN)]
    tree = c.uow.journal.when_told(OFFICE, WRITTEN_OF_TREE)
    lines += [(at, body["programme"], body) for at, body in tree]
    stands: dict[str, Placed] = {}  # the project under "", which no programme is called
    found: list[Stood] = []
    for at, which, body in sorted(lines, key=lambda line: line[0]):
        last = stands.get(which, Placed())
        within = body.get("within" if which else "programme", last.within)
        stands[which] = Placed(within, body.get("office", last.office))
        now = _branch(stands)
        if at.astimezone(c.zone).date() < day:
            found = [now]
        elif now not in found:
            found.append(now)
    return found


def _branch(stands: Mapping[str, Placed]) -> Stood:
    here = stands.get("", Placed())
    above: dict[str, Placed] = {}
    current = here.within
    while current is not None and current not in above:
        above[current] = stands.get(current, Placed())
        current = above[current].within
    return here, above


def offices_serving(c: Context, project: str | None) -> tuple[Office, ...]:
    """Give the offices in charge of a project (None: of all) today, the nearest first."""
    if not c.policy.offices:
        return ()
    office = None if project is None else office_of(c, c.uow.projects.get(project))
    return in_charge(c.policy.offices, office, c.today)


def calendar_for(c: Context, project: str | None) -> WorkingCalendar:
    """Give the calendar by which what is about a project is due: its office's, or the policy's."""
    own = any(each.calendar is not None for each in c.policy.offices.values())
    if project is None or not own:
        return c.policy.calendar
    office = office_of(c, c.uow.projects.get(project))
    return calendar_of(c.policy.offices, office, c.today) or c.policy.calendar


def calendars(c: Context) -> list[WorkingCalendar]:
    """Give every calendar by which work may be due: the policy's, and those of offices."""
    own = (each.calendar for each in c.policy.offices.values())
    return [c.policy.calendar, *(each for each in own if each is not None)]


def heads_of(c: Context, project: str | None) -> list[str]:
    """Name the roles that head the offices in charge of a project, the nearest first."""
    heads = [each.head for each in offices_serving(c, project)] + [head_of(c.policy)]
    return [*dict.fromkeys(each for each in heads if each is not None)]


def home_of_listed(c: Context, place: tables.Project, register: Register) -> str:
    """Name where the records are that rules see beside one of a place.

    From a project they see those of the office that serves it.
    """
    if not register.of_offices or place.is_office:
        return place.id
    serving = in_charge(c.policy.offices, office_of(c, place), c.today)
    return place_of(serving[0].id if serving else OFFICE)
