"""What the clock raises events for: a record, a project, the place of an office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.vocabulary import ACTIVE
from pmo_engine.policy.events import make_event
from pmo_engine.store import tables
from pmo_engine.work.facts import entry_event, project_facts
from pmo_engine.work.obligations import Subject
from pmo_engine.work.people.places import heads_of
from pmo_engine.work.people.subject import KIND_NAME, called, noun_of
from pmo_engine.work.records.settlement import subject_of
from pmo_engine.work.timed.vacancies import VACANCIES, vacancies
from pmo_engine.work.timed.watching import is_over
from pmo_engine.work.tolerances.granted import TOLERATED, tolerated

if TYPE_CHECKING:
    from pmo_engine.engines.rulebook import Rulebook
    from pmo_engine.model.event_names import EventName
    from pmo_engine.policy.events import Event
    from pmo_engine.work.governance import Context


class Thing(Protocol):
    """What is judged as time goes by."""

    @property
    def row(self) -> tables.Entry | tables.Project: ...

    @property
    def place(self) -> str:
        """The project, or the place of an office, that it is in."""

    def rules(self, c: Context) -> Rulebook:
        """Give the version of the policy that it is under."""

    def is_over(self, c: Context) -> bool:
        """Tell whether nothing is asked of it any more under a version."""

    def event(self, c: Context, name: EventName) -> Event:
        """Give an event about it with the facts that rules look at, as of the moment of ``c``."""

    def subject(self, c: Context) -> Subject:
        """Give what obligations about it are about."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a register."""

    row: tables.Entry

    @property
    def place(self) -> str:
        return self.row.project

    def rules(self, c: Context) -> Rulebook:
        return c.under(self.row).rules

    def is_over(self, c: Context) -> bool:
        known = self.row.register_name in c.policy.registers
        return not known or is_over(self.row) or not _goes_on(c, c.uow.projects.get(self.place))

    def event(self, c: Context, name: EventName) -> Event:
        return entry_event(c, self.row, name)

    def subject(self, c: Context) -> Subject:
        return subject_of(c, self.row)


@dataclass(frozen=True, slots=True)
class Place:
    """A project, or the place of an office."""

    row: tables.Project

    @property
    def place(self) -> str:
        return self.row.id

    def rules(self, c: Context) -> Rulebook:
        return c.rules

    def is_over(self, c: Context) -> bool:
        return not _goes_on(c, self.row)

    def event(self, c: Context, name: EventName) -> Event:
        names = c.rules.looked_at(name, c.now)
        facts = project_facts(c, self.row, names)
        if VACANCIES in names:
            facts.setdefault(VACANCIES, vacancies(c, self.row))
        if TOLERATED in names:
            facts[TOLERATED] = tolerated(c, self.row)
        return make_event(c.policy, name, c.now, facts, self.row.id)

    def subject(self, c: Context) -> Subject:
        asker = str(c.uow.subjects.get(self.row.id).requester)
        row, head = self.row, next(iter(heads_of(c, self.row.id)), None)
        return Subject(row.id, row.id, called(row), asker, row.version, KIND_NAME, row, role=head)


def _goes_on(c: Context, row: tables.Project) -> bool:
    office = c.policy.offices.get(row.office) if row.is_office else None
    is_there = office is None or office.under is None or office.is_open(c.today)
    return row.status == ACTIVE and is_there


def thing_of(c: Context, watch: tables.Watch) -> Thing:
    """Give what a watch is about; a place has the id of its own as that of its subject."""
    if watch.subject_id == watch.project:
        return Place(c.uow.projects.get(watch.subject_id))
    return Record(c.uow.entries.get(watch.subject_id))


def events_of_place(c: Context, row: tables.Project) -> tuple[EventName, ...]:
    """Give the events of the clock about a place that rules judge, or that open its gates."""
    noun = noun_of(row)
    judged = () if c.policy.register_of(noun) is not None else c.rules.timed_events(noun)
    opened = () if row.is_office else c.rules.opened_by_time(noun)
    return tuple(dict.fromkeys((*judged, *opened)))
