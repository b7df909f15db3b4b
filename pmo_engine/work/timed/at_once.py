"""A project is judged at once where a record of what a tolerance adds up was written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pmo_engine.authority.titles import role_in_words
from pmo_engine.work.people.subject import called
from pmo_engine.work.timed.looking import look
from pmo_engine.work.timed.things import events_of_place
from pmo_engine.work.timed.watching import watch
from pmo_engine.work.tolerances.reporting import report_anew

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_engine.policy import Policy
    from pmo_engine.store.tables import Entry, Obligation, Project
    from pmo_engine.work.command import Command

A_MOMENT = timedelta(seconds=1)


def look_at_projects(c: Command, written: Iterable[Entry]) -> list[str]:
    """Judge, as of now, each project of which a record was written that a tolerance adds up.

    Says in words which exceptions that raises.
    """
    registers, raised = added_up(c.policy), []
    for project in sorted({each.project for each in written if each.register_name in registers}):
        before = {each.id for each in _exceptions(c, project)}
        _look(c, project)
        for each in _exceptions(c, project):
            if each.id in before:
                report_anew(c, each, c.uow.projects.get(project))
        raised += [
            f"it takes {each.details['title']} beyond a tolerance, which is for"
            f" {role_in_words(each.target, c.policy)} to answer (exception {each.id[:8]})"
            for each in _exceptions(c, project)
            if each.id not in before
        ]
    return raised


def _exceptions(c: Command, project: str) -> list[Obligation]:
    return [each for each in c.uow.obligations.open_for(project) if each.kind == "exception"]


def added_up(policy: Policy) -> frozenset[str]:
    """Name the registers of which tolerances hold a sum against a plan."""
    found = (each.measured for each in policy.tolerances.values())
    return frozenset(each.register for each in found if each is not None and not each.each)


def _look(c: Command, project: str) -> None:
    place: Project = c.uow.projects.get(project)
    watch_place(c, place)
    c.uow.subjects.lock(project)
    for each in c.uow.watches.of([project]):
        if each.rhythm == "day":
            look(c, each, c.now)


def watch_place(c: Command, place: Project) -> None:
    """Look at a project, or the place of an office, from now on, unless somebody does."""
    events = events_of_place(c, place)
    if events:
        c.uow.subjects.add_place(place.id, called(place))
        since = c.now - A_MOMENT
        c.uow.watches.add_new(watch(place.id, each, place.id, since) for each in events)
